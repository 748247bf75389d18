/**
 * Serves one route: identity, rights, what was sent, the action, the answer.
 *
 * Owns validators (RFC 9110: `ETag`, `If-None-Match`, `If-Match`), repeats of writes, and the words for what does not fit the schema.
 */
import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context as Request } from 'hono';
import type { z } from 'zod';
import type { Caller } from '../actions/caller.ts';
import type { Context } from '../actions/context.ts';
import { isRejection } from '../core/rejection.ts';
import type { Clock } from '../platform/clock.ts';
import { bodyText } from './body.ts';
import { problem } from './contract/views.ts';
import type { Identity } from './identity.ts';
import type { Pace } from './pace.ts';
import { notAllowed, problemOf, RequestError, type Fault } from './problem.ts';
import type { Repeats } from './repeat.ts';
import type { Call, Route } from './route.ts';

export interface Serving {
  as: (caller: Caller) => Context;
  clock: Pick<Clock, 'now' | 'monotonicMs'>;
  log: (line: string) => void;
  repeats: Repeats;
  writes: Pace;
  /** Throws `RequestError` `unauthenticated`, `too-many-requests`. */
  identify: (request: Request) => Promise<Identity>;
}

export function serveRoute(app: OpenAPIHono, route: Route, serving: Serving): void {
  const { params, query, body, noun, summary, method, path, status, answer } = route;
  // The document is made from this; what was sent is checked below, so that one way of checking serves all.
  app.openAPIRegistry.registerPath(
    createRoute({
      method,
      path,
      tags: [noun],
      summary,
      description: `For: ${route.who.join(', ')}.`,
      request: {
        ...(params === undefined ? {} : { params }),
        ...(query === undefined ? {} : { query }),
        ...(body === undefined ? {} : { body: { required: true, content: { 'application/json': { schema: body } } } }),
      },
      responses: {
        [status]: { description: summary, content: { 'application/json': { schema: answer } } },
        default: { description: 'What went wrong.', content: { 'application/problem+json': { schema: problem } } },
      },
    }),
  );
  app.on(method.toUpperCase(), patternOf(path), async (request) => {
    const identity = await serving.identify(request);
    if (!route.who.includes(identity.role)) throw notAllowed(identity.role, `${method.toUpperCase()} ${path}`);
    return method === 'get'
      ? look(request, { route, serving, identity })
      : change(request, { route, serving, identity });
  });
}

/** A route's path as the router writes it. */
export function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

interface Order {
  route: Route;
  serving: Serving;
  identity: Identity;
}

async function look(request: Request, order: Order): Promise<Response> {
  const call = callOf(request, order, undefined);
  // Before the answer is made: one that tells too old a version is refused later, one that tells too new a version would be let through.
  const own = order.route.version === undefined ? null : await order.route.version(call as never);
  const answer = await order.route.handle(call as never);
  if (isRejection(answer)) return problemOf(answer, order.serving.log);
  const text = JSON.stringify(answer);
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 27);
  const tag = `"${own ?? hash}"`;
  const headers = { 'Content-Type': 'application/json', ETag: tag, 'Cache-Control': 'private, no-cache' };
  // A version of its own says nothing about the parts of the answer that change with time.
  if (own === null && tagsOf(request.req.header('if-none-match')).includes(tag)) {
    return new Response(null, { status: 304, headers: { ETag: tag, 'Cache-Control': 'private, no-cache' } });
  }
  return new Response(text, { headers });
}

async function change(request: Request, order: Order): Promise<Response> {
  const { route, serving, identity } = order;
  const waitMs = serving.writes.take(identity.caller.actor, serving.clock.monotonicMs());
  if (waitMs > 0) {
    throw new RequestError('too-many-requests', `${identity.caller.name} changes more than is good for anybody`, {
      hint: 'wait, and send less at once',
      headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) },
    });
  }
  const text = await bodyText(request);
  const make = async (): Promise<Response> => {
    const call = callOf(request, order, text);
    if (call.ifMatch !== null && route.version !== undefined) {
      const seen = await route.version(call as never);
      if (call.ifMatch !== '*' && !tagsOf(call.ifMatch).includes(`"${seen}"`)) throw stale(seen);
    }
    const answer = await route.handle(call as never);
    if (isRejection(answer)) return problemOf(answer, serving.log);
    return new Response(JSON.stringify(answer), {
      status: route.status,
      headers: { 'Content-Type': 'application/json' },
    });
  };
  const key = request.req.header('idempotency-key');
  if (key === undefined) return make();
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new RequestError('bad-request', 'an Idempotency-Key has 1 to 200 printable characters', {
      hint: 'use a UUID',
    });
  }
  const { method, url } = request.req;
  return serving.repeats.once(
    { who: identity.caller.actor, key, request: `${method} ${url}\n${text}`, now: serving.clock.now() },
    async () => make().catch((error: unknown) => problemOf(error, serving.log)),
  );
}

function callOf(request: Request, { route, serving, identity }: Order, text: string | undefined): Call {
  const { params, query, body } = route;
  return {
    context: serving.as(identity.caller),
    role: identity.role,
    params: params === undefined ? undefined : read(params, request.req.param(), 'path'),
    query: query === undefined ? undefined : read(query, request.req.query(), 'query'),
    body: body === undefined ? undefined : read(body, jsonOf(text ?? ''), 'body'),
    ifMatch: request.req.header('if-match') ?? null,
  };
}

function read(schema: z.ZodType, value: unknown, where: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, faultsShown).map(({ path, message }): Fault => ({
    field: [where, ...path.map(String)].join('.').slice(0, 200),
    message: message.slice(0, 300),
  }));
  const [first] = faults;
  throw new RequestError('bad-request', `${first?.field ?? where}: ${first?.message ?? 'it does not fit'}`, {
    hint: 'GET /api/openapi.json says what this route takes',
    faults,
  });
}

const faultsShown = 20;

function jsonOf(text: string): unknown {
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch (error) {
    throw new RequestError('bad-request', `the body is no JSON: ${(error as Error).message.slice(0, 200)}`, {
      hint: 'send one JSON object',
    });
  }
}

function stale(version: string): RequestError {
  return new RequestError('stale', `this changed since you looked at it; it is at ${version} now`, {
    hint: 'read it again, then decide again',
  });
}

function tagsOf(header: string | undefined): string[] {
  return (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}
