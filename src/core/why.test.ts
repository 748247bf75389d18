import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { attemptOf, claimOf, evidenceOf, samplePlan, taskWith } from '../../test/support/core-samples.ts';
import { ago } from './ago.ts';
import type { WhyInput, WhyRule } from './because.ts';
import { markOnRequest } from './leader-name.ts';
import { limits } from './limits.ts';
import { landingModes } from './pull-request.ts';
import { deriveStatus } from './status.ts';
import type { Task } from './task.ts';
import { explain } from './why.ts';

const now = 10_000_000;
const quiet: Omit<WhyInput, 'task' | 'unmet'> = {
  now,
  plan: samplePlan,
  dependencies: [],
  attempt: null,
  held: [],
  shared: [],
  leader: { holder: 'host:1', since: 0 },
  agents: [{ name: 'claude', slots: 2, busy: 0 }],
  landingMode: 'queue',
  landingHeld: null,
  score: null,
};

function needed(id: string, fields: Partial<Task> = {}, unmet = 0): WhyInput['dependencies'][number] {
  return { task: taskWith({ id, ...fields }), unmet };
}

const on = (...ids: string[]): Partial<Task> => ({ dependencies: ids.map((id): Task['key'] => `001/${id}`) });

interface Row {
  task?: Partial<Task>;
  unmet?: number;
  around?: Partial<typeof quiet>;
  /** Rules, and parts of the first reason. */
  rules: WhyRule[];
  says?: string;
  holder?: string | null;
  since?: number | null;
  freedBy?: string;
}

const deep = { rule: 'stack-depth', on: '001/T2', message: 'three levels', isTimed: false } as const;

const rows: Record<string, Row> = {
  'A10 too deep on unlanded work': {
    around: { stack: deep },
    rules: ['stack-depth'],
    says: 'three levels',
    holder: '001/T2',
    freedBy: '001/T2 having landed, or a larger landing.stackDepth',
  },
  'A10 on a base that changed': {
    around: { stack: { ...deep, rule: 'stack-changed' } },
    rules: ['stack-changed'],
    freedBy: '001/T2 being proven on its corrected base',
  },
  'A4 not worth an early start': {
    around: { stack: { ...deep, rule: 'lands-soon', isTimed: true } },
    rules: ['lands-soon'],
    freedBy: 'or the time',
  },
  'blocked, so that depth is no question yet': {
    task: on('T2'),
    unmet: 1,
    around: { stack: deep, dependencies: [needed('T2', { claim: claimOf('codex-1', 3) })] },
    rules: ['dependency'],
  },
  'ready and first in line': {
    around: {
      score: {
        bottomMs: 3_600_000,
        hottestMs: 600_000,
        hottest: 'src/router.ts',
        priorityMs: -60_000,
        ageMs: 5_000,
        score: 4_145_000,
      },
    },
    rules: ['ready'],
    says: '1 h of work in the longest chain from it + 10 min queued on src/router.ts + -1 min for priority + 5 s for waiting',
  },
  'blocked on a running task': {
    task: on('T2'),
    unmet: 1,
    around: { dependencies: [needed('T2', { claim: claimOf('claude-1', 4, now - 65_000) })] },
    rules: ['dependency'],
    says: '001/T2 (running by claude-1 for 1 min)',
    holder: 'claude-1',
    since: now - 65_000,
    freedBy: '001/T2 being done',
  },
  'blocked on several, met ones left out': {
    task: on('T2', 'T3', 'T4', 'T5', 'T6'),
    unmet: 4,
    around: {
      dependencies: [
        needed('T2', { evidence: evidenceOf(1) }),
        needed('T3', { inbox: { kind: 'question', reason: 'which?', token: 1, at: 5 } }),
        needed('T4', {}, 2),
        needed('T5', { retryAt: now + 9_000 }),
        needed('T6'),
      ],
    },
    rules: ['dependency', 'dependency', 'dependency', 'dependency'],
    says: '001/T3 (it needs a person: which?)',
    since: 5,
  },
  'blocked on work that is done but not landed, where the plan wants that': {
    task: on('T2'),
    unmet: 1,
    around: {
      plan: { ...samplePlan, unblock: 'landed' },
      dependencies: [needed('T2', { evidence: evidenceOf(1, { at: 7 }) })],
    },
    rules: ['dependency'],
    says: 'unblocks on landed',
    since: 7,
    holder: 'the landing queue',
  },
  'blocked on a cancelled task': {
    task: on('T2'),
    unmet: 1,
    around: { dependencies: [needed('T2', { closed: { as: 'cancelled', why: 'too big', by: 'ann', at: 3 } })] },
    rules: ['dependency-cancelled'],
    says: 'cancelled: too big',
    holder: 'ann',
    since: 3,
    freedBy: 'orbit reopen 001/T2',
  },
  'blocked on a task that does not exist': {
    task: on('T2'),
    unmet: 1,
    rules: ['dependency-missing'],
    freedBy: 'orbit dep rm 001/T1 001/T2',
  },
  'ready, but its paths are held': {
    task: { scope: ['src/api/'] },
    around: {
      held: [
        { task: '001/T7', agent: 'codex-1', token: 3, scope: ['src/api/user.ts'], since: 9 },
        { task: '001/T8', agent: 'codex-2', token: 5, scope: ['docs/'], since: 9 },
      ],
    },
    rules: ['scope-held'],
    says: 'codex-1 holds paths',
    holder: 'codex-1',
    since: 9,
    freedBy: 'the end of 001/T7',
  },
  'ready, and the path that is held is shared': {
    task: { scope: ['lock'] },
    around: { shared: ['lock'], held: [{ task: '001/T7', agent: 'codex-1', token: 3, scope: ['lock'], since: 9 }] },
    rules: ['ready'],
  },
  'ready, but the wanted agent is not there': {
    task: { agent: 'codex' },
    rules: ['agent-not-running'],
    says: 'wants @codex',
    holder: 'codex',
  },
  'ready, but the only agent that may take it did not pass its check': {
    task: { agent: 'codex' },
    around: {
      agents: [{ name: 'codex', slots: 2, busy: 0 }],
      checked: [
        { name: 'claude', barred: null },
        { name: 'codex', barred: 'agent codex did not pass its last check: not logged in' },
      ],
    },
    rules: ['agent-barred'],
    says: 'not logged in',
    holder: 'codex',
  },
  'ready, and another agent passed its check': {
    around: {
      checked: [
        { name: 'claude', barred: null },
        { name: 'codex', barred: 'agent codex did not pass its last check: not logged in' },
      ],
    },
    rules: ['ready'],
  },
  'P6 ready, but the account of every agent rests': {
    task: { agent: 'claude' },
    around: {
      agents: [
        {
          name: 'claude',
          slots: 2,
          busy: 0,
          parked: { account: 'work', since: 3, until: now + 90_000, reason: 'limit' },
        },
        { name: 'codex', slots: 1, busy: 0 },
      ],
    },
    rules: ['account-parked'],
    says: 'account work is parked until 1970-01-01T02:48:10.000Z (in 1 min), then it goes on: limit',
    holder: 'work',
    since: 3,
    freedBy: 'orbit resume --account work',
  },
  'P7 ready, but kept for another agent than the one that failed twice': {
    task: { rung: 'other', avoid: { agent: 'claude', until: now + 60_000 } },
    rules: ['kept-for-another'],
    says: 'claude failed at it twice',
    holder: 'claude',
  },
  'ready, but all slots that may take it are busy': {
    task: { agent: 'claude' },
    around: {
      agents: [
        { name: 'claude', slots: 2, busy: 2 },
        { name: 'codex', slots: 1, busy: 0 },
      ],
    },
    rules: ['no-free-slot'],
    says: 'claude 2/2',
  },
  'ready, but no coordinator runs': { around: { leader: null }, rules: ['no-coordinator'], freedBy: 'orbit run 001' },
  'ready, but who leads gives out only what it is asked for': {
    around: { leader: { holder: markOnRequest('host 1 stamp id'), since: 0 } },
    rules: ['on-request'],
    freedBy: 'orbit spawn 001/T1',
  },
  'ready, but the plan is paused': {
    around: { plan: { ...samplePlan, paused: true } },
    rules: ['plan-paused'],
    freedBy: 'orbit resume 001',
  },
  'waiting for its next attempt': {
    task: {
      retryAt: now + 5_000,
      attempts: 2,
      failures: [
        { token: 1, agent: 'claude-1', outcome: 'failed', reason: 'tests red', at: 8, rung: 'first', model: null },
      ],
    },
    rules: ['retry-at'],
    says: 'failed: tests red); the next starts in 5 s',
    since: 8,
    freedBy: 'orbit retry 001/T1',
  },
  'held by a person and blocked as well': {
    task: { ...on('T2'), hold: { why: 'after lunch', by: 'ann', at: 4 } },
    unmet: 1,
    around: { dependencies: [needed('T2', { hold: { why: 'x', by: 'bob', at: 1 } })] },
    rules: ['held', 'dependency'],
    says: 'ann holds 001/T1 back: after lunch',
    holder: 'ann',
    since: 4,
  },
  'in the inbox': {
    task: { inbox: { kind: 'attempts-used', reason: 'all 3 attempts are used', token: 3, at: 6 } },
    rules: ['inbox'],
    says: 'all 3 attempts are used',
    holder: 'a person',
    since: 6,
    freedBy: 'orbit retry 001/T1',
  },
  running: {
    task: { claim: claimOf('claude-1', 4, now - 65_000) },
    around: {
      attempt: attemptOf('001/T1', 4, { activeAt: now - 3_000, step: 12, doing: 'npm test', expiresAt: now + 20_000 }),
    },
    rules: ['running'],
    says: 'claude-1 works on 001/T1 for 1 min, attempt 4; last sign 3 s ago (step 12), now: npm test',
    holder: 'claude-1',
    since: now - 65_000,
    freedBy: 'its lease in 20 s',
  },
  'running, reported and silent': {
    task: { claim: { ...claimOf('claude-1', 4, 0), byHand: true, reported: { at: 5, commit: null, noChanges: 'x' } } },
    around: { attempt: attemptOf('001/T1', 4, { activeAt: now - limits.stuckMs, expiresAt: now - 1 }) },
    rules: ['running', 'reported', 'silent'],
    freedBy: 'its lease is over',
  },
  'P8 running, and it waits for paths of another': {
    task: {
      claim: claimOf('claude-1', 4, now),
      widening: { token: 4, entries: ['src/b.ts'], why: 'it is called there', holder: '001/T2', at: 7 },
    },
    rules: ['running', 'wishes-for-paths'],
  },
  'P8 running, and a person decides on its wish': {
    task: {
      claim: claimOf('claude-1', 4, now),
      widening: { token: 4, entries: ['src/b.ts'], why: 'it is called there', holder: null, at: 7 },
    },
    rules: ['running', 'wishes-for-paths'],
  },
  'P2 done, and a person has to look': {
    task: { evidence: evidenceOf(4), inbox: { kind: 'approval', reason: 'a link', token: 4, at: 9 } },
    rules: ['inbox'],
    says: 'waits for a person (approval): a link',
    since: 9,
    freedBy: 'orbit approve 001/T1, or orbit reject 001/T1',
  },
  'done, next to land': {
    task: { evidence: evidenceOf(4, { at: 9 }) },
    rules: ['waits-to-land'],
    since: 9,
    holder: 'the landing queue',
  },
  'done, to be proposed': {
    task: { evidence: evidenceOf(4) },
    around: { landingMode: 'pull-requests' },
    rules: ['waits-to-land'],
    says: 'is done and will get a pull request',
  },
  'done, where nobody lands': {
    task: { ...on('T2'), evidence: evidenceOf(4, { at: 9 }) },
    around: { landingMode: 'off', leader: null, dependencies: [needed('T2', { evidence: evidenceOf(1) })] },
    rules: ['landing-off'],
    says: 'nobody lands it: landing.mode is off; its work is at',
    since: 9,
    holder: 'a person',
    freedBy: 'orbit close 001/T1, or landing.mode queue',
  },
  'done and held, where its plan lets nobody land': {
    task: { evidence: evidenceOf(4), hold: { why: 'later', by: 'ann', at: 1 } },
    around: { landingMode: 'off', plan: { ...samplePlan, landing: 'off' } },
    rules: ['held', 'landing-off'],
  },
  'landing has begun, and is ended whatever the settings say by now': {
    task: {
      evidence: evidenceOf(4),
      landing: { state: 'queued', commit: 'c', queuedAt: 11, begunAt: 12, landedAs: null, landedAt: null },
    },
    around: { landingMode: 'off' },
    rules: ['waits-to-land'],
    says: 'is being moved onto the target',
  },
  'waits for a landing that nobody makes': {
    task: on('T2'),
    unmet: 1,
    around: {
      landingMode: 'off',
      plan: { ...samplePlan, unblock: 'landed' },
      dependencies: [needed('T2', { evidence: evidenceOf(1, { at: 7 }) })],
    },
    rules: ['dependency'],
    says: 'nobody lands it: landing.mode is off',
    since: 7,
    holder: 'a person',
    freedBy: 'orbit close 001/T2',
  },
  'done, behind what it was built on': {
    task: {
      ...on('T2', 'T3'),
      evidence: evidenceOf(4),
      landing: { state: 'queued', commit: 'c', queuedAt: 11, begunAt: null, landedAs: null, landedAt: null },
    },
    around: {
      dependencies: [
        needed('T2', { evidence: evidenceOf(1) }),
        needed('T3', { closed: { as: 'completed', why: '', by: 'ann', at: 1 } }),
      ],
    },
    rules: ['lands-after'],
    holder: '001/T2',
    since: 11,
  },
  'done, waiting for its pull request, and the queue is held': {
    task: { evidence: evidenceOf(4), pr: { number: 12, status: 'pending_review' } },
    around: { landingHeld: 'main has uncommitted changes', leader: null, landingMode: 'pull-requests' },
    rules: ['landing-held', 'pull-request', 'no-coordinator'],
    says: 'main has uncommitted changes',
  },
  'done, with a pull request that nobody follows': {
    task: { evidence: evidenceOf(4), pr: { number: 12, status: 'pending_review' } },
    rules: ['pull-request'],
    says: 'waits for pull request #12 (pending_review), which nobody follows, since its plan lands by the queue',
    holder: 'pull request #12',
    freedBy:
      'orbit edit 001/T1 --no-pr puts it into the landing queue, or orbit edit 001/T1 --pr 12 --pr-status merged',
  },
  'done, with a pull request, and its plan lands nothing': {
    task: { evidence: evidenceOf(4), pr: { number: 12, status: 'pending_review' } },
    around: { landingMode: 'off' },
    rules: ['pull-request'],
    says: 'since its plan lands nothing by itself',
    freedBy: 'orbit edit 001/T1 --pr 12 --pr-status merged',
  },
  'done, a pull request that nobody follows was rejected': {
    task: { evidence: evidenceOf(4), pr: { number: 12, status: 'rejected' } },
    rules: ['pull-request'],
    freedBy: 'orbit reopen 001/T1 has it done again, or orbit edit 001/T1 --no-pr',
  },
  'done, its pull request rejected': {
    task: { evidence: evidenceOf(4), pr: { number: 12, status: 'rejected' } },
    around: { landingMode: 'pull-requests' },
    rules: ['pull-request'],
    freedBy: 'orbit reopen 001/T1',
  },
  landed: {
    task: {
      evidence: evidenceOf(4),
      landing: { state: 'landed', commit: 'aaa', queuedAt: 1, begunAt: 1, landedAs: 'bbb', landedAt: 2 },
    },
    rules: ['landed'],
    says: 'landed as bbb (handed in as aaa)',
    since: 2,
  },
  'complete without changes': {
    task: { evidence: evidenceOf(4, { commit: null, noChanges: 'was there already' }) },
    rules: ['nothing-to-land'],
    says: 'was there already',
  },
  'merged by its pull request': {
    task: { evidence: evidenceOf(4), pr: { number: 12, status: 'merged' } },
    rules: ['pull-request-merged'],
    says: '#12',
  },
  'closed by hand': {
    task: { closed: { as: 'completed', why: 'did it myself', by: 'ann', at: 2 } },
    rules: ['closed'],
    says: 'ann closed 001/T1: did it myself',
    holder: 'ann',
  },
  cancelled: {
    task: { closed: { as: 'cancelled', why: 'too big', by: 'ann', at: 2 } },
    rules: ['cancelled'],
    since: 2,
    holder: 'ann',
  },
};

for (const [what, { task, unmet = 0, around, rules, says = '', holder, since, freedBy = '' }] of Object.entries(rows)) {
  test(`P9 why: ${what}`, () => {
    const { because } = explain({ ...quiet, ...around, task: taskWith(task), unmet });
    expect(because.map(({ rule }) => rule)).toEqual(rules);
    expect(because[0]?.message).toContain(says);
    expect(because[0]?.unblockedBy ?? '').toContain(freedBy);
    expect(because[0]).toMatchObject({
      ...(holder === undefined ? {} : { holder }),
      ...(since === undefined ? {} : { since }),
    });
  });
}

test('P9 every task has a reason, and one that has not ended can be freed', () => {
  const maybe = <T>(value: T): fc.Arbitrary<T | null> => fc.constantFrom(null, value);
  const facts = fc.record({
    closed: fc.constantFrom(
      null,
      { as: 'completed' as const, why: '', by: 'ann', at: 1 },
      { as: 'cancelled' as const, why: '', by: 'ann', at: 1 },
    ),
    hold: maybe({ why: '', by: 'ann', at: 1 }),
    inbox: maybe({ kind: 'stuck' as const, reason: '', token: null, at: 1 }),
    claim: maybe(claimOf('claude-1', 3)),
    evidence: fc.constantFrom(null, evidenceOf(3), evidenceOf(3, { commit: null, noChanges: 'there already' })),
    retryAt: fc.constantFrom(null, 1, now + 1),
    agent: fc.constantFrom(null, 'claude', 'codex'),
    pr: fc.constantFrom(null, { number: 1, status: 'merged' as const }, { number: 1, status: 'rejected' as const }),
    scope: fc.constantFrom([], ['a']),
    dependencies: fc.subarray<Task['key']>(['001/T2', '001/T3']),
  });
  const surroundings = fc.record({
    leader: maybe({ holder: 'x', since: 1 }),
    agents: fc.constantFrom(null, [], [{ name: 'claude', slots: 1, busy: 1 }]),
    plan: maybe({ ...samplePlan, paused: true }),
    landingHeld: maybe('dirty'),
    landingMode: fc.constantFrom(...landingModes),
    dependencies: fc.subarray([needed('T2'), needed('T3', { claim: claimOf('a', 9) })]),
  });
  fc.assert(
    fc.property(facts, surroundings, (fields, around) => {
      const task = taskWith(fields);
      const input = { ...quiet, ...around, task, unmet: task.dependencies.length };
      const { status, because } = explain(input);
      expect(status).toBe(deriveStatus(task, input.unmet, now));
      expect(because.length).toBeGreaterThan(0);
      const isOver = status === 'landed' || status === 'cancelled';
      for (const { unblockedBy, message } of because) {
        expect(unblockedBy === null).toBe(isOver);
        expect(message).not.toMatch(/undefined|null|NaN/);
      }
    }),
    { numRuns: 1_000 },
  );
});

test('lengths of time are told in words', () => {
  expect([-5, 0, 59_000, 60_000, 3_599_000, 3_600_000, 7_500_000, 200_000_000].map(ago)).toEqual([
    '0 s',
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h',
    '2 h 5 min',
    '2 d',
  ]);
});
