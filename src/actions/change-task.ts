/**
 * Makes tasks and changes what they ask for: create, edit, dependencies, pull request.
 *
 * Owns the checks that a definition needs before the store sees it; rings are refused by the store, in its transaction.
 */
import { editRefusal } from '../core/edit-rule.ts';
import { nameFault, taskKey, type TaskKey } from '../core/id.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../core/status.ts';
import { definitionOf, type Origin, type PullRequestStatus, type TaskDefinition } from '../core/task.ts';
import { UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';
import { findKeys, findTask } from './find-task.ts';
import { makePlan } from './make-plan.ts';
import { projectProgress } from './project-progress.ts';
import { refuseAgents } from './refuse-agents.ts';
import { syncPlan } from './sync-plan.ts';
import { addDependencies, removeDependencies } from './task-definition.ts';

export type TaskFields = Partial<Omit<TaskDefinition, 'id' | 'dependencies'>> & { dependencies?: readonly string[] };

export interface ChangeAnswer {
  task: string;
  status: TaskStatus;
  plan: string;
  dependencies: readonly string[];
}

/** @param order.id default: the next free `T<number>` of the plan. */
export async function createTask(
  context: Context,
  order: { plan: string | null; id: string | null; fields: TaskFields & { title: string } },
): Promise<ChangeAnswer | Rejection> {
  const plan = order.plan ?? context.caller.plan ?? (await onlyPlan(context));
  const fault = nameFault(plan) ?? (order.id === null ? null : nameFault(order.id));
  if (fault !== null)
    throw new UsageError(
      'bad-id',
      `${JSON.stringify(order.id ?? plan)} cannot be a name: ${fault}`,
      'use a name such as T099',
    );
  await syncPlan(context, plan);
  if ((await context.store.plan(plan)) === null) await makePlan(context, plan);
  const dependencies = await findKeys(context, order.fields.dependencies ?? [], plan);
  const base: TaskDefinition = {
    id: '',
    title: '',
    body: '',
    kind: 'implement',
    parent: null,
    layer: null,
    agent: null,
    priority: 0,
    scope: [],
    checks: [],
    dependencies: [],
    estimateMs: null,
  };
  const definition = { ...base, ...order.fields, dependencies };
  const origin = context.caller.kind === 'person' ? null : await madeBy(context);
  if (isRejection(origin)) return origin;
  const from = origin === null ? {} : { origin };
  for (;;) {
    const id = order.id ?? (await nextId(context, plan));
    const answer = await run(context, taskKey(plan, id), {
      type: 'create',
      definition: { ...definition, id },
      ...from,
    });
    // Somebody else may have taken the number in between; a chosen id is theirs to change.
    if (order.id === null && isRejection(answer) && answer.code === 'task-ended') continue;
    return answer;
  }
}

export async function editTask(
  context: Context,
  order: {
    task: string;
    plan: string | null;
    fields: TaskFields;
    /** `none`: the one that is noted counts no more. */
    pr: { number: number; status: PullRequestStatus } | 'none' | null;
  },
): Promise<ChangeAnswer | Rejection> {
  const { task } = await findTask(context, order.task, order.plan);
  const { caller } = context;
  const pr = order.pr === null || order.pr === 'none' ? null : order.pr;
  const refusal = caller.kind === 'person' ? null : editRefusal(task, { token: caller.token, pr: pr?.status ?? null });
  if (refusal !== null) return refusal;
  // By that alone the work counts as landed (I9).
  const disguised = pr?.status === 'merged' ? await refuseAgents(context, 'say that work was merged') : null;
  if (disguised !== null) return disguised;
  const { dependencies, ...fields } = order.fields;
  const keys = dependencies === undefined ? task.dependencies : await findKeys(context, dependencies, task.plan);
  const answer =
    Object.keys(order.fields).length === 0 && order.pr !== null
      ? null
      : await run(context, task.key, {
          type: 'change',
          definition: { ...definitionOf(task), ...fields, dependencies: keys },
        });
  if (order.pr === null || (answer !== null && isRejection(answer))) return answer as ChangeAnswer | Rejection;
  return run(context, task.key, pr === null ? { type: 'drop-pr' } : { type: 'set-pr', ...pr });
}

/** `how` `add`: `task` needs `needs` from now on. An attempt may do this to tasks nobody works on, and to its own. */
export async function changeDependency(
  context: Context,
  order: { how: 'add' | 'remove'; task: string; needs: readonly string[]; plan: string | null },
): Promise<ChangeAnswer | Rejection> {
  const { caller } = context;
  const { task } = await findTask(context, order.task, order.plan);
  if (caller.kind === 'attempt' && task.claim !== null && task.claim.token !== caller.token) {
    return reject(
      'not-yours',
      `${task.key} is worked on by ${task.claim.agent}`,
      'orbit send tells them what you found',
    );
  }
  const keys = await findKeys(context, order.needs, task.plan);
  const definition = order.how === 'add' ? addDependencies(task, keys) : removeDependencies(task, keys);
  return run(context, task.key, { type: 'change', definition });
}

async function madeBy(context: Context): Promise<Origin | null | Rejection> {
  return (await import('./split-task.ts')).originOf(context, context.caller);
}

async function run(
  context: Context,
  key: TaskKey,
  command: Parameters<Context['store']['execute']>[1],
): Promise<ChangeAnswer | Rejection> {
  const executed = await context.store.execute(key, command, {
    actor: context.caller.actor,
    now: context.clock.now(),
    durable: true,
  });
  if (isRejection(executed)) return executed;
  const { task, unmet } = executed.record;
  await projectProgress(context, task.plan);
  return {
    task: task.id,
    status: deriveStatus(task, unmet, context.clock.now()),
    plan: task.plan,
    dependencies: task.dependencies,
  };
}

async function onlyPlan(context: Context): Promise<string> {
  const [plan, ...others] = await context.store.plans();
  if (plan !== undefined && others.length === 0) return plan.id;
  throw new UsageError(
    'missing-argument',
    plan === undefined ? 'there is no plan yet' : 'there are several plans',
    'add --plan NAME',
  );
}

async function nextId(context: Context, plan: string): Promise<string> {
  const records = await context.store.tasks({ plan }, context.clock.now());
  const numbers = records.map(({ task }) => Number(/^T(\d{1,9})$/.exec(task.id)?.[1] ?? 0));
  return `T${String(Math.max(0, ...numbers.slice(-100_000)) + 1).padStart(3, '0')}`;
}
