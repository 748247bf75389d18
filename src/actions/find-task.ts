/**
 * From what a person wrote to the task that they mean: `T031`, `001/T031`, `T031` with a plan.
 *
 * Owns that search, and the words for an id that is wrong, unknown or ambiguous.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { keyParts, nameFault, taskKey, type TaskKey } from '../core/id.ts';
import { UsageError } from '../platform/error.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { discoverPlans, syncPlan } from './sync-plan.ts';

/**
 * @param plan a plan named by the caller; `ORBIT_PLAN` counts where none is.
 * Throws `UsageError`: `bad-id`, `unknown-task`, `ambiguous-task`, `unknown-plan`.
 */
export async function findTask(context: Context, text: string, plan: string | null = null): Promise<TaskRecord> {
  const cut = text.indexOf('/');
  const id = cut < 0 ? text : text.slice(cut + 1);
  const named = cut < 0 ? (plan ?? context.caller.plan) : text.slice(0, cut);
  for (const name of named === null ? [id] : [named, id]) {
    const fault = nameFault(name);
    if (fault !== null)
      throw new UsageError(
        'bad-id',
        `${JSON.stringify(text.slice(0, 80))} cannot be a task: ${fault}`,
        'a task is T031, or 001/T031 with its plan',
      );
  }
  if (named !== null) return inPlan(context, named, id);
  let keys = await context.store.taskKeys(id);
  if (keys.length === 0 && (await discoverPlans(context))) keys = await context.store.taskKeys(id);
  const [key, ...others] = keys;
  if (key === undefined) throw unknown(id);
  if (others.length > 0) {
    const plans = keys.map((each) => keyParts(each).plan);
    throw new UsageError(
      'ambiguous-task',
      `${id} is in several plans: ${plans.join(', ')}`,
      `write ${plans[0]}/${id}, or add --plan`,
    );
  }
  await syncPlan(context, keyParts(key).plan);
  return (await context.store.task(key)) ?? fail(id);
}

async function inPlan(context: Context, plan: string, id: string): Promise<TaskRecord> {
  await requirePlan(context, plan);
  return (await context.store.task(taskKey(plan, id))) ?? fail(`${plan}/${id}`);
}

/** Makes sure that the plan is there, reading its file if that is newer. Throws `UsageError` `unknown-plan`. */
export async function requirePlan(context: Context, plan: string): Promise<void> {
  const fault = nameFault(plan);
  if (fault !== null)
    throw new UsageError(
      'bad-id',
      `${JSON.stringify(plan.slice(0, 80))} cannot be a plan: ${fault}`,
      existsSync(join(context.paths.top, plan))
        ? `orbit import ${plan}, then name the plan`
        : 'a plan is a name such as 001',
    );
  await syncPlan(context, plan);
  if ((await context.store.plan(plan)) !== null) return;
  const known = (await context.store.plans()).map((each) => each.id);
  throw new UsageError(
    'unknown-plan',
    `there is no plan ${plan}`,
    existsSync(join(context.paths.top, specKitFile(plan)))
      ? `orbit import spec-kit ${specKitFile(plan)}`
      : known.length === 0
        ? `write specs/${plan}/agent-tasks/layered-tasks.md, or orbit import`
        : `known plans: ${known.join(', ')}`,
  );
}

/** Where spec-kit keeps the tasks of a feature. */
function specKitFile(plan: string): string {
  return `specs/${plan}/tasks.md`;
}

/** Keys of `A`, `001/A` for a command's list of dependencies; unqualified ids belong to `plan`. */
export async function findKeys(context: Context, texts: readonly string[], plan: string): Promise<TaskKey[]> {
  const keys: TaskKey[] = [];
  for (const text of texts) keys.push((await findTask(context, text, plan)).task.key);
  return keys;
}

function unknown(id: string): UsageError {
  return new UsageError('unknown-task', `there is no task ${id}`, 'orbit list shows all tasks');
}

function fail(id: string): never {
  throw unknown(id);
}
