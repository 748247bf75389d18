/** The plans of a run, as they are now: which of them there are, how they land, and on which line. */
import type { Plan } from '../core/plan.ts';
import type { LandingMode } from '../core/pull-request.ts';
import { landingModeOf } from './landing-mode.ts';
import { openLine, type OpenLine } from './landing/line.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

export async function plansOf(
  { store }: Pick<CoordinatorPorts, 'store'>,
  settings: CoordinatorSettings,
): Promise<Plan[]> {
  const plans = await Promise.all(settings.plans.map((plan) => store.plan(plan)));
  return plans.filter((plan) => plan !== null);
}

export async function plansThatLand(
  ports: Pick<CoordinatorPorts, 'store'>,
  settings: CoordinatorSettings,
  mode: LandingMode,
): Promise<Plan[]> {
  return (await plansOf(ports, settings)).filter((plan) => landingModeOf(plan, settings) === mode);
}

/** Each with the line that its work lands on now as its target, and what is wrong with that. */
export async function onOpenLines(ports: CoordinatorPorts, plans: readonly Plan[]): Promise<OpenLine[]> {
  const open: OpenLine[] = [];
  for (const plan of plans) open.push(await openLine(ports, plan));
  return open;
}
