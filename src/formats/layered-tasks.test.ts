import { expect, test } from 'vitest';
import { readLayeredTasks } from './layered-tasks.ts';

const sample = `# Tasks for 001: invoices as files

Prose anywhere stays.

unblock: landed
layers: hard
Check: npm test

## Layer 1: Models (Informational - Not Blocking)
No dependencies here.

- [x] T031 @claude Invoice model
      Dependencies: None
      Blocks: T038, T047
- [ ] T032 @claude Line model
      Dependencies: None
      Blocks: T047
- [ ] T033 @copilot Settings
      Dependencies: None
      Files: src/config.ts, test/config.test.ts
      Check: npm test -- config

## Layer 2: Services
- [ ] T038 @claude Client
      Dependencies: T031, T033 (REQUIRED before starting)
      - keep the old interface

      \`\`\`
      Dependencies: T999
      \`\`\`
- [ ] T047 Persist
      Dependencies: T031, T032
      Priority: high
      Type: verify
      Parent: T038
      Estimate: 1h30m

## Layer 3: Adapters

- [ ] T051 @any Adapter
      Dependencies: T038, T047`;

const codes = (text: string): string[] =>
  readLayeredTasks(text).findings.map((f) => `${f.line}:${f.severity}:${f.code}`);
const tasksOf = (text: string) => readLayeredTasks(text).draft.tasks;

test('C13 a plan says how it lands and what becomes of it', () => {
  const { draft, findings } = readLayeredTasks(
    '**landing:** pull-requests (reviewed)\nfinish: pull-request\n- [ ] T1 a',
  );
  expect(findings).toEqual([]);
  expect(draft).toMatchObject({ landing: 'pull-requests', finish: 'pull-request' });
  expect(readLayeredTasks('- [ ] T1 a').draft).not.toHaveProperty('landing');
});

test('A3 reads layers, tasks, agents, edges, scope, checks and settings', () => {
  const { draft, findings } = readLayeredTasks(sample);
  expect(findings).toEqual([]);
  expect(draft).toMatchObject({
    title: 'invoices as files',
    unblock: 'landed',
    layers: 'hard',
    checks: ['npm test'],
    layerList: [
      { number: 1, title: 'Models' },
      { number: 2, title: 'Services' },
      { number: 3, title: 'Adapters' },
    ],
  });
  expect(draft.tasks.map((t) => [t.id, t.layer, t.agent, t.ticked, t.dependencies, t.line])).toEqual([
    ['T031', 1, 'claude', true, [], 12],
    ['T032', 1, 'claude', false, [], 15],
    ['T033', 1, 'copilot', false, [], 18],
    ['T038', 2, 'claude', false, ['T031', 'T033'], 24],
    ['T047', 2, null, false, ['T031', 'T032'], 31],
    ['T051', 3, null, false, ['T038', 'T047'], 40],
  ]);
  expect(draft.tasks[2]).toMatchObject({
    scope: ['src/config.ts', 'test/config.test.ts'],
    checks: ['npm test -- config'],
  });
  expect(draft.tasks[3]?.body).toBe('- keep the old interface\n\n```\nDependencies: T999\n```');
  expect(draft.tasks[4]).toMatchObject({
    priority: 1,
    kind: 'verify',
    parent: 'T038',
    estimateMs: 5_400_000,
    title: 'Persist',
  });
});

test('A3 reads the same plan from other line ends, a byte order mark, tabs and other bullets', () => {
  const plain = readLayeredTasks(sample);
  expect(readLayeredTasks(`\ufeff${sample.replaceAll('\n', '\r\n')}\r\n`)).toEqual(plain);
  expect(readLayeredTasks(sample.replaceAll('\n', '\r'))).toEqual(plain);
  expect(readLayeredTasks(sample.replaceAll('\n      ', '\n\t'))).toEqual(plain);
  expect(readLayeredTasks(sample.replaceAll('\n- [', '\n* ['))).toEqual(plain);
});

test('A3 merges Blocks lines as edges and tells contradictions with their line', () => {
  const text = '- [ ] T1 @any a\n  Blocks: T2, T3\n- [ ] T2 @any b\n- [ ] T3 @any c\n  Dependencies: None\n';
  expect(tasksOf(text).map((t) => t.dependencies)).toEqual([[], ['T1'], ['T1']]);
  expect(codes(text)).toEqual(['2:warning:contradiction']);
});

test('A3 skips code fences and HTML comments', () => {
  const text =
    '```\n- [ ] T1 a\n```\n<!--\n- [ ] T2 b\n-->\n- [ ] T3 c <!-- later -->\n<!-- note -->\n  Dependencies: None\n';
  expect(tasksOf(text).map((t) => [t.id, t.title])).toEqual([['T3', 'c']]);
  expect(codes(text)).toEqual([]);
});

test('A3 a fence that is never closed ends with its list item', () => {
  expect(tasksOf('- [ ] T1 a\n  ```\n  code\n- [ ] T2 b\n').map((t) => t.id)).toEqual(['T1', 'T2']);
});

const heads: [line: string, id: string | null, agent: string | null, title: string][] = [
  ['- [ ] T031 @claude Title here', 'T031', 'claude', 'Title here'],
  ['- [ ] T031 @any Title', 'T031', null, 'Title'],
  ['- [ ] T031 Title', 'T031', null, 'Title'],
  ['- [ ] T031: Title', 'T031', null, 'Title'],
  ['- [ ] **T031** Title', 'T031', null, 'Title'],
  ['1. [ ] T031 Title', 'T031', null, 'Title'],
  ['+ [X] TASK-12.01 Title', 'TASK-12.01', null, 'Title'],
  ['- [ ] 4.1 Title', '4.1', null, 'Title'],
  ['- [ ] login @claude-2 Title', 'login', 'claude-2', 'Title'],
  ['- [ ] T031 @mantine/core upgrade', 'T031', null, '@mantine/core upgrade'],
  ['- [ ] T031', 'T031', null, 'T031'],
  ['- [ ] T031 Größe 木 🚀', 'T031', null, 'Größe 木 🚀'],
  ['- [ ] write tests', null, null, ''],
  ['- [ ] e2e tests', null, null, ''],
  ['- [ ]T031 Title', null, null, ''],
  ['- [ ]', null, null, ''],
];

for (const [line, id, agent, title] of heads) {
  test(`A3 head ${JSON.stringify(line)}`, () => {
    const task = tasksOf(line)[0];
    expect(task === undefined ? null : [task.id, task.agent, task.title]).toEqual(
      id === null ? null : [id, agent, title],
    );
    expect(codes(line).includes('1:warning:task-without-id')).toBe(id === null);
  });
}

const faults: [name: string, text: string, findings: string[]][] = [
  ['duplicate id', '- [ ] T1 @any a\n- [ ] T1 @any b', ['2:error:duplicate-id']],
  [
    'bad id',
    '- [ ] T1/2 @claude a\n- [ ] T1..2 b\n- [ ] none @any c',
    ['1:error:bad-id', '2:error:bad-id', '3:error:bad-id'],
  ],
  ['unknown dependency', '- [ ] T1 a\n  Dependencies: T2', ['2:error:unknown-dependency']],
  ['mistyped dependency', '- [ ] T1 a\n  Dependencies: login', ['2:error:unknown-dependency']],
  ['unknown blocked task', '- [ ] T1 a\n  Blocks: T2', ['2:error:unknown-dependency']],
  ['blocked task of another plan', '- [ ] T1 a\n  Blocks: 002/T2', ['2:error:unknown-dependency']],
  ['self dependency', '- [ ] T1 a\n  Dependencies: T1', ['2:error:self-dependency']],
  ['cycle', '- [ ] T1 a\n  Dependencies: T2\n- [ ] T2 b\n  Dependencies: T1', ['1:error:cycle']],
  ['parents in a ring', '- [ ] T1 a\n  Parent: T2\n- [ ] T2 b\n  Parent: T1', ['1:error:parent-cycle']],
  ['unknown parent', '- [ ] T1 a\n  Parent: F1', ['1:warning:unknown-parent']],
  ['layer without a number', '## Layer One: x\n- [ ] T1 a', ['1:error:bad-layer']],
  ['layer with a fraction', '## Layer 1.5: x\n- [ ] T1 a', ['1:error:bad-layer']],
  ['heading that is no layer', '## Layer cake\n- [ ] T1 a', []],
  ['layer opened twice', '## Layer 1: x\n- [ ] T1 a\n## Layer 1: y\n- [ ] T2 b', ['3:warning:duplicate-layer']],
  [
    'later layer',
    '## Layer 1: x\n- [ ] T1 a\n  Dependencies: T2\n## Layer 2: y\n- [ ] T2 b',
    ['2:warning:later-layer'],
  ],
  ['ticked too early', '- [x] T1 a\n  Dependencies: T2\n- [ ] T2 b', ['1:warning:ticked-too-early']],
  ['text behind an id', '- [ ] T1 a\n- [ ] T2 b\n  Dependencies: T1 must be first', ['3:warning:dependency-text']],
  ['unknown mark', '- [~] T1 a', ['1:warning:bad-mark']],
  ['field at the margin', '- [ ] T1 a\n- [ ] T2 b\nDependencies: T1', ['3:warning:field-not-indented']],
  ['field below no task', '- [ ] T1 a\n\nprose\n      Dependencies: T1', ['4:warning:stray-field']],
  ['task below a task', '- [ ] T1 a\n  - [ ] T2 b', ['2:warning:nested-task']],
  [
    'bad values',
    '- [ ] T1 a\n  Priority: x\n  Kind: y\n  Estimate: z\n  Check:\n  Files:',
    [2, 3, 4, 5, 6].map((n) => `${n}:warning:bad-field`),
  ],
  [
    'scope outside',
    '- [ ] T1 a\n  Files: ../x, /etc/passwd, C:\\x',
    ['2:error:bad-scope', '2:error:bad-scope', '2:error:bad-scope'],
  ],
  ['scope too long', `- [ ] T1 a\n  Files: ${'*a'.repeat(513)}, ${'b'.repeat(1_024)}`, ['2:error:bad-scope']],
  ['bad setting', 'unblock: soon\nlayers: soft\n- [ ] T1 a', ['1:warning:bad-setting', '2:warning:bad-setting']],
  ['bad way to land', 'landing: somehow\nfinish: soon\n- [ ] T1 a', ['1:warning:bad-setting', '2:warning:bad-setting']],
  ['comment without end', '- [ ] T1 a\n<!-- x\n- [ ] T2 b', ['2:warning:unclosed-comment']],
  ['no tasks', '# A file\n', ['null:warning:no-tasks']],
];

for (const [name, text, findings] of faults) test(`A3 finds: ${name}`, () => expect(codes(text)).toEqual(findings));

const lists: [value: string, ids: string[]][] = [
  ['None', []],
  ['none (can start now)', []],
  ['', []],
  ['-', []],
  ['T1,T2', ['T1', 'T2']],
  ['T1 T2', ['T1', 'T2']],
  ['T1 and `T2`.', ['T1', 'T2']],
  ['T2 (see (T1) there), T1 [soft]', ['T2', 'T1']],
  ['[T1, T2]', ['T1', 'T2']],
  ['T1, T1', ['T1']],
  ['002/T9, T1', ['002/T9', 'T1']],
];

for (const [value, ids] of lists) {
  test(`A3 dependencies ${JSON.stringify(value)}`, () => {
    const text = `- [ ] T1 a\n- [ ] T2 b\n- [ ] T3 c\n  **Depends on:** ${value}\n`;
    expect(tasksOf(text)[2]?.dependencies).toEqual(ids);
    expect(codes(text)).toEqual([]);
  });
}

test('A3 scopes: quoted paths, braces, folders, remarks', () => {
  const text =
    '- [ ] T1 a\n  Files: ./src/a.ts, `my docs/b.md` src/{c,d}.ts (new, maybe), lib/, app/(auth)/page.tsx, None\n';
  expect(tasksOf(text)[0]?.scope).toEqual([
    'src/a.ts',
    'my docs/b.md',
    'src/{c,d}.ts',
    'lib/**',
    'app/(auth)/page.tsx',
  ]);
});

test('A3 I20 nothing in a draft acts on a terminal', () => {
  const text = '- [ ] T1 \u001b[31mred\u001b[0m \u202etxt\u0007\n      body \u001b]0;title\u0007end\n';
  expect(tasksOf(text)[0]).toMatchObject({ title: 'red txt', body: 'body end' });
  expect(codes(text)).toEqual(['1:warning:control-characters', '2:warning:control-characters']);
});

test('A3 a chain of 100,000 tasks closed to a ring is told as a cycle', () => {
  const count = 100_000;
  const lines = Array.from({ length: count }, (_, i) => `- [ ] T${i} @any t\n  Dependencies: T${(i + 1) % count}`);
  const { draft, findings } = readLayeredTasks(lines.join('\n'));
  expect(draft.tasks.length).toBe(count);
  expect(findings.map((f) => f.code)).toEqual(['cycle']);
  expect(findings[0]?.message).toContain('T0 → T1 → T2');
  expect(findings[0]?.message.length).toBeLessThan(300);
});

test('A3 reads a document of 10 MB', () => {
  const count = 20_000;
  const body = '      - a remark about it\n'.repeat(16);
  const tasks = Array.from({ length: count }, (_, i) => {
    const id = `T${String(i).padStart(6, '0')}`;
    const before = i === 0 ? 'None' : `T${String(i - 1).padStart(6, '0')} (first)`;
    return `- [ ] ${id} @claude Part ${i}\n      Dependencies: ${before}\n      Files: src/part-${i}.ts\n${body}`;
  });
  const text = `## Layer 1: All\n${tasks.join('')}`;
  expect(text.length).toBeGreaterThan(10_000_000);
  const { draft, findings } = readLayeredTasks(text);
  expect(findings).toEqual([]);
  expect(draft.tasks.length).toBe(count);
  expect(draft.tasks.at(-1)?.dependencies).toEqual(['T019998']);
});

test('A3 long lines that repeat one thing are read (patterns that look back would never end)', () => {
  for (const unit of [' ', '- [ ] ', '`', '(', '<!--', '\u001b[', '*', '{', '#', 'T1,']) {
    const long = unit.repeat(Math.ceil(1_000_000 / unit.length));
    expect(tasksOf(`- [ ] T1 a\n  Files: ${long}\n  Dependencies: ${long}x\n`).length).toBe(1);
  }
});
