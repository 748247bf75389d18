/**
 * Whether checks can be run at all: a broken set-up or a missing program is nobody's change.
 *
 * Owns the look at the target as it is, with what every landing of the plan needs and no task's own checks. Verdicts known of it do not
 * count here: they tell nothing of today's environment.
 */
import type { Plan } from '../../core/plan.ts';
import { operational } from '../../platform/system-error.ts';
import type { LandingContext } from './step.ts';

/** Why nothing can be checked just now, as a sentence, or `null`. @param base commit of the target. */
export async function environmentFault(context: LandingContext, plan: Plan, base: string): Promise<string | null> {
  const why = await whyUnable(context, plan, base);
  return why === null
    ? null
    : `checks cannot be run at all just now, not even on ${plan.target} as it is: ${why}; mend that, the queue looks again by itself`;
}

async function whyUnable(
  { ports, settings, signal }: LandingContext,
  plan: Plan,
  base: string,
): Promise<string | null> {
  try {
    const slot = await ports.workspaces.checkout(base, settings.bring);
    try {
      const fault = await ports.checks.prepare(slot.directory, signal);
      if (fault !== null) return fault;
      for (const check of new Set([...plan.checks, ...settings.landingChecks])) {
        const { ran, tail } = await ports.checks.run(check, slot.directory, signal);
        if (!ran) return `check "${check}" could not be run: ${tail}`;
      }
      return null;
    } finally {
      await slot.release();
    }
  } catch (error) {
    const trouble = operational(error);
    if (trouble === null) throw error;
    return `${trouble.message} (${trouble.hint})`;
  }
}
