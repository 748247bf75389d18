/**
 * Runs of agents of all kinds in the neutral format, written by hand after what such agents do: healthy ones that naive rules take
 * for stuck, and stuck ones. Under the default thresholds the first are left alone and each of the others is acted on.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replayText, type Replayed } from '../support/replay-text.ts';

const read = (kind: string): string[] => readdirSync(join(import.meta.dirname, kind)).toSorted();
const judge = async (kind: string, name: string): Promise<Replayed> =>
  replayText(name, readFileSync(join(import.meta.dirname, kind, name), 'utf8'));

/** The rule that has to find it. */
const expected: Readonly<Record<string, string>> = {
  'apologies-without-calls': 'same-message',
  'back-and-forth': 'file-returns',
  'exact-loop': 'same-error',
  'failures-with-other-texts': 'failed-exits',
  'loop-with-times-and-temporary-names': 'same-result',
  'reads-for-ever': 'reads-only',
  'same-failure-other-arguments': 'same-error',
  'silent-stall': 'silence',
  'tests-never-run-again': 'turns',
  'tests-that-do-not-shrink': 'failing-tests',
  'two-step-cycle': 'cycle',
  'waits-for-a-dead-process': 'same-result',
};

describe('P5 stuck runs', () => {
  for (const name of read('stuck')) {
    const rule = expected[name.replace('.jsonl', '')];
    test(`C4 C5 C6 C7 ${name}: ${rule} ends it`, async () => {
      const { summary, found } = await judge('stuck', name);
      expect(summary).toMatchObject({ verdict: 'act', unknown: 0 });
      const [first] = found.filter((line) => line.startsWith('act'));
      expect(first).toContain(` ${rule} `);
    });
  }
  test('each has the rule that has to find it', () => {
    expect(read('stuck')).toEqual(Object.keys(expected).map((name) => `${name}.jsonl`));
  });
});

describe('P5 healthy runs', () => {
  const names = read('healthy');
  for (const name of names) {
    test(`C6 ${name} is left alone`, async () => {
      const { summary, found } = await judge('healthy', name);
      expect(found).toEqual([]);
      expect(summary).toMatchObject({ verdict: 'none', unknown: 0 });
      expect(summary.events).toBeGreaterThan(10);
    });
  }
  test('they were looked at', () => expect(names.length).toBeGreaterThanOrEqual(10));
});
