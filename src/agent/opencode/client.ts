/**
 * Orbit's side of the wire to one `opencode serve`: questions with an answer, and the stream of events.
 *
 * Invariant: nothing the server sends can hurt the caller (I20). Answers are bounded in size and time, the stream goes through the
 * bounded line splitter and is held back while nobody takes its lines.
 */
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { limits } from '../../core/limits.ts';
import { lineSplitter, type Line } from '../lines.ts';

export interface ServerAddress {
  port: number;
  password: string;
}

export interface Question {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
  /** Default {@link limits.serverAnswerMs}. */
  timeoutMs?: number;
}

/** A server's answer, or in words why there is none. */
export type Answer = { status: number; body: string } | { fault: string };

/** Far above what a server says in answer to Orbit's questions: its whole list of models is about 2 MB. */
const answerBytesMax = 16_777_216;

/** Asks once. Never rejects. */
export async function ask(server: ServerAddress, question: Question): Promise<Answer> {
  const { method, path, body, timeoutMs = limits.serverAnswerMs } = question;
  return new Promise((answer) => {
    const outgoing = request({
      host: '127.0.0.1',
      port: server.port,
      method,
      path,
      agent: false,
      headers: { ...authorization(server), 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const fail = (error: Error): void => answer({ fault: `${method} ${path}: ${error.message}` });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('error', fail);
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= answerBytesMax) chunks.push(chunk);
        else outgoing.destroy(new Error(`the answer is longer than ${answerBytesMax} bytes`));
      });
      incoming.on('end', () =>
        answer({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** An answer that was not the wanted one, in words. */
export function tellAnswer(answer: Answer): string {
  return 'fault' in answer ? answer.fault : `status ${answer.status}: ${answer.body.slice(0, 300)}`;
}

export interface EventStream {
  /** Why the stream broke. Never rejects. */
  broken: Promise<string>;
  close(): void;
}

export interface Listener {
  onLine(line: Line): void;
  /** The stream rests while this is true. */
  isFull(): boolean;
}

/** Opens the stream of events; answers once it flows. Never rejects. */
export async function openEvents(
  server: ServerAddress,
  listener: Listener,
): Promise<{ stream: EventStream } | { fault: string }> {
  return new Promise((answer) => {
    const outgoing = request({
      host: '127.0.0.1',
      port: server.port,
      path: '/event',
      agent: false,
      headers: { ...authorization(server), accept: 'text/event-stream' },
    });
    outgoing.setTimeout(limits.serverAnswerMs, () => outgoing.destroy(new Error('no answer in time')));
    outgoing.on('error', (error) => answer({ fault: `GET /event: ${error.message}` }));
    outgoing.on('response', (incoming) => {
      if (incoming.statusCode === 200) return answer({ stream: flow(outgoing, incoming, listener) });
      outgoing.destroy();
      answer({ fault: `GET /event: status ${incoming.statusCode ?? 0}` });
    });
    outgoing.end();
  });
}

/** How often a stream that was held back looks whether there is room again. */
const roomLookMs = 50;

function flow(outgoing: ClientRequest, incoming: IncomingMessage, listener: Listener): EventStream {
  const { promise: broken, resolve: breakOff } = Promise.withResolvers<string>();
  const splitter = lineSplitter({ onLine: (line) => listener.onLine(line) });
  let isHeldBack = false;
  const goOn = (): void => {
    isHeldBack = listener.isFull();
    if (isHeldBack) setTimeout(goOn, roomLookMs);
    else incoming.resume();
  };
  // The server sends a heartbeat every ten seconds.
  outgoing.setTimeout(limits.serverSilenceMs, () => {
    if (!isHeldBack) outgoing.destroy(new Error(`nothing came for ${limits.serverSilenceMs} ms`));
  });
  incoming.on('data', (chunk: Buffer) => {
    splitter.push(chunk);
    if (!listener.isFull()) return;
    incoming.pause();
    isHeldBack = true;
    setTimeout(goOn, roomLookMs);
  });
  let why = 'the server closed it';
  const note = (error: Error): void => {
    why = error.message;
  };
  outgoing.on('error', note);
  incoming.on('error', note);
  incoming.once('close', () => {
    splitter.end();
    breakOff(why);
  });
  return { broken, close: () => void outgoing.destroy() };
}

function authorization({ password }: ServerAddress): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}` };
}
