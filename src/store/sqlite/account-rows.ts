/** Owns how accounts that met a quota wall stand in SQLite, and what parking and opening them writes. */
import type { Account } from '../../core/quota.ts';
import { parkChange, unparkChange } from '../account-change.ts';
import type { ParkOrder, UnparkOrder } from '../store.ts';
import type { Transaction } from './transaction.ts';
import type { Database } from './database.ts';

export function readAccount(db: Database, name: string): Account | null {
  const row = db.get<{ body: string }>('SELECT body FROM account WHERE name = ?', name);
  return row === undefined ? null : (JSON.parse(row.body) as Account);
}

export function readAccounts(db: Database): Account[] {
  const rows = db.all<{ body: string }>('SELECT body FROM account ORDER BY name');
  return rows.map(({ body }) => JSON.parse(body) as Account);
}

export function parkAccount({ db, log, actor, now }: Transaction, order: ParkOrder): Account {
  const { account, event } = parkChange(readAccount(db, order.account), order, now);
  if (event === null) return account;
  write(db, account);
  log.append({ at: now, actor, body: event });
  return account;
}

export function unparkAccount({ db, log, actor, now }: Transaction, order: UnparkOrder): boolean {
  const change = unparkChange(readAccount(db, order.account), order);
  if (change === null) return false;
  write(db, change.account);
  log.append({ at: now, actor, body: change.event });
  return true;
}

function write(db: Database, account: Account): void {
  db.run('INSERT OR REPLACE INTO account VALUES (?, ?)', account.account, JSON.stringify(account));
}
