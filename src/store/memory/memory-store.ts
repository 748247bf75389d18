/**
 * The store in memory, for tests and the simulator: fast, deterministic, one process.
 *
 * Owns the verbs; rows and their undo are in `tables.ts`, the rules in core and beside the port. Faults can be injected
 * before a commit (nothing happened) and after it (it happened, the caller does not know).
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
import { firstMisfit } from '../hash.ts';
import { nextLeadership, refuseStale } from '../leadership.ts';
import { accountsOf, parkAccount, unparkAccount } from './accounts.ts';
import { appendEvent, applyPlan, claim, execute } from './changes.ts';
import { conflictsIn, noteConflicts } from './conflicts.ts';
import { pausePlan, startTarget } from './plans.ts';
import { findNotes, readyRows, recordOf, selectAttempts, selectTasks } from './queries.ts';
import { Tables } from './tables.ts';
import { acknowledge, note, send } from './words.ts';

/** Called around the commit of a changing verb; what they throw reaches the verb's caller. */
export interface Faults {
  beforeCommit?(verb: string): void;
  afterCommit?(verb: string): void;
}

export function openMemoryStore(options: { faults?: Faults } = {}): Store {
  return new MemoryStore(options.faults ?? {});
}

class MemoryStore implements Store {
  readonly #tables = new Tables();
  readonly #listeners = new Set<() => void>();
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  async applyPlan(change: PlanChange, actor: string, now: number): Promise<PlanApplied | Rejection> {
    return this.#commit('applyPlan', () => applyPlan({ tables: this.#tables, actor, now }, change));
  }

  async plan(id: string): Promise<Plan | null> {
    return this.#tables.plans.get(id) ?? null;
  }

  async plans(): Promise<Plan[]> {
    return [...this.#tables.plans.values()];
  }

  // eslint-disable-next-line max-params -- the port's signature
  async pausePlan(id: string, pause: PlanPause, actor: string, now: number): Promise<Plan | null> {
    return this.#commit('pausePlan', () => pausePlan({ tables: this.#tables, actor, now }, id, pause));
  }

  // eslint-disable-next-line max-params -- the port's signature
  async startTarget(id: string, start: Omit<TargetStart, 'at'>, actor: string, now: number): Promise<Plan | null> {
    return this.#commit('startTarget', () => startTarget({ tables: this.#tables, actor, now }, id, start));
  }

  async task(key: TaskKey): Promise<TaskRecord | null> {
    const row = this.#tables.tasks.get(key);
    return row === undefined ? null : recordOf(row);
  }

  async taskKeys(id: string): Promise<TaskKey[]> {
    return [...this.#tables.tasks.values()].filter(({ task }) => task.id === id).map(({ task }) => task.key);
  }

  async tasks(query: TaskQuery, now: number): Promise<TaskRecord[]> {
    return selectTasks(this.#tables, query, now).map(recordOf);
  }

  async ready(query: { plan?: string; mayTake?: string; limit: number }, now: number): Promise<TaskRecord[]> {
    const { plan = null, mayTake = null, limit } = query;
    return readyRows(this.#tables, { plan, agent: mayTake }, now).slice(0, limit).map(recordOf);
  }

  async dependants(key: TaskKey): Promise<TaskKey[]> {
    return [...(this.#tables.dependants.get(key) ?? [])].toSorted();
  }

  async setScores(plan: string, scores: ReadonlyMap<TaskKey, number>): Promise<void> {
    this.#commit(
      'setScores',
      () => {
        for (const [key, score] of scores) {
          const row = this.#tables.tasks.get(key);
          if (row === undefined || row.task.plan !== plan || row.score === score) continue;
          this.#tables.put(this.#tables.tasks, key, { ...row, score });
        }
      },
      'quietly',
    );
  }

  async claim(request: ClaimRequest, actor: string, now: number): Promise<Claimed | Rejection> {
    return this.#commit(
      'claim',
      () =>
        refuseStale(this.#tables.single.leader, request.epoch) ?? claim({ tables: this.#tables, actor, now }, request),
    );
  }

  async execute(key: TaskKey, command: TaskCommand, context: Execution): Promise<Executed | Rejection> {
    return this.#commit(
      'execute',
      () =>
        refuseStale(this.#tables.single.leader, context.epoch) ??
        execute({ tables: this.#tables, ...context }, key, command),
    );
  }

  async beat(token: number, pulse: Pulse): Promise<boolean> {
    return this.#commit(
      'beat',
      () => {
        const attempt = this.#tables.attempts.get(token);
        if (attempt === undefined || attempt.endedAt !== null) return false;
        this.#tables.put(this.#tables.attempts, token, { ...attempt, pulse });
        return true;
      },
      'quietly',
    );
  }

  async attempt(token: number): Promise<Attempt | null> {
    return this.#tables.attempts.get(token) ?? null;
  }

  async attempts(query: AttemptQuery): Promise<Attempt[]> {
    return selectAttempts(this.#tables, query);
  }

  async events({ since, limit = Number.POSITIVE_INFINITY, plan, task }: EventQuery): Promise<Event[]> {
    const later = this.#tables.events.slice(since);
    if (plan === undefined && task === undefined) return later.slice(0, limit);
    const asked = (event: Event) =>
      (plan === undefined || event.plan === plan) && (task === undefined || event.task === task);
    return later.filter(asked).slice(0, limit);
  }

  async lastSeq(): Promise<number> {
    return this.#tables.single.head.seq;
  }

  async record(body: EventBody, actor: string, now: number): Promise<void> {
    this.#commit('record', () => appendEvent(this.#tables, { at: now, actor, body }));
  }

  async verifyLog(): Promise<number | null> {
    return firstMisfit(this.#tables.events, this.#tables.single.head);
  }

  async lead(holder: string, leaseMs: number, now: number): Promise<Leadership | null> {
    return this.#commit(
      'lead',
      () => {
        const leader = nextLeadership(this.#tables.single.leader, { holder, leaseMs, now });
        if (leader !== null) this.#tables.change({ leader });
        return leader;
      },
      'quietly',
    );
  }

  async leader(): Promise<Leadership | null> {
    const { leader } = this.#tables.single;
    return leader === null || leader.holder === '' ? null : leader;
  }

  async resign(holder: string): Promise<void> {
    this.#commit('resign', () => {
      const { leader } = this.#tables.single;
      if (leader?.holder !== holder) return;
      this.#tables.change({ leader: { holder: '', epoch: leader.epoch, expiresAt: 0 } });
    });
  }

  async parkAccount(order: ParkOrder, actor: string, now: number): Promise<Account> {
    return this.#commit('parkAccount', () => parkAccount({ tables: this.#tables, actor, now }, order));
  }

  async unparkAccount(order: UnparkOrder, actor: string, now: number): Promise<boolean> {
    return this.#commit('unparkAccount', () => unparkAccount({ tables: this.#tables, actor, now }, order));
  }

  async accounts(): Promise<Account[]> {
    return accountsOf(this.#tables);
  }

  async verdict(tree: string, check: string): Promise<Verdict | null> {
    return this.#tables.verdicts.get(`${tree} ${check}`) ?? null;
  }

  async saveVerdict(verdict: Verdict): Promise<void> {
    const key = `${verdict.tree} ${verdict.check}`;
    this.#commit('saveVerdict', () => this.#tables.put(this.#tables.verdicts, key, verdict), 'quietly');
  }

  async trains(): Promise<Train[]> {
    return [...this.#tables.trains.values()].toSorted((one, other) => (one.target < other.target ? -1 : 1));
  }

  async saveTrain(train: Train): Promise<void> {
    this.#commit('saveTrain', () => this.#tables.put(this.#tables.trains, train.target, train), 'quietly');
  }

  async conflicts(): Promise<Conflict[]> {
    return conflictsIn(this.#tables);
  }

  async noteConflicts(change: ConflictChange, context: Omit<Execution, 'durable'>): Promise<Rejection | null> {
    return this.#commit('noteConflicts', () => noteConflicts(this.#tables, change, context));
  }

  async agentChecks(): Promise<AgentCheck[]> {
    const key = ({ agent, fingerprint }: AgentCheck) => `${agent} ${fingerprint}`;
    return [...this.#tables.agentChecks.values()].toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
  }

  async saveAgentCheck(check: AgentCheck): Promise<void> {
    const key = `${check.agent} ${check.fingerprint}`;
    this.#commit('saveAgentCheck', () => this.#tables.put(this.#tables.agentChecks, key, check), 'quietly');
  }

  async send(message: Omit<Message, 'order' | 'acknowledgedAt'>): Promise<Message> {
    return this.#commit('send', () => send(this.#tables, message));
  }

  async messages(query: { to: string; all?: boolean; limit?: number }): Promise<Message[]> {
    const { to, all = false, limit = Number.POSITIVE_INFINITY } = query;
    const asked = (message: Message) => message.to === to && (all || message.acknowledgedAt === null);
    return [...this.#tables.messages.values()].filter(asked).slice(0, limit);
  }

  async acknowledge(to: string, ids: readonly string[], now: number): Promise<number> {
    return this.#commit('acknowledge', () => acknowledge(this.#tables, { to, ids, now }));
  }

  async note(finding: Note): Promise<Note> {
    return this.#commit('note', () => note(this.#tables, finding));
  }

  async notes({ words, limit }: { words: string; limit: number }): Promise<Note[]> {
    return findNotes([...this.#tables.notes.values()], words).slice(0, limit);
  }

  watch(onChange: () => void): Disposable {
    const listener = () => onChange();
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear();
  }

  /** One transaction. What nobody waits for (`quietly`) rings no bell. */
  #commit<T>(verb: string, work: () => T, how?: 'quietly'): T {
    const { result, hasChanged } = this.#tables.transact(() => {
      const answer = work();
      this.#faults.beforeCommit?.(verb);
      return answer;
    });
    if (hasChanged && how !== 'quietly') for (const listener of this.#listeners) queueMicrotask(listener);
    this.#faults.afterCommit?.(verb);
    return result;
  }
}
