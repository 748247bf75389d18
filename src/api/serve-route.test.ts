import { OpenAPIHono } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Context } from '../actions/context.ts';
import { pace } from './pace.ts';
import { problemOf } from './problem.ts';
import { repeats } from './repeat.ts';
import { route } from './route.ts';
import { serveRoute, type Serving } from './serve-route.ts';

const log = (): void => undefined;
const serving: Serving = {
  as: () => ({}) as Context,
  clock: { now: () => 0, monotonicMs: () => 0 },
  log,
  repeats: repeats(),
  writes: pace({ perS: 1, burst: 10 }),
  identify: async () => ({
    role: 'person',
    caller: { kind: 'person', actor: 'person:a', name: 'a', plan: null, capability: null, agent: null },
    byCookie: false,
    bearer: null,
  }),
};

test('a version is never newer than the answer that tells it, so that nothing unseen is overwritten', async () => {
  const counter = { value: 1 };
  const shared = {
    path: '/counter',
    who: ['person'],
    noun: 'counters',
    summary: '',
    answer: z.object({ value: z.int() }),
    version: async () => String(counter.value),
  } as const;
  const app = new OpenAPIHono();
  app.onError((error) => problemOf(error, log));
  const look = async (): Promise<{ value: number }> => {
    const seen = { value: counter.value };
    // Somebody changes it while the answer is on its way.
    counter.value += 1;
    return seen;
  };
  serveRoute(app, route({ ...shared, method: 'get', handle: look }), serving);
  serveRoute(app, route({ ...shared, method: 'put', handle: async () => counter }), serving);
  const looked = await app.request('/counter');
  expect(await looked.json()).toEqual({ value: 1 });
  const headers = { 'If-Match': looked.headers.get('ETag') ?? '' };
  expect((await app.request('/counter', { method: 'PUT', headers })).status).toBe(412);
});
