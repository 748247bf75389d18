/**
 * The store: the one writer of truth, as a port in verbs of the domain.
 *
 * Owns nothing itself; each folder beside this file is an implementation, and all of them pass the one suite in
 * `test/conformance/store-suite.ts`.
 *
 * An implementation MUST
 * - run every changing verb in one transaction: load the rows, ask core to decide, write rows and events, commit;
 * - give events numbers 1, 2, 3 … in commit order, so that a reader who asks for `since` the last number misses none;
 * - keep `unmet` of every task equal to the number of its dependencies not met, in that same transaction;
 * - refuse every write with an old token (I2) and keep it as an audit row at most.
 *
 * It MUST NOT assume one process, one machine or a synchronous caller, hold a transaction open across an `await` of the
 * caller's, nor decide anything that core decides. Every `now` is milliseconds since 1970.
 *
 * Errors: rejections are returned. A store that cannot be reached, is busy for longer than its time limit, is full,
 * read-only or newer than this program throws `OperationalError` with a `store-…` code.
 */
import type { AgentCheck } from '../core/agent-check.ts';
import type { Attempt, Pulse } from '../core/attempt.ts';
import type { TaskCommand } from '../core/command.ts';
import type { Conflict, ConflictChange } from '../core/conflict.ts';
import type { StackRule } from '../core/early-start.ts';
import type { Event } from '../core/event.ts';
import type { TaskKey } from '../core/id.ts';
import type { AgentProfile } from '../core/rung.ts';
import type { Account, QuotaRule } from '../core/quota.ts';
import type { Finding, Plan, PlanDraft, PlanPause, TargetStart } from '../core/plan.ts';
import type { Rejection } from '../core/rejection.ts';
import type { TaskStatus } from '../core/status.ts';
import type { Task } from '../core/task.ts';
import type { Train } from '../core/train-record.ts';

/** A task with what the store knows around it. */
export interface TaskRecord {
  task: Task;
  /** Dependencies not met yet. */
  unmet: number;
  /** Order of ready work, larger first; see `core/order.ts`. */
  score: number;
}

export interface ClaimRequest {
  agent: string;
  /** Only tasks of this plan. */
  plan: string | null;
  /** Only this task; the answer then says why not. */
  task: TaskKey | null;
  byHand: boolean;
  leaseMs: number;
  /** Globs that several attempts may write at once (lockfiles, registries). */
  shared: readonly string[];
  /** Where a person's own agent works, if known; the coordinator's attempts learn it later. */
  base: string | null;
  workspace: string | null;
  branch: string | null;
  /** How the attempt is to be made, for the ladder. */
  profile?: AgentProfile;
  /** Nobody else could take work just now, so that nothing is kept for others. */
  alone?: boolean;
  /** When work may begin on top of what has not landed; absent: always. Of no matter where one task is asked for by name. */
  stack?: StackRule;
  /** Whose quota it will use: refused with `account-parked` while that rests. */
  account?: string;
  /** The leadership that this is done under: refused with `not-leading` when another coordinator leads by now. */
  epoch?: number;
}

export interface Claimed {
  task: Task;
  token: number;
  expiresAt: number;
}

export interface TaskQuery {
  plan?: string;
  status?: readonly TaskStatus[];
  /** Tasks that this agent may take: without a wanted agent, or wanting this one. */
  mayTake?: string;
  limit?: number;
}

export interface EventQuery {
  /** Events after this number; 0 = from the first. */
  since: number;
  limit?: number;
  plan?: string;
  task?: TaskKey;
}

export interface AttemptQuery {
  task?: TaskKey;
  plan?: string;
  /** Only attempts that have not ended. */
  live?: boolean;
}

export interface PlanChange {
  plan: Plan;
  draft: PlanDraft;
  /** Score of each task by id, from `core/order.ts`. */
  scores: ReadonlyMap<string, number>;
}

export interface PlanApplied {
  plan: Plan;
  created: number;
  changed: number;
  /** Contradictions between the file and what the store knows, with lines. */
  findings: readonly Finding[];
}

/** The right to decide for a project: one holder at a time, fenced by `epoch`. */
export interface Leadership {
  holder: string;
  epoch: number;
  expiresAt: number;
}

export interface ParkOrder {
  account: string;
  /** When it opens again by its own word, in milliseconds since 1970; `null` where it told nothing. */
  until: number | null;
  reason: string;
  rule: QuotaRule;
}

export interface UnparkOrder {
  account: string;
  why: string;
  /** Opens it only while it is parked until exactly then, as it was seen: who looks and then sleeps must not open a later parking. */
  until?: number;
}

export interface Message {
  id: string;
  from: string;
  to: string;
  /** 1, 2, 3 … per sender and recipient (I12). */
  order: number;
  task: TaskKey | null;
  text: string;
  at: number;
  acknowledgedAt: number | null;
}

export interface Note {
  id: string;
  kind: 'decision' | 'interface' | 'gotcha' | 'failed-approach' | 'claim';
  title: string;
  text: string;
  /** Paths it is about. */
  paths: readonly string[];
  author: string;
  task: TaskKey | null;
  commit: string | null;
  at: number;
}

/** A check's outcome at a tree: never run twice for the same pair. */
export interface Verdict {
  tree: string;
  check: string;
  green: boolean;
  /** The end of its output, for the bounce's reason. */
  tail: string;
  at: number;
}

export interface Store extends AsyncDisposable {
  /** Creates the plan or merges a newer draft into it (A3): new tasks are made, changed ones changed, contradictions reported. */
  applyPlan(change: PlanChange, actor: string, now: number): Promise<PlanApplied | Rejection>;
  plan(id: string): Promise<Plan | null>;
  plans(): Promise<Plan[]>;
  /** Stops giving out a plan's work or landing it, or goes on; running attempts are left alone. */
  pausePlan(id: string, pause: PlanPause, actor: string, now: number): Promise<Plan | null>;
  /** Notes where a target begins for a plan; the same again changes nothing. `null`: no such plan, or it lands elsewhere. */
  startTarget(id: string, start: Omit<TargetStart, 'at'>, actor: string, now: number): Promise<Plan | null>;

  task(key: TaskKey): Promise<TaskRecord | null>;
  /** Keys of all tasks with this bare id; a person may write `T031` where only one plan has it. */
  taskKeys(id: string): Promise<TaskKey[]>;
  /** In file order (plan, then creation). */
  tasks(query: TaskQuery, now: number): Promise<TaskRecord[]>;
  /** Tasks that could be claimed now, best first. Costs the same at a thousand tasks and a million. */
  ready(query: { plan?: string; mayTake?: string; limit: number }, now: number): Promise<TaskRecord[]>;
  dependants(key: TaskKey): Promise<TaskKey[]>;
  /** Writes new scores; not an event, since the order of work is derived. */
  setScores(plan: string, scores: ReadonlyMap<TaskKey, number>): Promise<void>;

  /** Takes the best task that the agent may have and whose scope is free, with a new token. */
  claim(request: ClaimRequest, actor: string, now: number): Promise<Claimed | Rejection>;
  /** Decides and commits one command to one task. `durable` waits for the disk (DESIGN.md, section 5). */
  execute(key: TaskKey, command: TaskCommand, context: Execution): Promise<Executed | Rejection>;
  /** Extends the lease and records how the attempt looks. `false`: the claim is lost, stop the agent. */
  beat(token: number, pulse: Pulse): Promise<boolean>;

  attempt(token: number): Promise<Attempt | null>;
  attempts(query: AttemptQuery): Promise<Attempt[]>;

  events(query: EventQuery): Promise<Event[]>;
  lastSeq(): Promise<number>;
  /** Notes something about the project itself, such as a coordinator's start; a person's word waits for the disk. */
  record(
    body: Extract<
      Event['body'],
      {
        type:
          | 'coordinator-started'
          | 'coordinator-stopped'
          | 'clock-jumped'
          | 'plan-approved'
          | 'plan-merged'
          | 'shutdown-asked'
          | 'spawn-asked'
          | 'spawn-answered'
          | 'termination-asked';
      }
    >,
    actor: string,
    now: number,
  ): Promise<void>;
  /** Recomputes the hash chain; the number of the first event that does not fit, or `null`. */
  verifyLog(): Promise<number | null>;

  /** Takes or renews leadership; `null` while another holder's lease runs. A new holder gets a higher epoch. */
  lead(holder: string, leaseMs: number, now: number): Promise<Leadership | null>;
  leader(): Promise<Leadership | null>;
  resign(holder: string): Promise<void>;

  /** Gives nobody work on an account whose quota is used up, for how long follows from `core/quota.ts`. */
  parkAccount(order: ParkOrder, actor: string, now: number): Promise<Account>;
  /** Opens it again; `false` if it was not parked, or not as the order says. */
  unparkAccount(order: UnparkOrder, actor: string, now: number): Promise<boolean>;
  /** All that ever met a wall, parked or not, by name. */
  accounts(): Promise<Account[]>;

  verdict(tree: string, check: string): Promise<Verdict | null>;
  saveVerdict(verdict: Verdict): Promise<void>;

  /** The trains of all targets, as they were saved last. */
  trains(): Promise<Train[]>;
  /** Takes the place of the target's earlier one; not an event, since it is a measurement. */
  saveTrain(train: Train): Promise<void>;

  /** Conflicts seen ahead between work in flight, by task and the other one: the latest state of each pair. */
  conflicts(): Promise<Conflict[]>;
  /** Takes in what a look has changed; a pair that is new and one that has ended are events, another state of the same is none. */
  noteConflicts(change: ConflictChange, context: Omit<Execution, 'durable'>): Promise<Rejection | null>;

  /** The last check of each agent and fingerprint. */
  agentChecks(): Promise<AgentCheck[]>;
  /** Takes the place of an earlier check of the same agent and fingerprint; not an event, since it is a measurement. */
  saveAgentCheck(check: AgentCheck): Promise<void>;

  /** Stores a message for later reading; the same `id` again changes nothing and answers the stored one. */
  send(message: Omit<Message, 'order' | 'acknowledgedAt'>): Promise<Message>;
  /** Messages to `to`, oldest first; unacknowledged ones unless `all`. */
  messages(query: { to: string; all?: boolean; limit?: number }): Promise<Message[]>;
  acknowledge(to: string, ids: readonly string[], now: number): Promise<number>;
  /** Records a finding; the same `id` again changes nothing. */
  note(note: Note): Promise<Note>;
  /** Findings that match the words (best first), or the newest ones for an empty query. */
  notes(query: { words: string; limit: number }): Promise<Note[]>;

  /** Calls back soon after any process committed a change. A hint only: readers also look by themselves now and then. */
  watch(onChange: () => void): Disposable;
}

export interface Execution {
  actor: string;
  now: number;
  durable: boolean;
  /** The leadership that this is done under: refused with `not-leading` when another coordinator leads by now. */
  epoch?: number;
}

export interface Executed {
  events: readonly Event[];
  record: TaskRecord;
}
