/**
 * Landing: one round of the prefix train of one plan.
 *
 * Owns the way of finished work onto the target, in the order of its steps: queue what is done, settle what git says has landed, build
 * a chain of what waits, validate cuts of it, land the longest that is green, send back the one change that was found red. Invariants:
 * the target moves only by compare-and-swap, to exactly a tree whose checks passed (I8); it never goes back and a task lands once
 * (I9); what happened is asked of git, not of a report. It must not decide what to validate or who lands (`core/train.ts`,
 * `core/landing.ts`) nor run anything in an agent's directory.
 */
import type { TaskKey } from '../../core/id.ts';
import { conflictingTasks } from '../../core/conflict.ts';
import { isSettled, landingOrder, toQueue } from '../../core/landing.ts';
import type { Plan } from '../../core/plan.ts';
import type { Task } from '../../core/task.ts';
import { chainLength, lanesAside, standingGap, type Gap } from '../../core/train.ts';
import { epochOf } from '../lead.ts';
import { bounce } from './bounce.ts';
import { buildChain, entryOf, type Chain, type ChainOrder } from './chain.ts';
import { drive } from './drive.ts';
import { stepOfTrouble } from './git-trouble.ts';
import { obstacleOf } from './move-target.ts';
import { settleLanded } from './settle.ts';
import type { LandingContext, LandingStep } from './step.ts';
import { openTarget } from './target.ts';
import { openTrain, type OpenTrain } from './train.ts';

/**
 * Takes one step for one plan; the next step is taken when this one answers that something moved.
 *
 * @param held tasks to pass over, because something was in their way just now.
 */
export async function landRound(
  context: LandingContext,
  plan: Plan,
  held: ReadonlySet<TaskKey> = new Set(),
): Promise<LandingStep> {
  const { ports } = context;
  await queueDone(context, plan.id);
  const waiting = (await ports.store.tasks({ plan: plan.id, status: ['landing'] }, ports.clock.now())).map(
    (record) => record.task,
  );
  if (waiting.length === 0) return { outcome: 'idle' };
  try {
    return await landWaiting(context, plan, { waiting, held });
  } catch (error) {
    return stepOfTrouble(error, waiting, held);
  }
}

async function landWaiting(
  context: LandingContext,
  plan: Plan,
  { waiting, held }: { waiting: readonly Task[]; held: ReadonlySet<TaskKey> },
): Promise<LandingStep> {
  const { ports } = context;
  // Marks before the tip: a move that comes between the two then shows as a mark that is not the one read.
  const { marks, base, contained, readable, step } = await settleLanded(context, plan, {
    waiting,
    held,
    openTarget: async () => openTarget(context, plan),
  });
  if (step !== null) return step;
  const settled = await settledDependencies(context, waiting);
  const order = landingOrder(
    waiting.filter((task) => !held.has(task.key)),
    (key) => settled.has(key),
    conflictingTasks(await ports.store.conflicts()),
  );
  const [first] = order;
  if (first === undefined) return { outcome: 'idle' };
  const obstacle = (await pauseOf(context, plan)) ?? (await obstacleOf(ports, plan.target));
  if (obstacle !== null) return { outcome: 'held', task: first.key, why: obstacle, all: true };
  const train = await openTrain(context, plan);
  const gap = standingGap(train.record.gap, await ports.repository.tree(base), order.map(entryOf));
  const chain = await buildChain(context, {
    tasks: gap === null ? order : inGap(order, gap),
    base,
    contained,
    readable,
    length: chainLength(gap, train.record.rate, context.settings.train),
  });
  const misfit = await sendBackMisfits(context, chain);
  if (misfit !== null) return misfit;
  if (chain.cars.length === 0) return { outcome: 'idle' };
  const aside = await buildAside(context, { train, gap, tasks: order, base, contained, readable });
  return drive(context, plan, { train, gap, chain, aside, marks });
}

/** While a single red change is run again, the others drive without it; `null` where there is no lane or nobody for that. */
async function buildAside(
  context: LandingContext,
  { train, gap, tasks: order, ...place }: Omit<ChainOrder, 'length'> & { train: OpenTrain; gap: Gap | null },
): Promise<Chain | null> {
  const rule = context.settings.train;
  const lanes = lanesAside(gap, rule);
  if (gap === null || lanes === 0) return null;
  const suspects = new Set(gap.entries.map(({ key }) => key));
  const tasks = landingOrder(
    order.filter((task) => !suspects.has(task.key)),
    (key) => !suspects.has(key) && !order.some((task) => task.key === key),
  );
  const length = chainLength(null, train.record.rate, { ...rule, lanes });
  const chain = await buildChain(context, { ...place, tasks, length });
  return chain.cars.length === 0 ? null : chain;
}

/** Asked anew each round: a person pauses while a train drives. */
async function pauseOf({ ports }: LandingContext, { id }: Plan): Promise<string | null> {
  const why = (await ports.store.plan(id))?.landingPaused;
  return why === undefined ? null : `landing of plan ${id} is paused (${why}); orbit resume ${id} --landing`;
}

/** Also for a plan that is held whole: its work waits where people look for it. */
export async function queueDone({ ports, state }: LandingContext, plan: string): Promise<void> {
  const now = ports.clock.now();
  const done = (await ports.store.tasks({ plan, status: ['done'] }, now)).map((record) => record.task);
  for (const task of toQueue(done)) {
    await ports.store.execute(
      task.key,
      { type: 'queue-landing' },
      // It can be had again from what is proven, so it waits for no disk.
      { actor: 'coordinator', now, durable: false, epoch: epochOf(state) },
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

/** The tasks of the gap in its own order: only so does what was measured about it hold. */
function inGap(order: readonly Task[], { entries }: Gap): Task[] {
  const tasks = new Map(order.map((task) => [task.key, task]));
  return entries.flatMap(({ key }) => tasks.get(key) ?? []);
}

/** What nobody ahead of it could make fit is not kept waiting. */
async function sendBackMisfits(context: LandingContext, chain: Chain): Promise<LandingStep | null> {
  let step: LandingStep | null = null;
  for (const { task, cause, reason } of chain.misfits) step = await bounce(context, task, { cause, reason });
  const [lost] = chain.unreadable;
  if (step !== null || lost === undefined) return step;
  return { outcome: 'held', task: lost.task.key, why: lost.why, all: false };
}
