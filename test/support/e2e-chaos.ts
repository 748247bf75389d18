/**
 * Kills parts of a running project with SIGKILL and starts its coordinator again, at moments told by its own events.
 *
 * Owns who is hit when: a seed decides both, so that a failure can be gone near again, though not replayed to the microsecond.
 * Only processes of this project are hit, each known by its number and by what it was started with.
 */
import { lookAtProcess, processIdentity } from '../../src/platform/process.ts';
import type { Random } from '../simulation/random.ts';
import type { OrbitRun, RunEnd } from './e2e-run.ts';
import type { Project } from './e2e.ts';

export type Victim = 'coordinator' | 'runner' | 'agent' | 'all';

export interface Kill {
  victim: Victim;
  /** Processes hit by it. */
  hit: number;
  /** Log number of the last event seen before. */
  seq: number;
}

/** Events between two kills; the mean of 3 means that most attempts are hit somewhere. */
const eventsBetweenMax = 6;

/** So long without an event: everything waits for the end of the chaos, so nothing better than now will come. */
const quietMs = 1_000;

const weights: Readonly<Record<Victim, number>> = { coordinator: 3, runner: 3, agent: 3, all: 1 };

/** Kills `kills` times while the plan is worked on, then lets it end undisturbed. */
export async function wreak(
  project: Project,
  { random, kills, calm }: { random: Random; kills: number; calm: () => void },
): Promise<{ done: Kill[]; end: RunEnd; last: OrbitRun }> {
  const done: Kill[] = [];
  let run = project.run('001');
  while (done.length < kills) {
    await someEvents(run, { count: random.int(1, eventsBetweenMax), early: random.chance(0.2) });
    const victim = random.weighted(weights);
    const hit = await kill(project, run, { victim, random });
    if (hit > 0) done.push({ victim, hit, seq: run.events.at(-1)?.seq ?? 0 });
    if (victim === 'coordinator' || victim === 'all') {
      await run.ended;
      run = project.run('001');
    }
  }
  calm();
  return { done, end: await run.ended, last: run };
}

/** Waits for that many more events of this coordinator, or until nothing happens any more. */
async function someEvents(run: OrbitRun, { count, early }: { count: number; early: boolean }): Promise<void> {
  // A coordinator that was just started shows an event when it leads; some are hit before.
  if (!early) await run.until(() => run.events.length > 0);
  const goal = run.events.length + count;
  const came = run.until(() => run.events.length >= goal);
  let timer: NodeJS.Timeout | undefined;
  const quiet = new Promise<void>((done) => {
    timer = setTimeout(done, quietMs);
  });
  await Promise.race([came, quiet]);
  came.catch(() => undefined);
  clearTimeout(timer);
}

async function kill(
  project: Project,
  run: OrbitRun,
  { victim, random }: { victim: Victim; random: Random },
): Promise<number> {
  const parts = project.processes();
  const of = (pattern: RegExp): number[] => parts.filter(({ command }) => pattern.test(command)).map(({ pid }) => pid);
  const runners = of(/ runner \d+$/);
  const agents = of(/ scripted-agent /);
  const one = (pids: readonly number[]): number[] => (pids.length === 0 ? [] : [random.pick(pids)]);
  const chosen: Record<Victim, number[]> = {
    coordinator: [run.pid],
    runner: one(runners),
    agent: one(agents),
    all: [run.pid, ...runners, ...agents],
  };
  return chosen[victim].filter((pid) => killOne(pid)).length;
}

function killOne(pid: number): boolean {
  const identity = processIdentity(pid);
  if (identity === null || lookAtProcess(identity) !== 'alive') return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
