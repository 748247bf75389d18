import { expect, test } from 'vitest';
import type { Message } from '../../data/queries.ts';
import { flowsOf, threadsOf } from './threads.ts';

const message = (id: string, fields: Partial<Message>): Message => ({
  id,
  from: 'a',
  to: 'b',
  order: 1,
  task: null,
  text: id,
  at: `2026-01-01T00:00:0${id}.000Z`,
  acknowledgedAt: '2026-01-01T01:00:00.000Z',
  ...fields,
});

const messages = [
  message('1', { from: 'c', to: 'a', acknowledgedAt: null }),
  message('2', {}),
  message('3', { from: 'b', to: 'a' }),
  message('4', { task: '001/T1' }),
];

test('a thread is what two say to each other about one task; undelivered first, then the latest', () => {
  expect(
    threadsOf(messages).map(({ between, task, messages: own }) => [between, task, own.map(({ id }) => id)]),
  ).toEqual([
    [['a', 'c'], null, ['1']],
    [['a', 'b'], '001/T1', ['4']],
    [['a', 'b'], null, ['2', '3']],
  ]);
});

test('the flow counts each direction', () => {
  expect(flowsOf(messages)).toEqual([
    { from: 'c', to: 'a', count: 1, undelivered: 1 },
    { from: 'a', to: 'b', count: 2, undelivered: 0 },
    { from: 'b', to: 'a', count: 1, undelivered: 0 },
  ]);
});
