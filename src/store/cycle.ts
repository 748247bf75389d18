/** Owns the refusal of a change that would close a ring of dependencies (I14: the graph has no cycle), also across plans. */
import type { TaskCommand } from '../core/command.ts';
import { findCycles } from '../core/graph.ts';
import type { TaskKey } from '../core/id.ts';
import { reject, type Rejection } from '../core/rejection.ts';

/**
 * Refuses if a ring lies below one of `changed`, whose dependencies are new.
 * @param needsOf the dependencies of a task as they are to be, none for a task that does not exist.
 */
export function refuseCycle(
  changed: Iterable<TaskKey>,
  needsOf: (key: TaskKey) => readonly TaskKey[],
): Rejection | null {
  const graph = new Map<TaskKey, readonly TaskKey[]>();
  const open = [...changed];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (graph.has(key)) continue;
    // In one order, so that every store names the same of several rings.
    const needs = needsOf(key).toSorted();
    graph.set(key, needs);
    for (const needed of needs) if (!graph.has(needed)) open.push(needed);
  }
  const [ring] = findCycles(graph);
  if (ring === undefined) return null;
  const message = `the dependencies ${ring.join(' -> ')} form a ring, so none of these tasks could ever start`;
  return reject('cycle', message, 'drop one of them: orbit dep rm <task> <needed task>, or edit the plan');
}

/** Whether a ring through `graph`, the plan's dependencies, could pass through other plans; core looks at the plan itself. */
export function leavesPlan(plan: string, graph: ReadonlyMap<TaskKey, readonly TaskKey[]>): boolean {
  const start = `${plan}/`;
  for (const needs of graph.values()) if (needs.some((needed) => !needed.startsWith(start))) return true;
  return false;
}

/** What a command makes a task depend on; `null` if it leaves that alone. @param now what it depends on so far. */
export function dependenciesAfter(command: TaskCommand, now: () => readonly TaskKey[]): readonly TaskKey[] | null {
  if (command.type === 'create' || command.type === 'change') return command.definition.dependencies;
  return command.type === 'block-on' ? [...now(), ...command.needs] : null;
}
