import { expect, test } from 'vitest';
import { pairLines } from './split.ts';
import { countLines, isGenerated, parsePatch } from './patch.ts';

const patch = `diff --git a/a.ts b/a.ts
index 1..2 100644
--- a/a.ts
+++ b/a.ts
@@ -3,3 +3,4 @@ function f()
 same
-old
+new
+--- not a header
 end
\\ No newline at end of file
@@ -20 +21 @@
-x
+y
`;

test('a patch is read with the numbers of both sides', () => {
  const hunks = parsePatch(patch);
  expect(hunks.map(({ context, from }) => [context, from])).toEqual([
    ['function f()', 3],
    ['', 21],
  ]);
  expect(hunks[0]?.lines.map(({ sign, before, after, text }) => [sign, before, after, text])).toEqual([
    [' ', 3, 3, 'same'],
    ['-', 4, undefined, 'old'],
    ['+', undefined, 4, 'new'],
    ['+', undefined, 5, '--- not a header'],
    [' ', 5, 6, 'end'],
  ]);
  expect(hunks[0]?.lines.at(-1)?.endsOpen).toBe(true);
  expect(countLines(hunks)).toEqual({ added: 3, removed: 2 });
});

test('a patch without hunks has none', () => {
  expect(parsePatch('diff --git a/x b/x\nold mode 100644\nnew mode 100755\n')).toEqual([]);
});

test('lock files and what programs write are told from sources', () => {
  expect(['package-lock.json', 'web/dist/a.js', 'a.min.js'].map(isGenerated)).toEqual([true, true, true]);
  expect(['src/lock.ts', 'distance.ts'].map(isGenerated)).toEqual([false, false]);
});

test('lines stand side by side: removed beside what replaced them', () => {
  const lines = ' --+ +'.split('').map((sign) => ({ sign: sign as '+' | '-' | ' ' }));
  expect(pairLines(lines)).toEqual([
    { left: 0, right: 0 },
    { left: 1, right: 3 },
    { left: 2, right: undefined },
    { left: 4, right: 4 },
    { left: undefined, right: 5 },
  ]);
});
