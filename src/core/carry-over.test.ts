import { expect, test } from 'vitest';
import { attemptOf } from '../../test/support/core-samples.ts';
import type { Attempt } from './attempt.ts';
import { goesOnFrom } from './carry-over.ts';
import type { AttemptOutcome } from './task.ts';

function ended(token: number, outcome: AttemptOutcome, fields: Partial<Attempt> = {}): Attempt {
  return { ...attemptOf('001/T1', token), endedAt: 1, outcome, logs: '/logs', ...fields };
}

const cases: [what: string, attempts: Attempt[], from: number | null][] = [
  ['the first', [], null],
  ['after a hand-over', [ended(1, 'handed-over')], 1],
  ['after a shutdown', [ended(1, 'failed'), ended(2, 'released')], 2],
  ['after a failure', [ended(1, 'handed-over'), ended(2, 'failed')], null],
  ['after a crash', [ended(1, 'crashed')], 1],
  ['after a lost runner', [ended(1, 'failed'), ended(2, 'lost')], 2],
  ['after two crashes in a row', [ended(1, 'lost'), ended(2, 'crashed')], null],
  ['after one that never had a directory', [ended(1, 'handed-over'), ended(2, 'released', { logs: null })], 1],
  ['after one by hand', [ended(1, 'handed-over'), ended(2, 'released', { byHand: true, logs: null })], null],
  ['after it was sent back from landing', [ended(1, 'done')], null],
  ['while another lives', [ended(1, 'released'), attemptOf('001/T1', 2)], 1],
];

for (const [what, attempts, from] of cases) {
  test(`B5 P7 what the next goes on from: ${what}`, () => {
    expect(goesOnFrom(attempts, 9)?.token ?? null).toBe(from);
  });
}
