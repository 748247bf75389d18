/** Attempts as people and scripts see them: who tried what, how it went, what it cost. Reads only. */
import type { Attempt, Todo } from '../core/attempt.ts';
import { keyParts, type TaskKey } from '../core/id.ts';
import type { ActedRule } from '../core/task.ts';
import { UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';
import { findTask, requirePlan } from './find-task.ts';

export interface AttemptView {
  token: number;
  task: string;
  plan: string;
  title: string;
  agent: string;
  adapter: string | null;
  /** As the agent's program told it, else as the ladder asked for it. */
  model: string | null;
  rung: string;
  byHand: boolean;
  startedAt: string;
  endedAt: string | null;
  outcome: string | null;
  reason: string | null;
  acted: ActedRule | null;
  branch: string | null;
  base: string | null;
  commit: string | null;
  step: number;
  doing: string;
  tokens: number;
  costUsd: number;
  contextUsed: number | null;
  contextSize: number | null;
  todo: Todo | null;
  /** Whether there is anything for `readTranscript`. */
  hasLogs: boolean;
}

export interface AttemptOrder {
  plan: string | null;
  /** An id, with its plan or without. */
  task: string | null;
  /** Only those that have not ended. */
  live: boolean;
}

/** Newest first. Throws `UsageError` as `findTask` and `requirePlan` do. */
export async function listAttempts(context: Context, { plan, task, live }: AttemptOrder): Promise<AttemptView[]> {
  const { store } = context;
  const key = task === null ? null : (await findTask(context, task, plan)).task.key;
  if (key === null && plan !== null) await requirePlan(context, plan);
  const query = { ...(key === null ? {} : { task: key }), ...(key !== null || plan === null ? {} : { plan }) };
  const attempts = await store.attempts(live ? { ...query, live } : query);
  const titles = await titlesOf(context, attempts);
  return attempts
    .toSorted((one, other) => other.token - one.token)
    .map((attempt) => viewAttempt(attempt, titles.get(attempt.task) ?? ''));
}

/** Throws `UsageError` `unknown-attempt`. */
export async function showAttempt(context: Context, token: number): Promise<AttemptView> {
  const attempt = await requireAttempt(context, token);
  return viewAttempt(attempt, (await context.store.task(attempt.task))?.task.title ?? '');
}

/** Throws `UsageError` `unknown-attempt`. */
export async function requireAttempt({ store }: Pick<Context, 'store'>, token: number): Promise<Attempt> {
  const attempt = Number.isSafeInteger(token) && token > 0 ? await store.attempt(token) : null;
  if (attempt !== null) return attempt;
  throw new UsageError(
    'unknown-attempt',
    `there is no attempt ${token} in this project`,
    'orbit agents shows those at work, orbit show TASK all of a task',
  );
}

export function viewAttempt(attempt: Attempt, title: string): AttemptView {
  const { token, agent, adapter, rung, byHand, outcome, reason, acted, branch, base, commit, pulse } = attempt;
  const { plan, task } = keyParts(attempt.task);
  const { step, doing, tokens, costUsd, contextUsed, contextSize, todo } = pulse;
  return {
    token,
    task,
    plan,
    title,
    agent,
    adapter,
    model: pulse.model ?? attempt.model,
    rung,
    byHand,
    startedAt: new Date(attempt.startedAt).toISOString(),
    endedAt: attempt.endedAt === null ? null : new Date(attempt.endedAt).toISOString(),
    outcome,
    reason,
    acted,
    branch,
    base,
    commit,
    step,
    doing,
    tokens,
    costUsd,
    contextUsed,
    contextSize,
    todo,
    hasLogs: attempt.logs !== null,
  };
}

/** By one look for each plan where there are many attempts, by task where there are few. */
async function titlesOf({ store, clock }: Context, attempts: readonly Attempt[]): Promise<Map<TaskKey, string>> {
  const keys = new Set(attempts.map(({ task }) => task));
  const titles = new Map<TaskKey, string>();
  if (keys.size <= fewTasks) {
    for (const key of keys) titles.set(key, (await store.task(key))?.task.title ?? '');
    return titles;
  }
  for (const plan of new Set([...keys].map((key) => keyParts(key).plan)))
    for (const { task } of await store.tasks({ plan }, clock.now())) titles.set(task.key, task.title);
  return titles;
}

/** As many tasks are asked for one by one; more cost less in one look. */
const fewTasks = 50;
