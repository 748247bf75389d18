import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSpecKit, writeSpecKitTicks } from './spec-kit.ts';

const sample = `# Tasks: Invoice export

**Input**: design documents

## Format: \`[ID] [P?] [Story] Description\`
- [ ] T999 an example that is no task

## Phase 1: Setup (Shared Infrastructure)
- [X] T001 Create the export package
- [ ] T002 [P] Configure linting in config/lint.json

## Phase 2: Foundational (Blocking Prerequisites)

- [ ] T003 [P] Add the job table in src/db/jobs.sql
- [ ] T004 Add the queue in src/queue/
**Checkpoint**: prose

## Phase 3: User Story 1 - Download as CSV (Priority: P1) 🎯 MVP
### Tests for User Story 1
- [ ] T005 [P] [US1] Row writer in src/export/csv.ts
- [ ] T006 [US1] Endpoint GET /api/export in \`src/api/export.ts\` (depends on T003, T005)
  - handles errors

## Phase 4: User Story 2 - Mail it (Priority: P2)
- [ ] T007 [P] [US2] Mail body in src/mail/body.ts
- [ ] T008 [US2] Mailer ← T007
\`\`\`
- [ ] T900 inside a fence
\`\`\`
<!-- - [ ] T901 inside a comment -->

## Phase N: Polish & Cross-Cutting Concerns
- [ ] T009 [P] Docs in docs/export.md
- [ ] T010 Clean up (requires T005-T008)

## Dependencies & Execution Order
- [ ] T902 speaks about tasks
`;

const codes = (text: string): string[] => readSpecKit(text).findings.map((f) => `${f.line}:${f.severity}:${f.code}`);
const waits = (text: string): Record<string, readonly string[]> =>
  Object.fromEntries(readSpecKit(text).draft.tasks.map((t) => [t.id, t.dependencies]));

test('P12 reads phases as layers and the meaning of the form as edges', () => {
  const { draft, findings } = readSpecKit(sample);
  expect(findings).toEqual([]);
  expect(draft.title).toBe('Invoice export');
  expect(draft.layerList).toEqual([
    { number: 1, title: 'Setup' },
    { number: 2, title: 'Foundational' },
    { number: 3, title: 'User Story 1 - Download as CSV' },
    { number: 4, title: 'User Story 2 - Mail it' },
    { number: 5, title: 'Polish & Cross-Cutting Concerns' },
  ]);
  expect(waits(sample)).toEqual({
    T001: [],
    T002: [],
    T003: ['T001', 'T002'],
    T004: ['T001', 'T002'],
    T005: ['T003', 'T004'],
    T006: ['T003', 'T005'],
    T007: ['T003', 'T004'],
    T008: ['T007'],
    T009: ['T006', 'T008'],
    T010: ['T005', 'T006', 'T007', 'T008'],
  });
});

test('P12 reads titles, ticks, scopes, priorities and bodies', () => {
  const tasks = readSpecKit(sample).draft.tasks;
  expect(tasks.map((t) => [t.id, t.ticked, t.scope, t.priority, t.title])).toEqual([
    ['T001', true, [], 0, 'Create the export package'],
    ['T002', false, ['config/lint.json'], 0, 'Configure linting in config/lint.json'],
    ['T003', false, ['src/db/jobs.sql'], 0, 'Add the job table in src/db/jobs.sql'],
    ['T004', false, ['src/queue/**'], 0, 'Add the queue in src/queue/'],
    ['T005', false, ['src/export/csv.ts'], 1, 'Row writer in src/export/csv.ts'],
    ['T006', false, ['src/api/export.ts'], 1, 'Endpoint GET /api/export in `src/api/export.ts`'],
    ['T007', false, ['src/mail/body.ts'], 0, 'Mail body in src/mail/body.ts'],
    ['T008', false, [], 0, 'Mailer ← T007'],
    ['T009', false, ['docs/export.md'], 0, 'Docs in docs/export.md'],
    ['T010', false, [], 0, 'Clean up (requires T005-T008)'.replace(/ \(.*/, '')],
  ]);
  expect(tasks[5]?.body).toBe('- handles errors');
});

const phrases: [text: string, ids: string[]][] = [
  ['(depends on T001, T002)', ['T001', 'T002']],
  ['(depends on T001 and T003)', ['T001', 'T003']],
  ['(depends on T001-T003)', ['T001', 'T002', 'T003']],
  ['(Depends on: T001–003)', ['T001', 'T002', 'T003']],
  ['← T002', ['T002']],
  ['<- T002, T003', ['T002', 'T003']],
  ['requires [T001]', ['T001']],
  ['(blocked by `T003`)', ['T003']],
  ['like T001', []],
];

for (const [text, ids] of phrases) {
  test(`P12 dependencies ${JSON.stringify(text)}`, () => {
    const tasks = ['T001', 'T002', 'T003'].map((id) => `- [ ] ${id} [P] thing\n`).join('');
    expect(waits(`${tasks}- [ ] T004 [P] last ${text}\n`)['T004']).toEqual(ids);
  });
}

test('P12 without [P] a task waits for the one without [P] before it in its phase', () => {
  const text = '## Phase 1: Things\n- [ ] T001 a\n- [ ] T002 [P] b\n- [ ] T003 c\n';
  expect(waits(text)).toEqual({ T001: [], T002: [], T003: ['T001'] });
});

test('P12 phases of other names follow each other; stories do not', () => {
  const task = (id: string): string => `- [ ] ${id} [P] x\n`;
  const older = `## Phase 3.1: Setup\n${task('T001')}## Phase 3.2: Tests First\n${task('T002')}${task('T003')}## Phase 3.3: Core\n${task('T004')}## Phase 3.4: Integration\n${task('T005')}## Phase 3.5: Polish\n${task('T006')}`;
  expect(waits(older)).toMatchObject({
    T002: ['T001'],
    T004: ['T002', 'T003', 'T001'],
    T005: ['T004', 'T001'],
    T006: expect.arrayContaining(['T005']),
  });
  const stories = `## User Story 1\n${task('T001')}## User Story 2\n${task('T002')}## Integration\n${task('T003')}`;
  expect(waits(stories)).toEqual({ T001: [], T002: [], T003: ['T002'] });
});

test('P12 C9 tasks of a phase that share a file are ordered in spite of [P], with a warning', () => {
  const text = [
    '- [ ] T001 [P] a in src/a.ts',
    '- [ ] T002 [P] b in src/a.ts',
    '- [ ] T003 [P] all of src/ again',
    '- [ ] T004 [P] c in src/c/d.ts',
    '- [ ] T005 [P] e in lib/e.ts',
    '- [ ] T006 [P] f in lib/e.ts (depends on T005)',
  ].join('\n');
  expect(waits(text)).toEqual({ T001: [], T002: ['T001'], T003: ['T002'], T004: ['T003'], T005: [], T006: ['T005'] });
  expect(codes(text)).toEqual(['2:warning:same-file', '3:warning:same-file', '4:warning:same-file']);
});

test('P12 what is written wins over the meaning of the form', () => {
  const text = '## Setup\n- [ ] T001 a (depends on T002)\n## Foundational\n- [ ] T002 b\n';
  expect(waits(text)).toEqual({ T001: ['T002'], T002: [] });
  expect(codes(text)).toEqual(['2:warning:later-layer', '4:warning:phase-contradiction']);
});

test('P12 phases in great numbers of tasks keep few edges', () => {
  const phase = (name: string, from: number): string =>
    `## ${name}\n${Array.from({ length: 2000 }, (_, i) => `- [ ] T${from + i} [P] x\n`).join('')}`;
  const edges = Object.values(waits(phase('Setup', 10_000) + phase('Foundational', 20_000)));
  expect(edges.flat().length).toBe(1999 + 2000);
});

const faults: [name: string, text: string, findings: string[]][] = [
  ['unknown id', '- [ ] T001 a (depends on T009)', ['1:error:unknown-dependency']],
  ['range to an unknown id', '- [ ] T001 a\n- [ ] T002 b (depends on T001-T009)', ['2:error:unknown-dependency']],
  ['itself', '- [ ] T001 a (depends on T001)', ['1:error:self-dependency']],
  ['ring', '- [ ] T001 [P] a ← T002\n- [ ] T002 [P] b ← T001', ['1:error:cycle']],
  ['duplicate', '- [ ] T001 a\n- [ ] T001 b', ['2:error:duplicate-id']],
  ['mark', '- [~] T001 a', ['1:warning:bad-mark']],
  ['no id', '- [ ] T001 a\n- [ ] write tests', ['2:warning:task-without-id']],
  ['words instead of ids', '- [ ] T001 a (depends on all stories)', ['1:warning:dependency-text']],
  ['nothing', 'prose', ['null:warning:no-tasks']],
];

for (const [name, text, findings] of faults) test(`P12 finds: ${name}`, () => expect(codes(text)).toEqual(findings));

test('P12 ids pass T999, tags come in any order, old priorities count', () => {
  const task = readSpecKit('* [x] T1000 [US2] [P1] [P] **Big** thing').draft.tasks[0];
  expect(task).toMatchObject({ id: 'T1000', ticked: true, priority: 1, title: '**Big** thing' });
});

test('P12 writes ticks and nothing else', () => {
  const text = sample.replaceAll('\n', '\r\n');
  const written = writeSpecKitTicks(
    text,
    new Map([
      ['T001', false],
      ['T002', true],
      ['T900', true],
      ['T902', true],
    ]),
  );
  expect(written).toBe(text.replace('[X] T001', '[ ] T001').replace('[ ] T002', '[x] T002'));
});

test('P12 never throws, whatever the text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '- [ ] T001 ',
      '- [x] T002 [P] ',
      '## Phase 2: Setup',
      '# Tasks: ',
      '(depends on T001',
      ', T003-T009)',
      '```',
      '<!--',
      '\n',
      '\n',
      ' src/a.ts',
      '[US1] ',
    ),
    fc.string({ maxLength: 8, unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const { draft } = readSpecKit(text);
      expect(readSpecKit(text).draft).toEqual(draft);
      const ticked = new Map(draft.tasks.map((t) => [t.id, !t.ticked]));
      expect(readSpecKit(writeSpecKitTicks(text, ticked)).draft.tasks.map((t) => t.ticked)).toEqual([
        ...ticked.values(),
      ]);
    }),
    { numRuns: 500 },
  );
});

test('P12 reads a document of 10 MB', () => {
  const count = 20_000;
  const body = '\n  - a remark about it'.repeat(20);
  const tasks = Array.from(
    { length: count },
    (_, i) =>
      `- [ ] T${100_000 + i} [US1] Write the part number ${i} of all in src/part-${i}.ts (depends on T${100_000 + Math.max(0, i - 1)})${body}`,
  );
  const text = `## Phase 1: User Story 1\n${tasks.join('\n').replace(' (depends on T100000)', '')}`;
  expect(text.length).toBeGreaterThan(9_000_000);
  const { draft, findings } = readSpecKit(text);
  expect(findings).toEqual([]);
  expect(draft.tasks.at(-1)?.dependencies).toEqual(['T119998']);
});
