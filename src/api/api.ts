/**
 * The API: Orbit over HTTP for browsers, scripts and agents.
 *
 * Owns the way of one request: guard, identity, rights, what it takes, the action, what it answers. Invariant: every answer under
 * `/api`, `/mcp` and `/metrics` was asked for by somebody who proved who they are and whose role the route names. It must not decide
 * anything of the domain, nor read the store but through actions.
 */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Caller } from '../actions/caller.ts';
import type { Context } from '../actions/context.ts';
import { version } from '../platform/version.ts';
import type { Access } from './access.ts';
import { documentRoute } from './document.ts';
import { guard, type Hosts } from './guard.ts';
import { identify } from './identity.ts';
import { limits } from '../core/limits.ts';
import { metricsType } from './metrics.ts';
import { pace } from './pace.ts';
import { notAllowed, problemOf, RequestError } from './problem.ts';
import { repeats } from './repeat.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';
import { patternOf, serveRoute, type Serving } from './serve-route.ts';
import { addSession } from './session.ts';
import { pages } from './pages.ts';
import { eventStream, type Streams } from './stream.ts';

export interface ApiOrder {
  /** The project, as whoever started the server. */
  context: Context;
  /** The same project for somebody else. */
  as: (caller: Caller) => Context;
  access: Access;
  hosts: Hosts;
  scheme: 'http' | 'https';
  /** Cookies know no ports: each server has its own name. */
  cookie: string;
  streams: Streams;
  /** Folder of the built dashboard, `null` where it was not built. */
  web: string | null;
  /** Answers `/mcp` for one caller. */
  mcp: (context: Context) => Promise<(request: Request) => Promise<Response>>;
  /** The text of `/metrics`. */
  metrics: (context: Context) => Promise<string>;
  log: (line: string) => void;
}

export interface Api {
  fetch: (request: Request, bindings?: unknown) => Response | Promise<Response>;
}

export function createApi(order: ApiOrder): Api {
  const { context, hosts, scheme, log, web } = order;
  const app = new OpenAPIHono();
  const refusals = pace({ perS: limits.apiRefusalsPerMinute / 60, burst: limits.apiRefusalsPerMinute });
  const serving: Serving = {
    as: order.as,
    clock: context.clock,
    log,
    repeats: repeats(),
    writes: pace({ perS: limits.apiWritesPerS, burst: limits.apiWritesBurst }),
    identify: async (request) => {
      try {
        return await identify(request, order);
      } catch (error) {
        if (error instanceof RequestError) slow(refusals.take(addressOf(request.env), context.clock.monotonicMs()));
        throw error;
      }
    },
  };
  app.onError((error) => problemOf(error, log));
  app.notFound(({ req }) => problemOf(unknownRoute(req.method, req.path), log));
  app.use('*', guard(hosts, scheme));
  addSession(app, { ...order, identify: serving.identify });
  for (const route of routes) serveRoute(app, route, serving);
  documentRoute(app, { ...serving, version });
  for (const { method, path, who, answer } of rawRoutes(order)) {
    app.on(method === 'all' ? ['GET', 'POST', 'DELETE'] : ['GET'], path, async (request) => {
      const identity = await serving.identify(request);
      if (!who.includes(identity.role)) throw notAllowed(identity.role, path);
      return answer(request.req.raw, order.as(identity.caller), () => cutOff(request.env));
    });
  }
  for (const [path, allowed] of methodsOf(routes)) {
    app.all(path, ({ req }) => problemOf(wrongMethod(req.method, { path: req.path, allowed }), log));
  }
  app.all('/api/*', ({ req }) => problemOf(unknownRoute(req.method, req.path), log));
  pages(app, web);
  return {
    fetch: (request, bindings) => app.fetch(request, bindings as object),
  };
}

interface RawRoute {
  method: 'get' | 'all';
  path: string;
  who: Route['who'];
  /** `cut` ends the connection at once. */
  answer: (request: Request, context: Context, cut: () => void) => Promise<Response>;
}

/** What answers no JSON of the contract. */
function rawRoutes({ streams, mcp, metrics }: ApiOrder): readonly RawRoute[] {
  return [
    {
      method: 'get',
      path: '/api/stream',
      who: ['person', 'observer'],
      answer: async (request, _context, cut) => eventStream(streams, request, cut),
    },
    {
      method: 'get',
      path: '/metrics',
      who: ['person', 'observer'],
      answer: async (_request, context) =>
        new Response(await metrics(context), {
          headers: { 'Content-Type': metricsType },
        }),
    },
    {
      method: 'all',
      path: '/mcp',
      who: ['person', 'attempt'],
      answer: async (request, context) => (await mcp(context))(request),
    },
  ];
}

/** Patterns of paths with the methods that each answers. */
function methodsOf(known: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { method, path } of known) {
    const pattern = patternOf(path);
    methods.set(pattern, [...(methods.get(pattern) ?? []), method.toUpperCase()]);
  }
  return methods;
}

function wrongMethod(method: string, { path, allowed }: { path: string; allowed: readonly string[] }): RequestError {
  return new RequestError('wrong-method', `${path.slice(0, 200)} answers no ${method}`, {
    hint: `it answers ${allowed.join(', ')}`,
    headers: { Allow: allowed.join(', ') },
  });
}

function unknownRoute(method: string, path: string): RequestError {
  return new RequestError('unknown-route', `there is no ${method} ${path.slice(0, 200)}`, {
    hint: 'GET /api/openapi.json lists all',
  });
}

function slow(waitMs: number): void {
  if (waitMs === 0) return;
  throw new RequestError('too-many-requests', 'too many refused tries from this address', {
    hint: 'wait a minute',
    headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
  });
}

/** As node-server hands it over; what waits to be sent is dropped. */
function cutOff(env: unknown): void {
  const { outgoing } = (env ?? {}) as { outgoing?: { destroy?: () => void } };
  outgoing?.destroy?.();
}

/** As node-server hands it over; all of one machine share a place where it is not known. */
function addressOf(env: unknown): string {
  const { incoming } = (env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? '';
}
