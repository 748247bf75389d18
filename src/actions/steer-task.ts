/**
 * What a person does with a task: hold, go on, retry, cancel, close, reopen, advise, note its pull request.
 *
 * Owns the one way there: only a person may, core decides, the answer tells the status that follows.
 */
import type { TaskCommand } from '../core/command.ts';
import { limits } from '../core/limits.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../core/status.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { projectProgress } from './project-progress.ts';
import { refuseAgents } from './refuse-agents.ts';

export type Steering =
  | { type: 'hold'; why: string }
  | { type: 'resume' }
  | { type: 'retry'; advice: string | null }
  | { type: 'cancel'; why: string }
  | { type: 'close'; why: string }
  | { type: 'reopen'; why: string }
  | { type: 'advise'; advice: string };

export interface SteerAnswer {
  task: string;
  status: TaskStatus;
  plan: string;
}

export async function steerTask(
  context: Context,
  { task, plan, steering }: { task: string; plan: string | null; steering: Steering },
): Promise<SteerAnswer | Rejection> {
  const refusal = await refuseAgents(context, `${steering.type} tasks`);
  if (refusal !== null) return refusal;
  const record = await findTask(context, task, plan);
  const { attempts } = (await context.settings()).budget;
  const command = commandOf(record, steering, attempts);
  const executed = await context.store.execute(record.task.key, command, {
    actor: context.caller.actor,
    now: context.clock.now(),
    durable: true,
  });
  if (isRejection(executed)) return executed;
  await projectProgress(context, record.task.plan);
  const after = executed.record;
  return {
    task: after.task.id,
    status: deriveStatus(after.task, after.unmet, context.clock.now()),
    plan: after.task.plan,
  };
}

function commandOf({ task }: TaskRecord, steering: Steering, attemptsMax: number): TaskCommand {
  switch (steering.type) {
    case 'hold':
      return { type: 'hold', why: cut(steering.why) };
    case 'resume':
      return { type: 'unhold' };
    case 'retry':
      return {
        type: 'retry',
        advice: steering.advice === null ? null : cut(steering.advice),
        attemptsGranted: granted(task, attemptsMax),
      };
    case 'cancel':
      return { type: 'close', as: 'cancelled', why: cut(steering.why) };
    case 'close':
      return { type: 'close', as: 'completed', why: cut(steering.why) };
    case 'reopen':
      return { type: 'reopen', why: cut(steering.why) };
    case 'advise':
      return { type: 'advise', advice: cut(steering.advice) };
  }
}

/** One more try, if the budget has none left. */
function granted({ attempts, attemptsGranted }: TaskRecord['task'], attemptsMax: number): number {
  return Math.max(0, attempts + 1 - (attemptsMax + attemptsGranted));
}

function cut(text: string): string {
  return text.slice(0, limits.reasonLengthMax);
}
