/**
 * Why a piece of kept work is not on its target, in one sentence (P1). Pure.
 *
 * Owns the order of reasons: what the task came to counts more than how the attempt ended, for it says what a person can do.
 */
import type { Attempt } from './attempt.ts';
import type { PieceKind } from './kept-refs.ts';
import type { Task } from './task.ts';

/**
 * @param attempt that made it; `null` where the store does not know it.
 * @param task of that attempt; `null` where the store does not know it.
 */
export function whyNotLanded(
  kind: PieceKind,
  { attempt, task }: { attempt: Attempt | null; task: Task | null },
): string {
  if (attempt === null || task === null) return 'the store does not know its attempt';
  if (kind === 'conflict') return 'it is a conflict that was shown to the next attempt';
  if (attempt.endedAt === null) return `attempt ${attempt.token} is at work`;
  const { token } = attempt;
  const { closed, evidence, landing } = task;
  const isProven = evidence?.token === token;
  if (landing?.state === 'landed' && !isProven) return `${task.id} landed with other work${endOf(attempt)}`;
  if (closed !== null) return `${task.id} was ${closed.as} by ${closed.by}: ${closed.why}`;
  if (kind === 'salvage' && isProven)
    return 'it was not part of what was proven: not committed, or replaced by a later commit';
  if (isProven) return whyProvenWaits(task);
  const sentBack = task.failures.findLast((failure) => failure.token === token && failure.outcome === 'bounced');
  if (sentBack !== undefined) return `sent back from landing: ${sentBack.reason}`;
  if (attempt.outcome === 'done') return `${task.id} was reopened after it was done`;
  if (kind === 'salvage') return `not committed${endOf(attempt)}`;
  return endOf(attempt).replace(/^; /, '');
}

/** What a person can answer comes first: work that waits for a word may have its place in the queue all the same. */
function whyProvenWaits({ key, inbox, hold, landing, pr }: Task): string {
  if (landing?.state === 'landed') return 'it landed; the target has other content now';
  if (pr?.status === 'merged') return `pull request #${pr.number} was merged; the target has other content now`;
  if (inbox?.kind === 'approval')
    return `it is done and waits for approval: orbit approve ${key}, or orbit reject ${key} "why"`;
  if (inbox !== null) return `it is done and waits for a person: ${inbox.reason}`;
  if (hold !== null) return `it is done and held by ${hold.by}: ${hold.why}`;
  if (pr !== null) return `it is done and waits for pull request #${pr.number} (${pr.status})`;
  return landing === null ? 'it is done and not handed to the landing queue' : 'it waits in the landing queue';
}

function endOf({ token, outcome, reason }: Attempt): string {
  return `; attempt ${token} ended: ${outcome ?? 'unknown'}${reason === null ? '' : `, ${reason}`}`;
}
