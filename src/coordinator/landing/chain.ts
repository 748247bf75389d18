/**
 * Builds the chain: waiting work merged one upon the other onto the target, in the object database.
 *
 * Owns what happens to work that does not fit: what conflicts with the target itself goes back to its agent, what only conflicts
 * with work ahead of it waits for the next train, when that has landed or gone. It validates nothing and moves no ref.
 */
import type { TaskKey } from '../../core/id.ts';
import type { Entry } from '../../core/train.ts';
import type { Task } from '../../core/task.ts';
import { gitTrouble } from './git-trouble.ts';
import type { Refusal } from './admission.ts';
import { admitAhead } from './admit-ahead.ts';
import { buildCandidate, type Candidate } from './candidate.ts';
import type { LandingContext } from './step.ts';

export interface Car {
  task: Task;
  entry: Entry;
  candidate: Candidate;
}

export interface Misfit {
  task: Task;
  cause: 'conflict' | Refusal['cause'];
  reason: string;
}

export interface Chain {
  base: string;
  baseTree: string;
  cars: readonly Car[];
  misfits: readonly Misfit[];
  /** Work that git cannot read, and why. */
  unreadable: readonly { task: Task; why: string }[];
}

export interface ChainOrder {
  /** In landing order; those behind one that does not join, and built on it, do not join either. */
  tasks: readonly Task[];
  base: string;
  length: number;
  /** Commits that `base` is known to contain. */
  contained: ReadonlySet<string>;
  /** Commits handed in that are in the repository. */
  readable: ReadonlySet<string>;
}

export async function buildChain(context: LandingContext, order: ChainOrder): Promise<Chain> {
  const { repository } = context.ports;
  const { tasks, base, length, contained, readable } = order;
  const admission = admitAhead(context, tasks, length);
  const cars: Car[] = [];
  const misfits: Misfit[] = [];
  const unreadable: { task: Task; why: string }[] = [];
  const left = new Set<TaskKey>();
  for (const task of tasks) {
    if (cars.length >= length || left.size >= leftShare * length) break;
    const head = cars.at(-1)?.candidate.commit ?? base;
    if (task.dependencies.some((key) => left.has(key))) left.add(task.key);
    else if (!readable.has(entryOf(task).commit)) {
      left.add(task.key);
      unreadable.push({ task, why: lostWords(task) });
    } else {
      const built = await unlessUnreadable(async () =>
        fit(context, task, { head, base, contained, cars, admission: admission(task) }),
      );
      if (built === null || !('tree' in built)) left.add(task.key);
      if (built !== null && 'cause' in built) misfits.push(built);
      else if (built !== null && 'why' in built) unreadable.push({ task, ...built });
      else if (built !== null) cars.push({ task, entry: entryOf(task), candidate: built });
    }
  }
  return { base, baseTree: await repository.tree(base), cars, misfits, unreadable };
}

function lostWords(task: Task): string {
  return `its commit ${entryOf(task).commit} is not in this repository any more; orbit recover ${task.id} lists what is kept of it`;
}

/** What git cannot do with one task's work is in the way of that task alone. */
async function unlessUnreadable<T>(look: () => Promise<T>): Promise<T | { why: string }> {
  try {
    return await look();
  } catch (error) {
    const trouble = gitTrouble(error);
    if (trouble === null || trouble.retryable) throw error;
    return { why: `${trouble.message} (${trouble.hint})` };
  }
}

export function entryOf(task: Task): Entry {
  return { key: task.key, commit: task.landing?.commit ?? '' };
}

/** So many times a chain's length may stay behind, each for some processes of git; then what has joined goes first. */
const leftShare = 4;

interface Place {
  head: string;
  base: string;
  contained: ReadonlySet<string>;
  cars: readonly Car[];
  /** Whether the work may land at all, where that is known without its place. */
  admission: Promise<Refusal | null> | undefined;
}

/** The candidate on `head`; a misfit that no other train would help; or `null`: not in this train. */
async function fit(
  { ports, settings }: LandingContext,
  task: Task,
  { head, base, contained, cars, admission }: Place,
): Promise<Candidate | Misfit | null> {
  const { shared, approval: policy } = settings;
  const built = await buildCandidate(ports, { task, base: head, shared, contained, policy, admission });
  if (built.ok) return built.candidate;
  const { cause } = built;
  if (cause !== 'conflict' || head === base) return { task, cause, reason: await built.reason() };
  const isOnCar = task.dependencies.some((key) => cars.some((car) => car.task.key === key));
  const alone = await buildCandidate(ports, { task, base, shared, contained, policy, admission });
  // What is built on work ahead of it can only be judged behind that.
  return alone.ok || isOnCar ? null : { task, cause: alone.cause, reason: await alone.reason() };
}
