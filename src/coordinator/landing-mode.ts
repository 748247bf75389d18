/** How a plan lands and what becomes of it in the end: its own file's word before the settings', a person's before both. */
import { landsBy, type Finish, type LandingMode } from '../core/pull-request.ts';
import type { Plan } from '../core/plan.ts';
import type { CoordinatorSettings } from './ports.ts';

export function landingModeOf(plan: Pick<Plan, 'landing'>, settings: CoordinatorSettings): LandingMode {
  return landsBy(plan, settings.landingMode ?? (settings.landing ? 'queue' : 'off'));
}

/** `autoMergeOnComplete` alone means fast-forward, as it always did. */
export function finishOf(plan: Pick<Plan, 'finish'>, settings: CoordinatorSettings): Finish {
  const finish = settings.finishByHand ?? plan.finish ?? settings.finish ?? 'none';
  return finish === 'none' && settings.mergeOnComplete ? 'fast-forward' : finish;
}

/** Whether working through the plan needs a forge, now or in the end. */
export function needsForge(plan: Pick<Plan, 'landing' | 'finish'>, settings: CoordinatorSettings): boolean {
  const mode = landingModeOf(plan, settings);
  return mode === 'pull-requests' || (mode === 'queue' && finishOf(plan, settings) === 'pull-request');
}
