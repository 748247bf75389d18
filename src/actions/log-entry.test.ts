import { expect, test } from 'vitest';
import { eventLineReader } from '../agent/json-lines.ts';
import { isShown, readKinds, readSince } from './log-choice.ts';
import { entriesOf, entryLine } from './log-entry.ts';

const at = '2026-11-21T10:03:07.250Z';

function shown(entry: object): string[] {
  return entriesOf(JSON.stringify({ at, ...entry }), null).map((each) => entryLine(each, 120));
}

test('B8 each kind of event is one line with its time', () => {
  const call = { type: 'tool-call', id: 'a', tool: 'Bash', input: '{"command":"npm\\ntest"}' };
  expect(shown({ event: call })).toEqual(['10:03:07 tool-call   Bash {"command":"npm\\ntest"}']);
  expect(shown({ event: { type: 'tool-result', id: 'a', ok: false, exitCode: 1, text: 'red\ntests' } })).toEqual([
    '10:03:07 tool-result failed exit 1 red tests',
  ]);
  expect(shown({ event: { type: 'usage', tokens: 500, contextUsed: 50, contextSize: 200, costUsd: 0.5 } })).toEqual([
    '10:03:07 usage       500 tokens, context 25 %, $0.50',
  ]);
  const error = { type: 'error', class: 'quota', text: 'limit', retryAfterMs: 9_000, critical: false };
  expect(shown({ event: error })).toEqual(['10:03:07 error       quota, again in 9 s: limit']);
  expect(shown({ event: { type: 'todo', items: [{ text: 'a', done: true }, { text: 'b' }] } })).toEqual([
    '10:03:07 todo        1/2 b',
  ]);
  expect(shown({ event: { type: 'end', exitCode: 0, signal: null } })).toEqual(['10:03:07 end         exit code 0']);
  expect(shown({ run: { adapter: 'claude' } })).toEqual(['10:03:07 run         adapter claude']);
});

test('B8 messages are read from the raw stream by the reader of its program', () => {
  const line = JSON.stringify({ at, stream: 'out', raw: '{"type":"message","text":"I am done"}' });
  expect(entriesOf(line, eventLineReader()).map(({ kind, text }) => [kind, text])).toEqual([
    ['stdout', '{"type":"message","text":"I am done"}'],
    ['message', 'I am done'],
  ]);
  expect(entriesOf(line, null).map(({ kind }) => kind)).toEqual(['stdout']);
  expect(isShown('stdout', null, true)).toBe(false);
  expect(isShown('stdout', null, false)).toBe(true);
  expect(isShown('stdout', ['stdout'], true)).toBe(true);
});

test('I20 whatever stands in a log is shown and harms nothing', () => {
  const odd = [
    '',
    '{',
    'no json',
    '[]',
    '{"at":5}',
    '{"event":{}}',
    '{"event":{"type":7}}',
    '{"raw":"x"}',
    '{"at":"x","event":[]}',
  ];
  for (const line of odd) for (const entry of entriesOf(line, eventLineReader())) entryLine(entry, 80);
  expect(entriesOf('no json', null)).toEqual([{ at: null, kind: 'unknown', text: 'no json' }]);
  expect(
    entryLine({ at: null, kind: 'message', text: `\u001b[2Ja\u0007${'x'.repeat(500)}` }, 80).length,
  ).toBeLessThanOrEqual(80);
});

test('B8 kinds and times are read as people write them', () => {
  expect(readKinds('tool-call, error')).toEqual(['tool-call', 'error']);
  expect(() => readKinds('tool-cal')).toThrow('tool-cal');
  expect(readSince('5m', 1_000_000)).toBe(700_000);
  expect(readSince('1.5h', 10_000_000)).toBe(4_600_000);
  expect(readSince('2026-11-21T10:00:00Z', 0)).toBe(Date.parse('2026-11-21T10:00:00Z'));
  expect(() => readSince('yesterday', 0)).toThrow('is no time');
});
