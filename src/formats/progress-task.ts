/**
 * A task as `.progress.json` shows it: the few words of that file, told from a task's facts.
 *
 * Owns the translation. A task is `completed` as soon as its work is proven, whatever became of its pull request (A4); what rests
 * or needs a person is `blocked`, because nobody may start it. Cancelled tasks are not shown.
 */
import { keyParts, type TaskKey } from '../core/id.ts';
import { attemptNames } from '../core/kept-refs.ts';
import type { Unblock } from '../core/plan.ts';
import { deriveStatus, meetsDependency, type TaskStatus } from '../core/status.ts';
import type { PullRequestStatus, Task } from '../core/task.ts';

export type ProgressStatus = 'available' | 'blocked' | 'in_progress' | 'completed';

export interface ProgressTask {
  id: string;
  layer: number | null;
  status: ProgressStatus;
  /** Who works or worked on it. */
  agent: string | null;
  /** Who is to do it; `null` = anybody. */
  assignedTo: string | null;
  worktree: string | null;
  pr: number | null;
  prStatus: PullRequestStatus | null;
  /** Bare ids of the same plan, or `plan/task`. */
  dependencies: readonly string[];
  /** Those of its dependencies that keep it back. */
  waitingFor: readonly string[];
  /** Milliseconds since 1970. */
  startedAt: number | null;
  completedAt: number | null;
}

/** A task with the number of its dependencies that are not met. */
export interface CountedTask {
  task: Task;
  unmet: number;
}

/** @param unblock of the plan: when a dependency counts as met. */
export function progressTasks(counted: readonly CountedTask[], unblock: Unblock, now: number): ProgressTask[] {
  const byKey = new Map(counted.map(({ task }) => [task.key, task]));
  return counted.flatMap(({ task, unmet }) => {
    const status = statuses[deriveStatus(task, unmet, now)];
    if (status === null) return [];
    const isOpen = (key: TaskKey): boolean => {
      const dependency = byKey.get(key);
      return dependency !== undefined && !meetsDependency(dependency, unblock);
    };
    const bare = (key: TaskKey): string => (keyParts(key).plan === task.plan ? keyParts(key).task : key);
    return [
      {
        id: task.id,
        layer: task.layer,
        status,
        agent: task.claim?.agent ?? task.evidence?.agent ?? null,
        assignedTo: task.agent,
        worktree: worktreeOf(task),
        pr: task.pr?.number ?? null,
        prStatus: task.pr?.status ?? null,
        dependencies: task.dependencies.map(bare),
        waitingFor: status === 'completed' ? [] : task.dependencies.filter(isOpen).map(bare),
        startedAt: task.startedAt,
        completedAt: status === 'completed' ? (task.doneAt ?? task.closed?.at ?? null) : null,
      },
    ];
  });
}

const statuses: Readonly<Record<TaskStatus, ProgressStatus | null>> = {
  blocked: 'blocked',
  ready: 'available',
  running: 'in_progress',
  done: 'completed',
  landing: 'completed',
  landed: 'completed',
  waiting: 'blocked',
  'needs-you': 'blocked',
  cancelled: null,
};

/** Only of attempts that Orbit made a workspace for; where somebody works by hand is theirs to know. */
function worktreeOf({ key, claim, evidence }: Task): string | null {
  if (claim !== null) return claim.byHand ? null : attemptNames(key, claim.token).workspace;
  if (evidence === null || evidence.branch === null) return null;
  const { workspace } = attemptNames(key, evidence.token);
  return evidence.branch.endsWith(`/${workspace}`) ? workspace : null;
}
