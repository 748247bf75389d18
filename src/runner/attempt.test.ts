import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectSound } from '../../test/conformance/store-fixture.ts';
import { attemptWorld, workspaceSettings, type Steps } from '../../test/support/attempt-world.ts';
import { lookAtProcess } from '../platform/process.ts';
import type { SetUpState } from '../workspace/workspace.ts';
import { runAttempt } from './attempt.ts';
import { plainChecks } from './plain-checks.ts';

const write = { do: 'write', path: 'src/door.ts', text: 'open\n' };
const commit = { do: 'commit', message: 'Add the door' };
const complete = { do: 'report', report: 'complete' };
const good: Steps = [write, commit, complete];

test('B4 P2 C1 a good attempt is proven, pinned and tidied away', async () => {
  const world = await attemptWorld({
    steps: [{ do: 'usage', tokens: 1_200, costUsd: 0.25 }, ...good],
    task: { scope: ['src/**'] },
  });
  const { attempt, task } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'done', branch: `orbit-work/001/T1-${world.token}` });
  expect(attempt.pulse).toMatchObject({ tokens: 1_200, costUsd: 0.25 });
  expect(attempt.pulse.step).toBeGreaterThan(3);
  expect(attempt.pulse.agent === null ? 'none' : lookAtProcess(attempt.pulse.agent)).toBe('gone');
  expect(task.evidence).toMatchObject({ commits: 1, files: 1, agent: 'a-1', noChanges: null });
  expect(world.made.git('show', `${task.evidence?.commit}:src/door.ts`)).toBe('open');
  expect(world.refs()).toContain(`refs/orbit/attempts/T1/${world.token}`);
  expect(world.workspaces()).toEqual([]);
  const events = await world.ports.store.events({ since: 0, task: world.key });
  expect(events.map(({ body }) => body.type)).toEqual([
    'task-created',
    'task-claimed',
    'attempt-prepared',
    'completion-reported',
    'task-done',
  ]);
  await expectSound(world.ports.store);
});

test('B4 a plain program reports completion by its exit code', async () => {
  const world = await attemptWorld({ steps: [write, commit], agent: 'text' });
  expect((await world.run()).attempt.outcome).toBe('done');
});

test('B8 three logs tell the attempt, its prompt lies beside them', async () => {
  const world = await attemptWorld({ steps: [{ do: 'say', text: 'I begin' }, ...good] });
  const { attempt } = await world.run();
  expect(attempt.logs).toMatch(/logs\/run\/\d{8}T\d{6}\.\d{3}Z_T1$/);
  expect(world.log('output.log')).toContain('I begin\n');
  const lines = world.log('verbose.jsonl').trim().split('\n');
  const raw = lines.map((line) => JSON.parse(line) as { at: string; raw?: string });
  expect(raw.some((entry) => entry.raw?.includes('"I begin"'))).toBe(true);
  expect(world.log('monitor.log')).toMatch(/started a-1 \(scripted\), process \d+/);
  expect(world.log('monitor.log')).toContain('told: done');
  expect(world.log('prompt.md')).toContain('orbit complete T1');
});

test('P10 the agent finds its task in the environment and in its prompt, and no capability of others', async () => {
  const show = `require('fs').writeFileSync('env.json', JSON.stringify(process.env))`;
  const steps = [{ do: 'run', command: [process.execPath, '-e', show] }, commit, complete];
  const world = await attemptWorld({ steps, task: { title: `A door${'!'.repeat(300_000)}`, body: 'It opens.' } });
  world.ports.environment = { ...world.ports.environment, ORBIT_TASK: 'stale', SECRET_KEY: 'sk-12345678' };
  const { task, attempt } = await world.run();
  const seen = JSON.parse(world.made.git('show', `${task.evidence?.commit}:env.json`)) as Record<string, string>;
  expect(seen).toMatchObject({
    ORBIT_PROJECT: world.made.directory,
    ORBIT_PLAN: '001',
    ORBIT_TASK: 'T1',
    ORBIT_TOKEN: String(world.token),
    ORBIT_AGENT: 'a-1',
    ORBIT_ATTEMPT: '1',
    ORBIT_TITLE: `A door${'!'.repeat(994)}`,
    ORBIT_CAPABILITY: expect.stringMatching(new RegExp(`^${world.token}\\.[0-9a-f]{64}$`)),
    GIT_CONFIG_COUNT: '6',
  });
  expect(seen['SECRET_KEY']).toBe(undefined);
  expect(seen['PATH']?.split(':')[0]).toBe(world.ports.paths.shims);
  expect(seen['PWD'] ?? '').not.toBe(world.made.directory);
  expect(readFileSync(seen['ORBIT_PROMPT'] ?? '', 'utf8')).toContain('It opens.');
  expect(seen['ORBIT_PROMPT']).toBe(join(attempt.logs ?? '', 'prompt.md'));
});

test('B4 a crash after good work is no completion; the work is kept', async () => {
  const world = await attemptWorld({
    steps: [write, commit, { do: 'say', text: 'oh no' }, { do: 'crash', exitCode: 9 }],
    agent: 'text',
  });
  const { attempt, task } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('exit code 9') });
  expect(attempt.reason).toMatch(/exit code 9\. Its last words:[^]*"oh no"\}$/);
  expect(attempt.commit).toBe(world.made.git('rev-parse', `refs/orbit/attempts/T1/${world.token}`));
  expect(task.evidence).toBe(null);
  expect(task.retryAt).not.toBe(null);
});

test('C6 D5 an agent killed from outside has crashed, and its dirty files are kept', async () => {
  const world = await attemptWorld({ steps: [write, { do: 'crash', signal: 'SIGKILL' }] });
  const { attempt } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'crashed', reason: expect.stringContaining('SIGKILL') });
  expect(attempt.reason).not.toContain('= ended');
  const salvage = world.refs().find((ref) => ref.startsWith(`refs/orbit/salvage/T1/${world.token}`)) ?? '';
  expect(world.made.git('show', `${salvage}:src/door.ts`)).toBe('open');
  expect(world.workspaces()).toEqual([]);
});

test('B4 a lie with nothing committed comes back as a hint, twice, and then fails the attempt with that reason', async () => {
  const world = await attemptWorld({
    steps: [complete, { do: 'wait-for-hint' }, complete, { do: 'wait-for-hint' }, complete, { do: 'hang' }],
  });
  const { attempt } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('Nothing was committed') });
  expect(world.log('monitor.log').match(/hint \(now; completion, not-proven\)/g)).toHaveLength(2);
});

test('P2 uncommitted files come back as a hint to the same session, which commits and is proven', async () => {
  const steps = [write, complete, { do: 'wait-for-hint', contains: 'src/door.ts' }, commit, complete];
  const world = await attemptWorld({ steps });
  const { attempt } = await world.run();
  expect(attempt.outcome).toBe('done');
  expect(world.log('monitor.log')).toContain('These changes are not committed: src/door.ts');
});

test('P2 a plain program that leaves its work uncommitted fails with the paths', async () => {
  const world = await attemptWorld({ steps: [write], agent: 'text' });
  const { attempt } = await world.run();
  expect(attempt.outcome).toBe('failed');
  expect(attempt.reason).toContain('Nothing was committed');
  expect(attempt.reason).toContain('These changes are not committed: src/door.ts');
});

test('P2 work outside the scope fails with its paths', async () => {
  const world = await attemptWorld({ steps: good, task: { scope: ['docs/**'] }, agent: 'text' });
  const { attempt } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('(docs/**): src/door.ts') });
});

test('P2 nothing to change is a completion when the reason is told', async () => {
  const world = await attemptWorld({ steps: [{ ...complete, noChanges: 'the door is there' }] });
  const { task } = await world.run();
  expect(task.evidence).toMatchObject({ commit: null, noChanges: 'the door is there' });
});

test('P2 a green check is run at the tree and remembered; what it leaves lying is not the agent’s', async () => {
  const check = `node -e 'require("fs").writeFileSync("report.txt", "x"); console.log("checked")'`;
  const world = await attemptWorld({ steps: good, task: { checks: [check] } });
  const { task } = await world.run();
  expect(task.evidence?.checks).toEqual([check]);
  expect(await world.ports.store.verdict(task.evidence?.tree ?? '', check)).toMatchObject({
    green: true,
    tail: 'checked\n',
  });
  expect(world.log('output.log')).toContain('checked');
});

test('P2 a red check fails the attempt with the end of its output', async () => {
  const check = `sh -c 'echo 3 tests failed; exit 1'`;
  const world = await attemptWorld({ steps: [write, commit], task: { checks: [check] }, agent: 'text' });
  const { attempt } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('3 tests failed') });
});

test('P2 a check that changes files of the commit proves nothing', async () => {
  const check = `sh -c 'echo more >> src/door.ts'`;
  const world = await attemptWorld({ steps: [write, commit], task: { checks: [check] }, agent: 'text' });
  const { attempt, task } = await world.run();
  expect(attempt.reason).toContain('changed files of the commit: src/door.ts');
  expect(task.evidence).toBe(null);
});

test('C1 P7 an agent that hangs is ended when its time is up', async () => {
  const world = await attemptWorld({
    steps: [write, { do: 'hang', ignoreTerm: true }],
    limits: { attemptMinutesMax: 1 / 60, stopGraceMs: 200 },
  });
  const { attempt } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'timeout', reason: expect.stringContaining('is used up') });
  expect(attempt.pulse.agent === null ? 'none' : lookAtProcess(attempt.pulse.agent)).toBe('gone');
});

test('C6 an agent that is silent and idle is stalled', async () => {
  const world = await attemptWorld({
    steps: [{ do: 'hang' }],
    agent: 'text',
    limits: { silenceMs: 1_000, silenceHintMs: 500, stopGraceMs: 200 },
  });
  expect((await world.run()).attempt.outcome).toBe('stalled');
});

test('C7 the same error three times is hinted at, five times ends the attempt with it as the reason', async () => {
  const error = { do: 'error', class: 'tool', text: 'no such file' };
  const steps = [error, error, error, { do: 'wait-for-hint', contains: '3 times' }, error, error, { do: 'hang' }];
  const { attempt } = await (await attemptWorld({ steps })).run();
  expect(attempt).toMatchObject({ outcome: 'failed', reason: '5 errors in a row: no such file' });
});

test('B4 a critical error ends the attempt', async () => {
  const steps = [
    ...good.slice(0, 2),
    { do: 'error', class: 'agent', text: 'its settings are broken', critical: true },
    { do: 'hang' },
  ];
  const { attempt } = await (await attemptWorld({ steps })).run();
  expect(attempt).toMatchObject({ outcome: 'failed', reason: 'critical error: its settings are broken' });
});

test('P7 money used up asks a person instead of trying again', async () => {
  const steps = [{ do: 'usage', tokens: 9, costUsd: 2.5 }, { do: 'hang' }];
  const budget = { attempts: 4, costUsd: 2, minutes: 60, turns: null };
  const { task } = await (await attemptWorld({ steps, settings: { budget } })).run();
  expect(task.inbox).toMatchObject({ kind: 'budget-used', reason: expect.stringContaining('$2.50') });
});

test('a nudge reaches the running agent', async () => {
  const world = await attemptWorld({
    steps: [{ do: 'say', text: 'working' }, { do: 'wait-for-hint', contains: 'the hinge' }, ...good],
  });
  const running = world.run();
  await world.heard('output.log', 'working');
  const advise = { type: 'advise', advice: 'Look at the hinge.' } as const;
  await world.ports.store.execute(world.key, advise, { actor: 'cli:ann', now: Date.now(), durable: true });
  expect((await running).attempt.outcome).toBe('done');
});

test('a question goes to a person', async () => {
  const steps = [{ do: 'report', report: 'question', text: 'Which colour?' }];
  const { task, attempt } = await (await attemptWorld({ steps })).run();
  expect(task.inbox).toMatchObject({ kind: 'question', reason: 'Which colour?' });
  expect(attempt.outcome).toBe('released');
});

test('P3 I2 an attempt whose claim was taken back stops its agent and writes nothing more', async () => {
  const world = await attemptWorld({
    steps: [write, commit, { do: 'say', text: 'working' }, { do: 'hang' }],
    limits: { heartbeatIntervalMs: 50, stopGraceMs: 200 },
  });
  const running = world.run();
  await world.heard('output.log', 'working');
  const { store } = world.ports;
  await store.execute(
    world.key,
    { type: 'close', as: 'cancelled', why: 'not wanted' },
    { actor: 'cli:ann', now: Date.now(), durable: true },
  );
  const before = await store.lastSeq();
  const { attempt } = await running;
  expect(await store.lastSeq()).toBe(before);
  expect(attempt.outcome).toBe('cancelled');
  expect(attempt.pulse.agent === null ? 'none' : lookAtProcess(attempt.pulse.agent)).toBe('gone');
  expect(world.refs()).toContain(`refs/orbit/attempts/T1/${world.token}`);
});

test('B5 an agent that handed its task on is stopped at once, with its notes and work kept', async () => {
  const world = await attemptWorld({
    steps: [write, commit, { do: 'say', text: 'working' }, { do: 'hang' }],
    limits: { stopGraceMs: 200 },
  });
  const running = world.run();
  await world.heard('output.log', 'working');
  const release = { type: 'release', token: world.token, reason: 'handed off', commit: null } as const;
  await world.ports.store.execute(world.key, release, { actor: 'a-1', now: Date.now(), durable: true });
  const { attempt } = await running;
  expect(attempt).toMatchObject({ outcome: 'released', reason: 'handed off' });
  expect(world.refs()).toContain(`refs/orbit/attempts/T1/${world.token}`);
  expect(world.workspaces()).toEqual([]);
});

test('D5 I7 a release stops the agent, saves its work and gives the task back without blame', async () => {
  const world = await attemptWorld({ steps: [write, { do: 'say', text: 'working' }, { do: 'hang' }] });
  const running = world.run();
  await world.heard('output.log', 'working');
  world.release({ as: 'released', reason: 'the runner was asked to end' });
  const { attempt, task } = await running;
  expect(attempt).toMatchObject({ outcome: 'released', reason: 'the runner was asked to end' });
  expect(task).toMatchObject({ claim: null, failures: [] });
  expect(world.refs().some((ref) => ref.startsWith('refs/orbit/salvage/T1/'))).toBe(true);
});

test('P11 files are brought along and set-up runs before the agent', async () => {
  const setup = [
    `sh -c 'cat .env > ready.txt'`,
    'git add ready.txt && git -c user.name=a -c user.email=b commit -qm ready',
  ];
  const world = await attemptWorld({
    steps: [{ do: 'run', command: ['cat', 'ready.txt'] }, ...good],
    files: { '.gitignore': '.env\n' },
    settings: { workspace: workspaceSettings({ bring: ['.env'], setup }) },
  });
  world.made.write({ '.env': 'KEY=1\n' });
  expect((await world.run()).attempt).toMatchObject({ outcome: 'done', reason: null });
  expect(world.log('output.log')).toContain('$ git add ready.txt');
});

test('P11 I15 set-up, agent and checks of an attempt share ports of their own, given back at its end', async () => {
  const tell = (name: string): string => `sh -c 'echo $ORBIT_PORT $ORBIT_PORT_1 > ../../../${name}'`;
  const world = await attemptWorld({
    task: { checks: [tell('check')] },
    steps: [{ do: 'run', command: ['sh', '-c', 'echo $ORBIT_PORT $ORBIT_PORT_1 > ../../../agent'] }, ...good],
    settings: { workspace: workspaceSettings({ setup: [tell('set-up')], ports: 2 }) },
  });
  expect((await world.run()).attempt.outcome).toBe('done');
  const read = (name: string): string => readFileSync(join(world.made.directory, '..', name), 'utf8');
  expect(read('agent')).toMatch(/^2\d{4} 2\d{4}\n$/);
  expect([read('set-up'), read('check')]).toEqual([read('agent'), read('agent')]);
  expect(readdirSync(join(world.made.directory, '../run/orbit/ports'))).toEqual([]);
});

test('P11 an agent can commit where every commit is to be signed', async () => {
  const world = await attemptWorld({ steps: good });
  world.made.git('config', 'commit.gpgSign', 'true');
  world.made.git('config', 'gpg.program', '/bin/false');
  const { attempt } = await world.run();
  expect(attempt.outcome).toBe('done');
  expect(world.made.git('log', '-1', '--format=%G?', attempt.commit ?? '')).toBe('N');
});

test('P11 a set-up that ran for a check does not run again for an attempt at the same lockfile', async () => {
  const workspace = workspaceSettings({ setup: [`sh -c 'mkdir deps && echo one > deps/x'`], setupReads: ['lock'] });
  const world = await attemptWorld({
    steps: [{ do: 'run', command: ['cat', 'deps/x'] }, ...good],
    files: { '.gitignore': 'deps\n', lock: '1\n' },
    settings: { workspace },
  });
  const { workspaces, settings, environment } = world.ports;
  const slot = await workspaces.checkout(world.made.git('rev-parse', 'HEAD'), []);
  const setUpOf = (directory: string): SetUpState | null => workspaces.setUpOf(directory);
  const checks = plainChecks({ settings, environment, marker: null, setUpOf });
  expect(await checks.prepare(slot.directory)).toBeNull();
  await slot.release();
  expect((await world.run()).attempt.outcome).toBe('done');
  expect(world.log('output.log')).toContain(`not run, for what it makes lies here already: sh -c 'mkdir deps`);
});

test('P11 a set-up that fails ends the attempt with the end of its output, and no agent is started', async () => {
  const setup = [`sh -c 'echo no network; exit 1'`];
  const world = await attemptWorld({
    steps: good,
    settings: { workspace: workspaceSettings({ bring: [], setup }) },
  });
  const { attempt } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('no network') });
  expect(attempt.pulse.agent).toBe(null);
  expect(world.workspaces()).toEqual([]);
});

test('I19 a granted secret that set-up, agent and check print reaches neither a log nor the store', async () => {
  const canary = 'canary-0123456789';
  const tell = `sh -c 'echo $GIFT'`;
  const workspace = workspaceSettings({ setup: [tell] });
  const world = await attemptWorld({
    task: { checks: [tell] },
    steps: [{ do: 'run', command: ['sh', '-c', 'echo $GIFT; exit 1'] }, ...good],
    settings: { environment: ['GIFT'], workspace },
  });
  world.ports.environment = { ...world.ports.environment, GIFT: canary };
  const { attempt, task } = await world.run();
  const { store } = world.ports;
  expect(await store.verdict(task.evidence?.tree ?? '', tell)).toMatchObject({ green: true, tail: '[secret]\n' });
  expect(JSON.stringify([attempt, task, await store.events({ since: 0 })])).not.toContain(canary);
  const logs = ['output.log', 'verbose.jsonl', 'monitor.log', 'prompt.md'].map((name) => world.log(name));
  expect(logs.map((text) => text.includes(canary))).toEqual([false, false, false, false]);
  expect(logs[0]?.match(/\[secret\]/g)?.length).toBeGreaterThanOrEqual(3);
});

test('an agent that the settings do not know fails with their names', async () => {
  const world = await attemptWorld({ steps: good, settings: { agents: { other: { adapter: 'command', slots: 1 } } } });
  expect((await world.run()).attempt).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining('(known: other)'),
  });
});

test('I20 B8 a flood of output costs only log space', async () => {
  const logBytesMax = 1024 * 1024;
  const world = await attemptWorld({
    steps: [{ do: 'flood', bytes: 20 * 1024 * 1024, lines: 1_000 }, { do: 'garbage' }, ...good],
    limits: { logBytesMax },
  });
  const { attempt } = await world.run();
  expect(attempt.outcome).toBe('done');
  const sizes = ['verbose.jsonl', 'verbose.jsonl.1'].map((name) => world.log(name).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(logBytesMax);
});

test('I1 a second runner of the same attempt leaves the first one alone', async () => {
  const world = await attemptWorld({ steps: [{ do: 'say', text: 'working' }, { do: 'sleep', ms: 300 }, ...good] });
  const first = world.run();
  await world.heard('output.log', 'working');
  const seq = await world.ports.store.lastSeq();
  await runAttempt(world.ports, world.token);
  expect(await world.ports.store.lastSeq()).toBe(seq);
  expect((await first).attempt.outcome).toBe('done');
  await runAttempt(world.ports, world.token);
  expect(existsSync(join(world.ports.paths.logs, 'runners', String(world.token)))).toBe(false);
});

test('I5 an outcome whose answer got lost is told once', async () => {
  let losses = 0;
  const afterCommit = (verb: string): void => {
    if (verb !== 'execute' || (losses += 1) !== 3) return;
    throw Object.assign(new Error('the answer got lost'), { code: 'store-busy' });
  };
  const world = await attemptWorld({ steps: good, faults: { afterCommit } });
  const { attempt } = await world.run();
  expect(losses).toBe(3);
  expect(attempt.outcome).toBe('done');
  await expectSound(world.ports.store);
});
