import { expect, test } from 'vitest';
import { accepted, draftTask, evidenceOf } from '../../test/conformance/store-fixture.ts';
import { expectFit } from '../../test/support/fits.ts';
import { workOn } from '../../test/support/landing-stage.ts';
import { projectStage, type ProjectStage } from '../../test/support/project-stage.ts';
import { inbox, overview } from '../api/contract/views.ts';
import { listInbox, type InboxEntry } from './list-inbox.ts';
import { lookAtOverview } from './look-at-overview.ts';
import { sendMessage } from './message.ts';

const retry = { attemptsMax: 1, spentMsMax: 3_600_000, retryDelayMs: 0, jitter: 0, bouncesMax: 2, agents: [] };

async function itemsOf(stage: ProjectStage, plan: string | null = null): Promise<readonly InboxEntry[]> {
  const found = await listInbox(stage.context, plan);
  expectFit(inbox, found);
  const ids = found.items.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(found.items.map(({ rank }) => rank)).toEqual(found.items.map(({ rank }) => rank).toSorted((a, b) => b - a));
  return found.items;
}

test('D7 a question and a task given up are in the inbox with their story and the verbs that settle them', async () => {
  const stage = await projectStage();
  const { load, claim, execute, context } = stage;
  await load(['T1', 'T2', 'T3', draftTask('T4', { dependencies: ['T1'] }), draftTask('T5', { dependencies: ['T4'] })]);
  const first = await claim('T1');
  await execute('T1', { type: 'block', token: first, kind: 'question', reason: 'red or blue?' });
  const second = await claim('T2', 'b-1');
  const acted = { rule: 'silent', evidence: ['nothing for 10 min'] };
  const failed = { outcome: 'stalled', reason: 'it stood still', commit: null, rule: retry, acted } as const;
  await execute('T2', { type: 'fail', token: second, ...failed });

  const items = await itemsOf(stage);
  expect(items).toMatchObject([
    { kind: 'question', task: 'T1', plan: '001', reason: 'red or blue?', blocks: 2, token: first },
    { kind: 'failed', task: 'T2', agent: 'b-1', blocks: 0 },
  ]);
  expect(items[0]?.actions[0]).toBe('answer');
  expect(items[1]?.actions[0]).toBe('retry');
  expect(items[1]?.tries).toEqual([
    { token: second, agent: 'b-1', outcome: 'stalled', reason: 'it stood still', ...acted },
  ]);
  expect(items[1]?.helps.join('\n')).toContain('orbit retry 001/T2');
  expect(await itemsOf(stage)).toEqual(items);
  await execute('T1', { type: 'retry', advice: 'blue', attemptsGranted: 1 });
  expect((await itemsOf(stage)).map(({ task }) => task)).toEqual(['T2']);
  expect(context.warn).toBeTypeOf('function');
});

test('D7 the same task asking again is another matter', async () => {
  const stage = await projectStage();
  await stage.load(['T1']);
  const ask = async (): Promise<string | undefined> => {
    const token = await stage.claim('T1');
    await stage.execute('T1', { type: 'block', token, kind: 'question', reason: 'and now?' });
    return (await itemsOf(stage))[0]?.id;
  };
  const before = await ask();
  await stage.execute('T1', { type: 'retry', advice: 'so', attemptsGranted: 1 });
  await stage.clock.advance(1_000);
  expect(await ask()).not.toBe(before);
});

test('D7 work that waits for approval shows what it changes, and the riskiest comes first', async () => {
  const stage = await projectStage();
  const { made, load, prove } = stage;
  const base = made.git('rev-parse', 'main');
  await load(['T1', 'T2']);
  await prove('T1', { commit: workOn(made, { 'a.txt': 'a\n' }), base, approval: 'each change waits' });
  const risky = workOn(made, { '.github/workflows/ci.yml': 'on: push\n' });
  await prove('T2', { commit: risky, base, approval: 'it changes CI' });
  const items = await itemsOf(stage);
  expect(items).toMatchObject([
    { kind: 'approval', task: 'T2', actions: ['approve', 'reject', 'cancel'], agent: 'a-1' },
    { kind: 'approval', task: 'T1', work: { linesAdded: 1, files: [{ path: 'a.txt', kind: 'added' }] } },
  ]);
  expect(items[0]?.work?.tree).toBe(made.git('rev-parse', `${risky}^{tree}`));
  expect(await itemsOf(stage)).toEqual(items);
});

test('D7 nobody is asked to approve work that is gone', async () => {
  const stage = await projectStage();
  const { made, load, claim, execute } = stage;
  await load(['T1']);
  const token = await claim('T1');
  const evidence = evidenceOf(token, { base: made.git('rev-parse', 'main'), tree: 'd'.repeat(40) });
  await execute('T1', { type: 'prove', token, evidence, approval: 'look' });
  expect(await itemsOf(stage)).toMatchObject([{ kind: 'approval', work: null, actions: ['reject', 'cancel'] }]);
  expect(stage.warnings.join()).toContain('orbit recover T1');
});

test('D7 landings held for one reason are one matter, and all that waits for them is counted once', async () => {
  const stage = await projectStage();
  const { made, load, prove, execute } = stage;
  const base = made.git('rev-parse', 'main');
  await load(['T1', 'T2', 'T3', draftTask('T4', { dependencies: ['T1', 'T2'] })]);
  for (const id of ['T1', 'T2', 'T3']) {
    await prove(id, { commit: workOn(made, { [`${id}.txt`]: 'x\n' }), base });
    await execute(id, { type: 'queue-landing' });
  }
  for (const id of ['T1', 'T2']) await execute(id, { type: 'note-held', why: 'the checkout is dirty' });
  await execute('T3', { type: 'note-held', why: 'somebody moved the target' });
  expect(await itemsOf(stage)).toMatchObject([
    {
      kind: 'held',
      task: null,
      plan: '001',
      reason: 'the checkout is dirty',
      blocks: 3,
      title: '2 landings wait: T1, T2',
    },
    { kind: 'held', task: 'T3', reason: 'somebody moved the target', blocks: 0 },
  ]);
});

test('D7 a finished plan that is not in the user’s branch yet waits for a person', async () => {
  const stage = await projectStage();
  const { made, load, prove, execute } = stage;
  const base = made.git('rev-parse', 'main');
  await load(['T1', 'T2']);
  const commit = workOn(made, { 'a.txt': 'a\n' });
  made.git('update-ref', 'refs/heads/orbit/001', commit);
  await prove('T1', { commit, base });
  await execute('T1', { type: 'queue-landing' });
  const landing = { commit, landedAs: commit, tree: made.git('rev-parse', `${commit}^{tree}`) };
  await execute('T1', { type: 'land', ...landing, target: 'refs/heads/orbit/001' });
  expect(await itemsOf(stage)).toEqual([]);
  await execute('T2', { type: 'close', as: 'cancelled', why: 'not needed' });
  const [item] = await itemsOf(stage);
  expect(item).toMatchObject({ id: 'plan:001', kind: 'plan', task: null, blocks: 0 });
  expect(item?.helps[0]).toContain('orbit approve 001 --tree');
  expect(await itemsOf(stage, '001')).toHaveLength(1);
  made.git('update-ref', 'refs/heads/main', commit);
  expect(await itemsOf(stage)).toEqual([]);
});

test('P8 a wish that a person decides on is in the inbox; one that waits for another task is not', async () => {
  const stage = await projectStage();
  const { load, claim, execute } = stage;
  await load([draftTask('T1', { scope: ['a/**'] }), draftTask('T2', { scope: ['b/**'] })]);
  const [first, second] = [await claim('T1'), await claim('T2', 'b-1')];
  await execute('T1', { type: 'widen', token: first, entries: ['c/**'], why: 'it is declared there', rule: 'ask' });
  await execute('T2', { type: 'widen', token: second, entries: ['a/x'], why: 'me too', rule: 'free' });
  expect(await itemsOf(stage)).toMatchObject([
    { kind: 'scope', task: 'T1', token: first, actions: ['grant', 'deny'], reason: expect.stringContaining('c/**') },
  ]);
});

test('P6 C8 D3 accounts that rest, agents without login and messages are in the inbox of the project alone', async () => {
  const settings = {
    agents: { claude: { adapter: 'command', command: ['true'], account: 'team', check: 'required' } },
  };
  const stage = await projectStage({ settings });
  const { context, clock, load } = stage;
  await load([draftTask('T1', { agent: 'claude' }), draftTask('T2', { dependencies: ['T1'] }), 'T3']);
  const now = clock.now();
  const rule = { waitMs: 60_000, waitMsMax: 600_000 };
  await context.store.parkAccount({ account: 'team', until: now + 60_000, reason: 'used up', rule }, 'orbit', now);
  const abilities = { read: null, write: null, run: null, report: null };
  const { fingerprintOf } = await import('./agent-gate.ts');
  const entry = (await context.settings()).agents['claude'];
  if (entry === undefined) throw new Error('no agent');
  const version = await context.agentVersion(entry);
  const cost = { costUsd: 0, tokens: 0, elapsedMs: 5 };
  const outcome = { installed: true, login: false, passed: false, reason: 'run claude /login', at: now };
  await context.store.saveAgentCheck({
    agent: 'claude',
    adapter: 'command',
    version,
    ...abilities,
    ...cost,
    ...outcome,
    fingerprint: fingerprintOf(entry, version),
  });
  await sendMessage(context, { to: 'person:ann', text: 'not for all', task: null, id: null });
  const message = await context.store.send({
    id: 'm1',
    from: 'a-1',
    to: 'person',
    task: '001/T3',
    text: 'hi',
    at: now,
  });

  const items = await itemsOf(stage);
  expect(items).toMatchObject([
    { id: 'login:claude', kind: 'login', agent: 'claude', blocks: 2 },
    { id: `quota:team:${now}`, kind: 'quota', actions: ['resume'], blocks: 2 },
    { id: `message:${message.id}`, kind: 'message', task: 'T3', actions: ['ack'], reason: 'hi' },
  ]);
  expect((await itemsOf(stage, '001')).map(({ kind }) => kind)).toEqual(['message']);
});

test('D5 a conflict ahead is told once, and not where a person was asked about it already', async () => {
  const stage = await projectStage();
  const { context, clock, load, claim, execute } = stage;
  await load(['T1', 'T2']);
  const [first, second] = [await claim('T1'), await claim('T2', 'b-1')];
  const sides = { task: '001/T1', token: first, commit: 'a'.repeat(40), other: '001/T2', otherToken: second } as const;
  const conflict = { ...sides, otherCommit: 'b'.repeat(40), paths: ['a.txt'], told: [], since: clock.now() };
  const change = { noted: [conflict], ended: [] };
  expect(await context.store.noteConflicts(change, { actor: 'orbit', now: clock.now() })).toBe(null);
  expect(await itemsOf(stage)).toMatchObject([{ kind: 'conflict', id: 'ahead:001/T1:001/T2', actions: [], blocks: 0 }]);
  await execute('T2', { type: 'block', token: second, kind: 'question', reason: 'who first?' });
  expect((await itemsOf(stage)).map(({ kind }) => kind)).toEqual(['question']);
});

test('D7 two thousand tasks that wait for a person are listed with what each blocks', async () => {
  const stage = await projectStage();
  const { load, context } = stage;
  const ids = Array.from({ length: 2_000 }, (_, index) => `T${index + 1}`);
  await load(ids.map((id, index) => draftTask(id, index === 0 ? {} : { dependencies: [`T${index}`] })));
  for (const id of ids.slice(0, 300)) {
    const by = { actor: 'orbit', now: stage.clock.now(), durable: false };
    accepted(await context.store.execute(`001/${id}`, { type: 'escalate', kind: 'stuck', reason: 'look' }, by));
  }
  const items = await itemsOf(stage);
  expect(items).toHaveLength(300);
  expect(items.slice(0, 2)).toMatchObject([
    { task: 'T1', blocks: 1_999 },
    { task: 'T2', blocks: 1_998 },
  ]);
});

test('D7 the overview tells as many matters as the inbox has, and its place in the log', async () => {
  const stage = await projectStage();
  const { context, clock, load, claim, execute } = stage;
  expectFit(overview, await lookAtOverview(context));
  await load(['T1', 'T2', 'T3']);
  await load(['T1'], '002');
  const token = await claim('T1');
  await execute('T1', { type: 'block', token, kind: 'question', reason: 'red or blue?' });
  await claim('T2');
  await context.store.send({ id: 'm1', from: 'a-1', to: 'person', task: null, text: 'hi', at: clock.now() });
  await context.store.lead('host 1 x y', 30_000, clock.now());
  const seen = await lookAtOverview(context, 'observer');
  expectFit(overview, seen);
  expect(seen).toMatchObject({
    seq: await context.store.lastSeq(),
    caller: { name: 'tester', role: 'observer' },
    leader: { holder: 'host 1 x y' },
    plans: [
      { plan: '001', total: 3, landed: 0, paused: false },
      { plan: '002', total: 1 },
    ],
    counts: { 'needs-you': 1, running: 1, ready: 2 },
    agents: 1,
    needsYou: (await itemsOf(stage)).length,
  });
  expect((await lookAtOverview(context)).caller.role).toBe('person');
});
