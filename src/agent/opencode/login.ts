/**
 * The keys and accounts of OpenCode's own `auth login`: lent to an agent, and a renewed account given back.
 *
 * Accounts are renewed by whoever uses them, and the older renewal key is worth nothing after that: a renewed login that stayed in
 * an attempt's home would log the user out.
 */
import { isDeepStrictEqual } from 'node:util';
import { fieldsIn, type Fields } from '../fields.ts';
import type { LoginFile } from '../login-files.ts';
import { parseObject } from './fields.ts';

export const openCodeLogin: readonly LoginFile[] = [{ path: '.local/share/opencode/auth.json', isReturned: isRenewed }];

/** The parts of an account that a renewal changes. */
const renewed = new Set(['access', 'refresh', 'expires']);

/** The same providers, each as it was or renewed: an agent can write this file, too, and must not give the user another account. */
function isRenewed(before: string, after: string): boolean {
  const [old, now] = [parseObject(before), parseObject(after)];
  if (old === null || now === null) return false;
  const names = Object.keys(old).sort();
  if (!isDeepStrictEqual(names, Object.keys(now).sort())) return false;
  return names.every(
    (name) => isDeepStrictEqual(old[name], now[name]) || isRenewal(fieldsIn(old[name]), fieldsIn(now[name])),
  );
}

function isRenewal(old: Fields, now: Fields): boolean {
  const rest = (account: Fields): [string, unknown][] =>
    Object.entries(account)
      .map(([name, value]): [string, unknown] => [name, renewed.has(name) ? typeof value : value])
      .sort(([one], [other]) => (one < other ? -1 : 1));
  return (
    old['type'] === 'oauth' &&
    isDeepStrictEqual(rest(old), rest(now)) &&
    Number(now['expires']) > Number(old['expires'])
  );
}
