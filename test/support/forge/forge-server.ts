/**
 * A forge on loopback: `git http-backend` and a REST interface behind one address, with the faults that real ones have.
 *
 * Owns authentication, pages, ETags and faults; what the interface answers is the business of the `*-api.ts` beside this file.
 */
import { spawn, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pageMax, type ApiAnswer, type FakeApi } from './api.ts';
import { Hub } from './hub.ts';

/** Answers the next calls that it fits instead of the forge; `null` lets the call through. */
export interface Fault {
  fits(call: Call): boolean;
  /** How many calls it takes; without a number all. */
  times?: number;
  /** `hang`: no answer at all; `after`: the call is done, and then the answer is lost. */
  answer: { status: number; headers?: Record<string, string>; body?: unknown } | 'hang' | 'after';
}

export interface Call {
  method: string;
  path: string;
}

export interface ForgeServer extends AsyncDisposable {
  hub: Hub;
  /** As people open it, without a slash at the end. */
  url: string;
  /** Of the repository, for git. */
  gitUrl: string;
  token: string;
  faults: Fault[];
  calls: (Call & { status: number })[];
  /** What `find` answers, looked for again after every call: a client that polls brings it about. */
  until: <T>(find: () => T | null | undefined | false) => Promise<T>;
}

/** A token that must be found nowhere else. */
const forgeToken = 'forge-token-0123456789abcdef';

/** @param from repository whose `main` the forge begins with; empty without one. */
export async function startForge(api: FakeApi, from: string | null): Promise<ForgeServer> {
  const root = mkdtempSync(join(tmpdir(), 'orbit-forge-'));
  const directory = join(root, 'acme', 'app.git');
  execFileSync('git', ['init', '-q', '--bare', '-b', 'main', directory]);
  execFileSync('git', ['--git-dir', directory, 'config', 'http.receivepack', 'true']);
  const hub = new Hub(directory);
  if (from !== null) hub.git('fetch', '-q', from, 'main:main');
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const waiting = new Set<() => void>();
  const forge: ForgeServer = {
    hub,
    until: async (find) =>
      new Promise((found) => {
        const look = (): void => {
          const value = find();
          if (value === null || value === undefined || value === false) return;
          waiting.delete(look);
          found(value);
        };
        waiting.add(look);
        look();
      }),
    url,
    gitUrl: `${url}/acme/app.git`,
    token: forgeToken,
    faults: [],
    calls: [],
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      rmSync(root, { recursive: true, force: true });
    },
  };
  server.on('request', (request, response) => {
    response.once('close', () => waiting.forEach((look) => look()));
    const path = request.url ?? '/';
    if (path.startsWith('/acme/app.git/')) serveGit(root, request, response);
    else void serveApi(forge, api, { request, response });
  });
  return forge;
}

async function serveApi(
  forge: ForgeServer,
  api: FakeApi,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const address = new URL(request.url ?? '/', forge.url);
  const call: Call = { method: request.method ?? 'GET', path: address.pathname };
  const text = await textOf(request);
  const fault = takeFault(forge, call);
  if (fault === 'hang') return;
  if (fault !== null && fault !== 'after') {
    reply(
      forge,
      { call, response },
      {
        status: fault.status,
        body: fault.body ?? { message: 'fault' },
        headers: fault.headers ?? {},
      },
    );
    return;
  }
  if (!address.pathname.startsWith(`${api.prefix}/`) || !api.isAuthorized(request.headers, forge.token)) {
    reply(forge, { call, response }, { status: 401, body: { message: 'Bad credentials' }, headers: {} });
    return;
  }
  const path = decodeURIComponent(address.pathname.slice(api.prefix.length));
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const answer = api.answer(forge.hub, { method: call.method, path, query: address.searchParams, body }, forge.url);
  if (fault === 'after') {
    forge.calls.push({ ...call, status: 0 });
    response.destroy();
    return;
  }
  send(forge, call, { response, answer, address, seen: request.headers['if-none-match'] });
}

function send(
  forge: ForgeServer,
  call: Call,
  {
    response,
    answer,
    address,
    seen,
  }: { response: ServerResponse; answer: ApiAnswer; address: URL; seen: string | undefined },
): void {
  const { body, headers } =
    answer.isList === true ? pageOf(answer.body as unknown[], address) : { body: answer.body, headers: {} };
  const etag = `W/"${createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 32)}"`;
  const isKnown = call.method === 'GET' && seen === etag;
  reply(
    forge,
    { call, response },
    isKnown ? { status: 304, headers: { etag } } : { status: answer.status, body, headers: { ...headers, etag } },
  );
}

function pageOf(items: unknown[], address: URL): { body: unknown[]; headers: Record<string, string> } {
  const wanted = Number(address.searchParams.get('per_page') ?? address.searchParams.get('limit') ?? pageMax);
  const size = Math.min(wanted, pageMax);
  const page = Number(address.searchParams.get('page') ?? 1);
  const next = new URL(address);
  next.searchParams.set('page', String(page + 1));
  const isLast = page * size >= items.length;
  const link = isLast ? {} : { link: `<${next.href}>; rel="next", <${address.href}>; rel="first"` };
  return { body: items.slice((page - 1) * size, page * size), headers: link };
}

function reply(
  forge: ForgeServer,
  { call, response }: { call: Call; response: ServerResponse },
  { status, body, headers }: { status: number; body?: unknown; headers: Record<string, string> },
): void {
  forge.calls.push({ ...call, status });
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(status === 304 || body === undefined ? undefined : JSON.stringify(body));
}

function takeFault(forge: ForgeServer, call: Call): Fault['answer'] | null {
  const index = forge.faults.findIndex((fault) => fault.fits(call));
  const fault = forge.faults[index];
  if (fault === undefined) return null;
  if (fault.times !== undefined) {
    fault.times -= 1;
    if (fault.times <= 0) forge.faults.splice(index, 1);
  }
  return fault.answer;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  return text;
}

/** As a web server does it: git's own CGI program, behind a password. */
function serveGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { headers, method } = request;
  const wanted = `:${forgeToken}`;
  const given = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8');
  if (!given.endsWith(wanted)) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="forge"' }).end();
    return;
  }
  const address = new URL(request.url ?? '/', 'http://forge');
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: root,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      REMOTE_USER: 'orbit',
      REQUEST_METHOD: method ?? 'GET',
      PATH_INFO: address.pathname,
      QUERY_STRING: address.search.slice(1),
      CONTENT_TYPE: headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
      ...(headers['content-length'] === undefined ? {} : { CONTENT_LENGTH: headers['content-length'] }),
    },
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.once('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const lines = output.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
    const pairs = lines.map((line) => line.split(': ') as [string, string]);
    const status = Number(pairs.find(([name]) => name === 'Status')?.[1]?.slice(0, 3) ?? 200);
    response.writeHead(
      end < 0 ? 500 : status,
      Object.fromEntries(pairs.filter(([name, value]) => name !== 'Status' && value !== undefined)),
    );
    response.end(output.subarray(end + 4));
  });
}
