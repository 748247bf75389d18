/**
 * What the log says, folded again from the first event on, apart from the store: the oracle that the store is compared with.
 */
import type { Attempt } from '../../src/core/attempt.ts';
import type { Event, TaskEventBody } from '../../src/core/event.ts';
import { attemptOf, evolveAttempt } from '../../src/core/evolve-attempt.ts';
import { evolveTask } from '../../src/core/evolve-task.ts';
import type { TaskKey } from '../../src/core/id.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Task } from '../../src/core/task.ts';

export class History {
  readonly events: Event[] = [];
  readonly tasks: Map<TaskKey, Task> = new Map();
  readonly attempts: Map<number, Attempt> = new Map();
  readonly plans: Map<string, Plan> = new Map();
  /** Largest token given out. */
  lastToken = 0;
  /** Attempts that cost no attempt of the budget, by task: given back, bounced, granted or sent round by a person. */
  readonly pardons: Map<TaskKey, number> = new Map();

  fold(event: Event): void {
    this.events.push(event);
    const { body, task: key, at, actor } = event;
    if (body.type === 'plan-created' || body.type === 'plan-changed') this.plans.set(body.plan.id, body.plan);
    if (key === null || isOther(body.type)) return;
    const taskBody = body as TaskEventBody;
    const context = { key, at, actor };
    const task = evolveTask(this.tasks.get(key) ?? null, taskBody, context);
    if (task !== null) this.tasks.set(key, task);
    const token = attemptOf(taskBody);
    if (token !== null) {
      const attempt = evolveAttempt(this.attempts.get(token) ?? null, taskBody, context);
      if (attempt !== null) this.attempts.set(token, attempt);
      this.lastToken = Math.max(this.lastToken, token);
    }
    const pardon = pardonOf(taskBody);
    if (pardon > 0) this.pardons.set(key, (this.pardons.get(key) ?? 0) + pardon);
  }

  live(): Attempt[] {
    return [...this.attempts.values()].filter((attempt) => attempt.endedAt === null);
  }
}

/** They name a task and are no facts of it. */
const others: ReadonlySet<string> = new Set([
  'message-sent',
  'message-acknowledged',
  'finding-noted',
  'conflict-seen',
  'conflict-gone',
]);

function isOther(type: Event['body']['type']): boolean {
  return others.has(type);
}

const forgiven: ReadonlySet<string> = new Set(['released', 'handed-over', 'cancelled']);

function pardonOf(body: TaskEventBody): number {
  if (body.type === 'attempt-ended') return forgiven.has(body.outcome) ? 1 : 0;
  if (body.type === 'task-retried') return Math.max(1, body.attemptsGranted);
  return body.type === 'landing-bounced' || body.type === 'task-reopened' ? 1 : 0;
}
