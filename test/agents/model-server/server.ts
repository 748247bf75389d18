/**
 * A model played from a script, on 127.0.0.1: answers coding agents' programs in the four wire formats they speak.
 *
 * The first part of the path that is no version names the run (`http://127.0.0.1:PORT/RUN/v1/…`), so that one server can serve several.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { anthropic } from './anthropic.ts';
import { chat } from './chat.ts';
import type { Conversation, Fault, Reply, Wire } from './conversation.ts';
import { gemini } from './gemini.ts';
import { begin, bodyOf, json, listening, parsed } from './http.ts';
import { faultOf, replyOf } from './reply.ts';
import { responses } from './responses.ts';
import { markerOf, placeOf, type Counters, type Scenario, type Step } from './scenario.ts';
import { scenarios as ownScenarios } from './scenarios.ts';

export interface Exchange {
  run: string;
  method: string;
  path: string;
  /** `null`: a route that no wire knows. */
  wire: string | null;
  model: string;
  /** `null`: no marker, or a request without tools (a title, a summary). */
  scenario: string | null;
  marker: string | null;
  /** Which list of steps, which of them, and what it does. */
  list: string | null;
  index: number | null;
  step: string | null;
  results: number;
  /** Words of the user's after the marker. */
  hints: readonly string[];
  lastResult: string | null;
  tools: readonly string[];
  calls: readonly string[];
  status: number;
  /** `open` while it lasts; `gone`: the client went before the end. */
  state: 'open' | 'done' | 'gone';
  body: unknown;
}

export interface ModelServer {
  /** `http://127.0.0.1:PORT/RUN`, without a version. */
  url(run?: string): string;
  exchanges: readonly Exchange[];
  /** Resolves with the first exchange, past or future, that satisfies the condition. */
  seen(condition: (exchange: Exchange) => boolean): Promise<Exchange>;
  close(): Promise<void>;
}

export interface ModelServerOptions {
  port?: number;
  /** Further scenarios, or others of the same names. */
  scenarios?: Readonly<Record<string, Scenario>>;
  /** Scenario for prompts without a marker. */
  fallback?: string;
}

const wires: readonly Wire[] = [anthropic, responses, chat, gemini];
/** Milliseconds between the first word and the end of a connection that is cut. */
const cutAfterMs = 50;

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const known = { ...ownScenarios, ...options.scenarios };
  const counters: Counters = new Map();
  const exchanges: Exchange[] = [];
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const look of waiting) look();
  };
  const server = createServer((request, response) => {
    serve({ request, response, known, counters, exchanges, tell, fallback: options.fallback ?? null }).catch(
      (cause: unknown) => {
        response.destroy(cause instanceof Error ? cause : new Error(String(cause)));
      },
    );
  });
  server.keepAliveTimeout = 1_000;
  await listening(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: (run = 'run') => `http://127.0.0.1:${port}/${run}`,
    exchanges,
    seen: async (condition) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = exchanges.find(condition);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Service {
  request: IncomingMessage;
  response: ServerResponse;
  known: Readonly<Record<string, Scenario>>;
  counters: Counters;
  exchanges: Exchange[];
  tell: () => void;
  fallback: string | null;
}

async function serve(service: Service): Promise<void> {
  const { request, response, exchanges, tell } = service;
  const url = new URL(request.url ?? '/', 'http://loopback');
  const path = url.pathname.replaceAll(/\/{2,}/g, '/');
  if (path === '/log') {
    const bodies = url.searchParams.has('bodies');
    json(response, 200, bodies ? exchanges : exchanges.map((exchange) => ({ ...exchange, body: undefined })));
    return;
  }
  const text = await bodyOf(request);
  const wire = request.method === 'POST' ? (wires.find((each) => each.matches(path)) ?? null) : null;
  const body = parsed(text);
  const exchange: Exchange = {
    run: runOf(path),
    method: request.method ?? '',
    path,
    wire: wire?.name ?? null,
    model: '',
    scenario: null,
    marker: null,
    list: null,
    index: null,
    step: null,
    results: 0,
    hints: [],
    lastResult: null,
    tools: [],
    calls: [],
    status: 0,
    state: 'open',
    body,
  };
  exchanges.push(exchange);
  response.once('close', () => {
    exchange.state = response.writableEnded ? 'done' : 'gone';
    exchange.status = response.statusCode;
    tell();
  });
  if (wire === null) answerOther(path, request, response);
  else await converse(service, { wire, exchange, conversation: wire.read(body, path) });
}

/** What is asked for beside the model's answers; whatever else is a 404 and shows in the log as a route without a wire. */
function answerOther(path: string, request: IncomingMessage, response: ServerResponse): void {
  if (path.endsWith('/count_tokens')) json(response, 200, { input_tokens: 1200 });
  else if (path.endsWith(':countTokens')) json(response, 200, { totalTokens: 1200 });
  else if (path.endsWith('/models')) json(response, 200, { object: 'list', data: [] });
  else if (request.method === 'HEAD') response.writeHead(200).end();
  else json(response, 404, { error: { message: `no route ${path}`, type: 'not_found' } });
}

async function converse(
  { response, known, counters, tell, fallback }: Service,
  { wire, exchange, conversation }: { wire: Wire; exchange: Exchange; conversation: Conversation },
): Promise<void> {
  const found = markerOf(conversation);
  const marker =
    found ??
    (fallback === null
      ? null
      : { text: `[scenario:${fallback}]`, scenario: fallback, parameters: {}, at: firstWord(conversation) });
  exchange.model = conversation.model;
  exchange.tools = conversation.tools.map((tool) =>
    [tool.namespace, tool.name].filter((part) => part !== null).join('.'),
  );
  exchange.lastResult = conversation.entries.findLast((entry) => entry.kind === 'result')?.text ?? null;
  const scenario = marker === null ? undefined : known[marker.scenario];
  const id = `${exchange.run}${Math.random().toString(36).slice(2, 10)}`.replaceAll(/\W/g, '');
  if (marker === null || scenario === undefined || conversation.tools.length === 0) {
    tell();
    const text =
      marker !== null && scenario === undefined ? `There is no scenario ${marker.scenario}.` : 'A short title';
    await send(response, {
      wire,
      conversation,
      reply: { id, thought: null, pieces: [text], calls: [], usage: { input: 200, output: 5 } },
    });
    return;
  }
  const place = placeOf(conversation, { marker, scenario, run: exchange.run, counters });
  Object.assign(exchange, {
    scenario: marker.scenario,
    marker: marker.text,
    list: place.list,
    index: place.index,
    step: place.step.do,
    results: place.results,
    hints: place.hints,
  });
  if (place.step.do === 'error') {
    tell();
    fail(response, wire, faultOf(place.step));
    return;
  }
  const reply = replyOf(place, conversation, id);
  exchange.calls = reply.calls.map((call) => call.name);
  tell();
  await perform(response, { wire, conversation, reply, step: place.step });
}

async function perform(
  response: ServerResponse,
  { wire, conversation, reply, step }: { wire: Wire; conversation: Conversation; reply: Reply; step: Step },
): Promise<void> {
  if (step.do === 'hang') return;
  if ('afterMs' in step && step.afterMs !== undefined) await sleep(step.afterMs);
  if (step.do === 'stall' || step.do === 'cut') {
    const { chunks, head } = wire.stream(reply, conversation);
    begin(response);
    for (const chunk of chunks.slice(0, head)) response.write(chunk);
    if (step.do === 'stall') return;
    await sleep(cutAfterMs);
    response.destroy();
    return;
  }
  await send(response, { wire, conversation, reply, pauseMs: step.do === 'say' ? (step.pauseMs ?? 0) : 0 });
}

async function send(
  response: ServerResponse,
  {
    wire,
    conversation,
    reply,
    pauseMs = 0,
  }: { wire: Wire; conversation: Conversation; reply: Reply; pauseMs?: number },
): Promise<void> {
  if (!conversation.stream) {
    json(response, 200, wire.whole(reply, conversation));
    return;
  }
  begin(response);
  for (const chunk of wire.stream(reply, conversation).chunks) {
    if (response.destroyed) return;
    response.write(chunk);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  response.end();
}

function fail(response: ServerResponse, wire: Wire, fault: Fault): void {
  const status = wire.name === 'gemini' && fault.status === 529 ? 503 : fault.status;
  if (fault.retryAfterS !== null) response.setHeader('retry-after', String(fault.retryAfterS));
  for (const [name, value] of Object.entries(fault.headers)) response.setHeader(name, value);
  json(response, status, wire.fault(fault));
}

function firstWord(conversation: Conversation): number {
  return Math.max(
    0,
    conversation.entries.findIndex((entry) => entry.kind === 'user'),
  );
}

function runOf(path: string): string {
  const first = path.split('/')[1] ?? '';
  return /^v\d|^api$/.test(first) ? 'run' : first;
}
