import { expect, test } from 'vitest';
import { attemptOf } from '../../test/support/core-samples.ts';
import type { Attempt } from './attempt.ts';
import type { EventBody } from './event.ts';
import { reportOutcomes } from './outcome-report.ts';

function ended(token: number, fields: Partial<Attempt>, pulse: Partial<Attempt['pulse']> = {}): Attempt {
  return { ...attemptOf('001/T1', token, pulse), adapter: 'claude', endedAt: 60_000, outcome: 'failed', ...fields };
}

function hint(seq: number, token: number, rule: string): { seq: number; body: EventBody } {
  const said = { by: 'supervision', text: 'look', delivery: 'now', evidence: [] } as const;
  return { seq, body: { type: 'agent-hinted', token, rule, ...said } };
}

test('C14 outcomes are counted per adapter, model and rung, with cost and tokens', () => {
  const { outcomes, tasks } = reportOutcomes(
    [
      ended(1, {}, { costUsd: 1, tokens: 10, model: 'm' }),
      ended(2, { outcome: 'stalled' }, { costUsd: 2, tokens: 5, model: 'm' }),
      ended(3, { rung: 'fresh', outcome: 'handed-over' }, { model: 'm' }),
      ended(4, { rung: 'other', model: 'n', outcome: 'done', task: '001/T2' }),
      { ...attemptOf('001/T3', 5), adapter: 'claude' },
    ],
    [],
    120_000,
  );
  expect(
    outcomes.map(({ model, rung, attempts, done, failed, handedOver, running, costUsd, tokens }) => ({
      model,
      rung,
      counts: [attempts, done, failed, handedOver, running],
      costUsd,
      tokens,
    })),
  ).toEqual([
    { model: null, rung: 'first', counts: [1, 0, 0, 0, 1], costUsd: 0, tokens: 0 },
    { model: 'm', rung: 'first', counts: [2, 0, 2, 0, 0], costUsd: 3, tokens: 15 },
    { model: 'm', rung: 'fresh', counts: [1, 0, 0, 1, 0], costUsd: 0, tokens: 0 },
    { model: 'n', rung: 'other', counts: [1, 1, 0, 0, 0], costUsd: 0, tokens: 0 },
  ]);
  expect(tasks[0]).toEqual({ task: '001/T1', attempts: 3, failed: 2, costUsd: 3, minutes: 3 });
});

test('C14 a hint made progress when its rule fell silent and none ended the attempt', () => {
  const attempts = [
    ended(1, { outcome: 'done' }),
    ended(2, { acted: { rule: 'stall', evidence: [] } }),
    ended(3, { outcome: 'failed' }),
  ];
  const { hints, ended: rules } = reportOutcomes(
    attempts,
    [hint(1, 1, 'stall'), hint(2, 1, 'stall'), hint(3, 2, 'stall'), hint(4, 3, 'same-call')],
    0,
  );
  expect(hints).toEqual([
    { rule: 'stall', hints: 3, unsupported: 0, progress: 1, success: 2 },
    { rule: 'same-call', hints: 1, unsupported: 0, progress: 1, success: 0 },
  ]);
  expect(rules).toEqual([{ rule: 'stall', attempts: 1 }]);
});
