/**
 * Settles what an earlier round began and did not see the end of.
 *
 * Owns the question "has it landed?", which git alone answers: the landed ref is written in the same transaction as the target. But
 * anybody can write such a ref, so it counts only for a landing that has begun.
 */
import type { TaskKey } from '../../core/id.ts';
import { judgedBy } from '../../core/judged-by.ts';
import { landingCheck } from '../../core/landing.ts';
import type { Plan } from '../../core/plan.ts';
import type { Task } from '../../core/task.ts';
import { entryOf } from './chain.ts';
import { stepOfTrouble } from './git-trouble.ts';
import { landedRef } from './landed-ref.ts';
import { noteLanded, takeBack } from './move-target.ts';
import type { LandingContext, LandingStep } from './step.ts';

export interface Settled {
  marks: ReadonlyMap<TaskKey, string | null>;
  base: string;
  /** Those of the commits that wait, or that work which waits began from, that the target contains. */
  contained: ReadonlySet<string>;
  /** The same of those that are in the repository at all. */
  readable: ReadonlySet<string>;
  /** What was done; `null`: there was nothing to settle. */
  step: LandingStep | null;
}

/** @param order.openTarget reads the target's tip, or why nothing can land there; called after the marks were read. */
export async function settleLanded(
  context: LandingContext,
  plan: Plan,
  {
    waiting,
    held,
    openTarget,
  }: {
    waiting: readonly Task[];
    held: ReadonlySet<TaskKey>;
    openTarget: () => Promise<{ tip: string } | { fault: string }>;
  },
): Promise<Settled> {
  const { repository } = context.ports;
  const marks = new Map<TaskKey, string | null>();
  await Promise.all(waiting.map(async (task) => marks.set(task.key, await repository.resolve(landedRef(task)))));
  const target = await openTarget();
  if ('fault' in target) {
    const [first] = waiting;
    const step = first === undefined ? null : heldBy(first.key, target.fault);
    return { marks, base: '', contained: new Set(), readable: new Set(), step: step ?? { outcome: 'idle' } };
  }
  const base = target.tip;
  const named = [...new Set(waiting.flatMap((task) => [entryOf(task).commit, task.evidence?.base ?? '']))];
  const found = await Promise.all(named.map(async (name) => (name === '' ? null : repository.resolve(name))));
  const readable = named.filter((_, index) => found[index] !== null);
  const contained = await repository.contained(readable, base);
  let step: LandingStep | null = null;
  for (const task of waiting) {
    if (held.has(task.key)) continue;
    const mark = marks.get(task.key) ?? null;
    const isMarked = hasBegun(task) && mark !== null && (await repository.isAncestor(mark, base));
    const isThere = !isMarked && contained.has(entryOf(task).commit) && (await isWhole(context, plan, { task, base }));
    const landedAs = isMarked ? mark : isThere ? base : null;
    const judged = isMarked ? {} : { judgedBy: judgedBy(task, plan) };
    if (landedAs !== null) step = keep(step, await noteLanded(context, plan, { task, landedAs, ...judged }));
    else if (hasBegun(task)) step = keep(step, await takeBackIfFree(context, task, { mark, held }));
  }
  return { marks, base, contained, readable: new Set(readable), step };
}

/**
 * Whether the target has the work, not only its commit: a merge that kept its own side has the history and not the content. And its
 * checks passed at exactly this tree. Otherwise it lands like any other.
 */
async function isWhole(
  { ports, settings }: LandingContext,
  plan: Plan,
  { task, base }: { task: Task; base: string },
): Promise<boolean> {
  const { repository, store } = ports;
  const { commit } = entryOf(task);
  const merge = await repository.merge(base, commit, task.evidence?.base ?? commit);
  const tree = await repository.tree(base);
  if (!merge.clean || merge.tree !== tree) return false;
  for (const check of [...task.checks, ...plan.checks, ...settings.landingChecks])
    if ((await store.verdict(tree, landingCheck(check)))?.green !== true) return false;
  return true;
}

/** What is in the way of one task's mark keeps the others neither from being settled nor from landing. */
async function takeBackIfFree(
  context: LandingContext,
  task: Task,
  { mark, held }: { mark: string | null; held: ReadonlySet<TaskKey> },
): Promise<LandingStep> {
  try {
    return await takeBack(context, task, mark);
  } catch (error) {
    return stepOfTrouble(error, [task], held);
  }
}

function heldBy(task: TaskKey, why: string): LandingStep {
  return { outcome: 'held', task, why, all: true };
}

/** Of several steps the one that asks for another look wins. */
function keep(before: LandingStep | null, step: LandingStep): LandingStep {
  return before !== null && before.outcome === 'again' ? before : step;
}

function hasBegun({ landing }: Task): boolean {
  return landing !== null && landing.begunAt !== null;
}
