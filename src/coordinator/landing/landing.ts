/**
 * Landing, first form: one task at a time, in dependency order.
 *
 * Owns the way of finished work onto the target. Invariants: the target moves only by compare-and-swap, to exactly the
 * tree whose checks passed (I8); it never goes back and a task lands once (I9); what happened is asked of git, not of a
 * report. It must not decide who lands next (`core/landing.ts`) nor run anything in an agent's directory.
 *
 * A speculative queue replaces `landNext` alone: queueing, candidate, validation and settling stay as they are.
 */
import type { TaskKey } from '../../core/id.ts';
import { isSettled, landingOrder, toQueue } from '../../core/landing.ts';
import type { Plan } from '../../core/plan.ts';
import type { Task } from '../../core/task.ts';
import type { Repository } from '../../workspace/repository.ts';
import { epochOf } from '../lead.ts';
import { bounce } from './bounce.ts';
import { buildCandidate } from './candidate.ts';
import { landedRef, moveTarget, obstacleOf, settle, takeBack } from './move-target.ts';
import type { LandingContext, LandingStep } from './step.ts';
import { ensureTarget } from './target.ts';
import { validate } from './validate.ts';

/**
 * Takes one step for one plan: queues what is done, then lands or sends back the first of the queue.
 *
 * @param held tasks to pass over, because something was in their way just now.
 */
export async function landNext(
  context: LandingContext,
  plan: Plan,
  held: ReadonlySet<TaskKey> = new Set(),
): Promise<LandingStep> {
  const { ports } = context;
  await queueDone(context, plan.id);
  const waiting = (await ports.store.tasks({ plan: plan.id, status: ['landing'] }, ports.clock.now())).map(
    (record) => record.task,
  );
  const settled = await settledDependencies(context, waiting);
  const [first] = landingOrder(waiting, (key) => settled.has(key)).filter((task) => !held.has(task.key));
  if (first === undefined) return { outcome: 'idle' };
  return landOne(context, plan, first);
}

async function queueDone({ ports, state }: LandingContext, plan: string): Promise<void> {
  const now = ports.clock.now();
  const done = (await ports.store.tasks({ plan, status: ['done'] }, now)).map((record) => record.task);
  for (const task of toQueue(done)) {
    await ports.store.execute(
      task.key,
      { type: 'queue-landing' },
      { actor: 'coordinator', now, durable: true, epoch: epochOf(state) },
    );
  }
}

async function settledDependencies({ ports }: LandingContext, tasks: readonly Task[]): Promise<Set<TaskKey>> {
  const settled = new Set<TaskKey>();
  for (const key of new Set(tasks.flatMap((task) => task.dependencies))) {
    const record = await ports.store.task(key);
    if (record !== null && isSettled(record.task)) settled.add(key);
  }
  return settled;
}

async function landOne(context: LandingContext, plan: Plan, task: Task): Promise<LandingStep> {
  const { ports } = context;
  const { repository } = ports;
  // The mark before the tip: a move that comes between the two then shows as a mark that is not the one read.
  const mark = await repository.resolve(landedRef(task));
  const base = await ensureTarget(ports, plan);
  const commit = task.landing?.commit ?? '';
  if ((await repository.resolve(commit)) === null) {
    const why = `its commit ${commit} is not in this repository any more; orbit recover ${task.id} lists what is kept of it`;
    return { outcome: 'held', task: task.key, why, all: false };
  }
  const landed = await landedAs(repository, { mark, base, task });
  if (landed !== null) return settle(context, plan, { task, landedAs: landed });
  if (hasBegun(task)) return takeBack(context, task, mark);
  const obstacle = await obstacleOf(ports, plan.target);
  if (obstacle !== null) return { outcome: 'held', task: task.key, why: obstacle, all: true };
  const built = await buildCandidate(ports, { task, base, shared: context.settings.shared });
  if (!built.ok) return bounce(context, task, built);
  const verdict = await validate(context, { plan, task, candidate: built.candidate });
  if (verdict.outcome === 'red') return bounce(context, task, { cause: 'red', reason: verdict.reason });
  if (verdict.outcome === 'again') return { outcome: 'again', task: task.key, why: verdict.reason };
  if (verdict.outcome === 'unable') return { outcome: 'held', task: task.key, why: verdict.reason, all: false };
  return moveTarget(context, plan, { task, base, mark, candidate: built.candidate });
}

/**
 * The commit on the target that carries this work, if an earlier round moved the target and died before it could say so.
 * Git is the truth: the landed ref is written in the same transaction as the target. But anybody can write such a ref, so it
 * counts only for a landing that has begun.
 */
async function landedAs(
  repository: Repository,
  at: { mark: string | null; base: string; task: Task },
): Promise<string | null> {
  const { mark, base, task } = at;
  if (hasBegun(task) && mark !== null && (await repository.isAncestor(mark, base))) return mark;
  const commit = task.landing?.commit;
  if (commit !== undefined && (await repository.isAncestor(commit, base))) return base;
  return null;
}

function hasBegun({ landing }: Task): boolean {
  return landing !== null && landing.begunAt !== null;
}
