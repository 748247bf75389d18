/** Many agents at once: what one of them does is no other's harm. */
import { expect, test } from 'vitest';
import { startAgentRun } from './agent-run.ts';
import { claude } from './subject.ts';

const subject = claude();

test('P10 I16 eight agents at once, one of them in circles and one with a daemon: seven land, one is left', async ({
  skip,
}) => {
  skip(subject.missing !== null, subject.missing ?? '');
  const agent = await startAgentRun(subject, {
    scenario: 'loop',
    others: ['daemon file=2.txt', ...[3, 4, 5, 6, 7, 8].map((number) => `sleep s=5 file=${number}.txt`)],
    slots: 8,
    settings: { budget: { attempts: 1 } },
  });
  const { code, summary } = await agent.end();
  expect([code, summary?.landed, summary?.needsYou]).toEqual([4, 7, 1]);
  expect(summary?.left.map(({ task }) => task)).toEqual(['T001']);
  for (const number of [2, 3, 4, 5, 6, 7, 8]) expect(agent.landed(`${number}.txt`)).toBe('done');
});
