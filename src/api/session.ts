/**
 * Sessions of browsers: a one-time code from a link becomes a cookie that scripts cannot read and other sites cannot send.
 *
 * Owns the cookie. The code stands in the address behind `#`, which browsers send to nobody; the page hands it over.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context as Request } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { limits } from '../core/limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { Access } from './access.ts';
import { bodyText } from './body.ts';
import { sessionOrder } from './contract/orders.ts';
import type { Identity } from './identity.ts';
import { notAllowed, RequestError } from './problem.ts';

export interface SessionOrder {
  context: { clock: Pick<Clock, 'now'> };
  access: Access;
  scheme: 'http' | 'https';
  cookie: string;
  hosts: () => ReadonlySet<string>;
  identify: (request: Request) => Promise<Identity>;
}

export function addSession(app: OpenAPIHono, order: SessionOrder): void {
  const { context, access, scheme, cookie, hosts, identify } = order;
  app.get('/api/session', async (request) => {
    const { caller, role } = await identify(request);
    return request.json({ name: caller.name, role });
  });
  app.post('/api/session', async (request) => {
    const parsed = sessionOrder.safeParse(readJson(await bodyText(request)));
    const now = context.clock.now();
    const bearer = parsed.success ? access.useCode(parsed.data.code, now) : null;
    if (bearer === null) {
      // Paced as all that is refused is.
      await identify(request).catch((error: unknown) => {
        if (error instanceof RequestError && error.code === 'too-many-requests') throw error;
      });
      throw new RequestError('unauthenticated', 'this link was used already, or is too old', {
        hint: 'orbit open prints a new one',
      });
    }
    setCookie(request, cookie, access.newSession(bearer, now), {
      httpOnly: true,
      sameSite: 'Strict',
      secure: scheme === 'https',
      path: '/',
      maxAge: limits.apiSessionMs / 1000,
    });
    return request.json({ name: bearer.name ?? 'person', role: bearer.role });
  });
  app.delete('/api/session', async (request) => {
    deleteCookie(request, cookie, { path: '/' });
    return request.json({ ended: true });
  });
  app.post('/api/session/codes', async (request) => {
    const { bearer, role } = await identify(request);
    if (bearer === null || role !== 'person') throw notAllowed(role, 'POST /api/session/codes');
    const code = access.newCode(bearer, context.clock.now());
    return request.json({ code, url: `${scheme}://${[...hosts()][0] ?? ''}/#code=${code}` });
  });
}

/** `null` for what is no JSON: no code either. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
