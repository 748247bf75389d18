/** What a plan says about a task, taken out of a task or changed: the input of `change`. Pure. */
import type { TaskKey } from '../core/id.ts';
import { definitionOf, type Task, type TaskDefinition } from '../core/task.ts';

export function addDependencies(task: Task, keys: readonly TaskKey[]): TaskDefinition {
  return { ...definitionOf(task), dependencies: [...new Set([...task.dependencies, ...keys])] };
}

export function removeDependencies(task: Task, keys: readonly TaskKey[]): TaskDefinition {
  return { ...definitionOf(task), dependencies: task.dependencies.filter((key) => !keys.includes(key)) };
}
