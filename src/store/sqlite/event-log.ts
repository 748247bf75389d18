/**
 * The event log in SQLite.
 *
 * Owns event numbers, actors' numbers and the chain's end. All three move in the transaction of the change, so that a
 * reader who asks for what follows its last number misses nothing.
 */
import type { Event, EventBody } from '../../core/event.ts';
import { keyParts, type TaskKey } from '../../core/id.ts';
import { assert } from '../../platform/error.ts';
import { firstMisfit, sealEvent, type LogHead } from '../hash.ts';
import type { EventQuery } from '../store.ts';
import type { Database } from './database.ts';

interface EventRow {
  seq: number;
  at: number;
  actor: string;
  actor_seq: number;
  plan: string | null;
  task: TaskKey | null;
  attempt: number | null;
  data: string;
  hash: string;
}

const columns = 'seq, at, actor, actor_seq, plan, task, attempt, data, hash';

/** Appends events inside one transaction; {@link EventLog.finish} writes the counters once, before the commit. */
export class EventLog {
  readonly #db: Database;
  readonly #actorSeqs = new Map<string, number>();
  #head: LogHead;
  #lastToken: number;

  constructor(db: Database) {
    const row = db.get<LogHead & { token: number }>('SELECT seq, hash, token FROM project');
    assert(row !== undefined, `the store ${db.path} has no project row`);
    this.#db = db;
    this.#head = { seq: row.seq, hash: row.hash };
    this.#lastToken = row.token;
  }

  /** The last token given out in the project. */
  get lastToken(): number {
    return this.#lastToken;
  }

  useToken(token: number): void {
    this.#lastToken = Math.max(this.#lastToken, token);
  }

  /** The event belongs to the plan of its task unless `plan` says more. */
  append(open: {
    at: number;
    actor: string;
    plan?: string;
    task?: TaskKey | null;
    attempt?: number | null;
    body: EventBody;
  }): Event {
    const { at, actor, task = null, attempt = null, body } = open;
    const plan = open.plan ?? (task === null ? null : keyParts(task).plan);
    const actorSeq = this.#lastActorSeq(actor) + 1;
    const { event, data } = sealEvent(this.#head, { at, actor, actorSeq, plan, task, attempt, body });
    const { seq, hash } = event;
    this.#db.run(
      `INSERT INTO event (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      seq,
      at,
      actor,
      actorSeq,
      plan,
      task,
      attempt,
      data,
      hash,
    );
    this.#actorSeqs.set(actor, actorSeq);
    this.#head = { seq, hash };
    return event;
  }

  finish(): void {
    if (this.#actorSeqs.size === 0) return;
    for (const [actor, seq] of this.#actorSeqs) {
      this.#db.run('INSERT INTO actor VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq', actor, seq);
    }
    this.#db.run('UPDATE project SET seq = ?, hash = ?, token = ?', this.#head.seq, this.#head.hash, this.#lastToken);
  }

  #lastActorSeq(actor: string): number {
    const known = this.#actorSeqs.get(actor);
    if (known !== undefined) return known;
    return this.#db.get<{ seq: number }>('SELECT seq FROM actor WHERE name = ?', actor)?.seq ?? 0;
  }
}

export function readEvents(db: Database, { since, limit, plan, task }: EventQuery): Event[] {
  const conditions = ['seq > ?'];
  const values: (string | number)[] = [since];
  if (plan !== undefined) {
    conditions.push('plan = ?');
    values.push(plan);
  }
  if (task !== undefined) {
    conditions.push('task = ?');
    values.push(task);
  }
  const sql = `SELECT ${columns} FROM event WHERE ${conditions.join(' AND ')} ORDER BY seq LIMIT ?`;
  return db.all<EventRow>(sql, ...values, limit ?? -1).map(eventOf);
}

export function lastSeq(db: Database): number {
  return db.get<{ seq: number }>('SELECT seq FROM project')?.seq ?? 0;
}

/** The number of the first event that does not fit the chain, or `null`; reads the log once, without holding it. */
export function firstDamagedEvent(db: Database): number | null {
  return db.snapshot(() => {
    const head = db.get<LogHead>('SELECT seq, hash FROM project') ?? { seq: 0, hash: '' };
    const events = db.each<EventRow>(`SELECT ${columns} FROM event ORDER BY seq`);
    return firstMisfit(mapEach(events, eventOrBroken), head);
  });
}

function* mapEach<A, B>(values: Iterable<A>, change: (value: A) => B): Generator<B> {
  for (const value of values) yield change(value);
}

function eventOf(row: EventRow): Event {
  const { seq, at, actor, actor_seq: actorSeq, plan, task, attempt, data, hash } = row;
  return { seq, at, actor, actorSeq, plan, task, attempt, body: JSON.parse(data) as EventBody, hash };
}

/** A line whose JSON somebody broke is a misfit like any other. */
function eventOrBroken(row: EventRow): Event {
  try {
    return eventOf(row);
  } catch {
    return { ...eventOf({ ...row, data: 'null' }), hash: '' };
  }
}
