/** Reasons of a task that waits for others: each unmet dependency with how far it is. */
import { ago } from './ago.ts';
import type { TaskKey } from './id.ts';
import type { Unblock } from './plan.ts';
import { deriveStatus, meetsDependency, type TaskStatus } from './status.ts';
import type { Task } from './task.ts';
import type { Because, WhyInput, WhyTask } from './because.ts';

export function dependencyReasons({ task, plan, dependencies, landingMode, now }: WhyInput): Because[] {
  const known = new Map<TaskKey, WhyTask>(dependencies.map((one) => [one.task.key, one]));
  const unblock = plan?.unblock ?? 'done';
  return task.dependencies.flatMap((key) => {
    const needed = known.get(key);
    if (needed === undefined) return [missingReason(task, key)];
    if (meetsDependency(needed.task, unblock)) return [];
    if (needed.task.closed !== null) return [cancelledReason(task, needed.task)];
    const isLeft = landingMode === 'off' && needed.task.plan === task.plan && needed.task.evidence !== null;
    return [isLeft && needed.task.inbox === null ? leftReason(needed.task) : openReason(needed, unblock, now)];
  });
}

function missingReason({ key: own }: Task, key: TaskKey): Because {
  const message = `waits for ${key}, which does not exist`;
  const unblockedBy = `creating it, or orbit dep rm ${own} ${key}`;
  return { rule: 'dependency-missing', message, since: null, holder: key, unblockedBy };
}

function cancelledReason({ key: own }: Task, { key, closed }: Task): Because {
  const message = `waits for ${key}, which was cancelled: ${closed?.why}`;
  const unblockedBy = `orbit reopen ${key}, or orbit dep rm ${own} ${key}`;
  return { rule: 'dependency-cancelled', message, since: closed?.at ?? null, holder: closed?.by ?? null, unblockedBy };
}

/** The plan waits for landings that nobody makes. */
function leftReason({ key, evidence }: Task): Because {
  const message = `waits for ${key} (done, and nobody lands it: landing.mode is off); this plan unblocks on landed`;
  const unblockedBy = `a person: merging the work of ${key} and orbit close ${key}`;
  return { rule: 'dependency', message, since: evidence?.at ?? null, holder: 'a person', unblockedBy };
}

function openReason({ task, unmet }: WhyTask, unblock: Unblock, now: number): Because {
  const { key, claim, evidence, inbox, hold } = task;
  const reason = (state: string, since?: number, holder: string = key): Because => ({
    rule: 'dependency',
    message: `waits for ${key} (${state})`,
    since: since ?? null,
    holder,
    unblockedBy: `${key} being ${unblock}`,
  });
  const states: Record<TaskStatus, () => Because> = {
    running: () =>
      reason(`running by ${claim?.agent} for ${ago(now - (claim?.since ?? now))}`, claim?.since, claim?.agent),
    'needs-you': () => reason(`it needs a person: ${inbox?.reason}`, inbox?.at, 'a person'),
    done: () => reason('done, waits to land; this plan unblocks on landed', evidence?.at, 'the landing queue'),
    landing: () => reason('in the landing queue; this plan unblocks on landed', evidence?.at, 'the landing queue'),
    blocked: () => reason(`itself blocked by ${unmet} unfinished ${unmet === 1 ? 'task' : 'tasks'}: orbit why ${key}`),
    waiting: () =>
      hold === null
        ? reason(`waits ${ago((task.retryAt ?? now) - now)} before its next attempt`)
        : reason(`held by ${hold.by}: ${hold.why}`, hold.at, hold.by),
    ready: () => reason('ready, not taken yet'),
    landed: () => reason('landed; its dependants are being told'),
    cancelled: () => reason('cancelled'),
  };
  return states[deriveStatus(task, unmet, now)]();
}
