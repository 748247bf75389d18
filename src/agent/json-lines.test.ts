import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from './agent.ts';
import { hintLine, interruptLine, promptLine, readEventLine } from './json-lines.ts';

const read = (value: unknown): AgentEvent | null =>
  readEventLine({ text: typeof value === 'string' ? value : JSON.stringify(value), droppedBytes: 0 });

const whole: AgentEvent[] = [
  { type: 'session', id: 's1' },
  { type: 'message', text: 'hello' },
  { type: 'thought', text: 'hm' },
  { type: 'tool-call', id: 'c1', tool: 'run', input: '["ls"]' },
  { type: 'tool-result', id: 'c1', ok: false, text: 'no' },
  { type: 'file-change', path: 'src/a.ts' },
  { type: 'todo', items: [{ text: 'one', done: true }] },
  { type: 'usage', tokens: 5, contextUsed: 4, contextSize: 10, costUsd: 0.5 },
  { type: 'report', report: 'complete', text: 'done', noChanges: 'was so already' },
  { type: 'error', class: 'quota', text: '429', retryAfterMs: 1_000, critical: true },
];

for (const event of whole) {
  test(`P10 a program may send ${event.type}`, () => {
    expect(read(event)).toEqual(event);
  });
}

test('P10 what may be left out is filled in', () => {
  expect(read({ type: 'usage', tokens: 3 })).toEqual({
    type: 'usage',
    tokens: 3,
    contextUsed: null,
    contextSize: null,
    costUsd: 0,
  });
  expect(read({ type: 'report', report: 'failed' })).toEqual({
    type: 'report',
    report: 'failed',
    text: '',
    noChanges: null,
  });
  expect(read({ type: 'error', class: 'odd', text: 'x' })).toMatchObject({ class: 'agent', critical: false });
});

test('I20 what a program may not send, or not so, is no event', () => {
  const wrong = [
    { type: 'end', exitCode: 0, signal: null },
    { type: 'constructor' },
    { type: '__proto__' },
    { type: 'message' },
    { type: 'message', text: 7 },
    { type: 'tool-call', id: 'x'.repeat(300), tool: 't' },
    { type: 'tool-result', id: 'c', ok: 'yes' },
    { type: 'usage', tokens: -1 },
    { type: 'report', report: 'landed' },
    { type: 'todo', items: 'all' },
    ['message'],
    '{"type":"message","text":"cut',
    'null',
    '7',
    '{',
  ];
  expect(wrong.map(read)).toEqual(wrong.map(() => null));
  expect(readEventLine({ text: '{"type":"message","text":"a"}', droppedBytes: 1 })).toBeNull();
});

test('I20 texts are capped and hold no NUL, however they were escaped', () => {
  const long = read({ type: 'message', text: `\0${'x'.repeat(200_000)}` });
  expect(long).toMatchObject({ text: expect.stringMatching(/^\uFFFDx+ \[134465 more\]$/) });
  expect(read(String.raw`{"type":"session","id":"a\u0000\ud800"}`)).toEqual({ type: 'session', id: 'a\uFFFD\uFFFD' });
  const items = Array.from({ length: 1_000 }, () => ({ text: 'x', done: 1 }));
  expect(read({ type: 'todo', items })).toMatchObject({ items: { length: 200, 0: { text: 'x', done: false } } });
});

test('I20 deep JSON is survived', () => {
  const depth = 500_000;
  expect(read(`{"type":"message","text":"a","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`)).toEqual({
    type: 'message',
    text: 'a',
  });
  expect(read(`{"a":${'['.repeat(depth)}`)).toBeNull();
});

test('I20 any line gives an event of the vocabulary or nothing', () => {
  const types = new Set<string>(whole.map((event) => event.type));
  const values = fc.oneof(
    fc.json(),
    fc.string(),
    fc
      .record({ type: fc.constantFrom(...types), text: fc.anything(), id: fc.anything(), items: fc.anything() })
      .map(
        (value) =>
          JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? '',
      ),
  );
  fc.assert(
    fc.property(values, (text) => {
      const event = read(text);
      expect(event === null || types.has(event.type)).toBe(true);
    }),
    { numRuns: 3_000 },
  );
});

test('lines to the agent are one line each', () => {
  for (const line of [promptLine('a\nb', '/p'), hintLine('c\n\u2028d'), interruptLine])
    expect(line).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(promptLine('a\nb', '/p'))).toEqual({ type: 'prompt', text: 'a\nb', file: '/p' });
});
