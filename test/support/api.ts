/** `orbit serve` as a process, and requests to it with any headers at all. Needs a build. */
import { spawn } from 'node:child_process';
import { request as send, type IncomingHttpHeaders } from 'node:http';
import { onTestFinished } from 'vitest';
import { bundle } from './e2e.ts';

export interface ApiAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body read as JSON; throws when it is none. */
  json: () => Record<string, unknown>;
}

export interface ApiCall {
  headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, a text as it is. */
  body?: unknown;
  /** `null`: none. */
  token?: string | null;
  /** Sent without telling its length beforehand. */
  chunked?: boolean;
}

export interface ServedApi {
  url: string;
  /** The link that signs a browser in. */
  link: string;
  token: string;
  pid: number;
  call: (method: string, path: string, order?: ApiCall) => Promise<ApiAnswer>;
  /** Ends it in order; the exit code. */
  close: () => Promise<number | null>;
  /** Ends it by force. */
  kill: () => Promise<void>;
}

export async function serveApi(
  { directory, environment }: { directory: string; environment: Readonly<Record<string, string>> },
  args: readonly string[] = ['--port', '0'],
): Promise<ServedApi> {
  const child = spawn(process.execPath, [bundle, 'serve', '--json', ...args], {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let [stdout, stderr] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const told = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('\n')) resolve(stdout);
    });
    void ended.then((code) => reject(new Error(`orbit serve ended with ${code}: ${stdout}${stderr}`)));
  });
  const { url, link, token } = JSON.parse(await told) as { url: string; link: string; token: string };
  return {
    url,
    link,
    token,
    pid: child.pid ?? 0,
    call: async (method, path, order = {}) => callApi(url, { method, path, ...order, token: tokenOf(order, token) }),
    async close() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function tokenOf({ token }: ApiCall, own: string): string | null {
  return token === undefined ? own : token;
}

function lengthOf(bytes: string, chunked: boolean): Record<string, string> {
  return chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': String(Buffer.byteLength(bytes)) };
}

/** One request over a connection of its own. */
export async function callApi(
  url: string,
  { method, path, headers = {}, body, token, chunked = false }: ApiCall & { method: string; path: string },
): Promise<ApiAnswer> {
  const bytes = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = send(
      new URL(path, url),
      {
        method,
        agent: false,
        headers: {
          ...(bytes === null ? {} : { 'Content-Type': 'application/json', ...lengthOf(bytes, chunked) }),
          ...(token === null || token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        const done = (): void =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: () => JSON.parse(text) as Record<string, unknown>,
          });
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
          // A stream has no end: its first words are enough to know that it was opened.
          if (response.headers['content-type'] === 'text/event-stream') {
            done();
            request.destroy();
          }
        });
        response.once('end', done).once('error', reject);
      },
    );
    request.once('error', reject);
    request.end(bytes ?? undefined);
  });
}

export interface SentEvent {
  id: number | null;
  event: string;
  data: Record<string, unknown>;
}

/** Reads the event stream until `enough` says so, and lets go of it. */
export async function readStream(
  api: Pick<ServedApi, 'url' | 'token'>,
  order: { lastEventId: number | null; enough: (events: readonly SentEvent[]) => boolean },
): Promise<SentEvent[]> {
  const { lastEventId, enough } = order;
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${api.token}`,
      ...(lastEventId === null ? {} : { 'Last-Event-ID': String(lastEventId) }),
    };
    const request = send(new URL('/api/stream', api.url), { headers, agent: false }, (response) => {
      const events: SentEvent[] = [];
      let rest = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        const frames = (rest + part).split('\n\n');
        rest = frames.pop() ?? '';
        events.push(...frames.flatMap(readFrame));
        if (!enough(events)) return;
        resolve(events);
        request.destroy();
      });
      response.once('end', () => resolve(events)).once('error', () => resolve(events));
    });
    request.once('error', reject);
    request.end();
  });
}

function readFrame(frame: string): SentEvent[] {
  const fields = new Map(
    frame.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const data = fields.get('data');
  if (data === undefined) return [];
  const id = fields.get('id');
  return [
    {
      id: id === undefined ? null : Number(id),
      event: fields.get('event') ?? 'message',
      data: JSON.parse(data) as Record<string, unknown>,
    },
  ];
}
