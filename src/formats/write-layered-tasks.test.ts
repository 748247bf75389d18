import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameFault } from '../core/id.ts';
import { finishes, landingModes } from '../core/pull-request.ts';
import type { PlanDraft, TaskDraft } from '../core/plan.ts';
import { taskKinds } from '../core/task.ts';
import { cleanText } from './clean-text.ts';
import { appendTask, writeTicks } from './edit-layered-tasks.ts';
import { readLayeredTasks } from './layered-tasks.ts';
import { normalGlob } from './scope-list.ts';
import { isReserved } from './task-head.ts';
import { writeLayeredTasks } from './write-layered-tasks.ts';

/** Pieces of text that mean something to the reader, and some that mean nothing. */
const piece = fc.oneof(
  fc.constantFrom(
    'Dependencies: T1',
    'Blocks: T2',
    '- Files: a',
    '\\Check: x',
    'Check: y',
    '<!-- a -->',
    '<!--',
    '-->',
    '\\<!--',
    '```',
    '~~~',
    '- [ ] T9 @any x',
    '- [x] T1',
    '# h',
    '## Layer 1: x',
    '## Layer 2: (r)',
    '@any',
    '@bob',
    '(x)',
    '`q`',
    ' ',
    '  ',
    '\t',
    '',
    'None',
    'é木🚀',
    'word',
    '- item',
    '\u001b[1m',
    '\u202e',
    ':',
  ),
  fc.string({ maxLength: 6, unit: 'grapheme' }),
);
const nasty = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
const oneLine = nasty.map((text) => cleanText(text.replaceAll(/[\r\n\t]/g, ' ')).trim());
const filled = oneLine.filter((text) => text !== '');
const name = fc
  .oneof(
    fc.constantFrom('T1', 'T2', 'T031', 'ex-7f2', '4.1', 'write', 'and', 'x'),
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}$/),
  )
  .filter((text) => nameFault(text) === null && !isReserved(text));
const body = fc.array(nasty, { maxLength: 6 }).map((lines) =>
  lines
    .flatMap((line) => line.split(/\r\n?|\n/))
    .map((line) => cleanText(line).trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, ''),
);

const task = (id: string, ids: string[], layers: number[]): fc.Arbitrary<TaskDraft> =>
  fc.record({
    id: fc.constant(id),
    title: filled,
    body,
    kind: fc.constantFrom(...taskKinds),
    parent: fc.option(name),
    layer: fc.constantFrom(null, ...layers),
    agent: fc.option(name.filter((text) => text.toLowerCase() !== 'any')),
    priority: fc.integer({ min: -99, max: 999_999 }),
    scope: fc.uniqueArray(
      oneLine.filter((text) => text !== '' && normalGlob(text) === text),
      { maxLength: 3 },
    ),
    checks: fc.uniqueArray(filled, { maxLength: 3 }),
    dependencies: fc
      .uniqueArray(fc.oneof(fc.constantFrom(...ids), fc.constantFrom('002/T1', 'x/y')), { maxLength: 4 })
      .map((all) => all.filter((other) => other !== id)),
    estimateMs: fc.option(fc.nat({ max: 1_000_000_000 })),
    ticked: fc.boolean(),
    line: fc.constant(0),
  });

const draft: fc.Arbitrary<PlanDraft> = fc
  .record({
    ids: fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
    layerList: fc.uniqueArray(fc.record({ number: fc.nat(40), title: oneLine }), {
      maxLength: 3,
      selector: (l) => l.number,
    }),
  })
  .chain(({ ids, layerList }) =>
    fc.record(
      {
        title: oneLine,
        unblock: fc.constantFrom(null, 'done' as const, 'landed' as const),
        layers: fc.constantFrom(null, 'hints' as const, 'hard' as const),
        layerList: fc.constant(layerList),
        checks: fc.uniqueArray(filled, { maxLength: 2 }),
        landing: fc.constantFrom(...landingModes),
        finish: fc.constantFrom(...finishes),
        tasks: fc
          .tuple(
            ...ids.map((id) =>
              task(
                id,
                ids,
                layerList.map((l) => l.number),
              ),
            ),
          )
          .map((tasks) =>
            inFileOrder(
              tasks,
              layerList.map((l) => l.number),
            ),
          ),
      },
      { requiredKeys: ['title', 'unblock', 'layers', 'layerList', 'checks', 'tasks'] },
    ),
  );

function inFileOrder(tasks: TaskDraft[], layers: number[]): TaskDraft[] {
  const place = (t: TaskDraft): number => (t.layer === null ? -1 : layers.indexOf(t.layer));
  return tasks.toSorted((a, b) => place(a) - place(b));
}

/** Documents that are nearly plans. */
const document = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        '',
        '',
        '      ',
        '  ',
        '\t',
        '- [ ] T1 ',
        '- [x] T2 @any ',
        '* [~] T3 ',
        '- [] T4 ',
        '## Layer 1: ',
        '## Layer 3',
        '# ',
      ),
      nasty,
      fc.constantFrom('\n', '\n', '\r\n', '\n\n'),
    ),
    { maxLength: 15 },
  )
  .map((lines) => lines.flat().join(''));

const withoutLines = (plan: PlanDraft): PlanDraft => ({ ...plan, tasks: plan.tasks.map((t) => ({ ...t, line: 0 })) });

test('A3 what is written reads back as the same draft', () => {
  fc.assert(
    fc.property(draft, (plan) => {
      const text = writeLayeredTasks(plan);
      expect(withoutLines(readLayeredTasks(text).draft)).toEqual(plan);
      expect(writeLayeredTasks(readLayeredTasks(text).draft)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test('A3 reading never throws, and a plan read, written and read again stays the same', () => {
  fc.assert(
    fc.property(fc.oneof(document, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
      const { draft: plan, findings } = readLayeredTasks(text);
      expect(readLayeredTasks(text)).toEqual({ draft: plan, findings });
      if (findings.some((finding) => finding.severity === 'error')) return;
      const ordered = {
        ...plan,
        tasks: inFileOrder(
          [...plan.tasks],
          plan.layerList.map((l) => l.number),
        ),
      };
      expect(withoutLines(readLayeredTasks(writeLayeredTasks(plan)).draft)).toEqual(withoutLines(ordered));
    }),
    { numRuns: 300 },
  );
});

test('A3 writing ticks changes marks and nothing else', () => {
  fc.assert(
    fc.property(document, fc.dictionary(fc.constantFrom('T1', 'T2', 'T3', 'T4'), fc.boolean()), (text, wanted) => {
      const changes = new Map(Object.entries(wanted));
      const written = writeTicks(text, changes);
      const before = readLayeredTasks(text).draft;
      const after = readLayeredTasks(written).draft;
      expect(after).toEqual({
        ...before,
        tasks: before.tasks.map((t) => ({ ...t, ticked: changes.get(t.id) ?? t.ticked })),
      });
      expect(written.replaceAll(/\[[ xX~]?\]/g, '[]')).toBe(text.replaceAll(/\[[ xX~]?\]/g, '[]'));
      expect(writeTicks(written, changes)).toBe(written);
    }),
    { numRuns: 300 },
  );
});

test('A3 ticks keep a byte order mark, line ends, spaces at ends and a missing last line end', () => {
  const text =
    '\ufeff# x\r\n\r\n- [ ] T1 a  \r\n\tDependencies: None\r\n* [x] T2 b\r- [~] T3 c\n- [] T4 d\n```\n- [ ] T1 e\n```\n- [ ] T1 f';
  const written = writeTicks(
    text,
    new Map([
      ['T1', true],
      ['T2', false],
      ['T3', true],
      ['T4', true],
      ['T9', true],
    ]),
  );
  expect(written).toBe(
    '\ufeff# x\r\n\r\n- [x] T1 a  \r\n\tDependencies: None\r\n* [ ] T2 b\r- [x] T3 c\n- [x] T4 d\n```\n- [ ] T1 e\n```\n- [ ] T1 f',
  );
});

const added: TaskDraft = {
  id: 'T77',
  title: 'Added',
  body: 'why',
  kind: 'implement',
  parent: null,
  layer: 2,
  agent: 'claude',
  priority: 0,
  scope: ['src/a.ts'],
  checks: [],
  dependencies: ['T1'],
  estimateMs: null,
  ticked: false,
  line: 0,
};
const lines = ['- [ ] T77 @claude Added', '      Dependencies: T1', '      Files: src/a.ts', '      why'];

const places: [name: string, before: string, after: string, eol: string][] = [
  ['below the last task', '## Layer 2: x\r\n- [ ] T1 a\r\n  more\r\n', '\r\n## Layer 3: y\r\n', '\r\n'],
  ['below the last task, before prose', '## Layer 2: x\n- [ ] T1 a\n', '\nprose\n', '\n'],
];

for (const [name_, before, after, eol] of places) {
  test(`A3 adds a task ${name_}`, () => {
    expect(appendTask(before + after, added, { number: 2, title: 'x' })).toBe(
      `${before}${lines.join(eol)}${eol}${after}`,
    );
  });
}

test('A3 adds a layer that the file lacks, in the order of numbers', () => {
  const layer = { number: 2, title: 'New' };
  const heading = ['## Layer 2: New', ''];
  expect(appendTask('# P\n\n## Layer 3: y\n', added, layer)).toBe(
    `# P\n\n${[...heading, ...lines].join('\n')}\n\n## Layer 3: y\n`,
  );
  expect(appendTask('## Layer 1: y\n- [ ] T1 a', added, layer)).toBe(
    `## Layer 1: y\n- [ ] T1 a\n\n${[...heading, ...lines].join('\n')}\n`,
  );
  expect(appendTask('', added, layer)).toBe(`${[...heading, ...lines].join('\n')}\n`);
});

test('A3 a task added is read, and every byte of the file is kept', () => {
  fc.assert(
    fc.property(document, fc.constantFrom(null, 1, 2, 3), (text, number) => {
      const one = { ...added, layer: number, dependencies: [] };
      const written = appendTask(text, one, number === null ? null : { number, title: 'New' });
      const kept = commonStart(text, written);
      expect(written.endsWith(text.slice(kept)) && kept + text.slice(kept).length === text.length).toBe(true);
      const before = readLayeredTasks(text).draft.tasks;
      const after = withoutLines(readLayeredTasks(written).draft).tasks;
      expect(after.find((t) => t.id === 'T77')).toEqual(one);
      expect(after.filter((t) => t.id !== 'T77')).toEqual(before.map((t) => ({ ...t, line: 0 })));
    }),
    { numRuns: 300 },
  );
});

function commonStart(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}
