import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import { overlaps, pathSet } from '../../core/path-set.ts';
import { openRepository } from './git-repository.ts';

type Files = ReadonlyMap<string, string>;

const folders = ['', 'lib/', 'lib/deep/', 'docs/', 'web/'];
const names = ['a', 'b', 'lib', 'deep', 'new'];
const lines = (seed: string, edit = 0): string =>
  Array.from({ length: 12 }, (_, at) => `${seed} line ${at}${at === edit ? ' edited' : ''}\n`).join('');

const base: Files = new Map(
  ['top', 'other', 'lib/one', 'lib/two', 'lib/deep/three', 'lib/deep/four', 'docs/five', 'docs/six'].map((path) => [
    path,
    lines(path, -1),
  ]),
);

/** One thing that somebody does to a tree; paths that cannot be are left out. */
type Step =
  | { do: 'edit' | 'delete'; file: number; line: number }
  | { do: 'add'; path: string; like: number }
  | { do: 'rename'; file: number; path: string; line: number }
  | { do: 'move-folder'; from: string; to: string }
  | { do: 'folder-to-file'; folder: string };

const anyPath = fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...names)).map((parts) => parts.join(''));
const anyFolder = fc.constantFrom('lib/', 'lib/deep/', 'docs/', 'web/', 'moved/');
const anyFile = fc.nat(7);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('edit', 'delete'), file: anyFile, line: fc.nat(11) }),
  fc.record({ do: fc.constant('add' as const), path: anyPath, like: anyFile }),
  fc.record({
    do: fc.constant('rename' as const),
    file: anyFile,
    path: anyPath,
    line: fc.integer({ min: -1, max: 11 }),
  }),
  fc.record({ do: fc.constant('move-folder' as const), from: anyFolder, to: anyFolder }),
  fc.record({ do: fc.constant('folder-to-file' as const), folder: fc.constantFrom('lib', 'docs', 'lib/deep') }),
);

function apply(before: Files, step: Step): Files {
  const files = new Map(before);
  const put = (path: string, text: string): void => {
    // Whatever stood in the way of this path is gone, as it would be in a checkout.
    for (const known of files.keys())
      if (known.startsWith(`${path}/`) || path.startsWith(`${known}/`)) files.delete(known);
    files.set(path, text);
  };
  const pathOf = (file: number): string => [...base.keys()][file] ?? 'top';
  switch (step.do) {
    case 'edit':
      if (files.has(pathOf(step.file))) put(pathOf(step.file), lines(pathOf(step.file), step.line));
      break;
    case 'delete':
      files.delete(pathOf(step.file));
      break;
    case 'add':
      put(step.path, lines(pathOf(step.like), 3));
      break;
    case 'rename':
      if (files.delete(pathOf(step.file))) put(step.path, lines(pathOf(step.file), step.line));
      break;
    case 'move-folder':
      for (const [path, text] of before)
        if (path.startsWith(step.from) && files.delete(path)) put(step.to + path.slice(step.from.length), text);
      break;
    case 'folder-to-file':
      put(step.folder, lines(step.folder, -1));
      break;
  }
  return files;
}

/** Each tree as a commit on the first one, through fast-import: no checkout. */
function commitAll(made: TestRepository, trees: readonly Files[]): string[] {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const stream = trees.map((files, index) => {
    const from = index === 0 ? '' : 'from refs/heads/tree-0\n';
    const head = `commit refs/heads/tree-${index}\ncommitter A <a@example.org> 1790000000 +0000\n${data('x')}${from}deleteall\n`;
    return head + [...files].map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`).join('');
  });
  const input = `${stream.join('')}done\n`;
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: made.directory, input });
  return made.git('rev-parse', ...trees.map((_, index) => `refs/heads/tree-${index}`)).split('\n');
}

test('D5 no pair that git finds in conflict is passed over because of its paths', { timeout: 240_000 }, async () => {
  using made = makeRepository({ files: { a: '1' } });
  const repository = await openRepository(made.directory);
  const seen = { pairs: 0, conflicts: 0, passedOver: 0, unknown: 0 };
  const works = fc.array(fc.array(anyStep, { minLength: 1, maxLength: 3 }), { minLength: 16, maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(works, async (steps) => {
      const trees = [base, ...steps.map((some) => some.reduce(apply, base))];
      const [start = '', ...tips] = commitAll(made, trees);
      const changes = await repository.pathSets(tips.map((to) => ({ from: start, to })));
      const sets = changes.map((one) => (one === null ? null : pathSet(one.keys())));
      const met = new Set(overlaps(sets).map((pair) => pair.join(' ')));
      const pairs = tips.flatMap((_, one) => tips.slice(one + 1).map((__, at) => [one, one + 1 + at] as const));
      const verdicts = await repository.tryMerges(
        pairs.map(([one, other]) => ({ ours: tips[one] ?? '', theirs: tips[other] ?? '', base: null })),
        start,
      );
      // Some git fail at some of these merges (folders moved into themselves): then there is nothing to compare with.
      const conflicts = pairs.filter((_, index) => (verdicts[index]?.length ?? 0) > 0).map((pair) => pair.join(' '));
      seen.unknown += verdicts.filter((verdict) => verdict === null).length;
      expect(conflicts.filter((pair) => !met.has(pair))).toEqual([]);
      seen.pairs += pairs.length;
      seen.conflicts += conflicts.length;
      seen.passedOver += pairs.length - met.size;
    }),
    { numRuns: 30, seed: 20_261_129, endOnFailure: true },
  );
  // The search saw what it is for.
  expect(seen.conflicts).toBeGreaterThan(seen.pairs / 20);
  expect(seen.passedOver).toBeGreaterThan(seen.pairs / 20);
  expect(seen.unknown).toBeLessThan(seen.pairs / 100);
});

test('D5 merges in one run come to what merges one by one come to', { timeout: 240_000 }, async () => {
  using made = makeRepository({ files: { a: '1' } });
  const repository = await openRepository(made.directory);
  const steps = fc.sample(fc.array(anyStep, { minLength: 1, maxLength: 3 }), { numRuns: 12, seed: 7 });
  const [start = '', ...tips] = commitAll(made, [base, ...steps.map((some) => some.reduce(apply, base))]);
  const pairs = tips.flatMap((ours, one) => tips.slice(one + 1).map((theirs) => ({ ours, theirs, base: null })));
  const together = await repository.tryMerges(pairs, start);
  const alone = [];
  for (const { ours, theirs } of pairs) {
    const merge = await repository.merge(ours, theirs);
    alone.push(merge.clean ? [] : merge.paths);
  }
  expect(together).toEqual(alone);
});
