/**
 * Who calls: told by what they show, never by what they say.
 *
 * Owns the tokens of people and observers, the sessions of browsers, and how an attempt proves itself. Tokens and sessions are keyed
 * hashes under the project's own key, so that they live through a restart and nothing of them is stored; what is compared takes as long
 * wherever it differs. A one-time code is what a link carries: it is used up by its first use.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { limits } from '../core/limits.ts';
import { ensureKey } from '../platform/capability.ts';
import { sha256 } from '../platform/sha256.ts';
import type { Settings } from '../platform/settings.ts';

export type Role = 'person' | 'observer' | 'attempt';
export const everybody: readonly Role[] = ['person', 'observer', 'attempt'];
export const readers: readonly Role[] = ['person', 'observer'];
/** Whoever watches over agents, but no agent. */
export const watchers: readonly Role[] = ['person', 'observer'];
export const people: readonly Role[] = ['person'];

/** Whom a token or session stands for; an attempt's own capability is looked at by the server, which knows attempts. */
export interface Bearer {
  role: Exclude<Role, 'attempt'>;
  /** Of a person with a token of their own; `null`: whoever owns the project's folder. */
  name: string | null;
}

export interface Access {
  /** For programs: goes into `Authorization: Bearer`. */
  token(role: Bearer['role']): string;
  bearer(token: string, now: number): Bearer | null;
  /** A code that opens one session. */
  newCode(bearer: Bearer, now: number): string;
  /** What the code stands for, once. */
  useCode(code: string, now: number): Bearer | null;
  newSession(bearer: Bearer, now: number): string;
  session(value: string, now: number): Bearer | null;
}

/** @param keyFile made if it is missing. @param tokens of people who call from elsewhere, as hashes (`settings.apiTokens`). */
export async function openAccess(keyFile: string, tokens: Settings['apiTokens']): Promise<Access> {
  const key = await ensureKey(keyFile);
  const seal = (text: string): string => createHmac('sha256', key).update(text).digest('hex');
  const codes = new Map<string, { bearer: Bearer; until: number }>();
  const tokenOf = (role: Bearer['role']): string => `orbit_${seal(`api token of ${role}`)}`;
  const own = (['person', 'observer'] as const).map((role) => ({ role, token: tokenOf(role) }));
  // A time that nobody can read is over.
  const isOver = ({ expires }: Settings['apiTokens'][string], now: number): boolean =>
    expires !== undefined && !(Date.parse(expires) > now);
  /** Whoever got in by a token of their own stays in no longer, and with no other rights, than that token. */
  const isStill = ({ role, name }: Bearer, now: number): boolean => {
    if (name === null) return true;
    const one = Object.hasOwn(tokens, name) ? tokens[name] : undefined;
    return one !== undefined && one.role === role && !isOver(one, now);
  };
  return {
    token: tokenOf,
    bearer(token, now) {
      // Every comparison is made, whichever fits.
      const found = own.filter((one) => isSame(one.token, token)).map(({ role }): Bearer => ({ role, name: null }));
      const digest = sha256(token);
      const named = Object.entries(tokens).filter(([, one]) => isSame(one.sha256, digest) && !isOver(one, now));
      return found[0] ?? named.map(([name, { role }]): Bearer => ({ role, name }))[0] ?? null;
    },
    newCode(bearer, now) {
      for (const [code, { until }] of codes) if (until <= now) codes.delete(code);
      if (codes.size >= limits.apiCodesMax) codes.delete(codes.keys().next().value ?? '');
      const code = randomBytes(32).toString('base64url');
      codes.set(sha256(code), { bearer, until: now + limits.apiCodeMs });
      return code;
    },
    useCode(code, now) {
      const digest = sha256(code);
      const known = codes.get(digest);
      codes.delete(digest);
      return known === undefined || known.until <= now || !isStill(known.bearer, now) ? null : known.bearer;
    },
    newSession({ role, name }, now) {
      const salt = randomBytes(16).toString('hex');
      const claims = encode([now + limits.apiSessionMs, role, name, salt]);
      return `${claims}.${seal(`session ${claims}`)}`;
    },
    session(value, now) {
      const cut = value.lastIndexOf('.');
      const claims = value.slice(0, Math.max(cut, 0));
      if (!isSame(seal(`session ${claims}`), value.slice(cut + 1))) return null;
      const [until, role, name] = decode(claims);
      return until <= now || !isStill({ role, name }, now) ? null : { role, name };
    },
  };
}

type Claims = [until: number, role: Bearer['role'], name: string | null, salt: string];

function encode(claims: Claims): string {
  return Buffer.from(JSON.stringify(claims)).toString('base64url');
}

/** Of a text that carries our seal. */
function decode(text: string): Claims {
  return JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Claims;
}

function isSame(wanted: string, shown: string): boolean {
  const [one, other] = [Buffer.from(wanted), Buffer.from(shown)];
  return one.length === other.length && timingSafeEqual(one, other);
}
