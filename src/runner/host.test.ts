import { fileURLToPath } from 'node:url';
import { tmpdir } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import { attemptWorld, type Steps, type World } from '../../test/support/attempt-world.ts';
import { childEnvironment } from '../platform/environment.ts';
import { endProcessTree } from '../platform/process-tree.ts';
import { lookAtProcess, startProcess, type StartedProcess } from '../platform/process.ts';

const program = fileURLToPath(new URL('../../test/support/runner-process.ts', import.meta.url));
const working: Steps = [
  { do: 'write', path: 'door.ts', text: 'open\n' },
  { do: 'say', text: 'working' },
  { do: 'hang' },
];

async function host(steps: Steps): Promise<{ world: World; runner: StartedProcess }> {
  const world = await attemptWorld({ steps, inFile: true });
  const runner = await startProcess({
    command: process.execPath,
    args: [program, world.made.directory, String(world.token), world.script],
    cwd: tmpdir(),
    environment: childEnvironment({ allow: [], set: {} }),
    stdin: 'ignore',
  });
  if ('fault' in runner) throw new Error(runner.fault);
  runner.stderr.pipe(process.stderr);
  const marker = { project: world.made.directory, task: 'T1', token: String(world.token) };
  onTestFinished(async () => {
    await endProcessTree(runner.identity, { marker, graceMs: 0, ownRoot: true });
  });
  return { world, runner };
}

/** Waits until the agent works; a runner that ended instead says why on its standard error. */
async function heard(world: World, runner: StartedProcess): Promise<void> {
  const ended = runner.exit.then((exit) => Promise.reject(new Error(`the runner ended: ${JSON.stringify(exit)}`)));
  await Promise.race([world.heard('output.log', 'working'), ended]);
}

test('P14 a runner process hosts an attempt on a store in a file, to its end', async () => {
  const { world, runner } = await host([
    ...working.slice(0, 2),
    { do: 'commit' },
    { do: 'report', report: 'complete' },
  ]);
  expect(await runner.exit).toEqual({ exitCode: 0, signal: null });
  const { attempt } = await world.look();
  expect(attempt.outcome).toBe('done');
  expect(attempt.pulse.runner).toEqual(runner.identity);
});

test('D5 I7 SIGTERM gives the attempt back with its work saved; Ctrl-C and a closed terminal are nothing to it', async () => {
  const { world, runner } = await host(working);
  await heard(world, runner);
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.kill(runner.identity.pid, signal);
  expect(await runner.exit).toEqual({ exitCode: 0, signal: null });
  const { attempt, task } = await world.look();
  expect(attempt).toMatchObject({ outcome: 'released', reason: 'the runner was asked to end' });
  expect(attempt.pulse.agent === null ? 'none' : lookAtProcess(attempt.pulse.agent)).toBe('gone');
  expect(task).toMatchObject({ claim: null, failures: [] });
  const salvage = world.refs().find((ref) => ref.startsWith(`refs/orbit/salvage/T1/`)) ?? '';
  expect(world.made.git('show', `${salvage}:door.ts`)).toBe('open');
});

test('B9 a killed runner leaves enough in the store to find and end its agent', async () => {
  const { world, runner } = await host(working);
  await heard(world, runner);
  process.kill(runner.identity.pid, 'SIGKILL');
  expect((await runner.exit).signal).toBe('SIGKILL');
  const { attempt } = await world.look();
  expect(attempt.endedAt).toBe(null);
  const { agent } = attempt.pulse;
  expect(agent === null ? 'none' : lookAtProcess(agent)).toBe('alive');
});
