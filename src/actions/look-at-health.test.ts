import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectFit } from '../../test/support/fits.ts';
import { projectStage, type ProjectStage } from '../../test/support/project-stage.ts';
import { health } from '../api/contract/views.ts';
import type { Fact } from './health-look.ts';
import { lookAtHealth } from './look-at-health.ts';

async function factsOf({ context }: Pick<ProjectStage, 'context'>): Promise<Map<string, Fact>> {
  const found = await lookAtHealth(context);
  expectFit(health, found);
  const names = found.facts.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  return new Map(found.facts.map((fact) => [fact.name, fact]));
}

test('C8 health tells of programs, agents and their checks, store, disk and workspaces', async () => {
  const agents = {
    good: { adapter: 'command', command: ['true'] },
    bad: { adapter: 'command', command: ['/nowhere/at-all'], check: 'required' },
  };
  const stage = await projectStage({ settings: { agents } });
  await stage.load(['T1', 'T2']);
  mkdirSync(join(stage.made.directory, '.worktrees/T1-1'), { recursive: true });
  const facts = await factsOf(stage);
  for (const name of ['Node.js', 'git', 'SQLite', 'store', 'disk', 'settings', 'agent good', 'workspaces', 'attempts'])
    expect([name, facts.get(name)?.ok]).toEqual([name, true]);
  expect(facts.get('git')?.text).toMatch(/^git version /);
  expect(facts.get('store')?.text).toMatch(/^\d+ events, the last 0 s ago; 1 plan; \d+\.\d MB$/);
  expect(facts.get('workspaces')?.text).toBe(`1 in ${join(stage.made.directory, '.worktrees')}`);
  expect(facts.get('agent bad')).toMatchObject({ ok: false, hint: 'mend agents.bad in orbit.config.json' });
  expect(facts.get('check of good')).toMatchObject({ ok: null, text: 'never checked' });
});

test('C8 an agent that a check keeps from work is told, with what to do', async () => {
  const stage = await projectStage({ settings: { agents: { a: { adapter: 'command', command: ['true'] } } } });
  const { fingerprintOf } = await import('./agent-gate.ts');
  const entry = (await stage.context.settings()).agents['a'];
  if (entry === undefined) throw new Error('no agent');
  const version = await stage.context.agentVersion(entry);
  const abilities = { read: true, write: false, run: null, report: null };
  const cost = { costUsd: 0, tokens: 0, elapsedMs: 5 };
  const outcome = { installed: true, login: true, passed: false, reason: 'it wrote nothing', at: stage.clock.now() };
  const fingerprint = fingerprintOf(entry, version);
  await stage.context.store.saveAgentCheck({
    agent: 'a',
    adapter: 'command',
    version,
    fingerprint,
    ...abilities,
    ...cost,
    ...outcome,
  });
  const facts = await factsOf(stage);
  expect(facts.get('check of a')).toMatchObject({ ok: false, hint: 'orbit agents check a' });
  expect(facts.get('check of a')?.text).toContain('it wrote nothing');
});

test('C8 settings that cannot be read are one fault, and the rest is told all the same', async () => {
  const stage = await projectStage({ settings: { agents: 5 } });
  const facts = await factsOf(stage);
  expect(facts.get('settings')?.ok).toBe(false);
  expect(facts.get('store')?.ok).toBe(true);
  expect(facts.has('workspaces')).toBe(false);
});

test('D5 who leads is told with its lease, and attempts whose runner is silent with their names', async () => {
  const stage = await projectStage();
  const { context, clock, load, claim } = stage;
  await load(['T1']);
  const token = await claim('T1');
  expect((await factsOf(stage)).get('coordinator')).toMatchObject({ ok: null, text: 'none runs' });
  await context.store.lead('mars 4711 stamp id', 30_000, clock.now());
  expect((await factsOf(stage)).get('coordinator')).toMatchObject({
    ok: true,
    text: 'process 4711 on mars leads; its lease has 30 s left',
  });
  await clock.advance(60_000);
  const facts = await factsOf(stage);
  expect(facts.get('coordinator')?.text).toBe('none runs');
  expect(facts.get('attempts')).toMatchObject({ ok: false });
  expect(facts.get('attempts')?.text).toContain(`001/T1 (${token})`);
});

test.runIf(process.platform === 'linux')('I15 a process that outlives its attempt is told', async () => {
  const stage = await projectStage();
  const { context, load, claim, execute } = stage;
  await load(['T1']);
  const token = await claim('T1');
  const environment = { ORBIT_PROJECT: context.paths.top, ORBIT_TASK: 'T1', ORBIT_TOKEN: String(token) };
  const script = `console.log('ready'); setInterval(() => undefined, 1_000_000);`;
  const child = spawn(process.execPath, ['-e', script], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((ready) => child.stdout.once('data', ready));
  expect((await factsOf(stage)).get('processes')?.ok).toBe(true);
  await execute('T1', { type: 'release', token, reason: 'given back', commit: null });
  const fact = (await factsOf(stage)).get('processes');
  expect(fact).toMatchObject({ ok: false });
  expect(fact?.text).toContain(`${child.pid} `);
  expect(fact?.text).toContain(`(attempt ${token})`);
});
