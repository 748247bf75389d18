/** Git's lock on the index of a checkout, held by Orbit, on real git: what a person's git does meanwhile, and what a kill leaves. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { Repository } from '../repository.ts';
import { openRepository } from './git-repository.ts';

const ref = 'refs/heads/main';

interface Stage {
  made: TestRepository;
  repository: Repository;
  from: string;
  to: string;
  lock: string;
}

/** A checkout at `from`, and `to` that changes a, removes b and adds c. */
async function stage(): Promise<Stage> {
  const made = makeRepository({ files: { a: '1', b: '1', same: '1' } });
  onTestFinished(() => made.dispose());
  const from = made.git('rev-parse', 'HEAD');
  made.git('rm', '-q', 'b');
  made.write({ a: '2', c: '2' });
  const to = made.commit('Landed');
  made.git('reset', '-q', '--hard', from);
  return {
    made,
    repository: await openRepository(made.directory),
    from,
    to,
    lock: join(made.directory, '.git/index.lock'),
  };
}

const holder = `
  const { openRepository } = await import(process.argv[1]);
  const [, , directory, from, to, moves, follows] = process.argv;
  const repository = await openRepository(directory);
  const hold = await repository.holdCheckout(directory, { ref: 'refs/heads/main', from, to });
  if (follows === 'yes') await hold.follow();
  if (moves === 'yes') await repository.moveRefs([{ ref: 'refs/heads/main', from, to }]);
  console.log(hold === null ? 'busy' : 'held');
  setInterval(() => {}, 1000);
`;

/** A process that holds the checkout and is killed with it in hand, after the files followed, and after the branch moved. */
async function dieHolding({ made, from, to }: Stage, { moves = false, follows = false } = {}): Promise<void> {
  const module = join(import.meta.dirname, 'git-repository.ts');
  const said = [moves, follows].map((flag) => (flag ? 'yes' : 'no'));
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', holder, module, made.directory, from, to, ...said],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const word = await new Promise((answer) =>
    child.stdout.once('data', (chunk: Buffer) => answer(chunk.toString().trim())),
  );
  expect(word).toBe('held');
  const ended = new Promise((answer) => child.once('close', answer));
  child.kill('SIGKILL');
  await ended;
}

function remains({ made }: Stage): string[] {
  return readdirSync(join(made.directory, '.git')).filter((name) => /^index./.test(name));
}

test('I8 P1 a commit while a checkout and its branch move is refused by git, and loses nothing', async () => {
  const { made, repository, from, to, ...rest } = await stage();
  const hold = await repository.holdCheckout(made.directory, { ref, from, to });
  expect(await hold?.fault()).toBe(null);
  const isRefused = (): void => {
    expect(() => made.git('commit', '--allow-empty', '-q', '-m', 'Mine')).toThrow(/index\.lock': File exists/);
    expect(() => made.git('add', 'mine')).toThrow(/index\.lock': File exists/);
  };
  made.write({ mine: 'x' });
  isRefused();
  await hold?.follow();
  isRefused();
  expect(await repository.moveRefs([{ ref, from, to }])).toBe(true);
  isRefused();
  expect(await hold?.settle()).toBe(null);
  await hold?.release();
  expect(made.git('status', '--porcelain')).toBe('?? mine');
  made.git('add', 'mine');
  made.git('commit', '-q', '-m', 'Mine');
  expect(made.git('diff', '--name-status', to, 'HEAD')).toBe('A\tmine');
  expect(remains({ made, repository, from, to, ...rest })).toEqual([]);
});

test('P4 I8 a checkout goes back where its branch does not move, or moved elsewhere, or HEAD left it', async () => {
  const { made, repository, from, to } = await stage();
  const mine = made.git('commit-tree', '-p', from, '-m', 'Mine', `${from}^{tree}`);
  const asFollowed = made.git('commit-tree', '-p', from, '-m', 'Hook', `${to}^{tree}`);
  const deeds: readonly [string, () => unknown][] = [
    [from, () => undefined],
    [mine, () => made.git('update-ref', ref, mine)],
    // Began before the lock, and read the index again after its hook.
    [asFollowed, () => made.git('update-ref', ref, asFollowed)],
    [from, () => [made.git('switch', '-q', '-c', 'topic'), made.git('update-ref', ref, to)]],
  ];
  for (const [head, deed] of deeds) {
    const hold = await repository.holdCheckout(made.directory, { ref, from, to });
    await hold?.follow();
    deed();
    expect(await hold?.settle()).toBe(null);
    await hold?.release();
    expect([made.git('rev-parse', 'HEAD'), made.git('status', '--porcelain')]).toEqual([head, '']);
    made.git('switch', '-q', 'main');
    made.git('reset', '-q', '--hard', from);
  }
});

test.each(['', 'DIRC as git writes it', '{"pid":1}'])(
  'P1 a lock of others (%j) is held by them, and stays',
  async (text) => {
    const { made, repository, from, to, lock } = await stage();
    writeFileSync(lock, text);
    expect(await repository.holdCheckout(made.directory, { ref, from, to })).toBe(null);
    await repository.mendCheckouts();
    expect(readFileSync(lock, 'utf8')).toBe(text);
    rmSync(lock);
    await (await repository.holdCheckout(made.directory, { ref, from, to }))?.release();
    expect(existsSync(lock)).toBe(false);
  },
);

test('P1 a pipe or a large file in the place of the lock is of others', async () => {
  const { made, repository, from, to, lock } = await stage();
  writeFileSync(lock, Buffer.alloc(1_000_000, '{'));
  expect(await repository.holdCheckout(made.directory, { ref, from, to })).toBe(null);
  rmSync(lock);
  execFileSync('mkfifo', [lock]);
  expect(await repository.holdCheckout(made.directory, { ref, from, to })).toBe(null);
  expect(existsSync(lock)).toBe(true);
});

test('I15 what killed holders left beside a free index goes', async () => {
  const staged = await stage();
  const { made, repository } = staged;
  made.git('worktree', 'add', '-q', '../linked', '-b', 'aside');
  const folders = ['.git', '.git/worktrees/linked'].map((name) => join(made.directory, name));
  for (const folder of folders) {
    writeFileSync(join(folder, 'index.orbit-7-a-b'), 'half');
    writeFileSync(join(folder, 'index.lock.2000000000-a-b.draft'), '');
    writeFileSync(join(folder, 'index.mine'), 'kept');
  }
  expect(await repository.mendCheckouts()).toBe(true);
  for (const folder of folders)
    expect(readdirSync(folder).filter((name) => /^index./.test(name))).toEqual(['index.mine']);
});

test('B9 I8 a killed holder of a linked worktree leaves its own index locked, and no other', async () => {
  const staged = await stage();
  const { made, repository, from } = staged;
  made.git('switch', '-q', '-c', 'aside', from);
  made.git('worktree', 'add', '-q', '../linked', 'main');
  const linked = join(made.directory, '../linked');
  await dieHolding({ ...staged, made: { ...made, directory: linked } }, { moves: true });
  made.git('commit', '--allow-empty', '-q', '-m', 'Mine');
  expect(() => made.gitIn(linked, 'commit', '--allow-empty', '-m', 'Mine')).toThrow('worktrees/linked/index.lock');
  expect(await repository.mendCheckouts()).toBe(true);
  expect(made.gitIn(linked, 'status', '--porcelain')).toBe('');
  expect(readFileSync(join(linked, 'a'), 'utf8')).toBe('2');
});

test('B9 P1 a killed holder’s checkout that went elsewhere since is given back as it is', async () => {
  const staged = await stage();
  const { made, repository, from } = staged;
  await dieHolding(staged);
  made.git('switch', '-q', '-c', 'aside');
  made.git('update-ref', ref, staged.to);
  expect(await repository.mendCheckouts()).toBe(true);
  expect([made.git('status', '--porcelain'), made.git('rev-parse', 'HEAD'), remains(staged)]).toEqual(['', from, []]);
});

test('I15 a holder that lives keeps the lock', async () => {
  const { made, repository, from, to } = await stage();
  const hold = await repository.holdCheckout(made.directory, { ref, from, to });
  expect(await repository.holdCheckout(made.directory, { ref, from, to })).toBe(null);
  await repository.mendCheckouts();
  expect(() => made.git('add', '.')).toThrow('File exists');
  await hold?.release();
});

test.each([
  ['before anything moved', {}],
  ['between files and branch', { follows: true }],
  ['after both moved', { follows: true, moves: true }],
  ['where the branch moved and the files did not', { moves: true }],
])('B9 I8 a kill %s heals, and nothing is left', async (_, order) => {
  const staged = await stage();
  const { made, repository, from, to } = staged;
  await dieHolding(staged, order);
  expect(() => made.git('commit', '--allow-empty', '-q', '-m', 'Mine')).toThrow('File exists');
  await repository.mendCheckouts();
  expect(made.git('rev-parse', 'HEAD')).toBe('moves' in order ? to : from);
  expect([made.git('status', '--porcelain'), remains(staged)]).toEqual(['', []]);
});

test.each([
  ['back', {}],
  ['on', { moves: true }],
])('B9 files that were moved in part before a kill go %s whole', async (_, order) => {
  const staged = await stage();
  const { made, repository } = staged;
  for (const files of [{ a: '2' }, { c: '2' }, { a: '2', c: '2' }]) {
    for (const isRemoved of [true, false]) {
      made.git('reset', '-q', '--hard', staged.from);
      await dieHolding(staged, order);
      made.write(files);
      if (isRemoved) rmSync(join(made.directory, 'b'));
      await repository.mendCheckouts();
      expect([made.git('status', '--porcelain'), remains(staged)]).toEqual(['', []]);
    }
  }
});

test('B9 P1 a file that a person changed since the kill stays theirs', async () => {
  const staged = await stage();
  const { made, repository, from } = staged;
  await dieHolding(staged);
  made.write({ a: 'mine', c: '2' });
  rmSync(join(made.directory, 'b'));
  await repository.mendCheckouts();
  expect([made.git('status', '--porcelain'), remains(staged)]).toEqual([' M a', []]);

  made.git('reset', '-q', '--hard', from);
  await dieHolding(staged, { moves: true });
  made.write({ a: 'mine', c: '2' });
  const hold = await repository.holdCheckout(made.directory, { ref, from, to: staged.to });
  expect(await hold?.fault()).toContain("'a' not uptodate");
  await hold?.release();
  expect(readFileSync(join(made.directory, 'a'), 'utf8')).toBe('mine');
  expect(remains(staged)).toEqual([]);
});

test('B9 a folder in the place of a file, and a file in the place of a folder, go back and on', async () => {
  const made = makeRepository({ files: { x: '1', 'y/z': '1' } });
  onTestFinished(() => made.dispose());
  const from = made.git('rev-parse', 'HEAD');
  made.git('rm', '-q', '-r', 'x', 'y');
  made.write({ 'x/in': '2', y: '2' });
  const to = made.commit('Landed');
  const repository = await openRepository(made.directory);
  const staged = { made, repository, from, to, lock: '' };
  for (const order of [{ follows: true }, { moves: true }]) {
    made.git('reset', '-q', '--hard', from);
    await dieHolding(staged, order);
    await repository.mendCheckouts();
    expect([made.git('status', '--porcelain'), remains(staged)]).toEqual(['', []]);
  }
});
