/** Owns the last checks of agents in SQLite: one row per agent and fingerprint. */
import type { AgentCheck } from '../../core/agent-check.ts';
import type { Database } from './database.ts';

export function readAgentChecks(db: Database): AgentCheck[] {
  const rows = db.all<{ body: string }>('SELECT body FROM agent_check ORDER BY agent, fingerprint');
  return rows.map(({ body }) => JSON.parse(body) as AgentCheck);
}

/** Must run in a transaction. */
export function writeAgentCheck(db: Database, check: AgentCheck): void {
  const sql = 'INSERT OR REPLACE INTO agent_check VALUES (?, ?, ?)';
  db.run(sql, check.agent, check.fingerprint, JSON.stringify(check));
}
