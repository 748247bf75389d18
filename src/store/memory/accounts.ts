/** Owns what parking and opening accounts does to the rows of a memory store. */
import type { Account } from '../../core/quota.ts';
import { parkChange, unparkChange } from '../account-change.ts';
import type { ParkOrder, UnparkOrder } from '../store.ts';
import { appendEvent, type Transaction } from './changes.ts';
import type { Tables } from './tables.ts';

export function parkAccount({ tables, actor, now }: Transaction, order: ParkOrder): Account {
  const { account, event } = parkChange(tables.accounts.get(order.account) ?? null, order, now);
  if (event === null) return account;
  tables.put(tables.accounts, account.account, account);
  appendEvent(tables, { at: now, actor, body: event });
  return account;
}

export function unparkAccount({ tables, actor, now }: Transaction, order: UnparkOrder): boolean {
  const change = unparkChange(tables.accounts.get(order.account) ?? null, order);
  if (change === null) return false;
  tables.put(tables.accounts, order.account, change.account);
  appendEvent(tables, { at: now, actor, body: change.event });
  return true;
}

/** By name. */
export function accountsOf({ accounts }: Tables): Account[] {
  return [...accounts.values()].sort((one, other) => (one.account < other.account ? -1 : 1));
}
