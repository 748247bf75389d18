/**
 * The rows of a memory store, and the one way to change them.
 *
 * Owns the transaction: every change leaves how to take it back, so that a verb that throws half way leaves nothing behind.
 * Values are never changed in place, so they can be handed out without a copy.
 */
import type { AgentCheck } from '../../core/agent-check.ts';
import type { Attempt } from '../../core/attempt.ts';
import type { Conflict } from '../../core/conflict.ts';
import type { Event } from '../../core/event.ts';
import type { TaskKey } from '../../core/id.ts';
import type { Plan } from '../../core/plan.ts';
import type { Account } from '../../core/quota.ts';
import type { Train } from '../../core/train-record.ts';
import type { Reservation } from '../change.ts';
import { emptyLog, type LogHead } from '../hash.ts';
import type { Leadership, Message, Note, TaskRecord, Verdict } from '../store.ts';

export interface TaskRow extends TaskRecord {
  /** Counts the project's tasks in the order of their creation. */
  number: number;
}

/** What a project has one of. */
export interface Single {
  readonly head: LogHead;
  readonly lastToken: number;
  readonly leader: Leadership | null;
}

export class Tables {
  readonly plans: Map<string, Plan> = new Map();
  readonly tasks: Map<TaskKey, TaskRow> = new Map();
  /** Who needs a task; for keys of tasks that do not exist yet too. */
  readonly dependants: Map<TaskKey, ReadonlySet<TaskKey>> = new Map();
  readonly attempts: Map<number, Attempt> = new Map();
  readonly reservations: Map<number, Reservation> = new Map();
  readonly actorSeqs: Map<string, number> = new Map();
  readonly messages: Map<string, Message> = new Map();
  readonly notes: Map<string, Note> = new Map();
  readonly verdicts: Map<string, Verdict> = new Map();
  readonly agentChecks: Map<string, AgentCheck> = new Map();
  readonly trains: Map<string, Train> = new Map();
  readonly accounts: Map<string, Account> = new Map();
  readonly conflicts: Map<string, Conflict> = new Map();
  readonly events: Event[] = [];
  #single: Single = { head: emptyLog, lastToken: 0, leader: null };
  #undo: (() => void)[] = [];

  get single(): Single {
    return this.#single;
  }

  change(changes: Partial<Single>): void {
    const old = this.#single;
    this.#undo.push(() => (this.#single = old));
    this.#single = { ...old, ...changes };
  }

  put<K, V>(table: Map<K, V>, key: K, value: V): void {
    const old = table.get(key);
    this.#undo.push(old === undefined ? () => table.delete(key) : () => table.set(key, old));
    table.set(key, value);
  }

  /** Only for tables whose order says nothing: what is taken back stands last. */
  remove<K, V>(table: Map<K, V>, key: K): void {
    const old = table.get(key);
    if (old === undefined) return;
    this.#undo.push(() => table.set(key, old));
    table.delete(key);
  }

  append(event: Event): void {
    this.events.push(event);
    this.#undo.push(() => this.events.pop());
  }

  /** Runs `work` wholly or not at all. The answer's `hasChanged` tells whether it wrote. */
  transact<T>(work: () => T): { result: T; hasChanged: boolean } {
    this.#undo = [];
    try {
      const result = work();
      return { result, hasChanged: this.#undo.length > 0 };
    } catch (error) {
      for (const takeBack of this.#undo.toReversed()) takeBack();
      throw error;
    } finally {
      this.#undo = [];
    }
  }
}
