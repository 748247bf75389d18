/**
 * Notes in the store what holds landings, so that whoever asks (`orbit why`, `orbit queue`, the inbox) hears it from any process.
 *
 * Owns only the comparison: what is noted already is not noted again, what no longer holds is taken back.
 */
import type { TaskKey } from '../../core/id.ts';
import type { Plan } from '../../core/plan.ts';
import { epochOf } from '../lead.ts';
import type { LandingContext } from './step.ts';

/**
 * @param found.held what the last look at the plan's queue found, by task.
 * @param found.isWhole `false`: the look ended early, so that what it did not find may hold all the same.
 */
export async function noteHeld(
  { ports, settings, state }: LandingContext,
  plan: Plan,
  { held, isWhole }: { held: ReadonlyMap<TaskKey, string>; isWhole: boolean },
): Promise<void> {
  const { store, clock } = ports;
  const now = clock.now();
  const { reasonLengthMax } = settings.limits;
  for (const { task } of await store.tasks({ plan: plan.id, status: ['landing'] }, now)) {
    const why = held.get(task.key)?.slice(0, reasonLengthMax) ?? null;
    if (why === (task.landing?.held?.why ?? null) || (why === null && !isWhole)) continue;
    // Refused where the task has gone on meanwhile: then nothing holds it.
    await store.execute(
      task.key,
      { type: 'note-held', why },
      { actor: 'coordinator', now, durable: false, epoch: epochOf(state) },
    );
  }
}
