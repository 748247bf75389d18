/** The mark that git writes together with the target. */
import type { Task } from '../../core/task.ts';

/** One ref for each attempt that landed: `refs/orbit/landed/<token>-<task>`. */
export function landedRef(task: Task): string {
  return `refs/orbit/landed/${task.evidence?.token ?? 0}-${task.id}`;
}
