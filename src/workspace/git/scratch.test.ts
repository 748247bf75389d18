import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { makeScratch } from './scratch.ts';

test('I7 a copied index is as old as it was, so that an edit in the tick it was written in is seen', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const index = join(made.directory, '.git/index');
  const old = new Date('2026-01-02T03:04:05Z');
  utimesSync(index, old, old);
  await using scratch = await makeScratch(join(made.directory, '.git'), { index });
  expect(statSync(join(scratch.directory, 'index')).mtime).toEqual(old);
});
