import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { Random } from '../../../test/simulation/random.ts';
import { changesByGit, readChanges } from './changes.ts';

const names = ['a', 'a.b', 'a-b', 'b/c', 'b/c/d', 'b/e', 'ä/ü', 'a b', 'deep/er/and/deeper', '.gitignore'];

test('P2 the changes of two trees are those that git tells, whatever became of files and folders', async () => {
  using made = makeRepository({ files: { first: '1' } });
  const random = new Random(7);
  const gitDir = join(made.directory, '.git');
  const commits = [made.git('rev-parse', 'HEAD')];
  for (let round = 0; round < 25; round += 1) {
    for (let edits = random.int(1, 4); edits > 0; edits -= 1) {
      const path = random.pick(names);
      const place = join(made.directory, path);
      // A file where a folder is wanted, or the other way round, makes room.
      for (const other of names)
        if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`))
          rmSync(join(made.directory, other), { recursive: true, force: true });
      rmSync(place, { recursive: true, force: true });
      if (random.chance(0.75)) made.write({ [path]: String(random.int(1, 3)) });
      const kind = random.int(1, 5);
      if (kind === 1) {
        rmSync(place, { recursive: true, force: true });
        made.write({ [`${path}-x`]: 'x' });
        symlinkSync('elsewhere', place);
      } else if (kind === 2) {
        made.write({ [path]: 'run' });
        chmodSync(place, 0o755);
      }
    }
    commits.push(made.commit(`Round ${round}`));
  }
  for (const from of commits) {
    const to = random.pick(commits);
    expect(await readChanges(gitDir, from, to)).toEqual(from === to ? [] : await changesByGit(gitDir, from, to));
  }
});

test('P2 a change of more folders than are read one by one is told by git, and the same', async () => {
  using made = makeRepository({ files: { first: '1' } });
  const gitDir = join(made.directory, '.git');
  const from = made.git('rev-parse', 'HEAD');
  made.write(Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`folder-${index}/file`, '1'])));
  const to = made.commit('Many');
  expect(await readChanges(gitDir, from, to)).toHaveLength(600);
});
