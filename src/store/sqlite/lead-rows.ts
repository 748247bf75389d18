/** Owns two small tables of coordinators in SQLite: who leads, and which checks were green at which tree. */
import type { Rejection } from '../../core/rejection.ts';
import { nextLeadership, refuseStale } from '../leadership.ts';
import type { Leadership, Verdict } from '../store.ts';
import type { Database } from './database.ts';

/** Must run in a transaction. */
export function lead(db: Database, request: { holder: string; leaseMs: number; now: number }): Leadership | null {
  const next = nextLeadership(stored(db), request);
  if (next !== null) write(db, next);
  return next;
}

export function readLeader(db: Database): Leadership | null {
  const leader = stored(db);
  return leader === null || leader.holder === '' ? null : leader;
}

/** Keeps the epoch, so that the next holder's is higher. Must run in a transaction. */
export function resign(db: Database, holder: string): void {
  const leader = stored(db);
  if (leader?.holder === holder) write(db, { holder: '', epoch: leader.epoch, expiresAt: 0 });
}

/** Refuses what is done under a leadership that is over. Must run in the transaction that it guards. */
export function staleLead(db: Database, epoch: number | undefined): Rejection | null {
  return epoch === undefined ? null : refuseStale(stored(db), epoch);
}

export function readVerdict(db: Database, tree: string, check: string): Verdict | null {
  const sql = 'SELECT green, tail, at FROM verdict WHERE tree = ? AND command = ?';
  const row = db.get<{ green: number; tail: string; at: number }>(sql, tree, check);
  return row === undefined ? null : { tree, check, green: row.green === 1, tail: row.tail, at: row.at };
}

export function writeVerdict(db: Database, { tree, check, green, tail, at }: Verdict): void {
  db.run('INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)', tree, check, green ? 1 : 0, tail, at);
}

function stored(db: Database): Leadership | null {
  return db.get<Leadership>('SELECT holder, epoch, expires_at AS expiresAt FROM leader') ?? null;
}

function write(db: Database, { holder, epoch, expiresAt }: Leadership): void {
  db.run('INSERT OR REPLACE INTO leader VALUES (1, ?, ?, ?)', holder, epoch, expiresAt);
}
