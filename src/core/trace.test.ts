import { expect, test } from 'vitest';
import { attemptOf, evidenceOf } from '../../test/support/core-samples.ts';
import type { Event, EventBody } from './event.ts';
import { spansOf } from './trace.ts';

const bodies: EventBody[] = [
  { type: 'task-held', why: 'the first event' },
  {
    type: 'attempt-ended',
    token: 1,
    outcome: 'crashed',
    reason: 'words of an agent',
    retryAt: null,
    spentMs: 1,
    commit: null,
  },
  { type: 'task-done', evidence: evidenceOf(2) },
  { type: 'landing-queued', commit: 'c' },
  { type: 'landing-bounced', token: 2, cause: 'conflict', reason: 'words', retryAt: null },
  { type: 'task-done', evidence: evidenceOf(3) },
  { type: 'landing-queued', commit: 'd' },
  { type: 'task-landed', commit: 'd', landedAs: 'e', tree: 'f', target: 'refs/heads/x' },
];

const events = bodies.map((body, at): Event => {
  const place = { seq: at + 10, at: at * 1000, actor: 'a', actorSeq: at, hash: `hash ${at}` };
  return { ...place, plan: '001', task: '001/T1', attempt: null, body };
});
const attempts = [1, 2, 3].map((token) => attemptOf('001/T1', token, { model: 'm', tokens: 5, costUsd: 0.5 }));
/** Of 64 digits, as different as its text. */
const hash = (text: string): string => Buffer.from(text).toString('hex').padStart(64, '0').slice(-64);

test('a trace has a span for each attempt, below it one for each landing, and one for the task', () => {
  const spans = spansOf(events, attempts, hash);
  expect(spans.map(({ name, error, seq }) => [name, error, seq])).toEqual([
    ['invoke_agent claude-1', 'crashed', 11],
    ['invoke_agent claude-1', null, 12],
    ['landing', 'conflict', 14],
    ['invoke_agent claude-1', null, 15],
    ['landing', null, 17],
    ['task 001/T1', null, 17],
  ]);
  const [, second, bounced, third, landed, task] = spans;
  expect([bounced?.parent, landed?.parent, second?.parent, third?.parent]).toEqual([
    second?.id,
    third?.id,
    task?.id,
    task?.id,
  ]);
  expect([bounced?.from, bounced?.to, task?.from, task?.to]).toEqual([3000, 4000, 0, 7000]);
  expect(second?.attributes).toMatchObject({ 'gen_ai.request.model': 'm', 'orbit.tokens': 5, 'orbit.cost_usd': 0.5 });
});

test('ids follow from the log alone, and nothing that people or agents wrote is in a span', () => {
  expect(spansOf(events, attempts, hash)).toEqual(spansOf(events, attempts, hash));
  const early = spansOf(events.slice(0, 3), attempts, hash);
  expect(early).toEqual(spansOf(events, attempts, hash).slice(0, 2));
  expect(JSON.stringify(spansOf(events, attempts, hash))).not.toContain('words');
});
