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
  const held = await holdOf(hold);
  made.git('switch', '-q', 'main');
  expect(await held.move(async () => repository.moveRefs([move]))).toEqual({ outcome: 'moved', stale: null });
  await held.release();
  expect([made.git('status', '--porcelain'), readFileSync(join(made.directory, 'a'), 'utf8')]).toEqual(['', '2']);
});

test('P4 I8 files go before their branch, and back where it does not move', async () => {
  const { made, move, hold } = await stage();
  const file = (): string => readFileSync(join(made.directory, 'a'), 'utf8');
  const seen: string[] = [];
  const held = await holdOf(hold);
  const refuse = async (): Promise<boolean> => {
    seen.push(file());
    return false;
  };
  expect(await held.move(refuse)).toEqual({ outcome: 'refused', stale: null });
  await expect(held.move(async () => Promise.reject(new Error('git is gone')))).rejects.toThrow('git is gone');
  await held.release();
  expect([seen, file(), made.git('rev-parse', 'main'), made.git('status', '--porcelain')]).toEqual([
    ['2'],
    '1',
    move.from,
    '',
  ]);
});

test('P4 a branch that is made where the held one stood takes the files along, and they stay as they are', async () => {
  const { made, repository, move, hold } = await stage();
  const held = await holdOf(hold);
  const moved = await held.move(async () => {
    made.git('switch', '-q', '-c', 'topic');
    return repository.moveRefs([move]);
  });
  await held.release();
  expect([moved, made.git('status', '--porcelain')]).toEqual([{ outcome: 'moved', stale: null }, '']);
  expect([made.git('rev-parse', 'topic'), made.git('rev-parse', 'main')]).toEqual([move.from, move.to]);
  expect(readFileSync(join(made.directory, 'a'), 'utf8')).toBe('1');
});

test('P1 where a file cannot follow nothing moves', async () => {
  const { made, repository, move, hold } = await stage();
  const held = await holdOf(hold);
  made.write({ a: 'precious' });
  expect(await held.move(async () => repository.moveRefs([move]))).toMatchObject({ outcome: 'in-the-way' });
  await held.release();
  expect([readFileSync(join(made.directory, 'a'), 'utf8'), made.git('rev-parse', 'main')]).toEqual([
    'precious',
    move.from,
  ]);
});

async function holdOf(hold: Stage['hold']): Promise<BranchHold> {
  const held = await hold();
  if ('kind' in held) throw new Error(held.why);
  return held;
}
