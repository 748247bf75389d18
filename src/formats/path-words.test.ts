import { expect, test } from 'vitest';
import { pathsIn } from './path-words.ts';

const cases: [sentence: string, paths: string[]][] = [
  ['Add the job table in src/db/jobs.sql', ['src/db/jobs.sql']],
  ['Write `src/a.ts`, (src/b.ts) and src/c.ts.', ['src/a.ts', 'src/b.ts', 'src/c.ts']],
  ['Update package.json and .gitignore', ['package.json', '.gitignore']],
  ['Models in src/models/ and glob src/**/*.ts', ['src/models/**', 'src/**/*.ts']],
  ['Pages in ./app/(auth)/[id]/page.tsx', ['app/(auth)/[id]/page.tsx']],
  ['Use Node.js and/or next.js, e.g. v1.2 of CI/CD', []],
  ['GET /api/users from https://example.org/a.html', []],
  ['Escape to ../other/a.ts or ~/.ssh/config', []],
  ['read/write access, TCP/IP, 1/2, a.b', []],
];

for (const [sentence, paths] of cases) {
  test(`P12 paths in ${JSON.stringify(sentence)}`, () => expect(pathsIn(sentence)).toEqual(paths));
}
