/**
 * Drives one chain: validates its cuts, lands the longest that is green, sends back the one change that is red by itself.
 *
 * Owns the order of effects in a round. While a single red change is run again, a second chain without it is validated in the other
 * lanes: if the change is red once more, that chain counts, else it is forgotten.
 */
import type { TaskKey } from '../../core/id.ts';
import { judgedBy } from '../../core/judged-by.ts';
import type { Plan } from '../../core/plan.ts';
import { cutsOf, judgeCuts, lanesAside, type Gap, type Outcome } from '../../core/train.ts';
import { bounce } from './bounce.ts';
import type { Chain } from './chain.ts';
import { environmentFault } from './environment.ts';
import { validateCuts, type Round } from './lanes.ts';
import { moveTarget } from './move-target.ts';
import type { LandingContext, LandingStep } from './step.ts';
import type { OpenTrain } from './train.ts';

export interface Drive {
  train: OpenTrain;
  gap: Gap | null;
  chain: Chain;
  /** The chain without the suspect that `chain` is; `null` where none drives beside it. */
  aside: Chain | null;
  /** What the landed ref of each task held before the target's tip was read. */
  marks: ReadonlyMap<TaskKey, string | null>;
}

export async function drive(context: LandingContext, plan: Plan, order: Drive): Promise<LandingStep> {
  try {
    return await driveBoth(context, plan, order);
  } catch (error) {
    await order.train.stop();
    throw error;
  }
}

async function driveBoth(context: LandingContext, plan: Plan, order: Drive): Promise<LandingStep> {
  const { train, gap, chain, aside, marks } = order;
  const rule = context.settings.train;
  const cuts = cutsOf(chain.cars.length, gap, rule);
  const asideCuts = aside === null ? [] : cutsOf(aside.cars.length, null, { ...rule, lanes: lanesAside(gap, rule) });
  await train.start({ chain, cuts }, aside === null ? null : { chain: aside, cuts: asideCuts });
  const needless = new AbortController();
  const driveChain = async (): Promise<Round> => {
    const round = await validateCuts(context, {
      plan,
      chain,
      cuts,
      onVerdict: async (...seen) => train.note(chain, ...seen),
    });
    // The suspect lands after all, so the target will be another.
    if ([...round.verdicts.values()].includes('green')) needless.abort();
    return round;
  };
  const driveAside = async (): Promise<Round | null> => {
    if (aside === null) return null;
    const onVerdict = async (cut: number, verdict: 'green' | 'red' | 'unknown'): Promise<void> =>
      train.note(aside, cut, verdict);
    return validateCuts(context, { plan, chain: aside, cuts: asideCuts, onVerdict, needless: needless.signal });
  };
  const [own, beside] = await Promise.all([driveChain(), driveAside()]);
  const first = await settleRound(context, plan, { train, gap, chain, marks, round: own });
  const isFree = first.outcome.back !== null && first.step.outcome !== 'again';
  if (aside === null || beside === null || !isFree) return first.step;
  const second = await settleRound(context, plan, { train, gap: null, chain: aside, marks, round: beside });
  return first.step.outcome === 'held' ? first.step : second.step;
}

/** What a round of verdicts comes to: work lands, a change goes back, or nothing yet. */
async function settleRound(
  context: LandingContext,
  plan: Plan,
  { train, gap, chain, marks, round }: Omit<Drive, 'aside'> & { round: Round },
): Promise<{ step: LandingStep; outcome: Outcome }> {
  const { train: rule } = context.settings;
  const entries = chain.cars.map(({ entry }) => entry);
  const trees = [chain.baseTree, ...chain.cars.map(({ candidate }) => candidate.tree)];
  const outcome = judgeCuts({ entries, trees }, round.verdicts, { gap, rule });
  let step = stepWithoutLanding(chain, round, outcome);
  if (outcome.land > 0) {
    step = await moveTarget(context, plan, { cars: chain.cars.slice(0, outcome.land), base: chain.base, marks });
    if (step.outcome !== 'moved') {
      await train.stop();
      return { step, outcome };
    }
  }
  const back = await backOf(context, plan, { chain, round, outcome });
  await train.finish(outcome, { round, sentBack: back?.outcome === 'moved' });
  return { step: back ?? step, outcome };
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
  plan: Plan,
  { chain, round, outcome }: { chain: Chain; round: Round; outcome: Outcome },
): Promise<LandingStep | null> {
  const { back, land } = outcome;
  const car = chain.cars.find(({ entry }) => entry.key === back?.key);
  const validation = round.validations.get(land + 1);
  if (car === undefined || validation === undefined || validation.outcome === 'green') return null;
  const { task } = car;
  const { reason } = validation;
  if (validation.outcome === 'red')
    return bounce(context, task, { cause: 'red', reason, judgedBy: judgedBy(task, plan) });
  const fault = validation.outcome === 'unable' ? await environmentFault(context, plan, chain.base) : null;
  return { outcome: 'held', task: task.key, why: fault ?? reason, all: fault !== null };
}
