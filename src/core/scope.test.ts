import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { inScope, scopesOverlap, tidyEntry } from './scope.ts';

/** Few letters and names, so that random paths and globs meet often. */
const name = fc.constantFrom('a', 'b', 'ab', 'a.ts', '.env', 'ä', 'B', '-');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const globPart = fc.oneof(
  name,
  fc.constantFrom(
    '*',
    '**',
    '?',
    '*.ts',
    'a*',
    '[ab]',
    '[!a]',
    '[a-c]*',
    '{a,b}',
    '{a.ts,.env}',
    '{,a}',
    '\\a',
    '.',
    '',
    '[',
    '{a',
  ),
  fc
    .array(fc.constantFrom('*', '?', 'a', 'b', '.', '[', ']', '!', '{', ',', '}', '/', '\\'), { maxLength: 6 })
    .map((all) => all.join('')),
);
const glob = fc.array(globPart, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const scope = fc.array(glob, { minLength: 1, maxLength: 3 });

/** [path, entry of a scope, whether it lies in it] */
const membership: [string, string, boolean][] = [
  ['src/api/user.ts', 'src/api/', true],
  ['src/api/user.ts', 'src/api', true],
  ['src/apixx/user.ts', 'src/api', false],
  ['src/api.ts', 'src/api', false],
  ['src/api/user.ts', './src//api', true],
  ['src/api/user.ts', '/src/api/.', true],
  ['README.md', '.', true],
  ['README.md', 'readme.md', false],
  ['src/a.ts', 'src/*.ts', true],
  ['src/deep/a.ts', 'src/*.ts', false],
  ['src/deep/a.ts', 'src/**/*.ts', true],
  ['src/a.ts', 'src/**/*.ts', true],
  ['a/b/c/d', '**/c/**', true],
  ['a/b/c', '**', true],
  ['.env', '*', true],
  ['packages/x/src/a.ts', 'packages/*/src', true],
  ['packages/x/lib/a.ts', 'packages/*/src', false],
  ['packages/x/y.ts', 'packages/*', false],
  ['packages/x/y.ts', 'packages/*/', true],
  ['file1.ts', 'file?.ts', true],
  ['file/.ts', 'file?.ts', false],
  ['v7', 'v[0-9]', true],
  ['vx', 'v[0-9]', false],
  ['vx', 'v[!0-9]', true],
  ['a]b', 'a[]]b', true],
  ['a[b', 'a[b', true],
  ['src/x.tsx', 'src/*.{ts,tsx}', true],
  ['test/x', '{src,test}', true],
  ['src/web/b', '{src/{api,web},test}/b', true],
  ['{a}', '{a}', true],
  ['a*', 'a\\*', true],
  ['ab', 'a\\*', false],
  ['app/[id]/page.tsx', 'app/[id]/page.tsx', true],
  ['app/[id]/page.tsx', 'app/[id]', true],
  ['app/i/page.tsx', 'app/[id]/*', true],
  ['a/b', 'a**b', false],
  ['axxb', 'a**b', true],
];

test.each(membership)('P2 %s under %s: %s', (file, entry, expected) => {
  expect(inScope(file, [entry])).toBe(expected);
});

test('an empty scope allows every path and overlaps with nothing', () => {
  expect(inScope('any/where', [])).toBe(true);
  expect(scopesOverlap([], ['**'], [])).toBe(false);
  expect(scopesOverlap(['**'], [], [])).toBe(false);
});

const gitsOwn = [
  '.git/config',
  '.GIT',
  'a/.git/hooks/x',
  'git~1/config',
  'GIT~22',
  '.git. /x',
  '.git:x',
  '.g\u200cit/x',
];

test.each([...gitsOwn, 'a\\.git\\config', 'a/../../b'])('S6 no scope allows %j', (file) => {
  for (const allowed of [[], ['**'], [file]]) expect(inScope(file, allowed)).toBe(false);
});

test.each(['.gitignore', '.github/x', '.gitattributes', 'git', 'x.git/a', 'git~/a', '...', 'a..b'])(
  '%s is an ordinary path',
  (file) => {
    expect(inScope(file, [])).toBe(true);
  },
);

/** [one scope, another, shared globs, whether they overlap] */
const overlaps: [string[], string[], string[], boolean][] = [
  [['src/api/'], ['src/api/user.ts'], [], true],
  [['src/api'], ['src/apis'], [], false],
  [['src/**/*.ts'], ['src/api/*.js'], [], false],
  [['src/**/test.ts'], ['**/api/*'], [], true],
  [['src/.{,x}'], ['src/a.ts'], [], true],
  [['*.md'], ['docs/'], [], false],
  [['src/[a-m]*'], ['src/[n-z]*'], [], false],
  [['src/[a-m]*'], ['src/[k-z]*'], [], true],
  [['src/{a,b}.ts'], ['src/{b,c}.ts'], [], true],
  [['src/{a,b}.ts'], ['src/{c,d}.ts'], [], false],
  [['package-lock.json', 'src/a.ts'], ['package-lock.json', 'src/b.ts'], ['package-lock.json'], false],
  [['package-lock.json', 'src/a.ts'], ['package-lock.json', 'src/a.ts'], ['package-lock.json'], true],
  [['web/package-lock.json'], ['web/package-lock.json'], ['**/package-lock.json'], false],
  [['src/generated/x.ts'], ['src/generated/'], ['./src/generated/**'], false],
  [['src/*/x.ts'], ['src/*/x.ts'], ['src/*/x.ts'], false],
  [['src/'], ['src/a.ts'], ['src/a.ts'], false],
  [['src/'], ['src/a.ts'], ['src/b.ts'], true],
  [['src'], ['src'], ['src/*.lock'], true],
];

for (const [a, b, shared, expected] of overlaps) {
  test(`D5 ${a.join()} and ${b.join()} with ${shared.join() || 'nothing'} shared: ${expected}`, () => {
    expect(scopesOverlap(a, b, shared)).toBe(expected);
    expect(scopesOverlap(b, a, shared)).toBe(expected);
  });
}

test('D5 a path in both scopes that is not shared makes them overlap, whatever the globs', () => {
  const twoScopes = fc.record({ file: path, a: scope, b: scope, shared: fc.array(glob, { maxLength: 2 }) });
  let met = 0;
  fc.assert(
    fc.property(twoScopes, ({ file, a, b, shared }) => {
      fc.pre(inScope(file, a) && inScope(file, b));
      met += 1;
      expect(scopesOverlap(a, b, [])).toBe(true);
      // What a shared glob matches is shared with all that is below it.
      const isShared = shared.some((entry) => prefixes(file).some((part) => inScope(part, [entry])));
      expect(isShared || scopesOverlap(a, b, shared)).toBe(true);
    }),
    { numRuns: 2_000, maxSkipsPerRun: 100 },
  );
  expect(met).toBeGreaterThan(1_000);
});

test('D5 overlapping is symmetric, and a scope overlaps with itself', () => {
  fc.assert(
    fc.property(scope, scope, fc.array(glob, { maxLength: 2 }), (a, b, shared) => {
      expect(scopesOverlap(a, b, shared)).toBe(scopesOverlap(b, a, shared));
      expect(scopesOverlap(a, a, [])).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('a path named by itself lies in its scope, and below its own directories', () => {
  fc.assert(
    fc.property(path, (file) => {
      for (const part of prefixes(file)) expect(inScope(file, [part])).toBe(true);
    }),
  );
});

test('globs made to explode are answered, generously', () => {
  const stars = `${'a*'.repeat(2_000)}b`;
  expect(inScope('a'.repeat(4_000), [stars])).toBe(false);
  const braces = '{a,b}'.repeat(200);
  expect(inScope('src/ab', [`src/${braces}`])).toBe(true);
  expect(scopesOverlap([`src/${braces}`], ['src/zzz'], [])).toBe(true);
  expect(scopesOverlap([`src/${braces}`], ['lib/zzz'], [])).toBe(false);
  expect(inScope('x/y', [`x/{${Array.from({ length: 100_000 }, (_, index) => index).join(',')}}`])).toBe(true);
  expect(scopesOverlap(['**/'.repeat(5_000)], ['{'.repeat(50_000)], [])).toBe(true);
});

test('entries are compared in one spelling', () => {
  expect(['./src//api/.', '/src/api/', 'src/api/', 'src/./api/'].map(tidyEntry)).toEqual(Array(4).fill('src/api/'));
  expect(tidyEntry('src/api')).toBe('src/api');
});

function prefixes(file: string): string[] {
  const parts = file.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}
