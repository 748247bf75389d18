/** What the cases of the store suite build their stores with, and the checks that hold for any store at any time. */
import { expect } from 'vitest';
import type { Attempt } from '../../src/core/attempt.ts';
import type { RetryRule } from '../../src/core/command.ts';
import type { Event, TaskEventBody } from '../../src/core/event.ts';
import { attemptOf, evolveAttempt } from '../../src/core/evolve-attempt.ts';
import { evolveTask } from '../../src/core/evolve-task.ts';
import { taskKey, type TaskKey } from '../../src/core/id.ts';
import type { Plan, TaskDraft, Unblock } from '../../src/core/plan.ts';
import { isRejection, type Rejection } from '../../src/core/rejection.ts';
import { meetsDependency } from '../../src/core/status.ts';
import type { Evidence, Task } from '../../src/core/task.ts';
import { firstMisfit } from '../../src/store/hash.ts';
import type { Claimed, ClaimRequest, Executed, PlanApplied, Store } from '../../src/store/store.ts';

/** A store to test, and a second handle on the same one, as another process would have. */
export interface StoreUnderTest extends AsyncDisposable {
  store: Store;
  other: Store;
}

/** One case of the suite; it gets an empty store. */
export type StoreCase = (under: StoreUnderTest) => Promise<void>;

export const actor = 'cli:alice';
/** The clock of the cases; they add to it. */
export const start = 1_800_000_000_000;
export const leaseMs = 30_000;

export const rule: RetryRule = {
  attemptsMax: 3,
  spentMsMax: 3_600_000,
  retryDelayMs: 5_000,
  jitter: 0,
  bouncesMax: 2,
  agents: [],
};

export const at = (ms: number): { actor: string; now: number; durable: boolean } => ({
  actor,
  now: start + ms,
  durable: false,
});

export function draftTask(id: string, changes: Partial<TaskDraft> = {}): TaskDraft {
  const { title = `Task ${id}`, ...rest } = changes;
  const nothing = { parent: null, layer: null, agent: null, estimateMs: null };
  const empty = { scope: [], checks: [], dependencies: [] };
  return { id, title, body: '', kind: 'implement', priority: 0, ticked: false, line: 1, ...nothing, ...empty, ...rest };
}

export function planOf(id: string, changes: Partial<Plan> = {}): Plan {
  const target = `refs/heads/orbit/${id}`;
  const rest = { source: null, unblock: 'done', layers: 'hints', layerList: [], checks: [], paused: false } as const;
  return { id, title: `Plan ${id}`, target, createdAt: start, ...rest, ...changes };
}

/** Loads `tasks` as a plan; earlier ones have the higher scores unless `scores` says otherwise. */
export async function load(
  store: Store,
  tasks: readonly TaskDraft[],
  options: { plan?: string; unblock?: Unblock; now?: number; scores?: Record<string, number> } = {},
): Promise<PlanApplied> {
  const { plan = '001', unblock = 'done', now = start, scores } = options;
  const draft = { title: `Plan ${plan}`, unblock, layers: null, layerList: [], checks: [], tasks };
  const falling = Object.fromEntries(tasks.map(({ id }, index) => [id, 1_000 - index]));
  const change = { plan: planOf(plan, { unblock }), draft, scores: new Map(Object.entries(scores ?? falling)) };
  return accepted(await store.applyPlan(change, actor, now));
}

export function asking(agent: string, changes: Partial<ClaimRequest> = {}): ClaimRequest {
  const nowhere = { base: null, workspace: null, branch: null };
  return { agent, plan: null, task: null, byHand: false, leaseMs, shared: [], ...nowhere, ...changes };
}

export async function claimed(
  store: Store,
  agent: string,
  { ms = 0, ...changes }: Partial<ClaimRequest> & { ms?: number } = {},
): Promise<Claimed> {
  return accepted(await store.claim(asking(agent, changes), `agent:${agent}`, start + ms));
}

export function evidenceOf(token: number, changes: Partial<Evidence> = {}): Evidence {
  const commit = String(token).padStart(40, 'c');
  const rest = { base: null, tree: null, branch: null, commits: 1, files: 1, checks: [], noChanges: null, at: 0 };
  return { token, agent: '', commit, ...rest, ...changes };
}

/** Claims `key` and proves its work; the token. */
export async function finish(store: Store, key: TaskKey): Promise<number> {
  const { token } = await claimed(store, 'claude-1', { task: key });
  accepted(await store.execute(key, { type: 'prove', token, evidence: evidenceOf(token) }, at(0)));
  return token;
}

export async function landed(store: Store, key: TaskKey, ms = 0): Promise<Executed> {
  const { commit } = (await store.task(key))?.task.evidence ?? { commit: '' };
  accepted(await store.execute(key, { type: 'queue-landing' }, at(ms)));
  const land = { commit: commit ?? '', landedAs: 'd'.repeat(40), tree: 'e'.repeat(40), target: 'refs/heads/orbit/001' };
  return accepted(await store.execute(key, { type: 'land', ...land }, at(ms)));
}

export function accepted<T extends object>(answer: T | Rejection): T {
  if (isRejection(answer)) throw new Error(`${answer.code}: ${answer.message}`);
  return answer;
}

export function codeOf(answer: object): string {
  return isRejection(answer) ? answer.code : 'accepted';
}

export async function unmetOf(store: Store, id: string, plan = '001'): Promise<number | undefined> {
  return (await store.task(taskKey(plan, id)))?.unmet;
}

/** I1, I3, I4, I6, I13, I18 and the counters: true of every store after every command. */
export async function expectSound(store: Store): Promise<void> {
  const events = await store.events({ since: 0 });
  const records = await store.tasks({}, start);
  const attempts = await store.attempts({});
  expectOrderedLog(events);
  expect(firstMisfit(events, { seq: await store.lastSeq(), hash: events.at(-1)?.hash ?? '' })).toBe(null);
  expect(await store.verifyLog()).toBe(null);
  const replayed = replay(events);
  const byKey = (one: Task, other: Task): number => (one.key < other.key ? -1 : 1);
  expect([...replayed.tasks.values()].sort(byKey)).toEqual(records.map(({ task }) => task).sort(byKey));
  const volatile = ({ pulse: _pulse, ...rest }: Attempt): Omit<Attempt, 'pulse'> => rest;
  expect([...replayed.attempts.values()].map(volatile)).toEqual(attempts.map(volatile));
  const tasks = new Map(records.map(({ task }) => [task.key, task]));
  const plans = new Map((await store.plans()).map((plan) => [plan.id, plan]));
  for (const { task, unmet } of records) {
    const unblock = plans.get(task.plan)?.unblock ?? 'done';
    const open = [...new Set(task.dependencies)].filter((key) => {
      const needed = tasks.get(key);
      return needed === undefined || !meetsDependency(needed, unblock);
    });
    expect([task.key, unmet]).toEqual([task.key, open.length]);
  }
  const live = attempts.filter(({ endedAt }) => endedAt === null);
  expect(live.map(({ task, token }) => `${task} ${token}`).sort()).toEqual(
    records.flatMap(({ task }) => (task.claim === null ? [] : [`${task.key} ${task.claim.token}`])).sort(),
  );
}

function expectOrderedLog(events: readonly Event[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const perActor = new Map<string, number>();
  for (const event of events) {
    expect([event.actor, event.actorSeq]).toEqual([event.actor, (perActor.get(event.actor) ?? 0) + 1]);
    perActor.set(event.actor, event.actorSeq);
  }
  const tokens = events.flatMap(({ body }) => (body.type === 'task-claimed' ? [body.token] : []));
  expect(tokens).toEqual([...new Set(tokens)].sort((one, other) => one - other));
}

function replay(events: readonly Event[]): { tasks: Map<TaskKey, Task>; attempts: Map<number, Attempt> } {
  const tasks = new Map<TaskKey, Task>();
  const attempts = new Map<number, Attempt>();
  for (const event of events) {
    if (event.task === null || event.body.type === 'message-sent' || event.body.type === 'finding-noted') continue;
    const body = event.body as TaskEventBody;
    const context = { key: event.task, at: event.at, actor: event.actor };
    const task = evolveTask(tasks.get(event.task) ?? null, body, context);
    if (task !== null) tasks.set(event.task, task);
    const token = attemptOf(body);
    const attempt = token === null ? null : evolveAttempt(attempts.get(token) ?? null, body, context);
    if (token !== null && attempt !== null) attempts.set(token, attempt);
  }
  return { tasks, attempts };
}
