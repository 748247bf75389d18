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

test('I15 E9 an agent that kills its own runner is ended, and another one does the work', async ({ skip }) => {
  skip(subject.missing !== null, subject.missing ?? '');
  const agent = await startAgentRun(subject, {
    scenario: 'murder',
    scenarios: {
      murder: {
        steps: [
          {
            do: 'shell',
            // Its shell's parent is the program, and that one's parent is the runner.
            command:
              'echo half > half.txt; read -r _ _ _ runner _ < /proc/$PPID/stat; kill -9 $runner; tail -f /dev/null',
          },
        ],
        onPrompt: [
          {
            match: /tried before|earlier attempt/i,
            steps: [
              { do: 'shell', command: 'echo done > out.txt && git add -A && git commit -q -m "Add out.txt"' },
              { do: 'shell', command: 'orbit complete "$ORBIT_TASK"' },
              { do: 'say', text: 'Done.' },
            ],
          },
        ],
      },
    },
  });
  const { summary } = await agent.end();
  expect(summary).toMatchObject({ landed: 1, attempts: 2 });
  expect(agent.landed('out.txt')).toBe('done');
});
