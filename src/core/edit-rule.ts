/**
 * What an attempt may change about tasks: those that it made itself, while nobody works on them or has finished them.
 *
 * Pure. Owns that a pull request's merge is never an attempt's word: by that alone work counts as landed, without a look at git.
 */
import { reject, type Rejection } from './rejection.ts';
import type { PullRequestStatus, Task } from './task.ts';

/** Why the attempt may not make this change, or `null`. @param order.pr status that it says a pull request has; `null`: none. */
export function editRefusal(
  { key, origin, claim, evidence, closed }: Pick<Task, 'key' | 'origin' | 'claim' | 'evidence' | 'closed'>,
  { token, pr }: { token: number; pr: PullRequestStatus | null },
): Rejection | null {
  const isOpen = claim === null && evidence === null && closed === null;
  if (origin?.token !== token || !isOpen) {
    return reject(
      'not-yours',
      `attempt ${token} may not edit ${key}: it edits only what it made, while nobody works on that or has finished it`,
      'orbit block <task> --question asks a person',
    );
  }
  if (pr !== 'merged') return null;
  return reject(
    'not-yours',
    `attempt ${token} may not say that the work of ${key} was merged`,
    'orbit block <task> --question asks a person to look',
  );
}
