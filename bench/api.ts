/**
 * What asking over HTTP costs: a real `orbit serve` on a plan of 2,000 tasks, against an HTTP server that answers at once.
 *
 * Each round asks both, one connection each that stays open. From an event to whoever listens is measured from the return of the
 * store's write in another process, so it holds the doorbell, the look at the log and the bundling of events.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Figure, Measure, MeasureOptions, Row } from './measure.ts';
import { environmentOf } from './processes.ts';
import { applyDraft, draftTask, makeProject } from './project.ts';
import { atEnd, makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'api', run };

/** Not a copy: the server's parts are installed beside it. */
const program = resolve('dist/orbit.cjs');

interface Place {
  url: string;
  token: string;
}

async function run({ quick }: MeasureOptions): Promise<Row[]> {
  const [rounds, tasks] = quick ? [20, 200] : [200, 2_000];
  using scratch = makeScratch();
  await using project = await makeProject({ directory: join(scratch.directory, 'project'), files: 50 });
  const { store } = project.context;
  await applyDraft(
    store,
    '001',
    Array.from({ length: tasks }, (_, index) => draftTask(`T${index + 1}`, { layer: index % 20 })),
  );
  const started = performance.now();
  const child = spawn(process.execPath, [program, 'serve', '--json', '--port', '0'], {
    cwd: project.repository.directory,
    env: environmentOf({}),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  using _emergency = atEnd(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const startMs = performance.now() - started;
  const place = JSON.parse(String(line)) as Place;
  const bare = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((done) => bare.listen(0, '127.0.0.1', done));
  const empty: Place = { url: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`, token: '' };
  const cost = async (what: string, order: Order): Promise<Row> => {
    const [own, limit]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      limit.push(await ask(empty, { method: 'GET', path: '/' }));
      own.push(await ask(place, order));
    }
    const of: Figure = { value: median(limit), unit: 'ms', of: 'an empty HTTP answer' };
    return { what, measured: { value: median(own), unit: 'ms', of: 'p50' }, limit: of };
  };
  const rows: Row[] = [
    { what: 'orbit serve answers after', measured: { value: startMs, unit: 'ms' } },
    await cost('GET /api/overview', { method: 'GET', path: '/api/overview' }),
    await cost('GET /api/tasks, 100 of 2,000', { method: 'GET', path: '/api/tasks?limit=100' }),
    await cost('GET /api/tasks/{plan}/{task}', { method: 'GET', path: '/api/tasks/001/T7' }),
    await cost('POST /api/findings', { method: 'POST', path: '/api/findings', body: finding }),
    await cost('MCP over HTTP, get_next_work', { method: 'POST', path: '/mcp', body: toolCall }),
    await latency(place, { rounds, write: async (index) => store.record(approved(index), 'bench', Date.now()) }),
  ];
  const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  rows.push({
    what: `orbit serve with ${tasks} tasks, memory after all that`,
    measured: { value: memory, unit: 'MB' },
  });
  child.kill('SIGTERM');
  await once(child, 'exit');
  bare.close();
  return rows;
}

const finding = { kind: 'gotcha', title: 'A finding', text: 'As long as such findings are.' };
const toolCall = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'get_next_work', arguments: {} },
};

function approved(index: number): { type: 'plan-approved'; id: string; commit: string; tree: string; into: string } {
  return { type: 'plan-approved', id: '001', commit: String(index), tree: '', into: '' };
}

interface Order {
  method: string;
  path: string;
  body?: object;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds from the request to the end of the answer. */
async function ask({ url, token }: Place, { method, path, body }: Order): Promise<number> {
  const text = body === undefined ? null : JSON.stringify(body);
  const start = performance.now();
  await new Promise<void>((done, failed) => {
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: 'application/json, text/event-stream',
      ...(text === null ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
    };
    const request = send(new URL(path, url), { method, headers, agent }, (response) => {
      response.resume().once('end', () => {
        if ((response.statusCode ?? 500) < 300) done();
        else failed(new Error(`${method} ${path}: ${response.statusCode}`));
      });
    });
    request.once('error', failed);
    request.end(text ?? undefined);
  });
  return performance.now() - start;
}

/** From a committed event to a client of the stream. */
async function latency(
  { url, token }: Place,
  { rounds, write }: { rounds: number; write: (index: number) => Promise<void> },
): Promise<Row> {
  let heard = Promise.withResolvers<void>();
  const request = send(new URL('/api/stream', url), { headers: { Authorization: `Bearer ${token}` } }, (response) => {
    response.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('event: log')) heard.resolve();
    });
  });
  request.once('error', () => undefined);
  request.end();
  await once(request, 'response');
  const times: number[] = [];
  for (let index = 0; index < rounds; index += 1) {
    heard = Promise.withResolvers<void>();
    await write(index);
    const start = performance.now();
    await heard.promise;
    times.push(performance.now() - start);
  }
  request.destroy();
  return { what: 'an event, from its commit to a listener', measured: { value: median(times), unit: 'ms', of: 'p50' } };
}
