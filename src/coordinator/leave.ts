/**
 * Leaving at once, at a second Ctrl-C: runners and agents are ended by force, and nothing of them is left behind.
 *
 * Owns that order: ended and seen gone first, then their work saved, then the tasks given back without blame. A kill in
 * between costs nothing: the next run finds a runner that is gone and does the same.
 */
import type { Attempt } from '../core/attempt.ts';
import { isOurs, type CoordinatorState } from './state.ts';
import { epochOf } from './lead.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { saveWork } from './tend-attempts.ts';

/** Ends all attempts of this coordinator's plans. One that does not lead has none to end. */
export async function leave(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<void> {
  if (state.leadership === null) return;
  const live = (await ports.store.attempts({ live: true })).filter((attempt) => isOurs(attempt, settings));
  await Promise.all(live.map(async (attempt) => ports.runners.stop(attempt, 'now')));
  await Promise.all(live.map(async ({ token }) => giveBack(ports, state, token)));
}

async function giveBack(ports: CoordinatorPorts, state: CoordinatorState, token: number): Promise<void> {
  // Read again: it may have got its workspace, or told its own end, since the first look.
  const attempt: Attempt | null = await ports.store.attempt(token);
  if (attempt === null || attempt.endedAt !== null) return;
  const { task, workspace } = attempt;
  const isSaved = await saveWork(ports, attempt);
  await ports.store.execute(
    task,
    { type: 'release', token, reason: 'ended at once by a person', commit: null },
    { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
  );
  if (isSaved && workspace !== null) await ports.workspaces.remove(task, token, workspace);
}
