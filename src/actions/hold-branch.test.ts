/** What a person's git does between two steps of a move of the branch that they have checked out, on real git. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../test/support/repository.ts';
import { wrapMethods } from '../../test/simulation/wrap-methods.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import { openRepository } from '../workspace/git/git-repository.ts';
import type { BranchMove, Repository } from '../workspace/repository.ts';
import { holdBranch, type BranchHold, type HoldFault } from './hold-branch.ts';

const ref = 'refs/heads/main';

interface Stage {
  made: TestRepository;
  repository: Repository;
  move: BranchMove;
  /** Holds `main` for the move; `deed` is done once the first look was taken. */
  hold: (deed?: () => void) => Promise<BranchHold | HoldFault>;
}

/** `main` is checked out; the commit that it is to move to changes `a`. */
async function stage(): Promise<Stage> {
  const made = makeRepository({ files: { a: '1', b: '1' } });
  onTestFinished(() => made.dispose());
  const from = made.git('rev-parse', 'HEAD');
  made.write({ a: '2' });
  const to = made.commit('Landed');
  made.git('reset', '-q', '--hard', from);
  const repository = await openRepository(made.directory);
  const move = { ref, from, to };
  const hold = async (deed: () => void = () => undefined): Promise<BranchHold | HoldFault> => {
    const between = wrapMethods(repository, (name, method) => async (...args) => {
      if (name === 'holdCheckout') deed();
      return method(...args);
    });
    return holdBranch({ repository: between, store: openMemoryStore() }, move);
  };
  return { made, repository, move, hold };
}

test('P4 I8 what a person does after the first look is seen under the lock, and the index is free again', async () => {
  const { made, hold } = await stage();
  const deeds: readonly [string, () => void][] = [
    ['dirty', () => made.write({ b: 'edited' })],
    ['moved', () => void made.commit('Mine')],
    ['moved', () => void made.git('switch', '-q', '-c', 'topic')],
  ];
  for (const [kind, deed] of deeds) {
    expect(await hold(deed)).toMatchObject({ kind, directory: made.directory });
    made.git('stash', '--quiet');
    made.git('stash', 'clear');
    made.git('switch', '-q', 'main');
  }
});

test('P4 I8 a person who switches to the branch after it was looked at gets the files of where it moved', async () => {
  const { made, repository, move, hold } = await stage();
  made.git('switch', '-q', '-c', 'topic');
  const held = await hold();
  if ('kind' in held) throw new Error(held.why);
  made.git('switch', '-q', 'main');
  expect(await repository.moveRefs([move])).toBe(true);
  await held.refresh();
  await held.release();
  expect([made.git('status', '--porcelain'), readFileSync(join(made.directory, 'a'), 'utf8')]).toEqual(['', '2']);
});

test('P4 a branch that is made where the held one stood takes the files along, and they stay as they are', async () => {
  const { made, repository, move, hold } = await stage();
  const held = await hold();
  if ('kind' in held) throw new Error(held.why);
  made.git('switch', '-q', '-c', 'topic');
  await repository.moveRefs([move]);
  await held.refresh();
  await held.release();
  expect([made.git('status', '--porcelain'), made.git('rev-parse', 'topic')]).toEqual(['', move.from]);
  expect(readFileSync(join(made.directory, 'a'), 'utf8')).toBe('1');
});

test('P1 a checkout that cannot follow is named', async () => {
  const { made, repository, move, hold } = await stage();
  const held = await hold();
  if ('kind' in held) throw new Error(held.why);
  await repository.moveRefs([move]);
  made.write({ a: 'precious' });
  await expect(held.refresh()).rejects.toMatchObject({ message: expect.stringContaining(`${made.directory}: `) });
  await held.release();
  expect(readFileSync(join(made.directory, 'a'), 'utf8')).toBe('precious');
});
