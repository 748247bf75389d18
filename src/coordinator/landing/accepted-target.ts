/**
 * A target that a person accepted as it was: its checks pass first, so that no agent's work is sent back for what others put there.
 */
import type { Plan } from '../../core/plan.ts';
import type { LandingContext } from './step.ts';
import { plansOn, startOf } from './target-past.ts';
import { validate } from './validate.ts';

/** Why nothing may land on the accepted tip yet, or `null`: also once something landed on it, which was checked with it. */
export async function faultOfAccepted(context: LandingContext, plan: Plan, tip: string): Promise<string | null> {
  const { ports, settings, state } = context;
  const start = startOf(await plansOn(ports.store, plan.target), plan.target);
  if (start === null || !start.accepted || start.commit !== tip) return null;
  const refused = state.refusedStarts.get(plan.target);
  const { targetCheckRetryMs } = settings.limits;
  if (refused?.startAt === start.at && ports.clock.monotonicMs() - refused.atMs < targetCheckRetryMs)
    return refused.why;
  const order = {
    commit: tip,
    tree: await ports.repository.tree(tip),
    checks: [...new Set([...plan.checks, ...settings.landingChecks])],
    signal: context.signal ?? new AbortController().signal,
  };
  const look = async (): ReturnType<typeof validate> => validate(context, order);
  const first = await look();
  // A red one once more: it holds the whole plan.
  const verdict = first.outcome === 'red' ? await look() : first;
  if (verdict.outcome === 'green') return null;
  const name = plan.target.replace(/^refs\/heads\//, '');
  const why = `${name} was accepted at ${tip.slice(0, 12)}, but nothing can land there: ${verdict.reason}\nMend it on ${name}, then orbit resume ${plan.id} --accept-target`;
  if (verdict.outcome === 'red')
    state.refusedStarts.set(plan.target, { startAt: start.at, why, atMs: ports.clock.monotonicMs() });
  return why;
}
