/** Owns how plans stand in SQLite. */
import type { Plan } from '../../core/plan.ts';
import type { Database } from './database.ts';

export function readPlan(db: Database, id: string): Plan | null {
  const row = db.get<{ body: string }>('SELECT body FROM plan WHERE id = ?', id);
  return row === undefined ? null : (JSON.parse(row.body) as Plan);
}

/** In the order of their creation. */
export function readPlans(db: Database): Plan[] {
  return db.all<{ body: string }>('SELECT body FROM plan ORDER BY number').map(({ body }) => JSON.parse(body) as Plan);
}

export function writePlan(db: Database, plan: Plan): void {
  db.run(
    `INSERT INTO plan (id, unblock, paused, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET unblock = excluded.unblock, paused = excluded.paused, body = excluded.body`,
    plan.id,
    plan.unblock,
    plan.paused ? 1 : 0,
    JSON.stringify(plan),
  );
}
