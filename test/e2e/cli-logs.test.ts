/** `orbit logs` on the logs of a real attempt. Needs a build. */
import { expect, test } from 'vitest';
import { makeProject, patience } from '../support/e2e.ts';
import { planText } from '../support/orbit-project.ts';

test('B8 the logs of an attempt are rendered, filtered and shown raw', patience, async () => {
  const project = await makeProject({
    plan: planText('T1'),
    settings: { agents: { demo: { adapter: 'scripted', script: 'script.json' } } },
    script: {
      default: [
        [
          { do: 'say', text: 'I write it.' },
          { do: 'write', path: 'a.txt', text: 'a' },
          { do: 'run', command: ['true'] },
          { do: 'commit' },
          { do: 'report', report: 'complete' },
          { do: 'exit' },
        ],
      ],
    },
  });
  expect((await project.orbit('run', '001', '--json')).code).toBe(0);
  const logs = async (...args: string[]): Promise<string[]> =>
    (await project.orbit('logs', 'T1', ...args)).stdout.split('\n').filter(Boolean);
  expect(await logs()).toContain('I write it.');
  const verbose = await logs('--log', 'verbose');
  expect(verbose.every((line) => /^\d\d:\d\d:\d\d \S/.test(line))).toBe(true);
  expect(verbose.some((line) => /message +I write it\./.test(line))).toBe(true);
  expect(verbose.some((line) => /^\S+ stdout/.test(line))).toBe(false);
  const ends = await logs('--kind', 'report,end');
  expect(ends.map((line) => line.split(/ +/)[1])).toEqual(['report', 'end']);
  expect(await logs('--kind', 'end', '--since', '1h')).toHaveLength(1);
  expect(await logs('--kind', 'end', '--since', '2099-01-01')).toEqual([]);
  expect(await logs('--kind', 'message', '--grep', 'write it')).toHaveLength(1);
  const raw = await logs('--log', 'verbose', '--raw');
  for (const line of raw) expect(typeof JSON.parse(line)).toBe('object');
  expect((await logs('--log', 'monitor', '--since', '1h')).length).toBeGreaterThan(2);
  expect(await logs('--log', 'monitor', '--since', '2099-01-01')).toEqual([]);
  expect((await project.orbit('logs', 'T1', '--since', '5m')).code).toBe(2);
  expect((await project.orbit('logs', 'T1', '--kind', 'tool-cal')).stderr).toContain('did you mean tool-call?');
});
