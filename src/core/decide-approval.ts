/**
 * Decides what a person's word on finished work does: it lands, or goes back to its agent.
 *
 * Owns that the word counts for what was seen: the commit and tree named must be the present ones.
 */
import type { CommandOf, Deciders, Decision } from './decision.ts';
import { reject, type Rejection } from './rejection.ts';
import { hasEnded } from './status.ts';
import type { Evidence, Task } from './task.ts';

export const approvalDeciders: Deciders<'approve' | 'reject'> = {
  approve: (task, { commit, tree }) => {
    const evidence = finished(task, commit);
    if ('rejected' in evidence) return evidence;
    if (evidence.tree !== null && evidence.tree !== tree) return otherTree(task, tree, evidence.tree);
    const { approval } = task;
    if (approval?.tree === tree && approval.base === evidence.base && task.inbox?.kind !== 'approval') {
      return reject('already-done', `${task.key} was approved by ${approval.by} already`, `orbit why ${task.key}`);
    }
    return { events: [{ type: 'work-approved', commit, tree, base: evidence.base }] };
  },
  reject: (task, { commit, reason }, { now }) => {
    const evidence = finished(task, commit);
    if ('rejected' in evidence) return evidence;
    // A person stands behind every round of this loop, so it is not bounded as bounces of the queue are.
    const { token } = evidence;
    return { events: [{ type: 'landing-bounced', token, cause: 'rejected', reason, retryAt: now }] };
  },
};

/** The proven work that a person speaks of, or why there is none to speak of. */
function finished(task: Task, commit: CommandOf<'approve'>['commit']): Evidence | Rejection {
  const { key, evidence, landing } = task;
  if (hasEnded(task)) return reject('task-ended', `${key} has ended`, `orbit show ${key}`);
  if (evidence === null) {
    return reject('not-done', `${key} has no finished work to look at`, `orbit why ${key}`);
  }
  if (landing !== null && landing.begunAt !== null) {
    return reject(
      'landing-begun',
      `${key} is being moved onto its target at this moment`,
      `look again soon: orbit show ${key}`,
    );
  }
  return evidence.commit === commit ? evidence : otherTree(task, commit, evidence.commit ?? 'nothing');
}

function otherTree({ key }: Task, seen: string, present: string): Rejection & Decision {
  return reject(
    'tree-changed',
    `the work of ${key} has changed since: you speak of ${seen.slice(0, 12)}, it is ${present.slice(0, 12)} now`,
    `look at it again: orbit approve lists what waits, orbit show ${key} tells what it is`,
  );
}
