/**
 * A coordinator that lands and is killed again and again, on real git with a real store. Afterwards git and the store are asked.
 *
 * `ORBIT_LANDING_KILLS` says how often (500 takes some minutes), `ORBIT_CHAOS_SEED` chooses the moments.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { taskKey } from '../../src/core/id.ts';
import { accepted, claimed, draftTask, evidenceOf, planOf } from '../conformance/store-fixture.ts';
import { Random } from '../simulation/random.ts';
import { landedOn } from '../support/e2e-git.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

const kills = Number(process.env['ORBIT_LANDING_KILLS'] ?? 20);
const seed = Number(process.env['ORBIT_CHAOS_SEED'] ?? 20_261_129);
const taskCount = Math.max(24, kills);
/** Longer than a start with one landing takes on an idle machine: kills hit every step of it, and the start. */
const killAfterMsMax = 700;
/** Every eighth change breaks the check, and every fifth conflicts with the one before. */
const isBad = (index: number): boolean => index % 8 === 3;
const isClash = (index: number): boolean => index % 5 === 4;

test.each(['main', 'orbit/001'])(
  'B9 P1 P4 I1 I7 I8 I9 I18 a coordinator that is killed while it lands (with %s checked out) loses nothing, and lands nothing twice or untested',
  { timeout: patience.timeout + kills * 5_000 },
  async (branch) => {
    const project = await makeProject({
      settings: {
        agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 1 } },
        landing: { checks: ['./check.sh'], trainMax: 3 },
      },
      script: { default: [[{ do: 'exit' }]] },
      files: { 'check.sh': '#!/bin/sh\n! ls src | grep -q bad\n', 'src/same.txt': 'start\n' },
    });
    const commits = await finishAll(project);
    project.repository.git('switch', '-q', branch);
    const random = new Random(seed);
    for (let killed = 0; killed < kills; killed += 1) {
      const run = project.run('001');
      await Promise.race([pause(random.int(0, killAfterMsMax)), run.ended]);
      const victims = random.chance(0.1) ? project.processes().map(({ pid }) => pid) : [run.pid];
      for (const pid of victims) endNow(pid);
      await run.ended;
      expectProvenSteps(project);
    }
    const last = project.run('001');
    await last.until((event) => event.type === 'task-landed' || event.type === 'task-escalated').catch(() => null);
    await settled(project);
    last.signal('SIGTERM');
    await last.ended;
    await expectSound(project, commits);
    // What is checked out followed whole, and no lock of Orbit's keeps a person from working there.
    expect(project.repository.git('status', '--porcelain', '--untracked-files=no')).toBe('');
    expect(readdirSync(join(project.repository.directory, '.git')).filter((name) => name.startsWith('index'))).toEqual([
      'index',
    ]);
    expect(project.processes()).toEqual([]);
  },
);

/** All tasks proven, as their runners would have left them; the first third built one upon the other. */
async function finishAll({ repository, store: open }: Project): Promise<Map<string, string>> {
  await using store = await open();
  const main = repository.git('rev-parse', 'main');
  repository.git('branch', 'orbit/001', 'main');
  const ids = Array.from({ length: taskCount }, (_, index) => `T${index + 1}`);
  const drafts = ids.map((id) => draftTask(id));
  const draft = { title: 'Plan', unblock: null, layers: null, layerList: [], checks: [], tasks: drafts };
  const plan = { ...planOf('001'), createdAt: Date.now() };
  accepted(await store.applyPlan({ plan, draft, scores: new Map(ids.map((id) => [id, 1])) }, 'test', Date.now()));
  const commits = new Map<string, string>();
  for (const [index, id] of ids.entries()) {
    repository.git('switch', '-q', '-c', `work-${id}`, main);
    repository.write({
      [`src/${id}${isBad(index) ? '-bad' : ''}.txt`]: `${id}\n`,
      ...(isClash(index) ? { 'src/same.txt': `${id}\n` } : {}),
    });
    const commit = repository.commit(`Work of ${id}`);
    commits.set(id, commit);
    const now = Date.now();
    const { token } = await claimed(store, `demo-${index}`, { task: taskKey('001', id) });
    const tree = repository.git('rev-parse', `${commit}^{tree}`);
    repository.git('update-ref', `refs/orbit/attempts/${id}/${token}`, commit);
    const evidence = evidenceOf(token, { commit, base: main, tree, at: now });
    accepted(
      await store.execute(
        taskKey('001', id),
        { type: 'prove', token, evidence },
        { actor: 'test', now, durable: false },
      ),
    );
    // What comes back from landing stays with a person: agents are not what this is about.
    accepted(
      await store.execute(
        taskKey('001', id),
        { type: 'advise', advice: 'again' },
        { actor: 'test', now, durable: false },
      ),
    );
  }
  repository.git('switch', '-q', 'main');
  return commits;
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Nothing waits to land any more. */
async function settled(project: Project): Promise<void> {
  await using store = await project.store();
  for (;;) {
    const rang = new Promise<void>((done) => {
      const watch = store.watch(() => {
        watch[Symbol.dispose]();
        done();
      });
    });
    const waiting = await store.tasks({ plan: '001', status: ['done', 'landing'] }, Date.now());
    if (waiting.length === 0) return;
    await Promise.race([rang, pause(1_000)]);
  }
}

/** Every step of the target stands on the one before, and nothing lands in two of them (I8, I9). */
function expectProvenSteps({ repository }: Project): void {
  const landed = landedOn(repository);
  const tasks = landed.map(({ task }) => task);
  expect(tasks).toEqual([...new Set(tasks)]);
}

async function expectSound(project: Project, commits: ReadonlyMap<string, string>): Promise<void> {
  const { repository } = project;
  await using store = await project.store();
  expect(await store.verifyLog()).toBe(null);
  const landed = landedOn(repository);
  const events = await store.events({ since: 0, limit: 1_000_000 });
  for (const { commit, task } of landed) {
    const tree = repository.git('rev-parse', `${commit}^{tree}`);
    expect((await store.verdict(tree, 'landing: ./check.sh'))?.green, `${commit} of ${task}`).toBe(true);
    const told = events.filter(({ task: key, body }) => key === `001/${task}` && body.type === 'task-landed');
    expect(told.map(({ body }) => body.type === 'task-landed' && body.landedAs)).toEqual([commit]);
    expect(repository.git('show', `${commit}:src/${task}.txt`)).toBe(task);
  }
  const wanted = [...commits.keys()].filter((_, index) => !isBad(index) && !isClash(index));
  const clashes = [...commits.keys()].filter((_, index) => !isBad(index) && isClash(index));
  const tasks = landed.map(({ task }) => task);
  expect(tasks.filter((task) => !clashes.includes(task)).sort()).toEqual(wanted.sort());
  expect(tasks.filter((task) => clashes.includes(task))).toHaveLength(1);
  const kept = repository.git('rev-list', '--glob=refs/orbit/attempts', '--glob=refs/orbit/landed').split('\n');
  expect([...commits.values()].filter((commit) => !kept.includes(commit))).toEqual([]);
  expect(repository.git('fsck', '--strict', '--no-dangling')).toBe('');
}
