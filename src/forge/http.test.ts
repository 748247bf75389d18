/** The client against a server that fails in the ways that forges do. */
import { expect, onTestFinished, test } from 'vitest';
import { ok, type FakeApi } from '../../test/support/forge/api.ts';
import { startForge, type Fault, type ForgeServer } from '../../test/support/forge/forge-server.ts';
import type { OperationalError } from '../platform/error.ts';
import { ForgeHttp, type HttpOrder } from './http.ts';

const api: FakeApi = {
  prefix: '/api',
  isAuthorized: ({ authorization }, token) => authorization === token,
  answer: () => ok({ a: 1 }),
};

interface World {
  forge: ForgeServer;
  http: ForgeHttp;
  /** Milliseconds since 1970 of the client's clock. */
  time: { now: number; slept: number };
}

async function makeWorld(more: Partial<HttpOrder> = {}): Promise<World> {
  const forge = await startForge(api, null);
  onTestFinished(async () => forge[Symbol.asyncDispose]());
  const time = { now: 1_000_000, slept: 0 };
  const clock = {
    now: () => time.now,
    monotonicMs: () => time.now,
    sleep: async (ms: number) => {
      time.slept += ms;
      time.now += ms;
    },
  };
  return {
    forge,
    time,
    http: new ForgeHttp({ base: `${forge.url}/api`, headers: { authorization: forge.token }, clock, ...more }),
  };
}

const fail = (answer: Fault['answer'], times = 1): Fault => ({ fits: () => true, times, answer });

async function errorOf(call: Promise<unknown>): Promise<Pick<OperationalError, 'code' | 'retryable' | 'message'>> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason as OperationalError,
  );
  if (error === null) throw new Error('it did not fail');
  return { code: error.code, retryable: error.retryable, message: error.message };
}

const meanings: readonly [status: number, code: string, retryable: boolean][] = [
  [401, 'forge-denied', false],
  [403, 'forge-denied', false],
  [404, 'forge-not-found', false],
  [409, 'forge-refused', true],
  [422, 'forge-refused', false],
  [429, 'forge-busy', true],
  [500, 'forge-unavailable', true],
  [503, 'forge-unavailable', true],
];

for (const [status, code, retryable] of meanings) {
  test(`${status} is ${code}, with the forge's words and without the token`, async () => {
    const { forge, http } = await makeWorld();
    forge.faults.push(fail({ status, body: { message: 'because of this' } }));
    const error = await errorOf(http.get('/thing'));
    expect(error).toMatchObject({ code, retryable });
    expect(error.message).toContain(status === 404 ? '/api/thing' : 'because of this');
    expect(JSON.stringify(error)).not.toContain(forge.token);
  });
}

test('an ETag makes the next look free, and what changed is read anew', async () => {
  const { forge, http } = await makeWorld();
  const first = await http.get('/thing');
  expect(await http.get('/thing')).toEqual(first);
  expect(forge.calls.map(({ status }) => status)).toEqual([200, 304]);
  forge.faults.push(fail({ status: 200, body: { a: 2 }, headers: { etag: '"new"' } }));
  expect((await http.get('/thing')).body).toEqual({ a: 2 });
});

test('a forge that says 304 to what was never read is not believed', async () => {
  const { forge, http } = await makeWorld();
  forge.faults.push(fail({ status: 304, headers: { etag: '"stale"' } }));
  expect(await errorOf(http.get('/thing'))).toMatchObject({ code: 'forge-refused' });
});

test('Retry-After is kept: nothing is asked before, and then it is', async () => {
  const { forge, http, time } = await makeWorld();
  forge.faults.push(fail({ status: 429, headers: { 'retry-after': '90' } }));
  expect((await errorOf(http.get('/thing'))).code).toBe('forge-busy');
  time.now += 89_000;
  expect((await errorOf(http.get('/thing'))).code).toBe('forge-busy');
  expect(forge.calls).toHaveLength(1);
  time.now += 1_001;
  expect((await http.get('/thing')).status).toBe(200);
});

test('a used up quota is known from a good answer; 403 with a limit is no refusal of the token', async () => {
  const { forge, http, time } = await makeWorld();
  const reset = String(time.now / 1_000 + 60);
  forge.faults.push(
    fail({ status: 200, body: {}, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } }),
  );
  await http.get('/thing');
  expect((await errorOf(http.get('/thing'))).code).toBe('forge-busy');
  time.now += 60_001;
  forge.faults.push(fail({ status: 403, headers: { 'retry-after': '1' } }));
  expect(await errorOf(http.get('/thing'))).toMatchObject({ code: 'forge-busy', retryable: true });
});

test('a limit that would last for days ends within an hour', async () => {
  const { forge, http, time } = await makeWorld();
  forge.faults.push(fail({ status: 429, headers: { 'retry-after': '9999999' } }));
  await errorOf(http.get('/thing'));
  time.now += 3_600_001;
  expect((await http.get('/thing')).status).toBe(200);
});

test('writing calls go one after the other, a pause apart; reading ones do not wait', async () => {
  const { http, time } = await makeWorld();
  await Promise.all([http.send('POST', '/a'), http.send('POST', '/b'), http.send('PATCH', '/c')]);
  expect(time.slept).toBe(2_000);
  await http.get('/thing');
  expect(time.slept).toBe(2_000);
});

test('S11 a redirect within the forge is followed for reading; elsewhere or for writing it is refused', async () => {
  const { forge, http } = await makeWorld();
  const other = await startForge(api, null);
  onTestFinished(async () => other[Symbol.asyncDispose]());
  forge.faults.push(fail({ status: 301, headers: { location: `${forge.url}/api/moved` } }));
  expect((await http.get('/thing')).status).toBe(200);
  forge.faults.push(fail({ status: 302, headers: { location: `${other.url}/api/thing` } }));
  expect((await errorOf(http.get('/thing'))).code).toBe('forge-failed');
  forge.faults.push(fail({ status: 307, headers: { location: `${forge.url}/api/moved` } }));
  expect((await errorOf(http.send('POST', '/thing'))).code).toBe('forge-failed');
  expect(other.calls).toEqual([]);
  forge.faults.push({ fits: () => true, answer: { status: 301, headers: { location: `${forge.url}/api/round` } } });
  expect((await errorOf(http.get('/round'))).message).toContain('circle');
});

test('a slow answer, a lost one and no answer at all are unavailable, and can be tried again', async () => {
  const { forge, http } = await makeWorld({ timeoutMs: 200 });
  for (const answer of ['hang', 'after'] as const) {
    forge.faults.push(fail(answer));
    expect(await errorOf(http.get('/thing'))).toMatchObject({ code: 'forge-unavailable', retryable: true });
  }
  expect((await http.get('/thing')).status).toBe(200);
  await forge[Symbol.asyncDispose]();
  expect(await errorOf(http.get('/thing'))).toMatchObject({ code: 'forge-unavailable', retryable: true });
});

test('S14 an endless answer and one that is no JSON are refused', async () => {
  const { forge, http } = await makeWorld();
  forge.faults.push(fail({ status: 200, body: 'x'.repeat(17_000_000) }));
  expect((await errorOf(http.get('/thing'))).message).toContain('more than');
  forge.faults.push({
    fits: () => true,
    times: 1,
    answer: { status: 200, headers: { 'content-length': '1' }, body: 1 },
  });
  expect((await http.get('/thing')).body).toBe(1);
});

test('a list goes over its pages, and only within its origin', async () => {
  const { forge, http } = await makeWorld();
  const next = '<https://elsewhere.example.org/api/list?page=2>; rel="next"';
  forge.faults.push(fail({ status: 200, body: [1, 2], headers: { link: next } }), fail({ status: 200, body: [3] }));
  expect(await http.list('/list', { per_page: '2' })).toEqual([1, 2, 3]);
  expect(forge.calls.map(({ path }) => path)).toEqual(['/api/list', '/api/list']);
});
