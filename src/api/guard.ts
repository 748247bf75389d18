/**
 * The guard: what every request has to pass before anything looks at what it wants.
 *
 * Owns the defence against web pages that reach this machine through a person's browser: the name asked for must be ours (DNS
 * rebinding), whoever changes something must come from our own page or from no page, and nothing is answered across origins. Fetch
 * metadata: https://www.w3.org/TR/fetch-metadata/. Invariant: no header that a browser sends by itself opens anything alone.
 */
import type { Context, MiddlewareHandler } from 'hono';
import { limits } from '../core/limits.ts';
import { tooLarge } from './body.ts';
import { RequestError } from './problem.ts';

/** Where we listen, as browsers may name it: `127.0.0.1:4711`. Lower case. */
export type Hosts = () => ReadonlySet<string>;

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export function guard(hosts: Hosts, scheme: 'http' | 'https'): MiddlewareHandler {
  return async (context, next) => {
    requireHost(context, hosts());
    requireOwnPage(context, { hosts: hosts(), scheme });
    requireJson(context);
    await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
    if (!context.res.headers.has('Cache-Control')) context.res.headers.set('Cache-Control', 'no-store');
  };
}

/** For every answer. No header here lets another origin read anything. */
const headers: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
};

function requireHost(context: Context, hosts: ReadonlySet<string>): void {
  const host = context.req.header('host')?.toLowerCase() ?? '';
  if (hosts.has(host)) return;
  throw new RequestError('wrong-host', `this server is not ${JSON.stringify(host.slice(0, 100))}`, {
    hint: `ask for ${[...hosts][0] ?? 'it'} by that name; settings.api.names adds names`,
  });
}

function requireOwnPage(context: Context, { hosts, scheme }: { hosts: ReadonlySet<string>; scheme: string }): void {
  const { method } = context.req;
  const origin = context.req.header('origin');
  if (origin !== undefined && ![...hosts].some((host) => origin.toLowerCase() === `${scheme}://${host}`)) {
    throw foreign(`a page of ${JSON.stringify(origin.slice(0, 100))} may not call this`);
  }
  const site = context.req.header('sec-fetch-site');
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  // A person may follow a link to the dashboard from anywhere: that answers a page without data.
  const isNavigation = context.req.header('sec-fetch-mode') === 'navigate' && safe.has(method);
  if (isNavigation && context.req.header('sec-fetch-dest') === 'document' && !isData(context.req.path)) return;
  throw foreign('another site may not call this');
}

function isData(path: string): boolean {
  return /^\/(?:api|mcp|metrics)(?:\/|$)/.test(path);
}

function foreign(message: string): RequestError {
  return new RequestError('foreign-origin', message, { hint: 'open the link that orbit open prints' });
}

/** A form of another site can send texts and forms without being asked first, JSON it cannot. */
function requireJson({ req }: Context): void {
  if (safe.has(req.method)) return;
  const length = Number(req.header('content-length') ?? '0');
  const isChunked = req.header('transfer-encoding') !== undefined;
  if (length > limits.apiBodyBytesMax) throw tooLarge(String(length));
  if (length === 0 && !isChunked) return;
  const type = (req.header('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return;
  throw new RequestError(
    'not-json',
    `a body must be application/json, not ${JSON.stringify(type?.slice(0, 80) ?? '')}`,
    {
      hint: 'send Content-Type: application/json',
    },
  );
}
