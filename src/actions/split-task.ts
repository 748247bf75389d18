/**
 * What attempts may make of tasks: how deep, and what a split must look like before the task waits for it.
 *
 * Owns the bounds and the looks. A split is judged as a plan is, by the same rules.
 */
import type { TaskKey } from '../core/id.ts';
import { keyParts } from '../core/id.ts';
import { limits } from '../core/limits.ts';
import { draftFindings, fitFindings } from '../core/plan-check.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import { inScope } from '../core/scope.ts';
import type { Origin, Task } from '../core/task.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Caller } from './caller.ts';
import type { Context } from './context.ts';

/** Where a task made by this caller comes from; `null` for people. Refuses what goes too deep; the store counts (I11). */
export async function originOf(context: Context, caller: Caller): Promise<Origin | null | Rejection> {
  if (caller.kind === 'person' || caller.task === null) return null;
  const { task: key, token } = caller;
  const task = (await context.store.task(key))?.task;
  const depth = (task?.origin?.depth ?? 0) + 1;
  if (depth > limits.madeDepthMax) {
    return reject(
      'too-many-tasks',
      `${key} was itself made by an attempt at a task that was made so: that goes ${limits.madeDepthMax} deep at most`,
      'orbit block --question asks a person',
    );
  }
  const isPart = task?.rung === 'split' && task.claim?.token === token;
  return { task: key, token, depth, ...(isPart ? { isPart } : {}) };
}

/** Why `task` cannot wait for these, or `null`. */
export async function refuseNeeds(context: Context, task: Task, needs: readonly TaskKey[]): Promise<Rejection | null> {
  return (await refuseRing(context, task.key, needs)) ?? refuseSplit(context, task, needs);
}

/** The store refuses a ring as well; this is to know it before a task is made. */
async function refuseRing({ store }: Context, own: TaskKey, needs: readonly TaskKey[]): Promise<Rejection | null> {
  const seen = new Set<TaskKey>();
  const open = [...needs];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === own) {
      return reject(
        'cycle',
        `${own} would wait for itself through ${needs.join(', ')}`,
        `orbit why ${needs[0] ?? own}`,
      );
    }
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...((await store.task(key))?.task.dependencies ?? []));
  }
  return null;
}

/** A task on the rung `split` is handed back with parts that a plan could have. */
async function refuseSplit(context: Context, task: Task, needs: readonly TaskKey[]): Promise<Rejection | null> {
  if (task.rung !== 'split') return null;
  const records = await context.store.tasks({ plan: task.plan }, context.clock.now());
  const parts = records.filter((record) => record.task.origin?.task === task.key);
  const named = parts.filter((record) => needs.includes(record.task.key));
  if (named.length === 0) return null;
  const settings = await context.settings();
  const draft = draftOf(records);
  const own = new Set(named.map((record) => record.task.id));
  const around = { agents: Object.keys(settings.agents), paths: null, shared: settings.shared };
  const faults = [...draftFindings(draft), ...fitFindings(draft, around)]
    .filter(({ severity, task: id }) => severity === 'error' && id !== null && own.has(id))
    .map(({ message }) => message);
  for (const part of named) faults.push(...scopeFaults(task, part.task));
  if (faults.length === 0) return null;
  return reject(
    'plan-invalid',
    `the split of ${task.id} cannot be used: ${faults.join('; ')}`,
    `mend it with orbit edit or orbit create, then hand ${task.id} back again`,
  );
}

/** A part may write no more than the whole. */
function scopeFaults(whole: Task, part: Task): string[] {
  if (whole.scope.length === 0) return [];
  if (part.scope.length === 0) return [`${part.id} names no files; give it --scope within ${whole.scope.join(', ')}`];
  const outside = part.scope.filter((entry) => !whole.scope.includes(entry) && !inScope(entry, whole.scope));
  return outside.length === 0 ? [] : [`${part.id} may write ${outside.join(', ')}, which ${whole.id} may not`];
}

function draftOf(records: readonly TaskRecord[]): Parameters<typeof draftFindings>[0] {
  const tasks = records.map(({ task }) => ({
    ...task,
    dependencies: task.dependencies.map((key) => (keyParts(key).plan === task.plan ? keyParts(key).task : key)),
    ticked: task.closed !== null || task.evidence !== null,
    line: 0,
  }));
  return { title: '', unblock: null, layers: null, layerList: [], checks: [], tasks };
}
