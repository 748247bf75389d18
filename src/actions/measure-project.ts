/** A project in numbers, for monitoring: counts and sums over tasks, attempts, queue and inbox. Reads only, each task and attempt once. */
import { taskStatuses, deriveStatus, hasEnded, type TaskStatus } from '../core/status.ts';
import type { AttemptOutcome, InboxKind } from '../core/task.ts';
import { failureRate } from '../core/train.ts';
import type { Context } from './context.ts';
import { leaderNow } from './leader-now.ts';

/** Times in milliseconds, money in US dollars. */
export interface ProjectMeasures {
  tasks: readonly { plan: string; byStatus: Record<TaskStatus, number> }[];
  /** Ended attempts. */
  attempts: readonly { adapter: string | null; outcome: AttemptOutcome; count: number }[];
  /** Attempts that go on. */
  live: readonly { adapter: string | null; count: number }[];
  /** Of all attempts, those that go on included. */
  spent: readonly { adapter: string | null; model: string | null; tokens: number; costUsd: number }[];
  queue: readonly { plan: string; waiting: number; failureRate: number | null; validationMs: number | null }[];
  inbox: readonly { kind: InboxKind; count: number }[];
  /** Age of the oldest item; `null`: the inbox is empty. */
  inboxOldestMs: number | null;
  lastSeq: number;
  /** Whether any coordinator leads the project. */
  led: boolean;
}

/** @param context an open project; the store and the clock are all that is used. */
export async function measureProject(context: Pick<Context, 'store' | 'clock'>): Promise<ProjectMeasures> {
  const { store, clock } = context;
  const now = clock.now();
  const records = await store.tasks({}, now);
  const plans = new Map<string, Record<TaskStatus, number>>();
  const inbox = new Sums<InboxKind>();
  let oldest: number | null = null;
  for (const { task, unmet } of records) {
    const counts = plans.get(task.plan) ?? none();
    plans.set(task.plan, counts);
    counts[deriveStatus(task, unmet, now)] += 1;
    if (task.inbox === null || hasEnded(task)) continue;
    inbox.add(task.inbox.kind, [1]);
    oldest = Math.min(oldest ?? task.inbox.at, task.inbox.at);
  }
  const trains = new Map((await store.trains()).map((train) => [train.plan, train]));
  return {
    tasks: [...plans].map(([plan, byStatus]) => ({ plan, byStatus })),
    ...(await measureAttempts(context)),
    queue: [...plans].map(([plan, { landing }]) => {
      const train = trains.get(plan);
      return {
        plan,
        waiting: landing,
        failureRate: train === undefined ? null : failureRate(train.rate),
        validationMs: train?.validationMs ?? null,
      };
    }),
    inbox: inbox.rows().map(([kind, [count = 0]]) => ({ kind, count })),
    inboxOldestMs: oldest === null ? null : Math.max(0, now - oldest),
    lastSeq: await store.lastSeq(),
    led: (await leaderNow(context)) !== null,
  };
}

async function measureAttempts({
  store,
}: Pick<Context, 'store'>): Promise<Pick<ProjectMeasures, 'attempts' | 'live' | 'spent'>> {
  const ended = new Sums<string>();
  const live = new Sums<string>();
  const spent = new Sums<string>();
  for (const { adapter, outcome, endedAt, model, pulse } of await store.attempts({})) {
    if (endedAt === null || outcome === null) live.add(JSON.stringify([adapter]), [1]);
    else ended.add(JSON.stringify([adapter, outcome]), [1]);
    spent.add(JSON.stringify([adapter, pulse.model ?? model]), [pulse.tokens, pulse.costUsd]);
  }
  return {
    attempts: ended.rows().map(([key, [count = 0]]) => {
      const [adapter, outcome] = JSON.parse(key) as [string | null, AttemptOutcome];
      return { adapter, outcome, count };
    }),
    live: live.rows().map(([key, [count = 0]]) => ({ adapter: (JSON.parse(key) as [string | null])[0], count })),
    spent: spent.rows().map(([key, [tokens = 0, costUsd = 0]]) => {
      const [adapter, model] = JSON.parse(key) as [string | null, string | null];
      return { adapter, model, tokens, costUsd };
    }),
  };
}

/** Sums of several numbers by a name. */
class Sums<Name extends string> {
  readonly #sums = new Map<Name, number[]>();

  add(name: Name, numbers: readonly number[]): void {
    const sum = this.#sums.get(name) ?? numbers.map(() => 0);
    this.#sums.set(
      name,
      sum.map((one, at) => one + (numbers[at] ?? 0)),
    );
  }

  rows(): [Name, number[]][] {
    return [...this.#sums];
  }
}

function none(): Record<TaskStatus, number> {
  return Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Record<TaskStatus, number>;
}
