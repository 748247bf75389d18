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
import { isSettled, landingOrder, toQueue } from '../../core/landing.ts';
import type { Plan } from '../../core/plan.ts';
import type { Task } from '../../core/task.ts';
import { chainLength, cutsOf, judgeCuts, standingGap, type Gap, type Outcome } from '../../core/train.ts';
import { epochOf } from '../lead.ts';
import { bounce } from './bounce.ts';
import { buildChain, entryOf, type Chain } from './chain.ts';
import { validateCuts, type Round } from './lanes.ts';
import { obstacleOf, moveTarget } from './move-target.ts';
import { settleLanded } from './settle.ts';
import type { LandingContext, LandingStep } from './step.ts';
import { ensureTarget } from './target.ts';
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
  // Marks before the tip: a move that comes between the two then shows as a mark that is not the one read.
  const { marks, base, contained, step } = await settleLanded(context, plan, {
    waiting,
    held,
    readBase: async () => ensureTarget(ports, plan),
  });
  if (step !== null) return step;
  const settled = await settledDependencies(context, waiting);
  const order = landingOrder(
    waiting.filter((task) => !held.has(task.key)),
    (key) => settled.has(key),
  );
  const [first] = order;
  if (first === undefined) return { outcome: 'idle' };
  const obstacle = await obstacleOf(ports, plan.target);
  if (obstacle !== null) return { outcome: 'held', task: first.key, why: obstacle, all: true };
  const train = await openTrain(context, plan);
  const gap = standingGap(train.record.gap, await ports.repository.tree(base), order.map(entryOf));
  const chain = await buildChain(context, {
    tasks: gap === null ? order : inGap(order, gap),
    base,
    contained,
    length: chainLength(gap, train.record.rate, context.settings.train),
  });
  const misfit = await sendBackMisfits(context, chain);
  if (misfit !== null) return misfit;
  if (chain.cars.length === 0) return { outcome: 'idle' };
  return drive(context, plan, { train, gap, chain, marks });
}

async function queueDone({ ports, state }: LandingContext, plan: string): Promise<void> {
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
  const why = `its commit ${entryOf(lost).commit} is not in this repository any more; orbit recover ${lost.id} lists what is kept of it`;
  return { outcome: 'held', task: lost.key, why, all: false };
}

interface Drive {
  train: OpenTrain;
  gap: Gap | null;
  chain: Chain;
  /** What the landed ref of each task held before the target's tip was read. */
  marks: ReadonlyMap<TaskKey, string | null>;
}

/** Validates the chain and does what follows. */
async function drive(context: LandingContext, plan: Plan, { train, gap, chain, marks }: Drive): Promise<LandingStep> {
  const { train: rule } = context.settings;
  const cuts = cutsOf(chain.cars.length, gap, rule);
  await train.start(chain, cuts);
  const round = await validateCuts(context, {
    plan,
    chain,
    cuts,
    onVerdict: async (cut, verdict) => train.note(cut, verdict),
  });
  const entries = chain.cars.map(({ entry }) => entry);
  const trees = [chain.baseTree, ...chain.cars.map(({ candidate }) => candidate.tree)];
  const outcome = judgeCuts({ entries, trees }, round.verdicts, { gap, rule });
  let step = stepWithoutLanding(chain, round, outcome);
  if (outcome.land > 0) {
    step = await moveTarget(context, plan, { cars: chain.cars.slice(0, outcome.land), base: chain.base, marks });
    if (step.outcome !== 'moved') {
      await train.stop();
      return step;
    }
  }
  const back = await backOf(context, chain, { round, outcome });
  await train.finish(outcome, { round, sentBack: back?.outcome === 'moved' });
  return back ?? step;
}

/** What a round comes to in which nothing lands: verdicts alone are progress, unless there were none. */
function stepWithoutLanding({ cars }: Chain, { verdicts, validations }: Round, { land }: Outcome): LandingStep {
  const tasks = cars.map(({ task }) => task.key);
  if (land > 0 || [...verdicts.values()].includes('red')) return { outcome: 'moved', tasks };
  const why = [...validations.values()].flatMap((one) => (one.outcome === 'again' ? [one.reason] : []))[0];
  return { outcome: 'again', task: tasks[0] as TaskKey, why: why ?? 'its validation was ended' };
}

/** The change that is red by itself goes back; one that could not be validated waits, and a person is told. */
async function backOf(
  context: LandingContext,
  chain: Chain,
  { round, outcome }: { round: Round; outcome: Outcome },
): Promise<LandingStep | null> {
  const { back, land } = outcome;
  const car = chain.cars.find(({ entry }) => entry.key === back?.key);
  const validation = round.validations.get(land + 1);
  if (car === undefined || validation === undefined || validation.outcome === 'green') return null;
  const { task } = car;
  const { reason } = validation;
  if (validation.outcome === 'red') return bounce(context, task, { cause: 'red', reason });
  return { outcome: 'held', task: task.key, why: reason, all: false };
}
