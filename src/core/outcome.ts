/**
 * How a run stands: whether anything can still move by itself, and what to tell when nothing can.
 *
 * Pure. Invariant: a run ends only when every task has landed, was cancelled, or waits for a person, with the reason (I10).
 */
import { mayTake } from './agent-name.ts';
import type { TaskKey } from './id.ts';
import { stackWait, type StackLook, type StackRule, type StackWait } from './early-start.ts';
import { deriveStatus, hasEnded, type TaskStatus } from './status.ts';
import type { InboxKind, Task } from './task.ts';
import { unfollowedPullRequest } from './unfollowed.ts';

export interface StandingTask {
  task: Task;
  unmet: number;
}

export interface LeftTask {
  key: TaskKey;
  title: string;
  status: TaskStatus;
  reason: string;
  /** It is done, and waits for a person's word alone. */
  isApproval?: true;
}

export interface Standing {
  /** Nothing moves any more without a person. */
  over: boolean;
  counts: Record<TaskStatus, number>;
  /** Tasks that are neither landed nor cancelled when the run is over, each with the reason. */
  left: readonly LeftTask[];
  landed: number;
  /** Given up: attempts, budget or landings used up. */
  failed: number;
  needsYou: number;
}

/** Inbox kinds that mean "tried and given up", told apart from questions. */
const givenUp: readonly InboxKind[] = ['attempts-used', 'budget-used', 'conflict', 'refused', 'stuck'];

/** Tried and given up. */
export function isGivenUp({ inbox }: Task): boolean {
  return inbox !== null && givenUp.includes(inbox.kind);
}

export interface StandingOptions {
  /** Names of the agents of this run that get tasks. */
  agents: readonly string[];
  /** Those of this run that get none just now, with the reason. */
  barred?: ReadonlyMap<string, string>;
  paused: boolean;
  /** The only task this run is about, or `null` for all. */
  only: TaskKey | null;
  /** The only tasks that are given out, of a run that gives out on request; absent: all. */
  asked?: ReadonlySet<TaskKey>;
  /** Why nothing more is given out in this run, or `null`. */
  stopped: string | null;
  /** Whether finished work is landed. */
  lands: boolean;
  /** Plans whose finished work is left on its branches all the same. */
  unlanded?: ReadonlySet<string>;
  /** Plans that land by pull requests: one that is open moves by itself, unless `held` says otherwise. */
  byPullRequest?: ReadonlySet<string>;
  /** Why the landing queue cannot go on for now, by task. */
  held: ReadonlyMap<TaskKey, string>;
  /** When work may begin on what has not landed, with the tasks of other plans that it may stand on; `null`: always. */
  stack: (StackRule & { others: readonly Task[] }) | null;
  now: number;
}

export function standing(records: readonly StandingTask[], options: StandingOptions): Standing {
  const counts: Record<TaskStatus, number> = {
    blocked: 0,
    ready: 0,
    running: 0,
    done: 0,
    landing: 0,
    landed: 0,
    waiting: 0,
    'needs-you': 0,
    cancelled: 0,
  };
  const byKey = new Map(records.map((record) => [record.task.key, record.task]));
  const left: LeftTask[] = [];
  let moving = false;
  let failed = 0;
  for (const { task, unmet } of records) {
    const status = deriveStatus(task, unmet, options.now);
    counts[status] += 1;
    if (isGivenUp(task)) failed += 1;
    if (status === 'landed' || status === 'cancelled' || !isMeant(task.key, options)) continue;
    if (movesByItself(task, status, { options, byKey })) moving = true;
    else left.push(leftTask(task, status, { options, byKey }));
  }
  return { over: !moving, counts, left: moving ? [] : left, landed: counts.landed, failed, needsYou: left.length };
}

function leftTask(task: Task, status: TaskStatus, around: Around): LeftTask {
  const { key, title, inbox } = task;
  const isApproval = status === 'needs-you' && inbox?.kind === 'approval';
  return { key, title, status, reason: reasonOf(task, status, around), ...(isApproval ? { isApproval } : {}) };
}

function isMeant(key: TaskKey, { only, asked }: StandingOptions): boolean {
  return (only === null || only === key) && (asked === undefined || asked.has(key));
}

interface Around {
  options: StandingOptions;
  byKey: ReadonlyMap<TaskKey, Task>;
}

function movesByItself(task: Task, status: TaskStatus, { options, byKey }: Around): boolean {
  const moves: Record<TaskStatus, () => boolean> = {
    running: () => true,
    ready: () =>
      options.stopped === null &&
      (options.paused || options.agents.some((agent) => mayTake(agent, task.agent))) &&
      // What keeps it back moves by itself, or is told for itself.
      (waitOf(task, { options, byKey })?.isTimed ?? true),
    waiting: () => options.stopped === null && task.hold === null && task.retryAt !== null,
    done: () => lands(task, options) && task.hold === null && (task.pr === null || goesByPullRequest(task, options)),
    landing: () =>
      lands(task, options) &&
      task.hold === null &&
      !options.held.has(task.key) &&
      task.dependencies.every((key) => settled(byKey.get(key))),
    blocked: () => false,
    'needs-you': () => false,
    landed: () => false,
    cancelled: () => false,
  };
  return moves[status]();
}

function waitOf(task: Task, { options, byKey }: Around): StackWait | null {
  if (options.stack === null || options.only !== null) return null;
  const { others } = options.stack;
  const find = (key: TaskKey): Task | undefined => byKey.get(key) ?? others.find((other) => other.key === key);
  const look: StackLook = {
    task: (key) => find(key) ?? null,
    unlanded: ({ dependencies }) =>
      dependencies.flatMap((key) => {
        const needed = find(key);
        return needed !== undefined && needed.evidence !== null && !hasEnded(needed) ? [needed] : [];
      }),
  };
  return stackWait(task, look, { rule: options.stack, now: options.now });
}

function lands({ plan }: Task, options: StandingOptions): boolean {
  return options.lands && options.unlanded?.has(plan) !== true;
}

function goesByPullRequest({ plan }: Task, { byPullRequest }: StandingOptions): boolean {
  return byPullRequest?.has(plan) === true;
}

function settled(task: Task | undefined): boolean {
  if (task === undefined) return true;
  const status = deriveStatus(task, 0, 0);
  return status === 'landed';
}

function reasonOf(task: Task, status: TaskStatus, { options, byKey }: Around): string {
  const { inbox, hold, agent, pr } = task;
  if (status === 'needs-you') return inbox?.reason ?? '';
  if (hold !== null) return `held: ${hold.why}`;
  if (options.stopped !== null && (status === 'ready' || status === 'waiting')) return options.stopped;
  if (status === 'done' && pr === null) return 'it is done; this run does not land anything';
  const wait = status === 'ready' ? waitOf(task, { options, byKey }) : null;
  if (wait !== null) return wait.message;
  if (status === 'ready') return withoutAgent(agent, options);
  if (status === 'done') return pullRequestWait(task, options);
  const others = openDependencies(task, byKey);
  return status === 'landing' ? (options.held.get(task.key) ?? `lands after ${others}`) : `waits for ${others}`;
}

function pullRequestWait(task: Task, options: StandingOptions): string {
  const { pr } = task;
  const mode = goesByPullRequest(task, options) ? 'pull-requests' : lands(task, options) ? 'queue' : 'off';
  const unfollowed = unfollowedPullRequest(task, mode);
  if (unfollowed === null) return `waits for pull request #${pr?.number} (${pr?.status})`;
  return `${unfollowed.why}: ${unfollowed.remedy}`;
}

function withoutAgent(wanted: string | null, { barred = new Map<string, string>() }: StandingOptions): string {
  const fitting = [...barred].filter(([name]) => mayTake(name, wanted));
  if (fitting.length > 0) return fitting.map(([name, why]) => `${why}; then: orbit agents check ${name}`).join('; ');
  return wanted === null ? 'this run has no agent' : `wants @${wanted}, which this run does not have`;
}

function openDependencies(task: Task, byKey: ReadonlyMap<TaskKey, Task>): string {
  const open = task.dependencies.filter((key) => !settled(byKey.get(key)));
  return open.map((key) => byKey.get(key)?.id ?? key).join(', ');
}
