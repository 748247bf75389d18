/**
 * Validates several cuts of a chain at once.
 *
 * Owns who runs beside whom and who is ended: a cut whose verdict another one has made needless is stopped, so that its lane and its
 * checkout are free. It decides nothing about what lands.
 */
import type { Plan } from '../../core/plan.ts';
import { isMoot, type CutVerdict } from '../../core/train.ts';
import type { Chain } from './chain.ts';
import type { LandingContext } from './step.ts';
import { validate, type Validation } from './validate.ts';

export interface Round {
  verdicts: ReadonlyMap<number, CutVerdict>;
  /** What each cut came to, by its length; without those that were ended. */
  validations: ReadonlyMap<number, Validation>;
  /** How long each validation took that ran checks to an end, in milliseconds. */
  tookMs: readonly number[];
}

/** @param order.onVerdict told of each cut as it ends. @param order.needless aborted when nobody needs any of the verdicts any more. */
export async function validateCuts(
  context: LandingContext,
  {
    plan,
    chain,
    cuts,
    onVerdict,
    needless,
  }: {
    plan: Plan;
    chain: Chain;
    cuts: readonly number[];
    onVerdict: (cut: number, verdict: CutVerdict) => Promise<void>;
    needless?: AbortSignal;
  },
): Promise<Round> {
  const verdicts = new Map<number, CutVerdict>();
  const validations = new Map<number, Validation>();
  const tookMs: number[] = [];
  const running = new Map<number, AbortController>();
  const { clock } = context.ports;
  const runOne = async (cut: number, stop: AbortController): Promise<void> => {
    const startedMs = clock.monotonicMs();
    const validation = await validate(context, orderOf(context, plan, { chain, cut, signal: stop.signal }));
    running.delete(cut);
    const verdict = stop.signal.aborted && validation.outcome !== 'green' ? 'unknown' : verdictOf(validation);
    if (verdict !== 'unknown' || !stop.signal.aborted) validations.set(cut, validation);
    if (validation.outcome === 'red' || (validation.outcome === 'green' && validation.ran))
      tookMs.push(clock.monotonicMs() - startedMs);
    verdicts.set(cut, verdict);
    for (const [other, controller] of running) if (isMoot(other, verdicts)) controller.abort();
    await onVerdict(cut, verdict);
  };
  const end = (): void => {
    for (const controller of running.values()) controller.abort();
  };
  const ends = [context.signal, needless].filter((signal) => signal !== undefined);
  for (const signal of ends) signal.addEventListener('abort', end);
  try {
    for (const cut of cuts) running.set(cut, new AbortController());
    if (ends.some((signal) => signal.aborted)) end();
    const runs = [...running].map(async ([cut, stop]) =>
      runOne(cut, stop).catch((error: unknown) => {
        end();
        throw error;
      }),
    );
    const failed = (await Promise.allSettled(runs)).find((run) => run.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } finally {
    for (const signal of ends) signal.removeEventListener('abort', end);
  }
  return { verdicts, validations, tookMs };
}

/** A tree that cannot be validated does not land, so it is looked for like a red one. */
function verdictOf({ outcome }: Validation): CutVerdict {
  if (outcome === 'again') return 'unknown';
  return outcome === 'green' ? 'green' : 'red';
}

function orderOf(
  { settings }: LandingContext,
  plan: Plan,
  { chain, cut, signal }: { chain: Chain; cut: number; signal: AbortSignal },
): Parameters<typeof validate>[1] {
  const cars = chain.cars.slice(0, cut);
  const checks = [...cars.flatMap(({ task }) => task.checks), ...plan.checks, ...settings.landingChecks];
  const { commit = chain.base, tree = chain.baseTree } = cars.at(-1)?.candidate ?? {};
  return { commit, tree, checks: [...new Set(checks)], signal };
}
