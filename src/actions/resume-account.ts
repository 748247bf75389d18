/** Opens an account that rests at a quota wall, before its time (P6). */
import { isParked, type Account } from '../core/quota.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import type { Context } from './context.ts';
import { refuseAgents } from './refuse-agents.ts';

export async function resumeAccount(
  context: Context,
  { account, why }: { account: string; why: string },
): Promise<{ account: string; parked: false } | Rejection> {
  const refusal = await refuseAgents(context, 'open accounts');
  if (refusal !== null) return refusal;
  const { store, clock, caller } = context;
  if (await store.unparkAccount({ account, why }, caller.actor, clock.now())) return { account, parked: false };
  const parked = (await parkedAccounts(context)).map((one) => one.account).join(', ') || 'none';
  return reject('nothing-to-answer', `account ${account} is not parked (parked: ${parked})`, 'orbit agents lists them');
}

/** Accounts that rest now, with when they go on. */
export async function parkedAccounts({ store, clock }: Context): Promise<Account[]> {
  const now = clock.now();
  return (await store.accounts()).filter((account) => isParked(account, now));
}
