import { expect, test } from 'vitest';
import { attemptOf, taskWith } from '../../test/support/core-samples.ts';
import type { Attempt } from './attempt.ts';
import { postMortem } from './post-mortem.ts';

function ended(token: number, fields: Partial<Attempt>): Attempt {
  return { ...attemptOf('001/T1', token), endedAt: 90_000, outcome: 'failed', reason: 'red', ...fields };
}

test('C14 P7 the post-mortem tells each attempt with rung, model, rule and evidence, and what would help', () => {
  const task = taskWith({ inbox: { kind: 'attempts-used', reason: 'all used', token: 3, at: 5 } });
  const { attempts, helps } = postMortem(task, [
    ended(3, {
      rung: 'other',
      model: 'large',
      notes: 'I read a',
      acted: { rule: 'same-call', evidence: ['read a 5 times'] },
    }),
    ended(1, { logs: '/logs/1', commit: 'abc' }),
    attemptOf('001/T1', 4),
  ]);
  expect(
    attempts.map(({ token, rung, model, rule, evidence, minutes }) => ({
      token,
      rung,
      model,
      rule,
      evidence,
      minutes,
    })),
  ).toEqual([
    { token: 1, rung: 'first', model: null, rule: null, evidence: [], minutes: 1.5 },
    { token: 3, rung: 'other', model: 'large', rule: 'same-call', evidence: ['read a 5 times'], minutes: 1.5 },
  ]);
  expect(attempts.map(({ lastWords }) => lastWords)).toEqual([null, 'I read a']);
  expect(helps.some((help) => help.startsWith('orbit retry 001/T1 --advice'))).toBe(true);
  expect(helps.some((help) => help.startsWith('orbit recover'))).toBe(true);
});
