/**
 * Work that does not fit onto its corrected base goes back to be done again, with both sides (A10).
 *
 * Owns what its next agent is given: the paths, its own work by its ref, and a commit in which the conflict stands with markers.
 */
import { keyParts } from '../core/id.ts';
import { attemptNames } from '../core/kept-refs.ts';
import { isRejection } from '../core/rejection.ts';
import type { Task } from '../core/task.ts';
import type { Replay } from '../workspace/repository.ts';
import { keepMerge } from './keep-merge.ts';
import { epochOf } from './lead.ts';
import { listPaths } from './landing/path-list.ts';
import type { LandingContext } from './landing/step.ts';

import { retryRule } from './tend-attempts.ts';

export async function sendBackConflict(
  { ports, settings, state }: LandingContext,
  task: Task,
  { replay, onto }: { replay: Extract<Replay, { clean: false }>; onto: string },
): Promise<boolean> {
  const { clock } = ports;
  const { evidence } = task;
  if (evidence === null || evidence.commit === null) return false;
  const message = `Conflict of ${task.id} with its corrected base\n`;
  const ref = await keepMerge(ports, task, { tree: replay.tree, onto, message });
  if (ref === null) return false;
  const below = (evidence.builtOn ?? []).map((part) => keyParts(part.task).task).join(', ');
  const reason = `it no longer fits what it was built on (${below}), which has changed: conflict in ${listPaths(replay.paths)}; its own work is kept at ${attemptNames(task.key, evidence.token).ref}, both sides with markers at ${ref} (git show ${ref}:<path>)`;
  const answer = await ports.store.execute(
    task.key,
    {
      type: 'bounce',
      commit: evidence.commit,
      cause: 'conflict',
      reason: reason.slice(0, settings.limits.reasonLengthMax),
      rule: retryRule(settings, ports.random()),
    },
    { actor: 'coordinator', now: clock.now(), durable: true, epoch: epochOf(state) },
  );
  if (isRejection(answer)) return false;
  ports.log(`${task.id}: sent back: ${reason}`);
  return true;
}
