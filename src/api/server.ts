/**
 * The server: the API and the dashboard on a port of this machine.
 *
 * Owns where it listens (RFC 6761 for names of this machine): by default at loopback alone, the IPv4 address or, where there is none,
 * the IPv6 one. Anywhere else needs TLS and tokens of people, or nothing starts. A port that is taken is no failure: the next free one
 * serves. Where it listens is told in a file of the project, for `orbit open`.
 */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { isIP, type AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { limits } from '../core/limits.ts';
import { OperationalError, UsageError } from '../platform/error.ts';
import type { Settings } from '../platform/settings.ts';
import { openAccess } from './access.ts';
import { createApi, type ApiOrder } from './api.ts';
import { keepPlace, placesIn } from './place.ts';
import { openStreams } from './stream.ts';

export interface ServerOrder extends Pick<ApiOrder, 'context' | 'as' | 'web' | 'mcp' | 'metrics' | 'log'> {
  /** Instead of what the settings say. */
  port: number | null;
  host: string | null;
  pulse: () => Promise<string>;
}

export interface ApiServer extends AsyncDisposable {
  /** Where it answers, such as `http://127.0.0.1:4711`. */
  url: string;
  /** An address that signs one browser in, once. */
  link(): string;
  token(role: 'person' | 'observer'): string;
}

/** Throws `UsageError` `bad-settings`; `OperationalError` `no-port-free`. */
export async function startServer(order: ServerOrder): Promise<ApiServer> {
  const { context, log } = order;
  const settings = await context.settings();
  const wanted = order.host ?? settings.api.host;
  const tls = readTls(settings);
  requireSafe(wanted, settings, tls !== null);
  const access = await openAccess(context.paths.key, settings.apiTokens);
  const streams = openStreams({ store: context.store, pulse: order.pulse, log });
  const scheme = tls === null ? 'http' : 'https';
  const hosts = new Set<string>();
  const server = await create(tls);
  const place = await listen(server, { host: wanted, port: order.port ?? settings.api.port });
  for (const name of namesOf(place, { wanted, names: settings.api.names })) hosts.add(name);
  const api = createApi({
    ...order,
    access,
    streams,
    scheme,
    hosts: () => hosts,
    cookie: `orbit_${place.port}`,
  });
  const answer = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  server.on('request', (incoming, outgoing) => void answer(incoming, outgoing));
  server.on('error', (error) => log(`the server failed: ${String(error)}`));
  const url = `${scheme}://${[...hosts][0] ?? ''}`;
  const kept = keepPlace(placesIn(context.paths.orbitDirectory), url);
  return {
    url,
    link: () => `${url}/#code=${access.newCode({ role: 'person', name: null }, context.clock.now())}`,
    token: (role) => access.token(role),
    async [Symbol.asyncDispose]() {
      kept[Symbol.dispose]();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await streams[Symbol.asyncDispose]();
      await endConnections(server, closed);
    },
  };
}

/** Answers that are on their way, such as to whoever asked for this end, get a moment. */
async function endConnections(server: Server, closed: Promise<void>): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const cut = setTimeout(() => server.closeAllConnections(), limits.apiCloseMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
}

interface Tls {
  cert: Buffer;
  key: Buffer;
}

function readTls({ api: { tlsCert, tlsKey } }: Settings): Tls | null {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new UsageError('bad-settings', 'api.tlsCert and api.tlsKey belong together', 'set both, or none');
  }
  try {
    return { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
  } catch (error) {
    throw new UsageError(
      'bad-settings',
      `api.tlsCert or api.tlsKey cannot be read: ${(error as Error).message}`,
      'name two PEM files',
    );
  }
}

function requireSafe(host: string, settings: Settings, hasTls: boolean): void {
  if (isLoopback(host)) return;
  const missing = [
    ...(hasTls ? [] : ['api.tlsCert and api.tlsKey']),
    ...(Object.keys(settings.apiTokens).length > 0 ? [] : ['apiTokens']),
  ];
  if (missing.length === 0) return;
  throw new UsageError(
    'bad-settings',
    `${host} can be reached from other machines, and ${missing.join(' and ')} are not set`,
    'set them, or listen at localhost and reach it through ssh -L',
  );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function isWildcard(host: string): boolean {
  return isIP(host) !== 0 && /^[0:.]+$/.test(host);
}

async function create(tls: Tls | null): Promise<Server> {
  const options = { requestTimeout: limits.apiRequestMs, headersTimeout: limits.apiRequestMs };
  const server =
    tls === null
      ? (await import('node:http')).createServer(options)
      : ((await import('node:https')).createServer({ ...options, ...tls }) as unknown as Server);
  server.maxConnections = limits.apiConnectionsMax;
  return server;
}

interface Place {
  address: string;
  port: number;
}

/** The wanted port, else the next ones, else any; `localhost` is the IPv4 address, or the IPv6 one where that is not there. */
async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<Place> {
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  const ports = port === 0 ? [0] : [...Array.from({ length: limits.apiPortsTried }, (_, step) => port + step), 0];
  let fault: NodeJS.ErrnoException | null = null;
  for (const address of addresses) {
    for (const one of ports) {
      fault = await tryListen(server, { address, port: one });
      if (fault === null) return { address, port: (server.address() as AddressInfo).port };
      if (fault.code !== 'EADDRINUSE' && fault.code !== 'EACCES') break;
    }
  }
  throw new OperationalError('no-port-free', `nothing can listen at ${host}: ${fault?.message ?? 'no address'}`, {
    hint: 'set api.host and api.port, or orbit run --no-api',
    cause: fault,
  });
}

async function tryListen(server: Server, { address, port }: Place): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException): void => resolve(error);
    server.once('error', onError);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', onError);
      resolve(null);
    });
  });
}

/** All names under which a browser may ask for it, the one for links first. */
function namesOf({ address, port }: Place, { wanted, names }: { wanted: string; names: readonly string[] }): string[] {
  const own = isIP(address) === 6 ? `[${address}]` : address;
  const here = ['localhost', '127.0.0.1', '[::1]'];
  // The address of all addresses is nobody's name: browsers of this machine ask for it as for any server here.
  const local = isWildcard(address) ? here : isLoopback(address) ? [own, ...here] : [own];
  const named = isIP(wanted) === 0 && wanted !== 'localhost' ? [wanted] : [];
  const all = [...(isLoopback(address) ? [] : names), ...named, ...local, ...names].map((name) => name.toLowerCase());
  return [...new Set(all)].flatMap((name) =>
    /:\d+$/.test(name) && !name.endsWith(']') ? [name] : [`${name}:${port}`],
  );
}
