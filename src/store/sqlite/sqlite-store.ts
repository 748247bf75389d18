/**
 * The store in one SQLite file that any number of processes open at once.
 *
 * Owns the verbs: which runs in which transaction, and how durable each is. What can be had again or dies with the machine
 * anyway (claim, beat, verdict, lead) is `normal`; what cannot (messages, findings, plans, pauses, and commands that say so)
 * is `full`. Neither loses anything when a process is killed.
 */
import type { AgentCheck } from '../../core/agent-check.ts';
import type { Attempt, Pulse } from '../../core/attempt.ts';
import type { TaskCommand } from '../../core/command.ts';
import type { Conflict, ConflictChange } from '../../core/conflict.ts';
import type { Event, EventBody } from '../../core/event.ts';
import type { TaskKey } from '../../core/id.ts';
import type { Plan, PlanPause, TargetStart } from '../../core/plan.ts';
import type { Account } from '../../core/quota.ts';
import type { Rejection } from '../../core/rejection.ts';
import type { Train } from '../../core/train-record.ts';
import type {
  AttemptQuery,
  Claimed,
  ClaimRequest,
  EventQuery,
  Executed,
  Execution,
  Leadership,
  Message,
  Note,
  ParkOrder,
  UnparkOrder,
  PlanApplied,
  PlanChange,
  Store,
  TaskQuery,
  TaskRecord,
  Verdict,
} from '../store.ts';
import { readAgentChecks, writeAgentCheck } from './agent-check-rows.ts';
import { parkAccount, readAccounts, unparkAccount } from './account-rows.ts';
import { readAttempt, selectAttempts, writeBeat } from './attempt-rows.ts';
import { noteConflicts, readConflicts } from './conflict-rows.ts';
import type { Database } from './database.ts';
import { firstDamagedEvent, lastSeq, readEvents } from './event-log.ts';
import { lead, readLeader, readVerdict, resign, staleLead, writeVerdict } from './lead-rows.ts';
import { openDatabase } from './open.ts';
import { readPlan, readPlans } from './plan-rows.ts';
import { dependantsOf, keysOf, readTask, readyTasks, selectTasks, setScore } from './task-rows.ts';
import { readTrains, writeTrain } from './train-rows.ts';

export interface SqliteOptions {
  /** The database file; it and its directory are made if they are missing. */
  path: string;
  readOnly?: boolean;
  /** How long to wait for other processes before `store-busy`. */
  busyMs: number;
}

export async function openSqliteStore({ path, readOnly = false, busyMs }: SqliteOptions): Promise<Store> {
  return new SqliteStore(openDatabase({ path, readOnly, busyMs }));
}

const quietly = { durability: 'normal', quietly: true } as const;

class SqliteStore implements Store {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async applyPlan(change: PlanChange, actor: string, now: number): Promise<PlanApplied | Rejection> {
    const [{ changing }, { applyPlan }] = await Promise.all([changes(), planChanges()]);
    return changing(this.#db, { actor, now, durability: 'full' }, (tx) => applyPlan(tx, change));
  }

  async plan(id: string): Promise<Plan | null> {
    return readPlan(this.#db, id);
  }

  async plans(): Promise<Plan[]> {
    return readPlans(this.#db);
  }

  // eslint-disable-next-line max-params -- the port's signature
  async pausePlan(id: string, pause: PlanPause, actor: string, now: number): Promise<Plan | null> {
    const [{ changing }, { pausePlan }] = await Promise.all([changes(), planChanges()]);
    return changing(this.#db, { actor, now, durability: 'full' }, (tx) => pausePlan(tx, id, pause));
  }

  // eslint-disable-next-line max-params -- the port's signature
  async startTarget(id: string, start: Omit<TargetStart, 'at'>, actor: string, now: number): Promise<Plan | null> {
    const [{ changing }, { startTarget }] = await Promise.all([changes(), planChanges()]);
    return changing(this.#db, { actor, now, durability: 'full' }, (tx) => startTarget(tx, id, start));
  }

  async task(key: TaskKey): Promise<TaskRecord | null> {
    return readTask(this.#db, key);
  }

  async taskKeys(id: string): Promise<TaskKey[]> {
    return keysOf(this.#db, id);
  }

  async tasks(query: TaskQuery, now: number): Promise<TaskRecord[]> {
    return selectTasks(this.#db, query, now);
  }

  async ready(query: { plan?: string; mayTake?: string; limit: number }, now: number): Promise<TaskRecord[]> {
    const { plan = null, mayTake = null, limit } = query;
    const rows = readyTasks(this.#db, { plan, agent: mayTake, limit }, now);
    return rows.map(({ task, unmet, score }) => ({ task, unmet, score }));
  }

  async dependants(key: TaskKey): Promise<TaskKey[]> {
    return dependantsOf(this.#db, key);
  }

  async setScores(plan: string, scores: ReadonlyMap<TaskKey, number>): Promise<void> {
    this.#db.transact(quietly, () => {
      for (const [key, score] of scores) if (key.startsWith(`${plan}/`)) setScore(this.#db, key, score);
    });
  }

  async claim(request: ClaimRequest, actor: string, now: number): Promise<Claimed | Rejection> {
    const { changing, claim } = await changes();
    return changing(
      this.#db,
      { actor, now, durability: 'normal' },
      (tx) => staleLead(this.#db, request.epoch) ?? claim(tx, request),
    );
  }

  async execute(key: TaskKey, command: TaskCommand, context: Execution): Promise<Executed | Rejection> {
    const { actor, now, durable, epoch } = context;
    const durability = durable ? 'full' : 'normal';
    const { changing, execute } = await changes();
    return changing(
      this.#db,
      { actor, now, durability },
      (tx) => staleLead(this.#db, epoch) ?? execute(tx, key, command),
    );
  }

  async beat(token: number, pulse: Pulse): Promise<boolean> {
    return writeBeat(this.#db, token, pulse);
  }

  async attempt(token: number): Promise<Attempt | null> {
    return readAttempt(this.#db, token);
  }

  async attempts(query: AttemptQuery): Promise<Attempt[]> {
    return selectAttempts(this.#db, query);
  }

  async events(query: EventQuery): Promise<Event[]> {
    return readEvents(this.#db, query);
  }

  async lastSeq(): Promise<number> {
    return lastSeq(this.#db);
  }

  async record(body: EventBody, actor: string, now: number): Promise<void> {
    const { changing } = await changes();
    const durability = body.type === 'plan-approved' || body.type === 'plan-merged' ? 'full' : 'normal';
    changing(this.#db, { actor, now, durability }, ({ log }) => log.append({ at: now, actor, body }));
  }

  async verifyLog(): Promise<number | null> {
    return firstDamagedEvent(this.#db);
  }

  async lead(holder: string, leaseMs: number, now: number): Promise<Leadership | null> {
    return this.#db.transact(quietly, () => lead(this.#db, { holder, leaseMs, now }));
  }

  async leader(): Promise<Leadership | null> {
    return readLeader(this.#db);
  }

  async resign(holder: string): Promise<void> {
    this.#db.transact({ durability: 'normal' }, () => resign(this.#db, holder));
  }

  async parkAccount(order: ParkOrder, actor: string, now: number): Promise<Account> {
    const { changing } = await changes();
    return changing(this.#db, { actor, now, durability: 'full' }, (tx) => parkAccount(tx, order));
  }

  async unparkAccount(order: UnparkOrder, actor: string, now: number): Promise<boolean> {
    const { changing } = await changes();
    return changing(this.#db, { actor, now, durability: 'full' }, (tx) => unparkAccount(tx, order));
  }

  async accounts(): Promise<Account[]> {
    return readAccounts(this.#db);
  }

  async verdict(tree: string, check: string): Promise<Verdict | null> {
    return readVerdict(this.#db, tree, check);
  }

  async saveVerdict(verdict: Verdict): Promise<void> {
    this.#db.transact(quietly, () => writeVerdict(this.#db, verdict));
  }

  async trains(): Promise<Train[]> {
    return readTrains(this.#db);
  }

  async saveTrain(train: Train): Promise<void> {
    this.#db.transact(quietly, () => writeTrain(this.#db, train));
  }

  async conflicts(): Promise<Conflict[]> {
    return readConflicts(this.#db);
  }

  async noteConflicts(change: ConflictChange, context: Omit<Execution, 'durable'>): Promise<Rejection | null> {
    const { actor, now, epoch } = context;
    const { changing } = await changes();
    return changing(this.#db, { actor, now, durability: 'normal' }, (tx) => {
      const refusal = staleLead(this.#db, epoch);
      if (refusal === null) noteConflicts(tx, change);
      return refusal;
    });
  }

  async agentChecks(): Promise<AgentCheck[]> {
    return readAgentChecks(this.#db);
  }

  async saveAgentCheck(check: AgentCheck): Promise<void> {
    this.#db.transact(quietly, () => writeAgentCheck(this.#db, check));
  }

  async send(message: Omit<Message, 'order' | 'acknowledgedAt'>): Promise<Message> {
    const context = { actor: message.from, now: message.at, durability: 'full' } as const;
    const [{ changing }, { send }] = await Promise.all([changes(), words()]);
    return changing(this.#db, context, (tx) => send(tx, message));
  }

  async messages(query: { to: string; all?: boolean; limit?: number }): Promise<Message[]> {
    return (await words()).readMessages(this.#db, query);
  }

  async acknowledge(to: string, ids: readonly string[], now: number): Promise<number> {
    const [{ changing }, { acknowledge }] = await Promise.all([changes(), words()]);
    return changing(this.#db, { actor: to, now, durability: 'normal' }, (tx) => acknowledge(tx, to, ids));
  }

  async note(finding: Note): Promise<Note> {
    const context = { actor: finding.author, now: finding.at, durability: 'full' } as const;
    const [{ changing }, { note }] = await Promise.all([changes(), words()]);
    return changing(this.#db, context, (tx) => note(tx, finding));
  }

  async notes(query: { words: string; limit: number }): Promise<Note[]> {
    return (await words()).findNotes(this.#db, query);
  }

  watch(onChange: () => void): Disposable {
    return this.#db.doorbell.listen(onChange);
  }

  /** The last process to close the file writes the log back into it, as SQLite does by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#db.close();
  }
}

// Loaded when they are first used: what only reads, such as `orbit ready`, does not pay for what writes.

async function changes() {
  return import('./changes.ts');
}

async function planChanges() {
  return import('./plan-changes.ts');
}

async function words() {
  return import('./word-rows.ts');
}
