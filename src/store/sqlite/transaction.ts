/** A transaction under way: what those who write within it need. */
import type { Database } from './database.ts';
import type { EventLog } from './event-log.ts';

export interface Transaction {
  db: Database;
  log: EventLog;
  actor: string;
  now: number;
}
