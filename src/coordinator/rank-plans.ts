/**
 * Keeps the order of work up to date while a plan runs.
 *
 * Owns how often: a ranking reads the whole plan, so it is done at most once a second and never takes more than a twentieth
 * of the coordinator's time, whatever the plan's size.
 */
import { rank } from '../core/rank.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';

export async function rankPlans(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<void> {
  const seq = await ports.store.lastSeq();
  const startedMs = ports.clock.monotonicMs();
  const { ranked } = state;
  if (seq === ranked.seq || startedMs < ranked.againMs) return;
  const now = ports.clock.now();
  for (const plan of settings.plans) {
    const scores = rank(await ports.store.tasks({ plan }, now), { now, shared: settings.shared });
    if (scores.size > 0) await ports.store.setScores(plan, scores);
  }
  const endedMs = ports.clock.monotonicMs();
  const { rankIntervalMs, rankShare } = settings.limits;
  state.ranked = { seq, againMs: endedMs + Math.max(rankIntervalMs, (endedMs - startedMs) / rankShare) };
}
