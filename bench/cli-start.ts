/**
 * What each call of the command line costs: `ready`, `claim` and `complete` as whole processes, against an empty Node.
 *
 * Two projects: one without a coordinator, where people and their own agents call; one that a coordinator leads, where an agent
 * calls within its attempt. In both another process (this one) holds the store open.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimTask } from '../src/actions/claim-task.ts';
import { openProject } from '../src/compose.ts';
import { limits } from '../src/core/limits.ts';
import { isRejection } from '../src/core/rejection.ts';
import { findTask } from '../src/actions/find-task.ts';
import { makeCapability } from '../src/platform/capability.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { copyProgram, emptyNode, environmentOf, runAlone, type Run } from './processes.ts';
import { looseTasks, makeProject, writePlan, type Project } from './project.ts';
import { inRounds } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'cli-start', run };

const goal = { of: 'ratio', most: 1.15 } as const;
/** As in the sample plans: what an agent's `ready` and a progress file have to hold. */
const planTasks = 60;
const files = 200;
const warmUp = 3;

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const rounds = quick ? 12 : 40;
  using scratch = makeScratch();
  const program = copyProgram(scratch.directory);
  await using own = await makeProject({ directory: join(scratch.directory, 'own'), files });
  await using led = await makeProject({ directory: join(scratch.directory, 'led'), files });
  note('cli-start: preparing worktrees, claims and commits');
  await writePlan(own, 'list', looseTasks(planTasks));
  await writePlan(own, 'take', looseTasks(Math.max(planTasks, rounds + warmUp)));
  const byHand = await prepareByHand(own, { folder: join(scratch.directory, 'hand'), count: rounds + warmUp });
  const attempts = await prepareAttempts(led, { folder: join(scratch.directory, 'attempts'), count: rounds + warmUp });
  const orbit = (place: Pick<Run, 'cwd' | 'environment'>, args: readonly string[]): number => {
    return runAlone({ command: process.execPath, args: [program, ...args, '--json'], ...place }).ms;
  };
  const at = { cwd: own.repository.directory };
  const samples = await inRounds(
    { rounds, warmUp },
    {
      empty: () => runAlone(emptyNode(at.cwd)).ms,
      version: () => orbit(at, ['--version']),
      ready: () => orbit(at, ['ready', '--plan', 'list']),
      claim: (round) => orbit(at, ['claim', '--agent', `agent-${round}`, '--plan', 'take']),
      report: (round) => orbit(placeOf(attempts, round), ['complete']),
      prove: (round) => orbit(placeOf(byHand, round), ['complete', placeOf(byHand, round).task, '--plan', 'hand']),
    },
  );
  const limit = { value: median(samples.empty), unit: 'ms', of: 'node -e 0' } as const;
  const row = (what: string, times: readonly number[]): Row => ({
    what,
    measured: { value: median(times), unit: 'ms' },
    limit,
    goal,
  });
  return [
    row('orbit ready, whole process', samples.ready),
    row('orbit claim, whole process', samples.claim),
    row('orbit complete, whole process, in an attempt', samples.report),
    row('orbit complete, whole process, by hand (proves with git)', samples.prove),
    { what: 'orbit --version, whole process', measured: { value: median(samples.version), unit: 'ms' }, limit },
  ];
}

interface Place extends Pick<Run, 'cwd' | 'environment'> {
  task: string;
}

function placeOf(places: readonly Place[], round: number): Place {
  const place = places[round];
  if (place === undefined) throw new Error(`nothing is prepared for round ${round}`);
  return place;
}

/** A worktree each, with a claim made in it and one commit since. */
async function prepareByHand(project: Project, { folder, count }: { folder: string; count: number }): Promise<Place[]> {
  const tasks = looseTasks(Math.max(planTasks, count));
  await writePlan(project, 'hand', tasks);
  const places: Place[] = [];
  for (const { id } of tasks.slice(0, count)) {
    const cwd = addWorktree(project, folder, id);
    await using context = await disposable(cwd);
    const task = await findTask(context, id, 'hand');
    const claimed = await claimTask(context, { agent: `agent-${id}`, plan: 'hand', task });
    if (isRejection(claimed)) throw new Error(claimed.message);
    commitIn(project, cwd, id);
    places.push({ cwd, task: id });
  }
  return places;
}

async function disposable(directory: string): Promise<Awaited<ReturnType<typeof openProject>> & AsyncDisposable> {
  const context = await openProject({ directory, environment: environmentOf({}) });
  return { ...context, [Symbol.asyncDispose]: async () => context.store[Symbol.asyncDispose]() };
}

/** The same as a coordinator and its runners would have made it, with the environment that an agent finds. */
async function prepareAttempts(
  project: Project,
  { folder, count }: { folder: string; count: number },
): Promise<Place[]> {
  const { store, paths } = project.context;
  const tasks = looseTasks(Math.max(planTasks, count));
  await writePlan(project, 'led', tasks);
  await store.lead('bench', 86_400_000, Date.now());
  const places: Place[] = [];
  for (const { id } of tasks.slice(0, count)) {
    const cwd = addWorktree(project, folder, id);
    const agent = `agent-${id}`;
    const claimed = await store.claim(
      {
        agent,
        plan: 'led',
        task: `led/${id}`,
        byHand: false,
        leaseMs: limits.claimByHandMs,
        shared: [],
        base: null,
        workspace: null,
        branch: null,
      },
      'coordinator',
      Date.now(),
    );
    if (isRejection(claimed)) throw new Error(claimed.message);
    const { token } = claimed;
    const prepared = {
      type: 'prepare',
      token,
      branch: `work/${id}`,
      workspace: cwd,
      base: project.repository.base,
      logs: folder,
    } as const;
    await store.execute(`led/${id}`, prepared, { actor: agent, now: Date.now(), durable: false });
    commitIn(project, cwd, id);
    const environment = {
      ORBIT_PROJECT: paths.top,
      ORBIT_PLAN: 'led',
      ORBIT_TASK: id,
      ORBIT_TOKEN: String(token),
      ORBIT_AGENT: agent,
      ORBIT_CAPABILITY: await makeCapability(paths.key, { token, agent, task: `led/${id}` }),
    };
    places.push({ cwd, task: id, environment });
  }
  return places;
}

function addWorktree({ repository }: Project, folder: string, id: string): string {
  const directory = join(folder, id);
  repository.git('worktree', 'add', '--quiet', '-b', `work/${id}`, directory, 'main');
  return directory;
}

function commitIn({ repository }: Project, directory: string, id: string): void {
  writeFileSync(join(directory, `${id}.txt`), 'done\n');
  repository.git('-C', directory, 'add', '--all');
  repository.git('-C', directory, 'commit', '--quiet', '-m', `Work on ${id}`);
}
