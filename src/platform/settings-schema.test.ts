import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultOf } from './settings-check.ts';
import { defaultsOf, environmentOf, keys, merge, type Key } from './settings-key.ts';
import { settingsSchema } from './settings-schema.ts';

test('the shipped schema says what the program checks', () => {
  const shipped: unknown = JSON.parse(readFileSync('schema/orbit.config.schema.json', 'utf8'));
  expect(shipped).toEqual(JSON.parse(JSON.stringify(settingsSchema())));
});

test('E10 names and defaults', () => {
  expect(defaultsOf(keys)).toMatchObject({
    defaultConcurrencyMode: 'parallel-threads',
    maxParallelAgents: null,
    retryDelayMs: 5000,
    escalationThreshold: 10,
    workspace: { directory: '.worktrees' },
    branchPrefix: 'module/',
    autoMergeOnComplete: false,
    heartbeatIntervalMs: 5000,
    heartbeatTimeoutMs: 30_000,
    budget: { attempts: 4 },
    landing: { into: 'orbit/{plan}' },
  });
  expect(faultOf({ defaultMaxRetries: 3, worktreesDirectory: 'elsewhere' })).toBeNull();
});

test('the defaults are settings, and every key says what it is for', () => {
  expect(faultOf(defaultsOf(keys))).toBeNull();
  const table: [string, Key][] = Object.entries(keys);
  for (const [name, key] of table) {
    expect([name, key.about]).toEqual([name, expect.stringMatching(/\.$/)]);
    if (key.kind === 'group' || key.kind === 'named') table.push(...Object.entries(key.keys));
  }
  expect(table.length).toBeGreaterThan(40);
});

const faults: [values: unknown, says: string][] = [
  [[], 'the file must be an object'],
  [{ agents: { 'a/b': { adapter: 'command' } } }, '"a/b" cannot be a name'],
  [{ agents: { sh: { adapter: 'command', slot: 1 } } }, 'did you mean "slots"?'],
  [{ landing: { mode: 'fast' } }, 'landing.mode must be one of queue, off, pull-requests, not "fast"'],
  [{ shared: 'x' }, 'shared must be a list of texts, not "x"'],
  [{ budget: { attempts: 1.5 } }, 'budget.attempts must be a whole number of at least 1, not 1.5'],
  [{ autoMergeOnComplete: 'yes' }, 'autoMergeOnComplete must be true or false, not "yes"'],
  [JSON.parse('{"__proto__": {"x": 1}}'), 'unknown key "__proto__"'],
  [{ constructor: 1 }, 'unknown key "constructor"'],
];

for (const [values, says] of faults) {
  test(`settings ${JSON.stringify(values)} are refused`, () => expect(faultOf(values)?.message).toContain(says));
}

test('variables name the keys in capitals', () => {
  const { values } = environmentOf({
    ORBIT_LANDING_INTO: 'main',
    ORBIT_BUDGET_COST_USD: 'null',
    ORBIT_AUTO_MERGE_ON_COMPLETE: 'true',
    ORBIT_PLAN: '001',
  });
  expect(values).toEqual({ landing: { into: 'main' }, budget: { costUsd: null }, autoMergeOnComplete: true });
  expect(merge({ landing: { into: 'a', mode: 'queue' } }, values)).toMatchObject({
    landing: { into: 'main', mode: 'queue' },
  });
});
