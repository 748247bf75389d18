/** Tasks, plans and drafts for tests of core: complete values, of which a test names only what it is about. */
import type { Attempt } from '../../src/core/attempt.ts';
import type { RetryRule, Surroundings, TaskCommand } from '../../src/core/command.ts';
import { decideTask } from '../../src/core/decide-task.ts';
import type { Decision } from '../../src/core/decision.ts';
import type { TaskEventBody } from '../../src/core/event.ts';
import { evolveAttempt } from '../../src/core/evolve-attempt.ts';
import { evolveTask } from '../../src/core/evolve-task.ts';
import { taskKey, type TaskKey } from '../../src/core/id.ts';
import type { Plan, PlanDraft, TaskDraft } from '../../src/core/plan.ts';
import { isRejection } from '../../src/core/rejection.ts';
import type { Evidence, Task, TaskDefinition } from '../../src/core/task.ts';

export const samplePlan: Plan = {
  id: '001',
  title: 'Sample',
  source: 'specs/001/agent-tasks/layered-tasks.md',
  unblock: 'done',
  layers: 'hints',
  layerList: [],
  checks: [],
  target: 'refs/heads/orbit/001',
  paused: false,
  createdAt: 0,
};

export const sampleRule: RetryRule = {
  attemptsMax: 3,
  spentMsMax: 3_600_000,
  retryDelayMs: 5_000,
  jitter: 0,
  bouncesMax: 3,
  agents: [],
};

export function definition(fields: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    id: 'T1',
    title: 'Title',
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
    ...fields,
  };
}

/** A task as its creation leaves it, with the facts that the test sets on top. */
export function taskWith(fields: Partial<Task> = {}): Task {
  const made = definition({ id: fields.id ?? 'T1' });
  const key = fields.key ?? taskKey('001', made.id);
  const task = evolveTask(null, { type: 'task-created', definition: made }, { key, at: 0, actor: 'ann' });
  return { ...(task as Task), ...fields };
}

export function draftTask(id: string, fields: Partial<TaskDraft> = {}): TaskDraft {
  return { ...definition({ id }), dependencies: [], ticked: false, line: 1, ...fields };
}

export function draftOf(tasks: readonly TaskDraft[], fields: Partial<PlanDraft> = {}): PlanDraft {
  return { title: 'Sample', unblock: null, layers: null, layerList: [], checks: [], tasks, ...fields };
}

export function claimOf(agent: string, token: number, since = 0): NonNullable<Task['claim']> {
  return { agent, token, rung: 'first', model: null, byHand: false, since, expiresAt: since + 30_000, reported: null };
}

export function evidenceOf(token: number, fields: Partial<Evidence> = {}): Evidence {
  return {
    token,
    agent: 'claude-1',
    commit: 'c'.repeat(40),
    base: 'b'.repeat(40),
    tree: 'd'.repeat(40),
    branch: `orbit-work/001/T1-${token}`,
    commits: 1,
    files: 1,
    checks: [],
    noChanges: null,
    at: 0,
    ...fields,
  };
}

export const calm: Surroundings = {
  now: 1_000,
  unmet: 0,
  planPaused: false,
  planChecks: [],
  nextToken: 1,
  leaseEnd: null,
};

/** Decides and folds the events, those kept for audit too. */
export function perform(
  task: Task | null,
  command: TaskCommand,
  context: { key: TaskKey; actor: string; around: Surroundings },
): { decision: Decision; task: Task | null } {
  const decision = decideTask(task, command, context.around);
  const events = isRejection(decision) ? (decision.audit ?? []) : decision.events;
  const at = context.around.now;
  const after = events.reduce<Task | null>((folded, event) => evolveTask(folded, event, { ...context, at }), task);
  return { decision, task: after };
}

export function attemptOf(task: TaskKey, token: number, pulse: Partial<Attempt['pulse']> = {}): Attempt {
  const claimed: TaskEventBody = {
    type: 'task-claimed',
    agent: 'claude-1',
    token,
    byHand: false,
    expiresAt: 30_000,
    base: null,
    workspace: null,
    branch: null,
  };
  const attempt = evolveAttempt(null, claimed, { key: task, at: 0, actor: 'claude-1' }) as Attempt;
  return { ...attempt, pulse: { ...attempt.pulse, ...pulse } };
}
