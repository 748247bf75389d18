import { expect, test } from 'vitest';
import { lacksOf, tellLacks, type CompletionFacts, type Lack } from './evidence.ts';

const good: CompletionFacts = {
  report: { noChanges: null },
  exit: { exitCode: 0, signal: null },
  criticalError: null,
  work: { commits: 1, changed: ['src/a.ts'], dirty: [] },
  scope: ['src/**'],
  shared: ['package-lock.json'],
  checks: [{ command: 'npm test', green: true, tail: '', changed: [] }],
};
const none = { commits: 0, changed: [], dirty: [] };

test('B4 P2 nothing is missing of a reported, committed, clean, checked piece of work', () => {
  expect(lacksOf(good)).toEqual([]);
  expect(lacksOf({ ...good, exit: null })).toEqual([]);
  expect(lacksOf({ ...good, work: none, report: { noChanges: 'it was there already' } })).toEqual([]);
  expect(lacksOf({ ...good, work: { commits: 1, changed: ['src/a.ts', 'package-lock.json'], dirty: [] } })).toEqual([]);
  expect(lacksOf({ ...good, scope: [], work: { commits: 1, changed: ['anywhere'], dirty: [] } })).toEqual([]);
});

const cases: [what: string, change: Partial<CompletionFacts>, kind: Lack['kind'], text: string, mendable: boolean][] = [
  ['an exit code', { exit: { exitCode: 3, signal: null } }, 'crashed', 'exit code 3', false],
  ['a signal', { exit: { exitCode: null, signal: 'SIGKILL' } }, 'crashed', 'SIGKILL', false],
  ['a critical error', { criticalError: 'no quota' }, 'critical-error', 'no quota', false],
  ['no report', { report: null }, 'not-reported', 'orbit complete', true],
  ['no workspace', { work: null }, 'no-workspace', 'cannot be read', false],
  ['nothing committed', { work: none }, 'nothing-committed', 'Nothing was committed', true],
  ['an empty reason', { work: none, report: { noChanges: '  ' } }, 'nothing-committed', 'Nothing was committed', true],
  ['dirt', { work: { commits: 1, changed: [], dirty: ['x', 'y'] } }, 'uncommitted', 'x, y', true],
  [
    'a foreign file',
    { work: { commits: 1, changed: ['src/a', 'doc/b'], dirty: [] } },
    'outside-scope',
    '(src/**): doc/b.',
    true,
  ],
  [
    'a red check',
    { checks: [{ command: 'c', green: false, tail: '1 failed', changed: [] }] },
    'check-red',
    '1 failed',
    true,
  ],
  [
    'a writing check',
    { checks: [{ command: 'c', green: true, tail: '', changed: ['a'] }] },
    'check-changed-files',
    '"c" changed',
    true,
  ],
];

for (const [what, change, kind, text, mendable] of cases) {
  test(`B4 P2 ${what} is no proof`, () => {
    const lacks = lacksOf({ ...good, ...change });
    expect(lacks).toEqual([{ kind, text: expect.stringContaining(text), mendable }]);
  });
}

test('all that is missing is told at once, long lists shortened', () => {
  const dirty = Array.from({ length: 25 }, (_, index) => `file-${index}`);
  const lacks = lacksOf({ ...good, report: null, work: { commits: 0, changed: ['doc/b'], dirty } });
  expect(lacks.map(({ kind }) => kind)).toEqual(['not-reported', 'nothing-committed', 'uncommitted', 'outside-scope']);
  expect(tellLacks(lacks)).toContain('file-19 and 5 more');
});
