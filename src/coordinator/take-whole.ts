/**
 * Takes a split task whole when all its parts have failed (C11).
 *
 * Owns the order: the task is freed of its parts first, with their names in the event; then they are closed, their logs and work kept.
 * A crash in between leaves parts that the next look closes.
 */
import type { TaskKey } from '../core/id.ts';
import { isRejection } from '../core/rejection.ts';
import type { Task } from '../core/task.ts';
import { isToTakeWhole, partsOf, tellParts } from '../core/whole.ts';
import { epochOf } from './lead.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';

/** How many tasks were taken whole or parts closed. */
export async function takeWhole(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<number> {
  const { store, clock } = ports;
  const parents = new Set<TaskKey>();
  for (const plan of settings.plans)
    for (const { task } of await store.tasks({ plan, status: ['needs-you'] }, clock.now()))
      if (task.origin !== null) parents.add(task.origin.task);
  let changed = 0;
  for (const key of parents) {
    const parent = (await store.task(key))?.task;
    if (parent === undefined) continue;
    const parts = partsOf(parent, await tasksOf(ports, parent.dependencies));
    if (parent.whole === undefined && isToTakeWhole(parent, parts) && !(await areNeeded(ports, parent, parts))) {
      const command = {
        type: 'take-whole',
        parts: parts.map((part) => part.key),
        advice: tellParts(parts, Math.floor(settings.limits.reasonLengthMax / parts.length)),
      } as const;
      if (isRejection(await execute(ports, state, key, command))) continue;
      ports.log(`${parent.id}: all its parts failed, so one agent does it in one piece`);
      changed += 1 + (await closeParts(ports, state, { ...parent, whole: command.parts }));
    } else if (parent.whole !== undefined) changed += await closeParts(ports, state, parent);
  }
  return changed;
}

/** Whether somebody else waits for a part: then a person decides. */
async function areNeeded({ store }: CoordinatorPorts, parent: Task, parts: readonly Task[]): Promise<boolean> {
  const family = new Set([parent.key, ...parts.map(({ key }) => key)]);
  for (const { key } of parts)
    for (const dependant of await store.dependants(key)) if (!family.has(dependant)) return true;
  return false;
}

async function closeParts(ports: CoordinatorPorts, state: CoordinatorState, { id, whole = [] }: Task): Promise<number> {
  let closed = 0;
  for (const part of await tasksOf(ports, whole)) {
    if (part.closed !== null) continue;
    const why = `all parts of ${id} failed; ${id} is done in one piece instead`;
    const answer = await execute(ports, state, part.key, { type: 'close', as: 'cancelled', why });
    if (!isRejection(answer)) closed += 1;
  }
  return closed;
}

async function tasksOf({ store }: CoordinatorPorts, keys: readonly TaskKey[]): Promise<Task[]> {
  const records = await Promise.all(keys.map(async (key) => store.task(key)));
  return records.flatMap((record) => (record === null ? [] : [record.task]));
}

type Execute = CoordinatorPorts['store']['execute'];

async function execute(
  { store, clock }: CoordinatorPorts,
  state: CoordinatorState,
  ...[key, command]: [Parameters<Execute>[0], Parameters<Execute>[1]]
): ReturnType<Execute> {
  return store.execute(key, command, { actor: 'coordinator', now: clock.now(), durable: true, epoch: epochOf(state) });
}
