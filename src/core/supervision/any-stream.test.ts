import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeRun } from '../../../test/support/judge-run.ts';
import { readCall, type CallFacts } from './call.ts';
import type { SupervisionEvent } from './event.ts';
import { readShellCommand } from './shell-command.ts';
import { readTestSummary } from './test-summary.ts';
import { callShape, errorShape, outputShape } from './text-shape.ts';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', 'ls', 'npm test', '{"command":"ls"}', '{', '['),
);
const at = fc.integer({ min: 0, max: 1e12 });
const id = fc.constantFrom('a', 'b', 'c', '');
const event: fc.Arbitrary<SupervisionEvent> = fc.oneof(
  fc.record({
    type: fc.constant('call' as const),
    at,
    id,
    tool: fc.oneof(fc.constantFrom('Bash', 'Edit', 'Read'), fc.string()),
    input: text,
  }),
  fc.record({ type: fc.constant('result' as const), at, id, ok: fc.boolean(), text }),
  fc.record({ type: fc.constant('file-change' as const), at, path: text }),
  fc.record({ type: fc.constant('message' as const), at, text }),
  fc.record({
    type: fc.constant('usage' as const),
    at,
    contextUsed: fc.option(fc.nat()),
    contextSize: fc.option(fc.nat()),
    costUsd: fc.double({ min: 0, max: 1e6, noNaN: true }),
  }),
  fc.record({ type: fc.constant('tree' as const), at, busy: fc.option(fc.boolean()) }),
  fc.record({ type: fc.constant('workspace' as const), at, fingerprint: fc.option(fc.constantFrom('x', 'y')) }),
  fc.record({
    type: fc.constantFrom('turn-end' as const, 'activity' as const, 'hint-seen' as const, 'tick' as const),
    at,
  }),
);

test('P5 I20 whatever comes in whatever order, supervision answers, and nothing but its budget follows an end', () => {
  const order = { hasLooks: true, scope: ['src/'], budget: { costUsd: 5, turns: 50, timeMs: 1e9 } };
  fc.assert(
    fc.property(fc.array(event, { maxLength: 120 }), fc.boolean(), (events, hasLooks) => {
      const found = judgeRun(events, { ...order, hasLooks });
      const end = found.findIndex(({ level }) => level === 'act');
      const ends = end < 0 ? [] : found.slice(end);
      // An agent whose context is full is asked for notes; that may not cost more than there is.
      expect(ends.slice(0, -1).every(({ rule }) => rule === 'context')).toBe(true);
      expect(ends.slice(1).every(({ rule }) => ['cost', 'time', 'turns'].includes(rule))).toBe(true);
      for (const { evidence, text: words } of found) expect(words === '' || evidence.length === 0).toBe(false);
    }),
  );
});

test('P5 the same events give the same findings', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      expect(judgeRun(events)).toEqual(judgeRun(events));
    }),
  );
});

const facts: CallFacts = { ordinal: 1, id: '1', tool: 'tool', input: '', kind: undefined, at: 0, workspace: '/repo/' };
const signature = (input: unknown): number => readCall({ ...facts, input: JSON.stringify(input) }).signature;

test('P5 a signature does not depend on the order of keys, on volatile keys, nor on where the workspace lies', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^k[a-z]{0,8}$/), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
        minKeys: 1,
      }),
      (fields) => {
        const backwards = Object.fromEntries(Object.entries(fields).toReversed());
        expect(signature({ ...backwards, timestamp: 1, description: 'again', tool_call_id: 'x' })).toBe(
          signature(fields),
        );
      },
    ),
  );
  expect(signature({ path: '/repo/src/a.ts' })).toBe(signature({ path: 'src/a.ts' }));
  expect(signature({ path: 'src/a.ts', line: 10 })).not.toBe(signature({ path: 'src/a.ts', line: 11 }));
});

test('P5 I20 reading texts never fails, however long or odd they are', () => {
  const readers = [readShellCommand, readTestSummary, callShape, errorShape, outputShape];
  const pieces = ['1', 'a1', '/tmp/', '"', '1:', 'FAILED ', ' -a', '0x', "'", '1 failed, ', 'sleep 1 '];
  const long = pieces.map((piece) => piece.repeat(20_000));
  for (const words of [...fc.sample(text, 200), ...long])
    for (const read of readers) expect(read(words)).not.toBeUndefined();
});

test('P5 summaries of the common test programs are read', () => {
  const cases: [output: string, failed: number, passed: number][] = [
    ['FAILED tests/a.py::b - x\n1 failed, 12 passed, 2 skipped in 0.31s', 1, 12],
    ['===== 12 passed, 1 warning in 3.21s =====', 0, 12],
    [' Tests  2 failed | 5 passed (7)', 2, 5],
    ['Tests:       1 failed, 2 skipped, 30 passed, 33 total', 1, 30],
    ['test result: FAILED. 3 passed; 2 failed; 0 ignored', 2, 3],
    ['--- FAIL: TestA (0.00s)\nFAIL\nFAIL\texample/a\t0.010s', 1, 0],
    ['ok  \texample/a\t0.010s', 0, 1],
    ['  12 passing (3s)\n  2 failing', 2, 12],
    ['Ran 7 tests in 0.1s\n\nFAILED (failures=2, errors=1)', 3, 0],
    ['# tests 4\n# pass 3\n# fail 1', 1, 3],
    ['10 examples, 2 failures', 2, 8],
    ['Tests run: 9, Failures: 1, Errors: 1, Skipped: 0', 2, 7],
  ];
  for (const [output, failed, passed] of cases)
    expect([output, readTestSummary(output)]).toMatchObject([output, { failed, passed }]);
  for (const output of ['', 'hello', 'nothing failed here', 'ok']) expect(readTestSummary(output)).toBeNull();
});

test('P5 what a shell command is for is told by its words', () => {
  const kinds: Readonly<Record<string, string>> = {
    'cat a | grep b 2>/dev/null': 'read',
    'cd src && git diff HEAD~1 -- a.ts | head -5': 'read',
    'echo hi > a.txt': 'edit',
    "cat > a.py <<'EOF'\nprint(1)\nEOF": 'edit',
    "sed -i 's/a/b/' x": 'edit',
    "sed -n '1,5p' x": 'read',
    'git commit -qm "x"': 'edit',
    'sleep 30': 'wait',
    'sleep 60 && tail -5 log': 'wait',
    'npm test 2>&1 | tail -20': 'run',
    './deploy.sh': 'run',
    "python -c \"open('a', 'w').write(1)\"": 'edit',
    'grep "a > b" file': 'read',
    'FOO=1 timeout 30 ls': 'read',
  };
  expect(Object.fromEntries(Object.keys(kinds).map((command) => [command, readShellCommand(command).kind]))).toEqual(
    kinds,
  );
  for (const command of [
    'npm test',
    'npx vitest run a',
    'cargo test --all',
    'go test ./...',
    'python -m pytest -q',
    'make check',
    'node --test',
  ])
    expect([command, readShellCommand(command).isTest]).toEqual([command, true]);
  for (const command of ['cat test.py', 'npm install', 'go build ./...'])
    expect(readShellCommand(command).isTest).toBe(false);
});
