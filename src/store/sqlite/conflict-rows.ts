/** Owns the conflicts seen ahead in SQLite: one row per pair of tasks, or of a task and its target. */
import type { Conflict, ConflictChange } from '../../core/conflict.ts';
import type { Database } from './database.ts';
import type { Transaction } from './transaction.ts';

export function readConflicts(db: Database): Conflict[] {
  const rows = db.all<{ body: string }>('SELECT body FROM conflict ORDER BY task, other');
  return rows.map(({ body }) => JSON.parse(body) as Conflict);
}

export function noteConflicts({ db, log, actor, now }: Transaction, { noted, ended }: ConflictChange): void {
  for (const { task, other } of ended) {
    const gone = db.run('DELETE FROM conflict WHERE task = ? AND other = ?', task, other ?? '');
    if (gone > 0) log.append({ at: now, actor, task, body: { type: 'conflict-gone', other } });
  }
  for (const conflict of noted) {
    const { task, other, paths } = conflict;
    const known = db.get('SELECT 1 FROM conflict WHERE task = ? AND other = ?', task, other ?? '');
    db.run('INSERT OR REPLACE INTO conflict VALUES (?, ?, ?)', task, other ?? '', JSON.stringify(conflict));
    if (known === undefined) log.append({ at: now, actor, task, body: { type: 'conflict-seen', other, paths } });
  }
}
