/**
 * Identity: from a request to the one it acts for (I17).
 *
 * Owns the order of proofs: a bearer token (a person's, an observer's, or an attempt's own capability), else the session of a
 * browser. What a request says about itself elsewhere has no say. Refusals from one address are paced.
 */
import type { Context as Request } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Caller } from '../actions/caller.ts';
import type { Context } from '../actions/context.ts';
import { keyParts } from '../core/id.ts';
import { isCapability } from '../platform/capability.ts';
import type { Access, Bearer, Role } from './access.ts';
import { RequestError } from './problem.ts';

export interface Identity {
  role: Role;
  caller: Caller;
  /** By a cookie, which a browser sends by itself. */
  byCookie: boolean;
  /** For links to another browser; `null` for attempts. */
  bearer: Bearer | null;
}

export interface IdentityOrder {
  /** The project, as whoever started the server. */
  context: Context;
  access: Access;
  cookie: string;
}

/** Throws `RequestError` `unauthenticated`. */
export async function identify(request: Request, { context, access, cookie }: IdentityOrder): Promise<Identity> {
  const now = context.clock.now();
  const shown = /^Bearer +(\S+)$/i.exec(request.req.header('authorization') ?? '')?.[1];
  if (shown !== undefined) {
    const attempt = await attemptOf(context, shown);
    if (attempt !== null) return { role: 'attempt', caller: attempt, byCookie: false, bearer: null };
    const bearer = access.bearer(shown, now);
    if (bearer !== null) return { role: bearer.role, caller: callerFor(context, bearer), byCookie: false, bearer };
    throw unauthenticated(
      'this token opens nothing',
      'orbit open --token prints one; an expired one has to be renewed',
    );
  }
  const bearer = access.session(getCookie(request, cookie) ?? '', now);
  if (bearer !== null) return { role: bearer.role, caller: callerFor(context, bearer), byCookie: true, bearer };
  throw unauthenticated('nobody is signed in', 'orbit open prints a link that signs this browser in');
}

/** An attempt shows what its runner gave it; the number in front is its token. */
async function attemptOf({ store, paths }: Context, shown: string): Promise<Caller | null> {
  const token = /^(\d{1,15})\.[0-9a-f]{64}$/.exec(shown)?.[1];
  if (token === undefined) return null;
  const attempt = await store.attempt(Number(token));
  if (attempt === null || !isCapability(paths.key, attempt, shown)) return null;
  if (attempt.endedAt !== null) {
    throw unauthenticated(`attempt ${token} at ${attempt.task} has ended`, 'stop; commits that were made are kept');
  }
  const { agent, task } = attempt;
  return {
    kind: 'attempt',
    actor: agent,
    name: agent,
    agent,
    plan: keyParts(task).plan,
    capability: shown,
    token: attempt.token,
    task,
  };
}

function callerFor({ caller }: Context, { name }: Bearer): Caller {
  const own = caller.kind === 'person' ? caller.name : 'person';
  const known = (name ?? own).replace(/[^\w.-]/g, '_');
  return { kind: 'person', actor: `person:${known}`, name: known, plan: null, capability: null, agent: null };
}

function unauthenticated(message: string, hint: string): RequestError {
  return new RequestError('unauthenticated', message, { hint, headers: { 'WWW-Authenticate': 'Bearer' } });
}
