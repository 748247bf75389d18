import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonFaultLine } from './json-fault.ts';
import { readProgress } from './read-progress.ts';

test('A2 reads what another tool wrote', () => {
  const { tasks, findings } = readProgress(`\ufeff{
    "last_updated": "2026-01-05T14:32:15Z", "extra": [1],
    "tasks": {
      "T1": { "status": "completed", "agent": "claude", "pr": "#123", "pr_status": "merged", "completed_at": "2026-01-05T14:15:00Z", "more": {} },
      "T2": { "status": "in_progress", "pr": "https://example.org/a/b/pull/7", "started_at": "soon" },
      "T3": { "status": "available", "pr": 9, "pr_status": null }
    }
  }`);
  expect(findings).toEqual([]);
  expect([...tasks]).toEqual([
    [
      'T1',
      {
        ticked: true,
        agent: 'claude',
        pr: 123,
        prStatus: 'merged',
        startedAt: null,
        completedAt: Date.parse('2026-01-05T14:15:00Z'),
      },
    ],
    ['T2', { ticked: false, agent: null, pr: 7, prStatus: null, startedAt: null, completedAt: null }],
    ['T3', { ticked: false, agent: null, pr: 9, prStatus: null, startedAt: null, completedAt: null }],
  ]);
});

test('A2 odd values are told and left out', () => {
  const { tasks, findings } = readProgress(
    '{"tasks":{"T1":{"status":"finished","pr":"soon","pr_status":"open"},"T2":3}}',
  );
  expect([...tasks.keys()]).toEqual(['T1']);
  expect(findings.map((f) => `${f.task}:${f.code}`)).toEqual([
    'T1:bad-field',
    'T1:bad-field',
    'T1:bad-field',
    'T2:bad-field',
  ]);
  expect(readProgress('[]').findings.map((f) => f.code)).toEqual(['no-tasks']);
});

const broken: [text: string, line: number][] = [
  ['', 1],
  ['{\n"a": 1,\n}', 3],
  ['{\n"a": x }', 2],
  ['{\n"a": 1\n"b": 2 }', 3],
  ['{"a": 1}\n\n}', 3],
  ['{"a":\n', 2],
  ['{\n<<<<<<< ours\n"a": 1}', 2],
  ['["a\nb"]', 1],
  ['["\\x"]', 1],
  ['[1,\n01]', 2],
  ['[1}\n', 1],
  ['[\n]]', 2],
];

for (const [text, line] of broken) {
  test(`A2 tells the line where ${JSON.stringify(text)} stops being JSON`, () => {
    expect(readProgress(text).findings).toMatchObject([{ severity: 'error', code: 'bad-json', line }]);
  });
}

test('A2 agrees with the parser of the language on what is JSON', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '1',
    '-0.5e+3',
    '01',
    'true',
    'nul',
    ' ',
    '\n',
    '"\\u00e9"',
    '"\\u0"',
    '"',
    '\\',
  );
  const text = fc.oneof(
    fc.json(),
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
    fc.tuple(fc.json(), fc.nat(40)).map(([json, cut]) => json.slice(0, cut)),
  );
  fc.assert(
    fc.property(text, (json) => {
      expect(jsonFaultLine(json) === null).toBe(isJson(json));
    }),
    { numRuns: 2000 },
  );
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test('A2 never throws, whatever the text', () => {
  const odd = fc.object({
    key: fc.constantFrom('tasks', 'T1', 'status', 'pr', 'pr_status', 'agent', 'started_at', '__proto__'),
    maxDepth: 4,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        odd.map((value) => JSON.stringify({ tasks: value })),
      ),
      (text) => {
        const { findings } = readProgress(text);
        expect(findings.some((finding) => finding.severity === 'error')).toBe(!isJson(text));
      },
    ),
  );
  expect(readProgress('['.repeat(1_000_000)).findings[0]).toMatchObject({ code: 'bad-json', line: 1 });
});
