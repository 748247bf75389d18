import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('A3 docs/formats.md explains every finding, and no other', () => {
  const source = readFileSync('src/formats/format.ts', 'utf8');
  const union = /type FindingCode =([^;]+);/.exec(source)?.[1] ?? '';
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code);
  const section = readFileSync('docs/formats.md', 'utf8').split('## Findings')[1]?.split('\n## ')[0] ?? '';
  const explained = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(explained).toEqual(codes);
});
