/** What each command does to a task in each state that matters: events in short, or the rejection's code. */
import { expect, test } from 'vitest';
import { calm, claimOf, definition, evidenceOf, sampleRule, taskWith } from '../../test/support/core-samples.ts';
import type { Surroundings, TaskCommand } from './command.ts';
import { decideTask } from './decide-task.ts';
import type { TaskEventBody } from './event.ts';
import type { JudgedBy } from './judged-by.ts';
import { limits } from './limits.ts';
import type { ScopeHolder } from './widening.ts';
import { isRejection } from './rejection.ts';
import type { Landing, Task, TaskDefinition } from './task.ts';

const open: Partial<Task> = {};
const running: Partial<Task> = { claim: claimOf('claude-1', 7), attempts: 1 };
const done: Partial<Task> = { evidence: evidenceOf(7), attempts: 1 };
const queue: Landing = {
  state: 'queued',
  commit: 'c'.repeat(40),
  queuedAt: 1,
  begunAt: null,
  landedAs: null,
  landedAt: null,
};
const queued: Partial<Task> = { ...done, landing: queue };
const moving: Partial<Task> = { ...done, landing: { ...queue, begunAt: 2 } };
const waits: Partial<Task> = { ...done, inbox: { kind: 'approval', reason: 'a link', token: 7, at: 1 } };
const landed: Partial<Task> = { ...done, landing: { ...queue, state: 'landed', landedAs: 'd', landedAt: 3 } };
const closed: Partial<Task> = { closed: { as: 'completed', why: '', by: 'ann', at: 1 } };
const cancelled: Partial<Task> = { closed: { as: 'cancelled', why: '', by: 'ann', at: 1 } };
const asked: Partial<Task> = { inbox: { kind: 'question', reason: 'which?', token: 7, at: 1 } };
const held: Partial<Task> = { hold: { why: 'later', by: 'ann', at: 1 } };
const resting: Partial<Task> = { retryAt: calm.now + 1, attempts: 1 };

const claim: TaskCommand = {
  type: 'claim',
  agent: 'claude-1',
  byHand: false,
  leaseMs: 30_000,
  base: null,
  workspace: null,
  branch: null,
};
const fail: TaskCommand = { type: 'fail', token: 7, outcome: 'failed', reason: 'red', commit: null, rule: sampleRule };
const expire: TaskCommand = { type: 'expire', token: 7, runnerGone: false, reason: 'silent', rule: sampleRule };
const prove: TaskCommand = { type: 'prove', token: 7, evidence: evidenceOf(0) };
const release: TaskCommand = { type: 'release', token: 7, reason: 'handed on', commit: null };
const handOver: TaskCommand = {
  type: 'hand-over',
  token: 7,
  cause: 'context',
  reason: 'context full',
  notes: 'half done',
  commit: 'a',
};
const blockOn: TaskCommand = { type: 'block-on', token: 7, needs: ['001/T9'], reason: 'T9 first', commit: null };
const hinted: TaskCommand = {
  type: 'hinted',
  token: 7,
  by: 'supervision',
  rule: 'stall',
  text: 'go on',
  delivery: 'now',
  evidence: [],
};
const progress: TaskCommand = { type: 'tell-progress', token: 7, doing: 'tests', todo: null };
const block: TaskCommand = { type: 'block', token: 7, kind: 'question', reason: 'which?' };
const report: TaskCommand = { type: 'report', token: 7, commit: 'a', noChanges: null };
const prepare: TaskCommand = { type: 'prepare', token: 7, branch: 'b', workspace: 'w', base: 'x', logs: 'l' };
const retry: TaskCommand = { type: 'retry', advice: 'look at x', attemptsGranted: 1 };
const escalate: TaskCommand = { type: 'escalate', kind: 'stuck', reason: 'no way' };
const close: TaskCommand = { type: 'close', as: 'completed', why: 'did it' };
const reopen: TaskCommand = { type: 'reopen', why: 'not so' };
const noteHeld: TaskCommand = { type: 'note-held', why: 'main is dirty' };
const begin: Extract<TaskCommand, { type: 'begin-landing' }> = {
  type: 'begin-landing',
  commit: 'c'.repeat(40),
  candidate: 'e',
  judgedBy: null,
};
const land: Extract<TaskCommand, { type: 'land' }> = {
  type: 'land',
  commit: 'c'.repeat(40),
  landedAs: 'd',
  tree: 't',
  target: 'main',
};
const bounce: Extract<TaskCommand, { type: 'bounce' }> = {
  type: 'bounce',
  commit: 'c'.repeat(40),
  cause: 'conflict',
  reason: 'clash',
  rule: sampleRule,
};

/** In the queue, and what its validation went by. */
const judged = { ...queued, checks: ['a', 'b'], dependencies: ['001/T2'], scope: ['src/**'] } satisfies Partial<Task>;
type Terms = Pick<TaskDefinition, 'checks' | 'dependencies' | 'scope'>;
const by = ({ checks, dependencies, scope }: Terms): JudgedBy => ({ checks, dependencies, scope, planChecks: [] });
const begun = (terms: Terms): TaskCommand => ({ ...begin, judgedBy: by(terms) });
const edit = ({ checks, dependencies, scope }: Terms): TaskCommand => ({
  type: 'change',
  definition: definition({ title: 'Reworded', checks, dependencies, scope }),
});

const approve: TaskCommand = { type: 'approve', commit: 'c'.repeat(40), tree: 'd'.repeat(40) };
const sendBack: TaskCommand = { type: 'reject', commit: 'c'.repeat(40), reason: 'not so' };
const approved = { commit: 'c', tree: 'd'.repeat(40), base: 'b'.repeat(40), by: 'ann', at: 1 };
const scoped: Partial<Task> = { ...running, scope: ['src/a.ts'] };
const widen = (fields: Partial<Extract<TaskCommand, { type: 'widen' }>> = {}): TaskCommand => ({
  type: 'widen',
  token: 7,
  entries: ['src/b.ts'],
  why: 'it is called there',
  rule: 'free',
  ...fields,
});
const holder: ScopeHolder = { task: '001/T2', agent: 'codex-1', token: 8 };
const byOther: Partial<Surroundings> = { holderOf: (entries) => (entries.includes('src/b.ts') ? holder : null) };
const wish = { token: 7, entries: ['src/b.ts'], why: 'it is called there', at: 1 };
const asking: Partial<Task> = { ...scoped, widening: { ...wish, holder: null } };
const waiting: Partial<Task> = { ...scoped, widening: { ...wish, holder: '001/T2' } };
const tellChange: TaskCommand = { type: 'tell-change', token: 7, dependency: '001/T2', commit: 'a', why: 'sent back' };
const toldOfChange: Partial<Task> = {
  claim: { ...claimOf('claude-1', 7), changed: [{ task: '001/T2', commit: 'a', why: 'sent back' }] },
};
const restack: TaskCommand = {
  type: 'restack',
  from: 'c'.repeat(40),
  commit: 'n'.repeat(40),
  base: 'b',
  tree: 't',
  builtOn: [{ task: '001/T2', commit: 'a' }],
};

const takeWhole: TaskCommand = { type: 'take-whole', parts: ['001/T2'], advice: 'in one piece' };

type Row = [
  what: string,
  task: Partial<Task> | null,
  command: TaskCommand,
  expected: string,
  around?: Partial<Surroundings>,
];

const rows: Record<string, Row[]> = {
  'P2 approve and reject': [
    ['waits', waits, approve, 'work-approved'],
    ['in the queue, and it shall not wait there', queued, approve, 'work-approved'],
    ['an older commit', waits, { ...approve, commit: 'a'.repeat(40) }, '!tree-changed'],
    ['an older tree', waits, { ...approve, tree: 'a'.repeat(40) }, '!tree-changed'],
    ['done again on the same tree and base', { ...done, approval: approved }, approve, '!already-done'],
    ['done again on another base', { ...done, approval: { ...approved, base: 'a' } }, approve, 'work-approved'],
    ['running', running, approve, '!not-done'],
    ['being moved', moving, approve, '!landing-begun'],
    ['landed', landed, approve, '!task-ended'],
    ['retry of what waits for approval', waits, retry, '!nothing-to-answer'],
    ['reject', waits, sendBack, 'landing-bounced rejected retry+0'],
    ['reject for the tenth time', { ...waits, bounces: 9 }, sendBack, 'landing-bounced rejected retry+0'],
    ['reject an older commit', waits, { ...sendBack, commit: 'a' }, '!tree-changed'],
    ['reject while the target moves', moving, sendBack, '!landing-begun'],
    [
      'proven, and a person has to look',
      running,
      { ...prove, approval: 'a link' },
      'task-done 7 + task-escalated approval',
    ],
    [
      'nothing to land, so nothing to look at',
      running,
      { type: 'prove', token: 7, evidence: evidenceOf(0, { commit: null, noChanges: 'x' }), approval: 'all are' },
      'task-done 7',
    ],
  ],
  'P8 I13 widen': [
    ['free', scoped, widen(), 'scope-widened src/b.ts'],
    ['held by another', scoped, widen(), 'widening-waits src/b.ts 001/T2', byOther],
    ['held by another still', waiting, widen(), '!scope-taken', byOther],
    ['a person decides', scoped, widen({ rule: 'ask' }), 'widening-waits src/b.ts'],
    ['nobody may', scoped, widen({ rule: 'never' }), '!scope-denied'],
    ['in its scope', scoped, widen({ entries: ['src/a.ts'] }), '!already-done'],
    ['no scope, so anything', running, widen(), '!already-done'],
    ['an old token', scoped, widen({ token: 6 }), '!lease-lost'],
    ['nobody works on it', { scope: ['src/a.ts'] }, widen(), '!lease-lost'],
    ["git's own", scoped, widen({ entries: ['sub/.GIT/config'] }), '!scope-denied'],
    ['outside', scoped, widen({ entries: ['../x'] }), '!scope-denied'],
    ['what runs by itself', scoped, widen({ entries: ['.github/workflows/ci.yml'] }), '!scope-denied'],
    ['a folder of what runs by itself', scoped, widen({ entries: ['.github/workflows/**'] }), '!scope-denied'],
    ['everything', scoped, widen({ entries: ['**'] }), '!scope-denied'],
    ['by a person', scoped, widen({ token: null, rule: 'never' }), 'scope-widened src/b.ts by a person'],
    [
      'by a person, what runs by itself',
      scoped,
      widen({ token: null, entries: ['.envrc'] }),
      'scope-widened .envrc by a person',
    ],
    ['by a person, held by another', scoped, widen({ token: null }), '!scope-taken', byOther],
    [
      'by a person, before it runs',
      { scope: ['src/a.ts'] },
      widen({ token: null }),
      'scope-widened src/b.ts by a person',
      byOther,
    ],
    ['by a person, landed', { ...landed, scope: ['src/a.ts'] }, widen({ token: null }), '!task-ended'],
    ['granted when it is free', waiting, { type: 'grant-widening', byPerson: false }, 'scope-widened src/b.ts'],
    ['not granted before', waiting, { type: 'grant-widening', byPerson: false }, '!scope-taken', byOther],
    ["not granted in a person's place", asking, { type: 'grant-widening', byPerson: false }, '!nothing-to-answer'],
    ['granted by a person', asking, { type: 'grant-widening', byPerson: true }, 'scope-widened src/b.ts by a person'],
    [
      'granted by a person, once it is free',
      asking,
      { type: 'grant-widening', byPerson: true },
      'widening-waits src/b.ts 001/T2',
      byOther,
    ],
    ['no wish to grant', scoped, { type: 'grant-widening', byPerson: true }, '!nothing-to-answer'],
    ['denied', asking, { type: 'deny-widening', reason: 'no' }, 'widening-denied src/b.ts'],
    ['no wish to deny', scoped, { type: 'deny-widening', reason: 'no' }, '!nothing-to-answer'],
  ],
  create: [
    ['none yet', null, { type: 'create', definition: definition() }, 'task-created'],
    ['there already', open, { type: 'create', definition: definition() }, '!task-ended'],
  ],
  change: [
    ['open', open, { type: 'change', definition: definition({ id: 'other', title: 'New' }) }, 'task-changed T1 New'],
    ['none', null, { type: 'change', definition: definition() }, '!task-not-found'],
  ],
  'A4 I14 claim': [
    ['open', open, claim, 'task-claimed claude-1 9', { nextToken: 9 }],
    ['running for another', { claim: claimOf('codex-1', 7) }, claim, '!task-claimed'],
    ['running for me', running, claim, '!task-claimed'],
    ['blocked', open, claim, '!task-not-ready', { unmet: 2 }],
    ['paused', open, claim, '!plan-paused', { planPaused: true }],
    ['resting', resting, claim, '!task-not-ready'],
    ['rested', resting, claim, 'task-claimed claude-1 1', { now: calm.now + 1 }],
    ['held', held, claim, '!task-held'],
    ['in the inbox', asked, claim, '!task-held'],
    ['done', done, claim, '!already-done'],
    ['landed', landed, claim, '!task-ended'],
    ['cancelled', cancelled, claim, '!task-ended'],
    ['wanted by family', { agent: 'claude' }, claim, 'task-claimed claude-1 1'],
    ['wanted by another', { agent: 'codex' }, claim, '!agent-not-wanted'],
  ],
  'P3 the fence': [
    ['prepare', running, prepare, 'attempt-prepared'],
    ['report', running, report, 'completion-reported'],
    ['prove', running, prove, 'task-done 7'],
    ['release', running, release, 'attempt-ended released 1000ms'],
    ['B5 hand-over', running, handOver, 'attempt-ended handed-over context 1000ms'],
    ['B5 hand-over by an old token', running, { ...handOver, token: 6 }, '!lease-lost (late-result-kept a)'],
    ['A10 told of a change', running, tellChange, 'base-changed 001/T2'],
    ['A10 told of it twice', toldOfChange, tellChange, '!already-done'],
    ['A10 told by an old token', running, { ...tellChange, token: 6 }, '!lease-lost'],
    ['C6 hinted', running, hinted, 'agent-hinted stall'],
    ['C6 hinted by an old token', running, { ...hinted, token: 6 }, '!lease-lost'],
    ['D11 tell-progress', running, progress, 'progress-told tests'],
    ['D11 tell-progress by an old token', running, { ...progress, token: 6 }, '!lease-lost'],
    [
      'C14 fail by a rule',
      running,
      { ...fail, acted: { rule: 'stall', evidence: ['x'] } },
      'attempt-ended failed stall 1000ms retry+5000',
    ],
    ['B6 block-on', running, blockOn, 'task-changed T1 Title + attempt-ended handed-over blocked 1000ms'],
    ['B6 block-on by an old token', running, { ...blockOn, token: 6 }, '!lease-lost'],
    ['block', running, block, 'attempt-ended released 1000ms + task-escalated question'],
    ['an old token', running, { ...prepare, token: 6 }, '!lease-lost'],
    ['an old token that fails without a commit', running, { ...fail, token: 6 }, '!lease-lost'],
    ['no claim', open, report, '!lease-lost (late-result-kept a)'],
    [
      'P2 an old token with a result',
      running,
      { ...prove, token: 6 },
      `!lease-lost (late-result-kept ${'c'.repeat(40)})`,
    ],
    [
      'P2 an old token that fails with a commit',
      cancelled,
      { ...fail, commit: 'a' },
      '!lease-lost (late-result-kept a)',
    ],
    ['proven twice', done, prove, '!already-done'],
    ['reported after the proof', done, report, '!already-done'],
  ],
  'E9 P7 I11 fail': [
    ['first', running, fail, 'attempt-ended failed 1000ms retry+5000'],
    ['second', { ...running, failures: [failure(1)] }, fail, 'attempt-ended failed 1000ms retry+10000'],
    ['last', { ...running, attempts: 3 }, fail, 'attempt-ended failed 1000ms + task-escalated attempts-used'],
    [
      'last, one granted',
      { ...running, attempts: 3, attemptsGranted: 1 },
      fail,
      'attempt-ended failed 1000ms retry+5000',
    ],
    ['time used', { ...running, spentMs: 3_599_000 }, fail, 'attempt-ended failed 1000ms + task-escalated budget-used'],
    [
      'given back too often',
      { ...running, attempts: limits.attemptsTotalMax },
      release,
      'attempt-ended released 1000ms + task-escalated attempts-used',
    ],
  ],
  'D5 B9 expire': [
    ['lease still running', running, expire, '!not-running', { leaseEnd: 2_000 }],
    [
      'runner seen gone',
      running,
      { ...expire, runnerGone: true },
      'attempt-ended crashed 1000ms retry+5000',
      { leaseEnd: 2_000 },
    ],
    [
      'lease over: only the time up to its end counts',
      running,
      expire,
      'attempt-ended lost 400ms retry+5000',
      { leaseEnd: 400 },
    ],
    ['an old token', running, { ...expire, token: 6 }, '!lease-lost', { leaseEnd: 2_000 }],
  ],
  'C11 whole': [
    ['all parts failed', open, takeWhole, 'task-made-whole'],
    ['a second time', { whole: ['001/T2'] }, takeWhole, '!already-done'],
    ['while somebody works on it', running, takeWhole, '!task-claimed'],
    ['done meanwhile', done, takeWhole, '!already-done'],
    ['cancelled meanwhile', cancelled, takeWhole, '!task-ended'],
  ],
  'P4 landing': [
    ['queued', done, { type: 'queue-landing' }, `landing-queued ${'c'.repeat(40)}`],
    ['queued twice', queued, { type: 'queue-landing' }, '!already-done'],
    ['queued without work', open, { type: 'queue-landing' }, '!not-done'],
    [
      'queued with nothing to land',
      { evidence: evidenceOf(7, { commit: null }) },
      { type: 'queue-landing' },
      '!already-done',
    ],
    ['begun', queued, begin, 'landing-begun'],
    ['I8 begun as judged', judged, begun(judged), 'landing-begun'],
    ['I8 begun as judged, in another order', judged, begun({ ...judged, checks: ['b', 'a'] }), 'landing-begun'],
    ['I8 begun after its checks were edited', judged, begun({ ...judged, checks: ['a'] }), '!task-edited'],
    ['I8 begun after its plan’s checks were edited', judged, begun(judged), '!task-edited', { planChecks: ['p'] }],
    ['I14 begun after its dependencies were edited', judged, begun({ ...judged, dependencies: [] }), '!task-edited'],
    ['I8 begun after its scope was edited', judged, begun({ ...judged, scope: [] }), '!task-edited'],
    ['I8 found on the target as judged', judged, { ...land, judgedBy: by(judged) }, 'task-landed'],
    ['I8 found there by other checks', judged, { ...land, judgedBy: by({ ...judged, checks: [] }) }, '!task-edited'],
    ['red as judged', judged, { ...bounce, judgedBy: by(judged) }, 'landing-bounced conflict retry+0'],
    ['red by other checks', judged, { ...bounce, judgedBy: by({ ...judged, checks: ['x'] }) }, '!task-edited'],
    ['I8 edited while it moves', { ...judged, ...moving }, edit({ ...judged, checks: ['a'] }), '!landing-begun'],
    [
      'I14 needs another while it moves',
      { ...judged, ...moving },
      edit({ ...judged, dependencies: [] }),
      '!landing-begun',
    ],
    ['reworded while it moves', { ...judged, ...moving }, edit(judged), 'task-changed T1 Reworded'],
    ['edited in the queue', judged, edit({ ...judged, checks: [] }), 'task-changed T1 Reworded'],
    ['held', queued, noteHeld, 'landing-held'],
    ['held for nothing any more', queued, { ...noteHeld, why: null }, '!already-done'],
    ['held, and not in the queue', open, noteHeld, '!not-done'],
    ['begun with another commit', queued, { ...begin, commit: 'x' }, '!not-done'],
    ['begun out of the queue', done, begin, '!not-done'],
    ['landed', queued, land, 'task-landed'],
    ['landed twice', landed, land, '!already-done'],
    ['landed with another commit', queued, { ...land, commit: 'x' }, '!not-done'],
    ['landed when cancelled', { ...queued, ...cancelled }, land, '!task-ended'],
    ['sent back', queued, bounce, 'landing-bounced conflict retry+0'],
    ['A10 sent back before it was queued', done, bounce, 'landing-bounced conflict retry+0'],
    ['sent back with nothing to land', { evidence: evidenceOf(7, { commit: null }) }, bounce, '!already-done'],
    ['A10 restacked', done, restack, 'work-restacked c n'],
    ['A10 restacked in the queue', queued, restack, 'work-restacked c n'],
    ['A10 restacked from older work', done, { ...restack, from: 'x' }, '!not-done'],
    ['A10 restacked while it moves', moving, restack, '!landing-begun'],
    ['A10 restacked after its landing', landed, restack, '!already-done'],
    ['A10 restacked while it runs', running, restack, '!not-done'],
    ['I9 sent back while it is being moved', moving, bounce, '!landing-begun'],
    ['held while its train was validated', { ...queued, hold: held.hold ?? null }, begin, '!task-held'],
    ['held once it is being moved', { ...moving, hold: held.hold ?? null }, begin, 'landing-begun'],
    ['sent back for older work', queued, { ...bounce, commit: 'x' }, '!not-done'],
    [
      'sent back the last time',
      { ...queued, bounces: 2 },
      bounce,
      'landing-bounced conflict + task-escalated conflict',
    ],
    [
      'red the last time',
      { ...queued, bounces: 2 },
      { ...bounce, cause: 'red' },
      'landing-bounced red + task-escalated refused',
    ],
  ],
  'B5 people': [
    ['escalate open', open, escalate, 'task-escalated stuck'],
    ['escalate running', running, escalate, 'attempt-ended cancelled 1000ms + task-escalated stuck'],
    ['escalate twice', asked, escalate, '!task-held'],
    ['escalate while the target moves', moving, escalate, '!landing-begun'],
    ['retry asked', asked, retry, 'task-retried 1'],
    ['retry resting', resting, retry, 'task-retried 1'],
    ['retry running', running, retry, '!task-claimed'],
    ['retry open', open, retry, '!nothing-to-answer'],
    ['hold', open, { type: 'hold', why: 'x' }, 'task-held'],
    ['hold landed', landed, { type: 'hold', why: 'x' }, '!task-ended'],
    ['unhold', held, { type: 'unhold' }, 'task-unheld'],
    ['unhold what is not held', open, { type: 'unhold' }, '!nothing-to-answer'],
    ['close', open, close, 'task-closed completed'],
    ['close running', running, close, 'attempt-ended cancelled 1000ms + task-closed completed'],
    ['close landed', landed, close, '!task-ended'],
    ['close while the target moves', moving, close, '!landing-begun'],
    ['reopen closed', closed, reopen, 'task-reopened'],
    ['reopen cancelled', cancelled, reopen, 'task-reopened'],
    ['A10 reopen done', done, reopen, 'task-reopened'],
    ['reopen landed', landed, reopen, '!task-ended'],
    ['reopen open', open, reopen, '!not-done'],
    ['reopen while the target moves', moving, reopen, '!landing-begun'],
    ['advise', running, { type: 'advise', advice: 'look at x' }, 'task-advised'],
    ['start-from', open, { type: 'start-from', start: null }, 'start-chosen'],
    ['start-from while it runs', running, { type: 'start-from', start: null }, '!task-claimed'],
    ['start-from when it is done', done, { type: 'start-from', start: null }, '!already-done'],
    ['purge', open, { type: 'purge', ref: 'refs/orbit/attempts/T1/1', commit: 'c' }, 'work-purged'],
    [
      'purge what runs',
      running,
      { type: 'purge', ref: `refs/heads/orbit-work/001/T1-${running.claim?.token}`, commit: 'c' },
      '!work-needed',
    ],
    [
      'purge what is to land',
      done,
      { type: 'purge', ref: `refs/orbit/salvage/T1/${done.evidence?.token}-2`, commit: 'c' },
      '!work-needed',
    ],
    ['set-pr', done, { type: 'set-pr', number: 4, status: 'merged' }, 'pr-changed merged'],
    [
      'I9 set-pr merged while the target moves',
      moving,
      { type: 'set-pr', number: 4, status: 'merged' },
      '!landing-begun',
    ],
    [
      'set-pr otherwise while the target moves',
      moving,
      { type: 'set-pr', number: 4, status: 'approved' },
      'pr-changed approved',
    ],
    [
      'set-pr after the merge',
      { ...done, pr: { number: 4, status: 'merged' } },
      { type: 'set-pr', number: 4, status: 'rejected' },
      '!task-ended',
    ],
    ['drop-pr', { ...done, pr: { number: 4, status: 'rejected' } }, { type: 'drop-pr' }, 'pr-dropped'],
    ['drop-pr of none', done, { type: 'drop-pr' }, '!nothing-to-answer'],
    [
      'I9 drop-pr after the merge',
      { ...done, pr: { number: 4, status: 'merged' } },
      { type: 'drop-pr' },
      '!task-ended',
    ],
  ],
};

function failure(token: number): Task['failures'][number] {
  return { token, agent: 'claude-1', outcome: 'failed', reason: 'red', at: 0, rung: 'first', model: null };
}

for (const [title, table] of Object.entries(rows)) {
  for (const [what, fields, command, expected, around] of table) {
    test(`${title}: ${what}: ${expected}`, () => {
      const task = fields === null ? null : taskWith(fields);
      const surroundings = { ...calm, ...around };
      const decision = decideTask(task, command, surroundings);
      const told = (events: readonly TaskEventBody[]): string =>
        events.map((event) => inShort(event, surroundings.now)).join(' + ');
      const answer = isRejection(decision)
        ? `!${decision.code}${decision.audit === undefined ? '' : ` (${told(decision.audit)})`}`
        : told(decision.events);
      expect(answer).toBe(expected);
    });
  }
}

/** The type and what of the event the table is about. */
function inShort(event: TaskEventBody, now: number): string {
  const retryAt = 'retryAt' in event && event.retryAt !== null ? `retry+${event.retryAt - now}` : '';
  const parts: Partial<Record<TaskEventBody['type'], (string | number)[]>> = {
    'task-changed': event.type === 'task-changed' ? [event.definition.id, event.definition.title] : [],
    'task-claimed': event.type === 'task-claimed' ? [event.agent, event.token] : [],
    'task-done': event.type === 'task-done' ? [event.evidence.token] : [],
    'attempt-ended': event.type === 'attempt-ended' ? endedParts(event, retryAt) : [],
    'agent-hinted': event.type === 'agent-hinted' ? [event.rule ?? ''] : [],
    'progress-told': event.type === 'progress-told' ? [event.doing] : [],
    'late-result-kept': event.type === 'late-result-kept' ? [event.commit ?? ''] : [],
    'task-escalated': event.type === 'task-escalated' ? [event.kind] : [],
    'task-retried': event.type === 'task-retried' ? [event.attemptsGranted] : [],
    'task-closed': event.type === 'task-closed' ? [event.as] : [],
    'landing-queued': event.type === 'landing-queued' ? [event.commit] : [],
    'base-changed': event.type === 'base-changed' ? [event.dependency] : [],
    'work-restacked': event.type === 'work-restacked' ? [event.from[0] ?? '', event.commit[0] ?? ''] : [],
    'landing-bounced': event.type === 'landing-bounced' ? [event.cause, retryAt] : [],
    'scope-widened': event.type === 'scope-widened' ? [...event.entries, event.byPerson ? 'by a person' : ''] : [],
    'widening-waits': event.type === 'widening-waits' ? [...event.entries, event.holder ?? ''] : [],
    'widening-denied': event.type === 'widening-denied' ? [...event.entries] : [],
    'pr-changed': event.type === 'pr-changed' ? [event.status] : [],
  };
  return [event.type, ...(parts[event.type] ?? [])].filter((part) => part !== '').join(' ');
}

function endedParts(event: Extract<TaskEventBody, { type: 'attempt-ended' }>, retryAt: string): string[] {
  return [event.outcome, event.cause ?? '', event.acted?.rule ?? '', `${event.spentMs}ms`, retryAt];
}

test('every command has a row', () => {
  const covered = new Set(Object.values(rows).flatMap((table) => table.map(([, , command]) => command.type)));
  const types: Record<TaskCommand['type'], true> = {
    create: true,
    change: true,
    claim: true,
    prepare: true,
    report: true,
    prove: true,
    fail: true,
    expire: true,
    release: true,
    'hand-over': true,
    'block-on': true,
    hinted: true,
    'tell-progress': true,
    block: true,
    'tell-change': true,
    escalate: true,
    retry: true,
    hold: true,
    unhold: true,
    close: true,
    reopen: true,
    advise: true,
    'start-from': true,
    purge: true,
    'queue-landing': true,
    'begin-landing': true,
    'note-held': true,
    land: true,
    bounce: true,
    approve: true,
    reject: true,
    widen: true,
    'grant-widening': true,
    'deny-widening': true,
    restack: true,
    'take-whole': true,
    'set-pr': true,
    'drop-pr': true,
  };
  expect([...covered].toSorted()).toEqual(Object.keys(types).toSorted());
});

test('P2 the evidence is stamped with the attempt that holds the task, whatever the caller wrote', () => {
  const decision = decideTask(
    taskWith(running),
    { ...prove, evidence: evidenceOf(99, { agent: 'liar', at: 5 }) },
    calm,
  );
  expect(decision).toMatchObject({ events: [{ evidence: { token: 7, agent: 'claude-1', at: calm.now } }] });
});
