import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { attemptWorld, type Steps, type World } from '../../test/support/attempt-world.ts';
import { replayText } from '../../test/support/replay-text.ts';
import { fingerprint, untouched } from './fingerprint.ts';

const lint = { do: 'tool', tool: 'bash', input: 'npm run lint', ok: true, text: 'everything is fine, nothing to do' };
const heardHint = { do: 'wait-for-hint', contains: 'Supervision noticed' };

async function hints({
  ports,
  key,
}: World): Promise<{ rule: string | null; delivery: string; evidence: readonly string[] }[]> {
  const events = await ports.store.events({ since: 0, task: key });
  return events.flatMap(({ body }) => (body.type === 'agent-hinted' ? [body] : []));
}

test('C4 P5 a loop is hinted at, recorded with its evidence, and ended when the hint does not help', async () => {
  const steps: Steps = [lint, lint, lint, heardHint, lint, lint, { do: 'hang' }];
  const world = await attemptWorld({ steps });
  const { attempt } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'failed', reason: 'the same call with the same result 5 times in a row' });
  expect(await hints(world)).toMatchObject([
    {
      by: 'supervision',
      rule: 'same-result',
      delivery: 'now',
      evidence: expect.arrayContaining(['3 times: bash npm run lint']),
    },
  ]);
  const monitor = world.log('monitor.log');
  for (const words of [
    'looked at the workspace',
    'hint (now; supervision, same-result)',
    'the attempt ends',
    'first call 1, last call 5',
  ])
    expect(monitor).toContain(words);
});

test('C4 an agent that does something else after the hint goes on to the end', async () => {
  const work: Steps = [
    { do: 'write', path: 'door.ts', text: 'open\n' },
    { do: 'commit' },
    { do: 'report', report: 'complete' },
  ];
  const world = await attemptWorld({ steps: [lint, lint, lint, heardHint, ...work] });
  expect((await world.run()).attempt.outcome).toBe('done');
});

test('C4 P5 the same command again and again is no loop while the workspace moves on', async () => {
  const grow = { do: 'run', command: ['sh', '-c', 'echo more >> grown.txt; echo another line was added now'] };
  const pause = { do: 'sleep', ms: 500 };
  const steps: Steps = [
    ...Array.from({ length: 6 }, () => [grow, pause]).flat(),
    { do: 'commit' },
    { do: 'report', report: 'complete' },
  ];
  const world = await attemptWorld({ steps });
  expect((await world.run()).attempt.outcome).toBe('done');
  expect(await hints(world)).toEqual([]);
});

test('B5 a context nearly full: the agent is asked for notes, and the attempt is handed over without blame', async () => {
  const usage = (contextUsed: number): Steps[number] => ({
    do: 'usage',
    tokens: contextUsed,
    contextUsed,
    contextSize: 100,
  });
  const steps: Steps = [
    usage(72),
    { do: 'wait-for-hint', contains: '72 %' },
    usage(90),
    { do: 'wait-for-hint', contains: 'orbit handoff' },
    { do: 'say', text: 'parser done, writer missing' },
    { do: 'hang' },
  ];
  const world = await attemptWorld({ steps, limits: { handOverWaitMs: 300 } });
  const { attempt, task } = await world.run();
  expect(attempt.outcome).not.toBe('failed');
  expect(task.failures).toEqual([]);
  expect((await hints(world)).map(({ rule }) => rule)).toEqual(['context', 'context']);
  expect(world.log('monitor.log')).toContain('no notes came in time');
});

test('B4 B5 work that is reported while notes are asked for is judged, not handed over', async () => {
  const steps: Steps = [
    { do: 'write', path: 'door.ts', text: 'open\n' },
    { do: 'commit' },
    { do: 'usage', tokens: 90, contextUsed: 90, contextSize: 100 },
    { do: 'wait-for-hint', contains: 'orbit handoff' },
    { do: 'report', report: 'complete' },
  ];
  const world = await attemptWorld({ steps });
  expect((await world.run()).attempt.outcome).toBe('done');
});

test('B4 P7 what the last words after a proven report cost does not undo it', async () => {
  const steps: Steps = [
    { do: 'write', path: 'door.ts', text: 'open\n' },
    { do: 'commit' },
    { do: 'report', report: 'complete' },
    { do: 'usage', tokens: 9, costUsd: 2.5 },
    { do: 'hang' },
  ];
  const budget = { attempts: 4, costUsd: 2, minutes: 60, turns: null };
  const world = await attemptWorld({ steps, settings: { budget }, limits: { reportSettleMs: 1_000 } });
  expect((await world.run()).attempt.outcome).toBe('done');
});

test('B4 C4 what an agent does while its report is judged does not end it once the report is given back', async () => {
  const fails = {
    do: 'tool',
    tool: 'bash',
    input: 'orbit show',
    ok: false,
    text: 'Error: the task is being judged now',
  };
  const steps = (mark: string): Steps => [
    { do: 'write', path: 'door.ts', text: 'open\n' },
    { do: 'commit' },
    fails,
    fails,
    fails,
    heardHint,
    { do: 'report', report: 'complete' },
    fails,
    fails,
    fails,
    { do: 'run', command: ['touch', mark] },
    { do: 'wait-for-hint', contains: 'cannot be accepted' },
    { do: 'write', path: 'ready', text: 'yes\n' },
    { do: 'commit' },
    { do: 'report', report: 'complete' },
  ];
  const mark = join(mkdtempSync(join(tmpdir(), 'orbit-test-')), 'asked');
  onTestFinished(() => rmSync(dirname(mark), { recursive: true, force: true }));
  const check = `sh -c 'until [ -e ${mark} ]; do sleep 0.05; done; test -e ready'`;
  const world = await attemptWorld({ steps: steps(mark), task: { checks: [check] } });
  expect((await world.run()).attempt).toMatchObject({ outcome: 'done', reason: null });
  expect((await hints(world)).map(({ rule }) => rule)).toEqual(['same-error', 'not-proven']);
  expect(await replayed(world)).toEqual(['hint same-error 3']);
});

test('P5 what a runner recorded leads replay to the same findings', async () => {
  const world = await attemptWorld({ steps: [lint, lint, lint, heardHint, lint, lint, { do: 'hang' }] });
  await world.run();
  expect(await replayed(world)).toEqual(['hint same-result 3', 'act same-result 5']);
});

/** What a replay of the attempt's record finds. */
async function replayed(world: World): Promise<string[]> {
  return (await replayText('verbose.jsonl', world.log('verbose.jsonl'))).found;
}

test('P5 the fingerprint follows content and not time, and leaves out what git ignores', async () => {
  const world = await attemptWorld({ steps: [], files: { '.gitignore': 'built/\n' } });
  const { workspaces } = world.ports;
  const base = world.made.git('rev-parse', 'HEAD');
  const { directory } = await workspaces.prepare({ task: world.key, token: 77, base, bring: [] });
  const { mkdirSync, symlinkSync, utimesSync, writeFileSync } = await import('node:fs');
  const now = async (): Promise<string | null> => fingerprint(workspaces, directory, base);
  const first = await now();
  expect([await now(), untouched(base)]).toEqual([first, first]);
  mkdirSync(`${directory}/built`);
  writeFileSync(`${directory}/built/a.js`, 'made');
  expect(await now()).toBe(first);
  writeFileSync(`${directory}/b.ts`, 'one');
  const second = await now();
  utimesSync(`${directory}/b.ts`, 1, 1);
  expect([second === first, await now()]).toEqual([false, second]);
  writeFileSync(`${directory}/b.ts`, 'two');
  symlinkSync('/etc/passwd', `${directory}/link`);
  expect(await now()).not.toBe(second);
  expect(readFileSync(`${directory}/b.ts`, 'utf8')).toBe('two');
  expect(await fingerprint(workspaces, `${directory}-gone`, base)).toBeNull();
});

test('P7 I16 the budget holds also while an agent whose context is full is waited for', async () => {
  const usage = (costUsd: number): Steps[number] => ({
    do: 'usage',
    tokens: 90,
    contextUsed: 90,
    contextSize: 100,
    costUsd,
  });
  const steps: Steps = [usage(0.1), { do: 'wait-for-hint', contains: 'orbit handoff' }, usage(9), { do: 'hang' }];
  const world = await attemptWorld({
    steps,
    settings: { budget: { attempts: 2, costUsd: 1, minutes: 60, turns: null } },
  });
  const { task } = await world.run();
  expect(task.inbox).toMatchObject({ kind: 'budget-used' });
});
