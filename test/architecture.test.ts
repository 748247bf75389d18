/** The walls of the code, run over the whole repository. The rules stand in support/architecture.ts. */
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { badHabits, cycles, errorCodes, forbiddenImports, impurities, tooLong } from './support/architecture.ts';
import { listFiles, parseSource, readSource, type SourceFile } from './support/source-file.ts';

/** The fewest files of src these rules must see; it only grows, so that a broken search cannot pass as a clean tree. */
const FILES_MIN = 900;

const src = listFiles('src', /\.tsx?$/).map(readSource);
const beside = ['test', 'bench', 'web/src'].flatMap((folder) => listFiles(folder, /\.tsx?$/));
const all = [...src, ...beside.map(readSource)];

test('the rules look at the code', () => {
  expect(src.length).toBeGreaterThanOrEqual(FILES_MIN);
  expect(beside.filter((path) => path.startsWith('web/')).length).toBeGreaterThan(150);
});

test('every import goes down, and only compose.ts names implementations', () => {
  expect(forbiddenImports(src)).toEqual([]);
});

test('core and formats are pure', () => {
  expect(impurities(src)).toEqual([]);
});

test('no import cycles', () => {
  expect(cycles(src)).toEqual([]);
});

test('files and functions stay short', () => {
  expect(tooLong(all)).toEqual([]);
});

test('no barrels, no open ends, no shell', () => {
  expect(badHabits(all)).toEqual([]);
});

test('the dashboard knows the API only by its contract', () => {
  const outside = listFiles('web', /\.tsx?$/).flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/['"](?:\.\.\/)+src\/([^'"]+)['"]/g)]
      .filter(([, target]) => target !== 'api/contract.ts' && !/^api\/contract\/[\w-]+\.ts$/.test(target ?? ''))
      .map(([text]) => `${path} imports ${text}: use src/api/contract.ts or what is in its folder`),
  );
  expect(outside).toEqual([]);
});

test('the contract is schemas and nothing else', () => {
  const files = src.filter(({ path }) => /^src\/api\/contract(?:\.ts$|\/)/.test(path));
  expect(files.length).toBeGreaterThan(1);
  const others = files.flatMap(({ path }) =>
    [...readFileSync(path, 'utf8').matchAll(/from '([^']+)'/g)]
      .filter(([, from = '']) => from !== 'zod' && !/contract/.test(from) && !from.startsWith('./'))
      .map(([text]) => `${path} imports ${text}`),
  );
  expect(others).toEqual([]);
});

test('every decision record is indexed in docs/adr/README.md', () => {
  const index = existsSync('docs/adr/README.md') ? readFileSync('docs/adr/README.md', 'utf8') : '';
  const missing = listFiles('docs/adr', /\.md$/)
    .map((path) => basename(path))
    .filter((name) => name !== 'README.md' && !index.includes(`(${name})`) && !index.includes(`(./${name})`));
  expect(missing, 'link these from docs/adr/README.md').toEqual([]);
});

test('every error code is explained in docs/errors.md', () => {
  const list = existsSync('docs/errors.md') ? readFileSync('docs/errors.md', 'utf8') : '';
  const missing = [...errorCodes(src)].filter((code) => !list.includes(`\`${code}\``));
  expect(missing, 'give each a line in docs/errors.md, its code in backquotes').toEqual([]);
});

const breaches: [rule: (files: SourceFile[]) => string[], path: string, text: string][] = [
  [forbiddenImports, 'src/core/task.ts', `import { readFileSync } from 'node:fs';`],
  [forbiddenImports, 'src/core/task.ts', `export type { Store } from '../store/store.ts';`],
  [forbiddenImports, 'src/formats/beads.ts', `import { z } from 'zod';`],
  [forbiddenImports, 'src/store/sqlite/claim.ts', `import { x } from '../memory/claim.ts';`],
  [forbiddenImports, 'src/actions/claim.ts', `const { x } = await import('../store/sqlite/sqlite.ts');`],
  [forbiddenImports, 'src/coordinator/tick.ts', `import type { X } from '../runner/runner.ts';`],
  [forbiddenImports, 'src/cli/main.ts', `import { x } from '../workspace/git/git.ts';`],
  [forbiddenImports, 'src/elsewhere/thing.ts', ''],
  [impurities, 'src/core/task.ts', 'export const at = Date.now();'],
  [impurities, 'src/core/task.ts', 'export const at = new Date();'],
  [impurities, 'src/core/task.ts', 'export const at = Math.random();'],
  [impurities, 'src/formats/beads.ts', 'export const env = process.env;'],
  [impurities, 'src/core/task.ts', 'export const all = { crypto };'],
  [tooLong, 'src/core/task.ts', '\n'.repeat(301)],
  [tooLong, 'src/core/task.ts', `export function f() {${'\n'.repeat(70)}}`],
  [badHabits, 'src/core/index.ts', ''],
  [badHabits, 'src/core/task.ts', '// TODO later'],
  [badHabits, 'src/cli/main.ts', `spawn('a', [], { shell: true });`],
  [badHabits, 'src/cli/main.ts', `import { execSync as run } from 'node:child_process';`],
  [badHabits, 'src/cli/main.ts', `import * as children from 'node:child_process';`],
];

for (const [rule, path, text] of breaches) {
  test(`${rule.name} sees ${JSON.stringify(text.slice(0, 60))} in ${path}`, () => {
    expect(rule([parseSource(path, text)])).not.toEqual([]);
  });
}

test('cycles are found through any number of files', () => {
  const ring = ['a', 'b', 'c'].map((name, index) =>
    parseSource(`src/core/${name}.ts`, `import './${'bca'[index]}.ts';`),
  );
  expect(cycles(ring)).toEqual([
    expect.stringContaining('src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts'),
  ]);
});

test('what the rules allow passes', () => {
  const files = [
    parseSource('src/compose.ts', `import { x } from './store/sqlite/sqlite.ts';`),
    parseSource(
      'src/store/sqlite/sqlite.ts',
      `import type { S } from '../store.ts'; import { y } from './rows.ts'; import 'node:sqlite';`,
    ),
    parseSource('src/store/sqlite/sqlite.test.ts', `import { z } from '../memory/memory.ts';`),
    parseSource(
      'src/core/task.ts',
      `import { id } from './id.ts'; export const f = (at: number) => ({ process: new Date(at), text: 'Date.now()' });`,
    ),
  ];
  expect([forbiddenImports, impurities, cycles, tooLong, badHabits].flatMap((rule) => rule(files))).toEqual([]);
});

test('error codes are read from values, choices and types', () => {
  const file = parseSource(
    'src/core/task.ts',
    `type R = { code: 'lease-lost' | 'cycle' }; const a = { code: b ? 'task-not-ready' : 'ENOENT' };`,
  );
  expect([...errorCodes([file])]).toEqual(['lease-lost', 'cycle', 'task-not-ready']);
});
