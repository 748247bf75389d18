/** Owns how attempts and their reservations stand in SQLite. What beats move is a column of its own, so a beat writes little. */
import type { Attempt, Pulse } from '../../core/attempt.ts';
import { keyParts, type TaskKey } from '../../core/id.ts';
import type { Reservation } from '../change.ts';
import type { AttemptQuery } from '../store.ts';
import type { Database } from './database.ts';

interface AttemptRow {
  body: string;
  pulse: string;
}

export function readAttempt(db: Database, token: number): Attempt | null {
  const row = db.get<AttemptRow>('SELECT body, pulse FROM attempt WHERE token = ?', token);
  return row === undefined ? null : attemptOf(row);
}

export function selectAttempts(db: Database, { task, plan, live }: AttemptQuery): Attempt[] {
  const conditions = ['TRUE'];
  const values: string[] = [];
  if (task !== undefined) {
    conditions.push('task = ?');
    values.push(task);
  }
  if (plan !== undefined) {
    conditions.push('plan = ?');
    values.push(plan);
  }
  if (live === true) conditions.push('live = 1');
  const sql = `SELECT body, pulse FROM attempt WHERE ${conditions.join(' AND ')} ORDER BY token`;
  return db.all<AttemptRow>(sql, ...values).map(attemptOf);
}

/** Leaves the pulse of a stored attempt alone: only beats move it. */
export function writeAttempt(db: Database, attempt: Attempt): void {
  const { pulse, ...rest } = attempt;
  const { token, task } = rest;
  const live = attempt.endedAt === null ? 1 : 0;
  const body = JSON.stringify(rest);
  const changed = db.run('UPDATE attempt SET live = ?, body = ? WHERE token = ?', live, body, token);
  if (changed > 0) return;
  const { plan } = keyParts(task);
  db.run('INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?)', token, task, plan, live, body, JSON.stringify(pulse));
}

const maxPauseMs = 10;

/**
 * Writes a beat; `false` if the attempt is no longer live. SQLite's own waiting is unfair, and a lease must not run out
 * behind a storm of writers: so the wait is short, random and between attempts of our own, and other work of this process
 * goes on meanwhile. Random waits under a millisecond collapse at 32 processes, waits up to 10 ms do not.
 * After the store's time limit it waits inside SQLite once more and reports what that reports.
 */
export async function writeBeat(db: Database, token: number, pulse: Pulse): Promise<boolean> {
  const text = JSON.stringify(pulse);
  const sql = 'UPDATE attempt SET pulse = ? WHERE token = ? AND live = 1';
  let waitedMs = 0;
  for (let tries = 1; waitedMs < db.busyMs; tries += 1) {
    const changed = db.tryRun(sql, text, token);
    if (changed !== null) return changed > 0;
    const pauseMs = 1 + Math.random() * Math.min(2 ** tries, maxPauseMs);
    waitedMs += pauseMs;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return db.transact({ durability: 'normal', quietly: true }, () => db.run(sql, text, token) > 0);
}

export function reservations(db: Database): Reservation[] {
  return db
    .all<{ body: string }>('SELECT body FROM reservation ORDER BY token')
    .map(({ body }) => JSON.parse(body) as Reservation);
}

export function reserve(db: Database, reservation: Reservation): void {
  db.run('INSERT OR REPLACE INTO reservation VALUES (?, ?)', reservation.token, JSON.stringify(reservation));
}

export function free(db: Database, token: number): void {
  db.run('DELETE FROM reservation WHERE token = ?', token);
}

/** The attempt that holds the task's claim. */
export function liveAttempt(db: Database, key: TaskKey): Attempt | null {
  const row = db.get<AttemptRow>('SELECT body, pulse FROM attempt WHERE task = ? AND live = 1', key);
  return row === undefined ? null : attemptOf(row);
}

function attemptOf({ body, pulse }: AttemptRow): Attempt {
  return { ...(JSON.parse(body) as Omit<Attempt, 'pulse'>), pulse: JSON.parse(pulse) as Pulse };
}
