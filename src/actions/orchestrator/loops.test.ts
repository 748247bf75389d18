import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../platform/error.ts';
import type { Paths } from '../../platform/paths.ts';
import { listLoops, stepsText } from './loops.ts';

/** A project with these files below `.orbit/loops`. */
function projectWith(files: Readonly<Record<string, string>>): Paths {
  const top = mkdtempSync(join(tmpdir(), 'orbit-loops-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  mkdirSync(join(top, '.orbit/loops'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(top, '.orbit/loops', name), text);
  return { top } as Paths;
}

test('E11 loops come with Orbit, and a step that names another stands for its steps', () => {
  const loops = listLoops(projectWith({}));
  expect(loops.map(({ loop }) => loop)).toEqual(['bugfix-loop', 'documentation-loop', 'engineering-loop']);
  const [bugfix, , engineering] = loops;
  expect(bugfix?.steps.slice(2)).toEqual(engineering?.steps);
  expect(bugfix?.source).toBeNull();
});

test('E11 a file of the repository wins, and its list items are the steps', () => {
  const paths = projectWith({
    'engineering-loop.md': '# Ours\n\nSome words.\n\n1. Read\n2) Write\n- @review\n',
    'review.md': '* Look again\n',
    '../x.md': '- outside\n',
  });
  expect(stepsText(paths, 'engineering-loop')).toBe(
    'Go through these steps (engineering-loop):\n1. Read\n2. Write\n3. Look again',
  );
  expect(listLoops(paths).find(({ loop }) => loop === 'review')).toMatchObject({ source: '.orbit/loops/review.md' });
  expect(stepsText(paths, null)).toBeNull();
});

test('E11 rings, empty loops and unknown names are told, and lists leave them out', () => {
  const paths = projectWith({ 'a.md': '- @b\n', 'b.md': '- @a\n', 'empty.md': 'no list\n' });
  const codeOf = (name: string): string => {
    try {
      stepsText(paths, name);
      return 'none';
    } catch (error) {
      return error instanceof UsageError ? error.code : 'another';
    }
  };
  expect(['a', 'empty', 'enginering-loop', '../a', 'constructor'].map(codeOf)).toEqual([
    'bad-loop',
    'bad-loop',
    'unknown-loop',
    'unknown-loop',
    'unknown-loop',
  ]);
  expect(listLoops(paths).map(({ loop }) => loop)).not.toContain('a');
});
