import { expect, test } from 'vitest';
import { failuresInRow } from './breaker.ts';
import type { EventBody } from './event.ts';
import type { AttemptOutcome } from './task.ts';

function ended(outcome: AttemptOutcome): EventBody {
  return { type: 'attempt-ended', token: 1, outcome, reason: '', retryAt: null, spentMs: 0, commit: null };
}

test('I16 E10 failures in a row are counted over all tasks, and a success clears them', () => {
  const row = (events: readonly EventBody[]): number => events.reduce(failuresInRow, 0);
  expect(row([ended('failed'), ended('crashed'), ended('timeout'), ended('stalled'), ended('lost')])).toBe(5);
  expect(row([ended('failed'), ended('released'), ended('cancelled')])).toBe(1);
  expect(
    row([ended('failed'), { type: 'task-landed', commit: '', landedAs: '', tree: '', target: '' }, ended('failed')]),
  ).toBe(1);
});
