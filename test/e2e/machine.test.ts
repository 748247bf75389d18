/** What agents may take of the machine: memory of one attempt, and room for one more. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planText, shellAgent } from '../support/e2e-plan.ts';
import { makeProject, patience } from '../support/e2e.ts';

test('I16 an agent whose processes take more memory than it may is ended, with that reason', patience, async () => {
  // In a session of its own and without the environment: what counts is the whole tree.
  const hog = `env -i setsid "$NODE" -e 'const b = Buffer.alloc(4e8, 1); setInterval(() => b[0]++, 1e3)' & wait ;;`;
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: {
      agents: { sh: { adapter: 'command', command: ['./agent.sh'], memoryMaxMb: 200, environment: ['NODE'] } },
      budget: { attempts: 1 },
    },
    files: { 'agent.sh': shellAgent(`T001-1) ${hog}`) },
    environment: { NODE: process.execPath },
  });
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect([code, summary?.needsYou]).toEqual([4, 1]);
  expect(summary?.left[0]?.reason).toMatch(/take \d+ MB of memory together, and agents\.\*\.memoryMaxMb allows 200/);
  expect(project.processes()).toEqual([]);
});

test('I16 P9 work waits for memory, and both the run and orbit why say so', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 One': [], 'T002 Two': [] }),
    settings: {
      agents: { sh: { adapter: 'command', command: ['./agent.sh'], slots: 2, memoryMb: 1_000_000_000 } },
    },
    files: { 'agent.sh': shellAgent('T00?-1) await go; own ;;') },
  });
  const run = project.run('001');
  const claimed = await run.until(({ type }) => type === 'task-claimed');
  await run.says('memory is short: sh is expected to take 1000000000 MB (agents.sh.memoryMb)');
  const waiting = claimed.task === 'T001' ? 'T002' : 'T001';
  const why = (await project.orbit('why', waiting, '--json')).json as { because: { rule: string }[] };
  expect(why.because.map(({ rule }) => rule)).toEqual(['machine-full']);
  mkdirSync(join(project.outside, 'meet'), { recursive: true });
  writeFileSync(join(project.outside, 'meet', 'go'), '');
  const { summary } = await run.ended;
  expect(summary).toMatchObject({ landed: 2, attempts: 2 });
});

test('I15 the home of an agent whose runner was killed is gone when the run is over', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: { agents: { sh: { adapter: 'command', command: ['./agent.sh'] } }, retryDelayMs: 50 },
    files: { 'agent.sh': shellAgent('T001-1) tell started; await never ;;') },
  });
  const run = project.run('001');
  const { attempt: token } = await run.until(({ type }) => type === 'attempt-prepared');
  const home = join(project.directory, '.git/orbit/homes', String(token));
  mkdirSync(join(home, 'deep'), { recursive: true });
  const runner = project.processes().find(({ command }) => / runner \d+$/.test(command));
  process.kill(runner?.pid ?? 0, 'SIGKILL');
  const { summary } = await run.ended;
  expect(summary).toMatchObject({ landed: 1, attempts: 2 });
  expect(existsSync(home)).toBe(false);
});
