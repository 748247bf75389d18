/** Owns the records of trains in SQLite: one row per target. */
import type { Train } from '../../core/train-record.ts';
import type { Database } from './database.ts';

export function readTrains(db: Database): Train[] {
  const rows = db.all<{ body: string }>('SELECT body FROM train ORDER BY target');
  return rows.map(({ body }) => JSON.parse(body) as Train);
}

/** Must run in a transaction. */
export function writeTrain(db: Database, train: Train): void {
  db.run('INSERT OR REPLACE INTO train VALUES (?, ?)', train.target, JSON.stringify(train));
}
