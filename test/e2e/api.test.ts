/** The API's manners: validators, pages, repeats, the stream, and what comes in broken. Needs a build. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request as send, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { pulse } from '../../src/api/contract/views.ts';
import { routes } from '../../src/api/routes.ts';
import { readStream, serveApi, type ServedApi } from '../support/api.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';
import { planText } from '../support/orbit-project.ts';

async function served(...tasks: readonly string[]): Promise<{ project: Project; api: ServedApi }> {
  const project = await makeProject({
    plan: planText(...(tasks.length === 0 ? ['T1', 'T2: T1'] : tasks)),
    settings: {},
  });
  await project.orbit('list');
  return { project, api: await serveApi(project) };
}

test('E7 what is answered is what the contract says, for every route that only looks', patience, async () => {
  const { project, api } = await served();
  await project.orbit('start', 'T1', '--agent', 'ada');
  const wrong: string[] = [];
  let looked = 0;
  for (const { method, path, answer } of routes) {
    if (method !== 'get') continue;
    const ids: Record<string, string> = { plan: '001', task: 'T1', token: '1', id: '1' };
    const place = path.replaceAll(/\{(\w+)\}/g, (_text, name: string) => ids[name] ?? 'none');
    const found = await api.call('GET', `${place}?plan=001`);
    // An attempt by hand has no logs.
    if (found.status === 404 && /log|transcript/.test(path)) continue;
    looked += 1;
    const read = answer.safeParse(found.status === 200 ? found.json() : found.text);
    if (!read.success) wrong.push(`${path}: ${found.status} ${read.error.message.slice(0, 300)}`);
  }
  expect(wrong).toEqual([]);
  expect(looked).toBeGreaterThan(10);
  const document = (await api.call('GET', '/api/openapi.json')).json() as { paths: Record<string, object> };
  for (const { path, method } of routes) expect(document.paths[path], path).toHaveProperty(method);
});

test('E7 no request that a machine can think of is answered by a bug', patience, async () => {
  const { api } = await served();
  const word = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom('001', 'T1', '../..', '%00', '🙂', '__proto__', '-1', '9e99'),
  );
  const body = fc.oneof(
    fc.jsonValue(),
    fc.record(
      { title: word, plan: word, action: fc.constantFrom('nudge', 'retry', 'cancel'), text: word, why: word, to: word },
      { requiredKeys: [] },
    ),
  );
  const request = fc.record({
    route: fc.constantFrom(...routes.filter(({ path }) => !/shutdown|agents|cycle|init/.test(path))),
    words: fc.array(word, { minLength: 3, maxLength: 3 }),
    query: fc.dictionary(
      fc.constantFrom('plan', 'status', 'limit', 'cursor', 'since', 'task', 'words', 'all', 'from', 'columns'),
      word,
    ),
    body,
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ route, words, query, body: sent }) => {
      let at = 0;
      const path = route.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(words[at++] ?? '') || 'x');
      const search = new URLSearchParams(query).toString();
      const answer = await api.call(
        route.method.toUpperCase(),
        `${path}?${search}`,
        route.method === 'get' ? {} : { body: sent },
      );
      expect(
        answer.status,
        `${route.method} ${path}?${search} ${JSON.stringify(sent)}: ${answer.text.slice(0, 300)}`,
      ).toBeLessThan(500);
      const told = answer.status < 400 ? { code: '', hint: '', status: answer.status } : answer.json();
      expect(told).toMatchObject({ code: expect.any(String), hint: expect.any(String), status: answer.status });
    }),
    { numRuns: 300 },
  );
});

test('bad input is told with a code, a field and what to do, and changes nothing', patience, async () => {
  const { project, api } = await served();
  const before = await project.orbit('events', '--json');
  const cases: [method: string, path: string, order: object, status: number, code: string][] = [
    ['POST', '/api/tasks', { body: '{"title":' }, 400, 'bad-request'],
    ['POST', '/api/tasks', { body: { title: 7 } }, 400, 'bad-request'],
    ['POST', '/api/tasks', { body: { title: 'x', colour: 'red' } }, 400, 'bad-request'],
    ['POST', '/api/tasks', { body: 'title=x', headers: { 'Content-Type': 'text/plain' } }, 415, 'not-json'],
    ['POST', '/api/tasks', { body: { title: 'x'.repeat(1_100_000) } }, 413, 'body-too-large'],
    ['PATCH', '/api/tasks/001/T1', { body: { title: 'New' }, headers: { 'If-Match': '"t0"' } }, 412, 'stale'],
    ['GET', '/api/tasks/001/T9', {}, 404, 'unknown-task'],
    ['GET', '/api/tasks?plan=none', {}, 404, 'unknown-plan'],
    ['GET', '/api/tasks?limit=0', {}, 400, 'bad-request'],
    ['GET', '/api/tasks?cursor=AAAA', {}, 400, 'bad-request'],
    ['GET', '/api/nowhere', {}, 404, 'unknown-route'],
    ['PUT', '/api/tasks', { body: {} }, 405, 'wrong-method'],
    ['DELETE', '/api/tasks/001/T1', {}, 405, 'wrong-method'],
    ['POST', '/api/tasks/001/T1/actions', { body: { action: 'approve', tree: 'abcdef0' } }, 409, 'not-done'],
    ['POST', '/api/tasks/001/T1/actions', { body: { action: 'explode' } }, 400, 'bad-request'],
    ['POST', '/api/tasks', { body: { title: 'x' }, headers: { 'Idempotency-Key': 'a b' } }, 400, 'bad-request'],
    ['GET', '/api/stream', { headers: { 'Last-Event-ID': 'x' } }, 400, 'bad-request'],
  ];
  for (const [method, path, order, status, code] of cases) {
    const answer = await api.call(method, path, order);
    expect([method, path, answer.status, answer.json()], answer.text).toMatchObject([
      method,
      path,
      status,
      { code, status },
    ]);
    expect(answer.headers['content-type']).toBe('application/problem+json');
  }
  expect((await project.orbit('events', '--json')).stdout).toBe(before.stdout);
  expect((await api.call('PUT', '/api/tasks', { body: {} })).headers.allow).toBe('GET, POST');
});

test('a write that is sent again with its key is made once, and a key is for one request', patience, async () => {
  const { api } = await served();
  const order = { body: { title: 'Once', plan: '001' }, headers: { 'Idempotency-Key': 'one' } };
  const all = await Promise.all(Array.from({ length: 8 }, async () => api.call('POST', '/api/tasks', order)));
  expect(new Set(all.map(({ text }) => text)).size).toBe(1);
  expect(all.map(({ status }) => status)).toEqual(all.map(() => 201));
  const titles = ((await api.call('GET', '/api/tasks')).json()['items'] as { title: string }[]).map(
    ({ title }) => title,
  );
  expect(titles.filter((title) => title === 'Once')).toHaveLength(1);
  const other = await api.call('POST', '/api/tasks', { ...order, body: { title: 'Twice', plan: '001' } });
  expect([other.status, other.json()]).toMatchObject([422, { code: 'key-reused' }]);
});

test('lists come in pages without gap or repeat, and what is unchanged is not sent again', patience, async () => {
  const names = Array.from({ length: 25 }, (_, index) => `T${String(index + 1).padStart(2, '0')}`);
  const { api } = await served(...names);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = (await api.call('GET', `/api/tasks?limit=7${cursor === '' ? '' : `&cursor=${cursor}`}`)).json();
    seen.push(...(page['items'] as { id: string }[]).map(({ id }) => id));
    cursor = page['next'] as string | null;
  }
  expect(seen).toEqual(names);
  const first = await api.call('GET', '/api/tasks?limit=3');
  const again = await api.call('GET', '/api/tasks?limit=3', { headers: { 'If-None-Match': first.headers.etag ?? '' } });
  expect([again.status, again.text]).toEqual([304, '']);
  await api.call('POST', '/api/tasks/001/T01/actions', { body: { action: 'hold', why: 'later' } });
  const changed = await api.call('GET', '/api/tasks?limit=3', {
    headers: { 'If-None-Match': first.headers.etag ?? '' },
  });
  expect(changed.status).toBe(200);
});

test(
  'C3 I4 I5 the stream goes on after a break, a restart and a kill without a gap or a repeat',
  patience,
  async () => {
    const { project, api } = await served();
    const total = 40;
    const collected: number[] = [];
    let current = api;
    const start = Number((await api.call('GET', '/api/events')).json()['last']);
    const writing = (async () => {
      for (let index = 0; index < total; index += 1)
        await project.orbit('create', '--title', `Task ${index}`, '--plan', '001');
    })();
    let last = start;
    for (let round = 0; last < start + total; round += 1) {
      const wanted = Math.min(start + total, last + 10);
      const events = await readStream(current, {
        lastEventId: last,
        enough: (found) => found.some(({ id }) => (id ?? 0) >= wanted),
      });
      const ids = events.flatMap(({ id, event }) => (event === 'log' && id !== null ? [id] : []));
      collected.push(...ids);
      last = ids.at(-1) ?? last;
      if (round === 0) {
        const { port } = new URL(current.url);
        await current.kill();
        current = await serveApi(project, ['--port', port]);
      }
    }
    await writing;
    expect(collected.slice(0, total)).toEqual(Array.from({ length: total }, (_, index) => start + index + 1));
  },
);

test(
  '200 event streams hear of a change; beyond the limit one has to wait until others have gone',
  patience,
  async () => {
    const { api } = await served();
    const since = Number((await api.call('GET', '/api/events')).json()['last']);
    const streams = Array.from({ length: 200 }, async () =>
      readStream(api, { lastEventId: since, enough: (found) => found.some(({ event }) => event === 'log') }),
    );
    await api.call('POST', '/api/tasks', { body: { title: 'Seen by all', plan: '001' } });
    const seen = await Promise.all(streams);
    expect(seen.map((events) => events.find(({ event }) => event === 'log')?.id)).toEqual(seen.map(() => since + 1));

    const isFree = async (): Promise<number> => (await api.call('GET', '/api/stream')).status;
    const held: ClientRequest[] = [];
    for (let stream = await holdStream(api); stream !== null; stream = await holdStream(api)) held.push(stream);
    expect(held.length).toBeGreaterThanOrEqual(200);
    const refused = await api.call('GET', '/api/stream');
    expect(refused.headers['retry-after']).toBe('5');
    expect([refused.status, refused.json()]).toMatchObject([503, { code: 'too-many-streams' }]);
    for (const stream of held) stream.destroy();
    await expect.poll(isFree).toBe(200);
  },
);

/** Opens a stream and keeps it; `null` where it is refused. */
async function holdStream({ url, token }: ServedApi): Promise<ClientRequest | null> {
  const request = send(new URL('/api/stream', url), { headers: { Authorization: `Bearer ${token}` }, agent: false });
  request.on('error', () => undefined).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined).resume();
  return response.statusCode === 200 ? request : null;
}

test('a store that is another than the client knew is taken anew', patience, async () => {
  const { api } = await served();
  const [first] = await readStream(api, { lastEventId: 999_999, enough: (found) => found.length > 0 });
  expect(first).toMatchObject({ event: 'reset' });
});

test('a client that goes away in the middle of its body is no bug', patience, async () => {
  const { project, api } = await served();
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const head = `POST /api/tasks HTTP/1.1\r\nHost: ${new URL(api.url).host}\r\nAuthorization: Bearer ${api.token}\r\n`;
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"title":`, () =>
    socket.destroy(),
  );
  await once(socket, 'close');
  expect((await api.call('GET', '/api/tasks')).status).toBe(200);
  expect(await api.close()).toBe(0);
  const log = join(project.directory, '.git/orbit/logs/api.log');
  expect(existsSync(log) ? readFileSync(log, 'utf8') : '').toBe('');
});

test('D7 C1 a pulse tells how agents look, as the contract says and no more', patience, async () => {
  const { project, api } = await served();
  await project.orbit('start', 'T1', '--agent', 'ada');
  const events = await readStream(api, {
    lastEventId: null,
    enough: (found) => found.some(({ event, data }) => event === 'pulse' && (data['agents'] as unknown[]).length > 0),
  });
  const { agents, ...rest } = events.find(({ event }) => event === 'pulse')?.data ?? {};
  expect(pulse.strict().parse({ ...rest, agents: [] })).toMatchObject({ at: expect.any(String) });
  const shape = pulse.shape.agents.unwrap().element.strict();
  expect((agents as unknown[]).map((agent) => shape.parse(agent))).toMatchObject([{ agent: 'ada', task: 'T1' }]);
});
