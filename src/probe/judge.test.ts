import { expect, test } from 'vitest';
import { attemptOf } from '../../test/support/core-samples.ts';
import { judge, type JudgeOrder } from './judge.ts';
import type { HeardError, Measured } from './measure.ts';

const wanted = { word: 'BADILO', output: '9f86d081884c7d65' };

function measured(changes: Partial<Measured> = {}): Measured {
  return {
    attempt: attemptOf('001/T1', 1),
    answer: `${wanted.word}\n${wanted.output}\n`,
    isCommitted: true,
    hasReported: true,
    isDone: true,
    reason: null,
    errors: [],
    hasSpoken: true,
    ...changes,
  };
}

function verdict(changes: Partial<Measured>, order: Partial<JudgeOrder> = {}): ReturnType<typeof judge> {
  const limits = { exitIsReport: false, isLate: false, timeoutMs: 60_000, costUsdMax: 1 };
  return judge({ ...limits, wanted, measured: measured(changes), ...order });
}

test('C8 who read, wrote, ran and reported has passed', () => {
  expect(verdict({})).toMatchObject({ read: true, write: true, run: true, report: true, login: true, passed: true });
});

test('C8 each ability is judged by what came out, not by what was said', () => {
  expect(verdict({ answer: 'badilo\n9f86d081884c7d65' })).toMatchObject({ read: false, run: true, passed: false });
  const guess = verdict({ answer: 'BADILO\n1234' });
  expect(guess).toMatchObject({
    read: true,
    write: true,
    run: false,
    passed: false,
    reason: 'it did not run the command',
  });
  expect(verdict({ answer: null, isCommitted: false, isDone: false, reason: 'nothing was committed' })).toMatchObject({
    write: false,
    passed: false,
    reason: 'it wrote no file; nothing was committed',
  });
  expect(verdict({ hasReported: false })).toMatchObject({ report: false, passed: false, reason: 'it did not report' });
  expect(verdict({ hasReported: false }, { exitIsReport: true })).toMatchObject({ report: true, passed: true });
  expect(verdict({ isCommitted: false, isDone: false })).toMatchObject({ passed: false, reason: 'it did not commit' });
});

const silent: Partial<Measured> = {
  answer: null,
  isCommitted: false,
  hasReported: false,
  isDone: false,
  hasSpoken: false,
};
const error = (kind: HeardError['class'], text: string): Partial<Measured> => ({
  ...silent,
  errors: [{ class: kind, text }],
});

test('C8 what was in the way has a word of its own', () => {
  const cases: readonly [Partial<Measured>, string, boolean][] = [
    [error('login', '401 invalid x-api-key'), 'not logged in: 401 invalid x-api-key', false],
    [error('agent', 'The model `gpt-9` does not exist'), 'unknown model: The model `gpt-9` does not exist', false],
    [error('login', '404 model not found: opus-9'), 'unknown model: 404 model not found: opus-9', false],
    [error('quota', 'usage limit reached'), 'quota used up: usage limit reached', true],
    [error('network', 'ECONNREFUSED'), 'its model cannot be reached: ECONNREFUSED', true],
    [{ ...silent, reason: 'the agent ended with exit code 1' }, 'did nothing: the agent ended with exit code 1', false],
  ];
  for (const [changes, reason, isPassing] of cases) {
    expect(verdict(changes)).toMatchObject({
      read: null,
      write: null,
      run: null,
      report: null,
      passed: false,
      reason,
      isPassing,
    });
  }
  expect(verdict(error('login', '401')).login).toBe(false);
  expect(verdict(silent).login).toBe(null);
});

test('C8 a hung agent, a slow one and a dear one are told apart', () => {
  expect(verdict(silent, { isLate: true }).reason).toBe('hung: nothing was heard of it for 60 s at most');
  const slow = verdict({ isDone: false, isCommitted: false, answer: null }, { isLate: true });
  expect(slow.reason).toBe('too slow: not done within 60 s; it wrote no file');
  const attempt = attemptOf('001/T1', 1, { costUsd: 1.5 });
  expect(verdict({ attempt, isDone: false }).reason).toBe('too dear: it spent 1.50 USD of 1.00 and was not done');
});

test('C8 an error that was got over is no reason', () => {
  expect(verdict({ errors: [{ class: 'network', text: '529' }] })).toMatchObject({ passed: true, isPassing: false });
});
