import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '../../core/limits.ts';
import { missedLines } from './missed.ts';
import { openCodeReader } from './reader.ts';

const messages = JSON.stringify([
  {
    info: { id: 'msg_1', role: 'user', summary: { diffs: ['long'] } },
    parts: [{ type: 'text', id: 'p1', messageID: 'msg_1', text: 'x' }],
  },
  {
    info: {
      id: 'msg_2',
      role: 'assistant',
      modelID: 'm',
      providerID: 'p',
      error: { name: 'APIError', data: { message: 'no', statusCode: 401 } },
    },
    parts: [{ type: 'step-start', id: 'p2', messageID: 'msg_2' }],
  },
]);

function typesAfter(states: string): string[] {
  const reader = openCodeReader();
  const lines = missedLines('ses_1', messages, states);
  return lines.flatMap((text) => reader.read({ text, droppedBytes: 0 }, 'out')).map(({ type }) => type);
}

test('B8 what was missed comes as lines of the same stream: the end of a turn, or that it goes on', () => {
  expect(typesAfter('{}')).toEqual(['session', 'error', 'turn-end']);
  expect(typesAfter('{"ses_1":{"type":"busy"}}')).toEqual(['session']);
  expect(typesAfter('{"ses_1":{"type":"retry","message":"Overloaded"}}')).toEqual(['session', 'error']);
});

test('I20 any answer gives lines of bounded length, and no exception', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), fc.oneof(fc.json(), fc.string()), (said, states) => {
      expect(missedLines('ses_1', said, states).every((line) => line.length < limits.lineBytesMax)).toBe(true);
    }),
  );
  const huge = JSON.stringify([{ info: { id: 'm' }, parts: [{ type: 'text', text: 'x'.repeat(2_000_000) }] }]);
  expect(missedLines('ses_1', huge, '{}')).toHaveLength(2);
});
