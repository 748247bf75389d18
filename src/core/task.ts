/**
 * The task: what was asked for, and the facts known about it.
 *
 * Owns the shape of a task. Its invariant: a status is never stored, only derived from facts (`status.ts`), and facts
 * change only through `decide-task.ts` and `evolve-task.ts`. All times are milliseconds since 1970 of the store's clock.
 */
import type { TaskKey } from './id.ts';
import type { Avoided, Rung } from './rung.ts';

export type TaskKind = 'bootstrap' | 'plan' | 'implement' | 'verify' | 'regression';
export const taskKinds: readonly TaskKind[] = ['bootstrap', 'plan', 'implement', 'verify', 'regression'];

/** What a plan says about a task. Comes from a file or from `orbit create`; never changed by an attempt. */
export interface TaskDefinition {
  id: string;
  title: string;
  /** Free text under the task: remarks, acceptance, hints. May be empty. */
  body: string;
  kind: TaskKind;
  parent: string | null;
  layer: number | null;
  /** The agent that must do it; `null` = any. */
  agent: string | null;
  /** Larger is sooner; 0 is normal. */
  priority: number;
  /** Path globs that the task may write; empty = anywhere (then it conflicts with nothing and is not checked). */
  scope: readonly string[];
  /** Commands that must exit 0 on the finished work. */
  checks: readonly string[];
  dependencies: readonly TaskKey[];
  /** Expected working time; `null` = not known, the mean of its kind is used. */
  estimateMs: number | null;
}

/** Another task's work that was not on the target when somebody built on it. Recorded when it is taken in, never inferred. */
export interface BuiltOn {
  task: TaskKey;
  /** The commit of that task's evidence at that moment. */
  commit: string;
}

/** What an attempt was told about work that it is built on: it is no longer what it was. */
export interface BaseChange extends BuiltOn {
  why: string;
}

export interface Claim {
  agent: string;
  token: number;
  rung: Rung;
  model: string | null;
  /** Claimed from the command line by somebody who runs the agent themselves: no runner beats for it. */
  byHand: boolean;
  since: number;
  /** The lease's end as of the last logged event; later beats move only the attempt's own row. */
  expiresAt: number;
  /** The agent says it is finished; not believed until evidence is seen. */
  reported: Report | null;
  /** Unlanded work in its base; absent: none, or nobody recorded it. */
  builtOn?: readonly BuiltOn[];
  /** What of that has changed since, told once each; absent: nothing. */
  changed?: readonly BaseChange[];
}

export interface Report {
  at: number;
  /** Full commit id that the agent points at, `null` with `noChanges`. */
  commit: string | null;
  /** Why there is rightly no commit. */
  noChanges: string | null;
}

/** What proves a completion. */
export interface Evidence {
  token: number;
  agent: string;
  /** The finished commit, or `null` when `noChanges` explains why there is none. */
  commit: string | null;
  /** Where the work began; `commit` lies beyond it. */
  base: string | null;
  tree: string | null;
  branch: string | null;
  commits: number;
  files: number;
  checks: readonly string[];
  noChanges: string | null;
  at: number;
  /** Unlanded work of others in `base`; absent: none, or nobody recorded it. */
  builtOn?: readonly BuiltOn[];
  /** The commit that was proven, where `commit` is that work put onto a base that changed; absent: `commit` itself was. */
  restackedFrom?: string;
}

/** Ways to end that count against the task's budget. */
export type FailedOutcome = 'failed' | 'crashed' | 'lost' | 'timeout' | 'stalled';

export type AttemptOutcome = FailedOutcome | 'done' | 'released' | 'handed-over' | 'bounced' | 'cancelled';

/**
 * Why an attempt was handed over without blame: its account's quota is used up, its login was refused, its context is full, the
 * agent's own wish, or another task has to come first.
 */
export type HandOverCause = 'quota' | 'login' | 'context' | 'handoff' | 'blocked';

/** The rule of supervision that ended an attempt, and what it saw: one line each. */
export interface ActedRule {
  rule: string;
  evidence: readonly string[];
}

export interface Failure {
  token: number;
  agent: string;
  outcome: AttemptOutcome;
  reason: string;
  at: number;
  rung: Rung;
  /** That the ladder asked for; `null`: the settings' or the program's own. */
  model: string | null;
}

export type InboxKind =
  | 'attempts-used'
  | 'budget-used'
  | 'question'
  | 'blocked'
  | 'dependency-cancelled'
  | 'conflict'
  | 'refused'
  | 'stuck'
  | 'approval';

/** Something only a person can settle. While it is open the task rests and holds no scope. */
export interface InboxItem {
  kind: InboxKind;
  reason: string;
  token: number | null;
  at: number;
}

export interface Landing {
  state: 'queued' | 'landed';
  /** The commit handed in. */
  commit: string;
  queuedAt: number;
  /** When the move of the target began that nobody has seen the end of yet. */
  begunAt: number | null;
  /** After landing: the commit on the target whose tree was validated. */
  landedAs: string | null;
  landedAt: number | null;
  /** What keeps it from landing though nothing is wrong with the work: a dirty checkout, a target that somebody moved. */
  held?: { why: string; since: number } | null;
  /** Full ref that it landed on; absent before that, and in logs of earlier programs. */
  target?: string;
}

/** A person's word that finished work may land. */
export interface Approval {
  commit: string;
  tree: string;
  /** What the change was measured against. */
  base: string | null;
  by: string;
  at: number;
}

/** An entry of a scope that came by a wish, and whether a person gave it. */
export interface Widened {
  entry: string;
  byPerson: boolean;
}

/** A wish for more paths. */
export interface Widening {
  /** The attempt that wishes. */
  token: number;
  entries: readonly string[];
  why: string;
  /** The task that may write such paths now; `null`: a person decides. */
  holder: TaskKey | null;
  at: number;
}

export type PullRequestStatus = 'pending_review' | 'approved' | 'merged' | 'rejected';

export interface Origin {
  task: TaskKey;
  token: number;
  depth: number;
  /** The attempt was there to split its task: this is a part of it, and shares its budget. */
  isPart?: boolean;
}

/** What a task's next attempt shall start from, as a person chose. */
export interface ChosenStart {
  ref: string;
  commit: string;
  /** The attempt that made it. */
  token: number;
}

export interface Task extends TaskDefinition {
  key: TaskKey;
  plan: string;
  /** Ended by a person: `completed` counts as met for dependants, `cancelled` does not. */
  closed: { as: 'completed' | 'cancelled'; why: string; by: string; at: number } | null;
  /** Kept back by a person. */
  hold: { why: string; by: string; at: number } | null;
  inbox: InboxItem | null;
  claim: Claim | null;
  /** Attempts started over the whole life of the task; never goes down, so budgets cannot be reset by retrying. */
  attempts: number;
  /** Attempts that a person granted on top of the budget by `orbit retry`. */
  attemptsGranted: number;
  /** Working time used by ended attempts. */
  spentMs: number;
  /** The most recent failures, oldest first, at most {@link failuresKept}. */
  failures: readonly Failure[];
  retryAt: number | null;
  /** Where on the ladder its next attempt stands, or its running one. */
  rung: Rung;
  /** The agent that shall leave its next attempt to others for a while. */
  avoid: Avoided | null;
  /** Attempts that ended at a quota wall; they are no attempts. */
  walls: number;
  /** The attempt that made it, `null` for tasks of people and plans. `depth`: how many tasks made each other up to it. */
  origin: Origin | null;
  /** The parts that all failed, after which it is done in one piece; absent: it was not. Happens once. */
  whole?: readonly TaskKey[];
  /** A person's or a coordinator's words for the next attempt. */
  advice: string | null;
  /** Kept work that a person wants its next attempt to start from; absent where nobody chose. */
  startFrom?: ChosenStart;
  evidence: Evidence | null;
  /** A person's word that finished work may land; it counts for the tree that they saw alone. */
  approval: Approval | null;
  /** What came to its scope besides the plan's words. */
  widened: readonly Widened[];
  /** A wish of its running attempt for a wider scope that is neither granted nor denied. */
  widening: Widening | null;
  landing: Landing | null;
  /** How often the landing queue sent it back. */
  bounces: number;
  pr: { number: number; status: PullRequestStatus } | null;
  createdAt: number;
  startedAt: number | null;
  doneAt: number | null;
}

/** Failures kept on the task for the next attempt's prompt; the log keeps all of them. */
export const failuresKept = 10;

/** What a plan says about a task, taken out of the task. */
export function definitionOf(task: TaskDefinition): TaskDefinition {
  const { id, title, body, kind, parent, layer, agent, priority, scope, checks, dependencies, estimateMs } = task;
  return { id, title, body, kind, parent, layer, agent, priority, scope, checks, dependencies, estimateMs };
}
