/** Every verb with arguments of 100 kB: what it says stays readable, and its exit code is that of a mistake of the caller. */
import { expect, test } from 'vitest';
import type { Command } from '../../src/cli/command.ts';
import { verbs } from '../../src/cli/verbs.ts';
import { patience } from '../support/e2e.ts';
import { makeProject, planText } from '../support/orbit-project.ts';

const long = 'x'.repeat(100_000);
const many = 'two words '.repeat(10_000);

/** Verbs that serve, play or draw until they are ended, and take no words to be wrong about. */
const endless: ReadonlySet<string> = new Set(['mcp', 'runner', 'scripted-agent', 'demo', 'watch']);

/** Flags whose value is free text: what is too long for its place is cut or refused, and what fits is taken. */
const freeText: ReadonlySet<string> = new Set([
  'reason',
  'description',
  'check',
  'text',
  'advice',
  'why',
  'no-changes',
  'grep',
]);

interface Call {
  args: readonly string[];
  /** It names something that cannot be, so that nothing but a refusal is right. */
  isWrong: boolean;
}

async function callsOf(verb: string, { flags, words }: Command): Promise<Call[]> {
  const needed = Array.from({ length: words.min }, () => 'T1');
  return [
    { args: [verb, ...Array.from({ length: Math.max(1, Math.min(words.max, 3)) }, () => long)], isWrong: false },
    { args: [verb, ...Array.from({ length: Math.max(1, words.min) }, () => many)], isWrong: false },
    ...(words.max > 10
      ? []
      : [{ args: [verb, ...Array.from({ length: words.max }, () => 'T1'), long, many], isWrong: true }]),
    { args: [verb, `--${long}`], isWrong: true },
    { args: [verb, ...needed, '--directory', long], isWrong: true },
    ...Object.entries(flags).map(([flag, { kind }]) => {
      if (kind === 'switch') return { args: [verb, ...needed, `--${flag}=${long}`], isWrong: true };
      return { args: [verb, ...needed, `--${flag}`, freeText.has(flag) ? many : long], isWrong: false };
    }),
  ];
}

test(
  'an argument of 100 kB comes back cut short from every verb, with the exit code of a mistake',
  patience,
  async () => {
    using project = await makeProject();
    project.plan('001', planText('T1', 'T2'));
    await project.orbit(['plan', '001']);
    const named = Object.entries(verbs).filter(([verb]) => !endless.has(verb));
    const calls = (await Promise.all(named.map(async ([verb, entry]) => callsOf(verb, await entry.load())))).flat();
    expect(calls.length).toBeGreaterThan(250);
    const faults: string[] = [];
    const tryAll = async (queue: Call[]): Promise<void> => {
      for (let call = queue.shift(); call !== undefined; call = queue.shift()) {
        // Words for people and JSON in turn, so that both are seen of every verb.
        const isJson = queue.length % 2 === 0;
        const { code, stdout, stderr } = await project.orbit([...call.args, ...(isJson ? ['--json'] : [])]);
        const fits = code === 2 || code === 3 || (code === 0 && !call.isWrong);
        const length = stdout.length + stderr.length;
        if (fits && length < 4_096) continue;
        faults.push(`${call.args.map((arg) => arg.slice(0, 30)).join(' ')}: exit ${code}, ${length} characters`);
      }
    };
    const queue = [...calls];
    await Promise.all([tryAll(queue), tryAll(queue)]);
    expect(faults).toEqual([]);
  },
);

test('a long argument is named by its head and by how much was left out, in words and as JSON', async () => {
  using project = await makeProject();
  const left = /x{400}… \(99600 more characters\)/;
  const { code, stderr } = await project.orbit(['import', 'nothing', long]);
  expect(code).toBe(2);
  expect((await project.orbit([long])).stderr).toMatch(left);
  const json = await project.orbit(['plan', `${long}.md`, '--json']);
  expect([json.code, json.json()['error']]).toEqual([
    2,
    expect.objectContaining({
      code: expect.any(String),
      message: expect.stringMatching(/x{300}… \(\d+ more characters\)/),
    }),
  ]);
  expect(stderr.length).toBeLessThan(4_096);
});
