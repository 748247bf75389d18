import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { draftOf, draftTask } from '../../test/support/core-samples.ts';
import { pathFinder } from './path-finder.ts';
import type { Finding, PlanDraft, TaskDraft } from './plan.ts';
import { draftFindings, fitFindings, joinFindings, validateDraft } from './plan-check.ts';
import { inScope } from './scope.ts';

const brief = (findings: readonly Finding[]): string[] =>
  findings.map(({ severity, code, task, line }) => `${severity} ${code} ${task} ${line}`);

/** Tasks in lines 1, 2, 3 … */
function plan(tasks: [id: string, fields?: Partial<TaskDraft>][], fields: Partial<PlanDraft> = {}): PlanDraft {
  return draftOf(
    tasks.map(([id, more], index) => draftTask(id, { line: index + 1, ...more })),
    fields,
  );
}

const structure: [what: string, draft: PlanDraft, expected: string[]][] = [
  ['a sound plan', plan([['A'], ['B', { dependencies: ['A', 'other/Z'], layer: 2 }]]), []],
  ['one id twice', plan([['A'], ['A']]), ['error duplicate-id A 2']],
  ['a bad id', plan([['../x']]), ['error bad-id ../x 1']],
  ['an unknown dependency', plan([['A', { dependencies: ['Z', 'Z'] }]]), ['error unknown-dependency A 1']],
  ['a dependency on itself', plan([['A', { dependencies: ['A'] }]]), ['error self-dependency A 1']],
  [
    'a ring',
    plan([
      ['A', { dependencies: ['B'] }],
      ['B', { dependencies: ['A'] }],
    ]),
    ['error cycle A 1'],
  ],
  [
    'bad layers',
    plan([
      ['A', { layer: -1 }],
      ['B', { layer: 1.5 }],
    ]),
    ['error bad-layer A 1', 'error bad-layer B 2'],
  ],
  [
    'a later layer under hints',
    plan([
      ['A', { layer: 1, dependencies: ['B'] }],
      ['B', { layer: 2 }],
    ]),
    [],
  ],
  [
    'a later layer under hard layers',
    plan(
      [
        ['A', { layer: 1, dependencies: ['B'] }],
        ['B', { layer: 2 }],
      ],
      { layers: 'hard' },
    ),
    ['error cycle A 1'],
  ],
];

for (const [what, draft, expected] of structure) {
  test(`C9 I14 ${what}: ${expected.join(', ') || 'no finding'}`, () => {
    expect(brief(draftFindings(draft))).toEqual(expected);
    expect(brief(validateDraft(draft, { agents: null, paths: null }))).toEqual(expected);
  });
}

test('I14 a ring of 100,000 tasks is told in a short sentence', () => {
  const size = 100_000;
  const tasks = Array.from({ length: size }, (_, index) =>
    draftTask(`T${index}`, { dependencies: [`T${(index + 1) % size}`] }),
  );
  const findings = draftFindings(draftOf(tasks));
  expect(brief(findings)).toEqual(['error cycle T0 1']);
  expect(findings[0]?.message).toContain('T0 → T1 → ');
  expect(findings[0]?.message.length).toBeLessThan(300);
});

test('agents: a wanted agent must be in the settings, by name or as one of its workers', () => {
  const draft = plan([
    ['A', { agent: 'claude' }],
    ['B', { agent: 'claude-2' }],
    ['C', { agent: 'cluade' }],
    ['D'],
    ['E', { agent: 'gone', ticked: true }],
  ]);
  expect(brief(fitFindings(draft, { agents: ['claude', 'codex'], paths: null }))).toEqual(['error unknown-agent C 3']);
  expect(fitFindings(draft, { agents: null, paths: null })).toEqual([]);
});

test('scopes: what matches no file is doubted, unless there are no files at all', () => {
  const draft = plan([
    ['A', { scope: ['src/a.ts', 'docs/'] }],
    ['B', { scope: ['src/*.rs', 'src/new.ts', 'README.md'] }],
  ]);
  const paths = ['src/a.ts', 'docs/deep/x.md', 'README.md'];
  const findings = fitFindings(draft, { agents: null, paths });
  expect(brief(findings)).toEqual(['warning scope-matches-nothing B 2']);
  expect(findings[0]?.message).toContain('src/*.rs, src/new.ts');
  expect(findings[0]?.message).not.toContain('README');
  expect(fitFindings(draft, { agents: null, paths: [] })).toEqual([]);
});

test('scopes: the finder answers as inScope does', () => {
  const part = fc.constantFrom('a', 'b', 'a.ts', 'ab', 'ä');
  const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const entry = fc.array(fc.oneof(part, fc.constantFrom('*', '**', '[ab]', '{a,b}', '.', 'a*')), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(path, { maxLength: 6 }), entry, fc.constantFrom('', '/'), (paths, parts, end) => {
      const glob = parts.join('/') + end;
      expect(pathFinder(paths)(glob)).toBe(paths.some((one) => inScope(one, [glob])));
    }),
    { numRuns: 2_000 },
  );
});

test('C9 unordered tasks that may write the same path are told, ordered and shared ones are not', () => {
  const draft = plan([
    ['A', { scope: ['src/router.ts', 'lock'] }],
    ['B', { scope: ['./src/'], dependencies: [] }],
    ['C', { scope: ['src/router.ts'], dependencies: ['M'] }],
    ['M', { dependencies: ['A', 'B'] }],
    ['D', { scope: ['lock', 'docs/'] }],
    ['E', { scope: [] }],
  ]);
  const findings = fitFindings(draft, { agents: null, paths: null, shared: ['lock'] });
  expect(brief(findings)).toEqual(['warning scope-overlap B 2']);
  expect(findings[0]?.message).toContain('like A without');
  expect(brief(fitFindings(draft, { agents: null, paths: null }))).toEqual([
    'warning scope-overlap B 2',
    'warning scope-overlap D 5',
  ]);
});

test('C9 hard layers order tasks of different layers', () => {
  const tasks: [string, Partial<TaskDraft>][] = [
    ['A', { layer: 1, scope: ['x'] }],
    ['B', { layer: 2, scope: ['x'] }],
  ];
  expect(fitFindings(plan(tasks), { agents: null, paths: null })).toHaveLength(1);
  expect(fitFindings(plan(tasks, { layers: 'hard' }), { agents: null, paths: null })).toEqual([]);
});

test('C9 a path that thousands of tasks write is told without comparing all pairs', () => {
  const tasks = Array.from({ length: 20_000 }, (_, index) =>
    draftTask(`T${index}`, { scope: ['src/router.ts'], line: index + 1 }),
  );
  const findings = fitFindings(draftOf(tasks), { agents: null, paths: null });
  expect(findings).toHaveLength(19_999);
  expect(findings.at(-1)?.message).toContain('and 15 more');
});

test('findings of several checks are joined without doubles, by line', () => {
  const one: Finding = { severity: 'error', code: 'cycle', message: 'x', line: 9, task: 'A' };
  const joined = joinFindings(
    [one, { ...one, line: null }],
    [
      { ...one, message: 'y' },
      { ...one, line: 2 },
    ],
  );
  expect(joined.map(({ line, message }) => `${line} ${message}`)).toEqual(['2 x', '9 x', 'null x']);
});
