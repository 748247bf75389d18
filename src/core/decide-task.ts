/**
 * Decides what a command does to a task: events, or a rejection.
 *
 * Pure and total. Invariants held here and in the other `decide-*.ts`: at most one live claim (I1), nothing by an old token
 * (I2), a start only when the dependencies allow (I14), bounded attempts and budget (I11), every dead end is in a person's
 * inbox (I10). `docs/states.md` has the facts, the statuses and the picture; a test keeps it complete.
 */
import type { Surroundings, TaskCommand } from './command.ts';
import { approvalDeciders } from './decide-approval.ts';
import { attemptDeciders } from './decide-attempt.ts';
import { decideClaim } from './decide-claim.ts';
import { landingDeciders } from './decide-landing.ts';
import { personDeciders } from './decide-person.ts';
import { wideningDeciders } from './decide-widening.ts';
import type { Deciders, Decision } from './decision.ts';
import { editWhileMoving } from './judged-by.ts';
import { limits } from './limits.ts';
import { reject, type Rejection } from './rejection.ts';
import { isLanded } from './status.ts';
import type { Origin, Task } from './task.ts';

/** @param task the task as stored, `null` if there is none. */
export function decideTask(task: Task | null, command: TaskCommand, around: Surroundings): Decision {
  if (command.type === 'create') {
    if (task !== null) return reject('task-ended', `${task.key} exists already`, 'choose another id');
    const { definition, origin } = command;
    const refusal = origin === undefined ? null : refuseMaker(origin, around.maker);
    if (refusal !== null) return refusal;
    return { events: [{ type: 'task-created', definition, ...(origin === undefined ? {} : { origin }) }] };
  }
  if (task === null) return reject('task-not-found', 'there is no such task', 'orbit list shows all tasks');
  const decide = deciders[command.type] as (task: Task, command: TaskCommand, around: Surroundings) => Decision;
  return decide(task, command, around);
}

/** What an attempt makes is fenced as all else that it writes (I2, P3), and bounded (I11). */
function refuseMaker({ task, token }: Origin, maker: Surroundings['maker']): Rejection | null {
  if (maker?.holder !== token) {
    return reject('lease-lost', `attempt ${token} no longer holds ${task}, so it makes no tasks`, 'stop working');
  }
  if (maker.made < limits.madeTasksMax) return null;
  return reject(
    'too-many-tasks',
    `attempts at ${task} have made ${maker.made} tasks already, which is the most allowed`,
    'hand the task back with those, or orbit block --question asks a person',
  );
}

const deciders: Deciders<Exclude<TaskCommand['type'], 'create'>> = {
  // A task keeps its id for good: branches, refs and folders are named after it.
  change: (task, { definition }) =>
    editWhileMoving(task, definition) ?? {
      events: [{ type: 'task-changed', definition: { ...definition, id: task.id } }],
    },
  claim: decideClaim,
  ...attemptDeciders,
  ...landingDeciders,
  ...personDeciders,
  ...approvalDeciders,
  ...wideningDeciders,
  'set-pr': (task, { number, status }) => {
    const refusal = mergedRefusal(task);
    if (refusal !== null) return refusal;
    // Its landing must be able to end, and then says itself what it came to.
    if (status === 'merged' && task.landing?.state === 'queued' && task.landing.begunAt !== null) {
      return reject(
        'landing-begun',
        `${task.key} is being moved onto its target at this moment`,
        `look again soon: orbit show ${task.key}`,
      );
    }
    return { events: [{ type: 'pr-changed', number, status }] };
  },
  'drop-pr': (task) => {
    const refusal = mergedRefusal(task);
    if (refusal !== null) return refusal;
    return task.pr === null
      ? reject('nothing-to-answer', `no pull request is noted of ${task.key}`, `orbit why ${task.key}`)
      : { events: [{ type: 'pr-dropped' }] };
  },
};

/** Work that landed by a merge has landed for good (I9), whatever is said about its pull request later. */
function mergedRefusal(task: Task): Rejection | null {
  if (!isLanded(task) || task.pr?.status !== 'merged') return null;
  return reject('task-ended', `${task.key} was merged by pull request #${task.pr.number}`, `orbit show ${task.key}`);
}
