import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { openRepository, requireBranch, requireCommit } from './git-repository.ts';

const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('');
const ten = Array.from({ length: 10 }, (_, index) => `line ${index}`);

test('opens from the checkout, a folder in it, a worktree and the git directory', async () => {
  using made = makeRepository({ files: { 'sub/a': '1' } });
  made.git('worktree', 'add', '-q', '--detach', 'linked');
  for (const start of ['', 'sub', 'linked', '.git']) {
    const repository = await openRepository(join(made.directory, start));
    expect(repository.commonDirectory).toBe(join(made.directory, '.git'));
    expect(repository.top).toBe(made.directory);
  }
});

test('refuses what is no repository, a bare one, one without a commit, one on no branch', async () => {
  using made = makeRepository();
  await expect(openRepository(join(made.directory, '..'))).rejects.toMatchObject({ code: 'not-a-repository' });
  made.git('init', '-q', '--bare', '../bare');
  await expect(openRepository(join(made.directory, '../bare'))).rejects.toMatchObject({ code: 'bare-repository' });
  const repository = await openRepository(made.directory);
  await expect(requireCommit(repository)).rejects.toMatchObject({ code: 'no-commit-yet' });
  expect(await requireBranch(repository)).toBe('refs/heads/main');
  const commit = made.commit('one');
  expect(await requireCommit(repository)).toBe(commit);
  made.git('checkout', '-q', '--detach');
  await expect(requireBranch(repository)).rejects.toMatchObject({ code: 'detached-head' });
});

test('reads commits, ancestry, paths and subjects', async () => {
  using made = makeRepository({ files: { a: '1', 'ä b\n"c"': '2' } });
  const one = made.git('rev-parse', 'HEAD');
  made.git('mv', 'a', 'z');
  const two = made.commit('Second\nwith a body');
  const repository = await openRepository(made.directory);
  expect(await repository.resolve('main')).toBe(two);
  expect(await repository.resolve('refs/heads/main')).toBe(two);
  for (const name of [
    'nope',
    '',
    '-x',
    '--all',
    'a..b',
    'main\nmain',
    '0'.repeat(40),
    made.git('rev-parse', 'HEAD^{tree}'),
  ]) {
    expect(await repository.resolve(name)).toBeNull();
  }
  expect(await repository.tree(two)).toBe(made.git('rev-parse', 'HEAD^{tree}'));
  expect(await repository.isAncestor(one, two)).toBe(true);
  expect(await repository.isAncestor(two, one)).toBe(false);
  expect(await repository.mergeBase(one, two)).toBe(one);
  expect(await repository.parents(two)).toEqual([one]);
  expect(await repository.parents(one)).toEqual([]);
  expect(await repository.changedPaths(one, two)).toEqual(['a', 'z']);
  expect(await repository.listPaths(two)).toEqual(['z', 'ä b\n"c"']);
  expect(await repository.subjects(one, two)).toEqual(['Second with a body']);
  await expect(repository.tree('0'.repeat(40))).rejects.toMatchObject({ code: 'git-failed' });
});

for (const objectFormat of ['sha1', 'sha256'] as const) {
  test(`P4 merges without a checkout: clean, conflict, unknown id (${objectFormat})`, async () => {
    using made = makeRepository({ files: { a: lines(...ten) }, objectFormat });
    const base = made.git('rev-parse', 'HEAD');
    made.write({ a: lines('first', ...ten) });
    const ours = made.commit('ours');
    made.git('checkout', '-q', '--detach', base);
    made.write({ a: lines(...ten, 'last') });
    const theirs = made.commit('theirs');
    made.write({ a: lines('other first', ...ten) });
    const against = made.commit('against');
    const repository = await openRepository(made.directory);

    const clean = await repository.merge(ours, theirs);
    expect(clean.clean).toBe(true);
    expect(made.git('show', `${clean.tree}:a`)).toBe(lines('first', ...ten, 'last').trimEnd());

    const conflict = await repository.merge(ours, against);
    expect(conflict).toMatchObject({ clean: false, paths: ['a'] });
    expect(made.git('show', `${conflict.tree}:a`)).toContain('<<<<<<<');
    expect(conflict.clean ? [] : conflict.messages).toEqual([expect.stringContaining('content')]);

    const unknown = repository.merge(ours, '0'.repeat(ours.length));
    await expect(unknown).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringContaining('is no commit'),
    });
    await expect(repository.merge(ours, `${ours}^{tree}`)).rejects.toMatchObject({ code: 'git-failed' });
  });
}

test('merges onto a base of choice: only base..theirs is taken', async () => {
  using made = makeRepository({ files: { a: '1', b: '1' } });
  const start = made.git('rev-parse', 'HEAD');
  made.write({ a: '2' });
  const below = made.commit('below');
  made.write({ b: '2' });
  const above = made.commit('above');
  made.git('checkout', '-q', '--detach', start);
  made.write({ c: '1' });
  const target = made.commit('target');
  const repository = await openRepository(made.directory);
  const merge = await repository.merge(target, above, below);
  expect(merge.clean).toBe(true);
  expect(made.git('show', `${merge.tree}:a`)).toBe('1');
  expect(made.git('show', `${merge.tree}:b`)).toBe('2');
  expect(made.git('show', `${merge.tree}:c`)).toBe('1');
});

test('what git refuses to merge is told in its own words, without its advice', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const first = made.git('rev-parse', 'HEAD');
  made.git('switch', '-q', '--orphan', 'other');
  const other = made.commit('A history of its own');
  const merging = (await openRepository(made.directory)).merge(first, other);
  await expect(merging).rejects.toThrow(/ failed: fatal: refusing to merge unrelated histories$/);
});

test('a merge obeys the attributes of our side', async () => {
  using made = makeRepository({ files: { log: 'a\n', '.gitattributes': 'log merge=union\n' } });
  const base = made.git('rev-parse', 'HEAD');
  made.write({ log: 'a\nb\n' });
  const ours = made.commit('ours');
  made.git('checkout', '-q', '--detach', base);
  made.write({ log: 'a\nc\n' });
  const theirs = made.commit('theirs');
  const merge = await (await openRepository(made.directory)).merge(ours, theirs);
  expect(merge.clean).toBe(true);
  expect(made.git('show', `${merge.tree}:log`)).toBe('a\nb\nc');
});

for (const objectFormat of ['sha1', 'sha256'] as const) {
  test(`P4 a commit of the same content and time has the same id, which is git's own (${objectFormat})`, async () => {
    using made = makeRepository({ files: { a: '1' }, objectFormat });
    const repository = await openRepository(made.directory);
    const head = made.git('rev-parse', 'HEAD');
    const other = made.commit('other');
    const message = 'Land T1 \u00e9\n\nOrbit-Task: T1\n';
    const order = { tree: await repository.tree(head), parents: [head, other], message, atMs: 1_700_000_000_999 };
    const id = await repository.commit(order);
    expect(await repository.commit(order)).toBe(id);
    expect(made.git('log', '-1', '--format=%an <%ae> %at %cn <%ce> %ct %s', id)).toBe(
      'Orbit <orbit@localhost> 1700000000 Orbit <orbit@localhost> 1700000000 Land T1 \u00e9',
    );
    expect(made.git('fsck', '--strict', '--no-dangling')).toBe('');
    // Where a group shares the repository git itself writes; the id must not depend on it.
    chmodSync(join(repository.commonDirectory, 'objects'), 0o775);
    expect(await repository.commit(order)).toBe(id);
    for (const wrong of [
      { ...order, tree: head },
      { ...order, parents: ['0'.repeat(head.length)] },
      { ...order, tree: 'x' },
    ]) {
      await expect(repository.commit(wrong)).rejects.toMatchObject({ code: 'git-failed' });
    }
  });
}

test('P4 I8 refs move together and only from the value that was known', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const one = made.git('rev-parse', 'HEAD');
  const two = made.commit('two');
  const three = made.commit('three');
  const repository = await openRepository(made.directory);
  const ref = 'refs/heads/orbit/001';
  expect(await repository.moveRefs([{ ref, from: null, to: one }])).toBe(true);
  expect(await repository.moveRefs([{ ref, from: null, to: two }])).toBe(false);
  expect(await repository.moveRefs([{ ref, from: two, to: three }])).toBe(false);
  const both = [
    { ref, from: one, to: two },
    { ref: 'refs/orbit/queue/1-T1', from: two, to: null },
  ];
  expect(await repository.moveRefs(both)).toBe(false);
  expect(await repository.resolve(ref)).toBe(one);
  await repository.moveRefs([{ ref: 'refs/orbit/queue/1-T1', from: null, to: two }]);
  expect(await repository.refs('refs/orbit/queue/')).toMatchObject([
    { ref: 'refs/orbit/queue/1-T1', commit: two, subject: 'two' },
  ]);
  expect(await repository.moveRefs(both)).toBe(true);
  expect(await repository.resolve(ref)).toBe(two);
  expect(await repository.refs('refs/orbit/queue')).toEqual([]);
});

test('I8 a held lock and a name in the way are errors, not refusals', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const one = made.git('rev-parse', 'HEAD');
  const two = made.commit('two');
  const repository = await openRepository(made.directory);
  writeFileSync(join(repository.commonDirectory, 'refs/heads/main.lock'), '');
  const locked = repository.moveRefs([{ ref: 'refs/heads/main', from: two, to: one }]);
  await expect(locked).rejects.toMatchObject({ code: 'git-locked', retryable: true });
  const below = repository.moveRefs([{ ref: 'refs/heads/main/x', from: null, to: one }]);
  await expect(below).rejects.toMatchObject({ code: 'git-failed' });
  const missing = repository.moveRefs([{ ref: 'refs/heads/x', from: null, to: '1'.repeat(40) }]);
  await expect(missing).rejects.toMatchObject({ code: 'git-failed' });
});

test('I15 a lock that a killed git left is removed, one that is young, open or of something else is not', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const one = made.git('rev-parse', 'HEAD');
  const two = made.commit('two');
  const repository = await openRepository(made.directory);
  const lock = join(repository.commonDirectory, 'refs/heads/main.lock');
  const old = new Date(Date.now() - 3_600_000);
  const move = async (): Promise<boolean> => repository.moveRefs([{ ref: 'refs/heads/main', from: two, to: one }]);
  writeFileSync(lock, '');
  await expect(move()).rejects.toMatchObject({ code: 'git-locked' });
  utimesSync(lock, old, old);
  const open = openSync(lock, 'r');
  await expect(move()).rejects.toMatchObject({ code: 'git-locked' });
  closeSync(open);
  expect(await move()).toBe(true);
  expect(existsSync(lock)).toBe(false);

  const packed = join(repository.commonDirectory, 'packed-refs.lock');
  for (const path of [lock, packed]) {
    writeFileSync(path, '');
    utimesSync(path, old, old);
  }
  expect(await repository.moveRefs([{ ref: 'refs/heads/main', from: one, to: null }])).toBe(true);
  expect(existsSync(packed)).toBe(false);
});

test('S9 a ref that is a command of its own is refused, a symbolic one is not followed', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const one = made.git('rev-parse', 'HEAD');
  const two = made.commit('two');
  const repository = await openRepository(made.directory);
  for (const ref of ['main', 'refs/heads/x\ndelete refs/heads/main', 'refs/heads/a b', 'refs/../x', '--stdin', '']) {
    await expect(repository.moveRefs([{ ref, from: null, to: one }])).rejects.toThrow('full ref');
  }
  made.git('symbolic-ref', 'refs/heads/orbit/001', 'refs/heads/main');
  await repository.moveRefs([{ ref: 'refs/heads/orbit/001', from: two, to: one }]);
  expect(await repository.resolve('refs/heads/main')).toBe(two);
});

test('S9 a branch or tag that is called like another’s full name does not pass for it', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const one = made.git('rev-parse', 'HEAD');
  const two = made.commit('two');
  const repository = await openRepository(made.directory);
  for (const likeness of ['refs/tags', 'refs/heads', 'refs', 'refs/remotes']) {
    made.git('update-ref', `${likeness}/refs/heads/orbit/001`, one);
    expect(await repository.resolve('refs/heads/orbit/001')).toBeNull();
  }
  made.git('update-ref', 'refs/heads/orbit/001', two);
  for (const pack of [false, true]) {
    if (pack) made.git('pack-refs', '--all');
    expect(await repository.resolve('refs/heads/orbit/001')).toBe(two);
  }
});

test('I8 a ref that vanished or leads nowhere is a refused move, not an error', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const one = made.git('rev-parse', 'HEAD');
  const two = made.commit('two');
  const repository = await openRepository(made.directory);
  const ref = 'refs/heads/orbit/001';
  expect(await repository.moveRefs([{ ref, from: one, to: two }])).toBe(false);
  made.git('symbolic-ref', ref, 'refs/heads/nowhere');
  expect(await repository.symbolic(ref)).toBe('refs/heads/nowhere');
  expect(await repository.moveRefs([{ ref, from: one, to: two }])).toBe(false);
  expect(await repository.moveRefs([{ ref, from: null, to: two }])).toBe(true);
  expect([await repository.symbolic(ref), await repository.resolve(ref)]).toEqual([null, two]);
});

test('I15 a folder in the place of a lock is told, and not taken for a stale one', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const one = made.git('rev-parse', 'HEAD');
  const two = made.commit('two');
  const repository = await openRepository(made.directory);
  const lock = join(repository.commonDirectory, 'refs/heads/main.lock');
  mkdirSync(lock);
  utimesSync(lock, new Date(0), new Date(0));
  const moving = repository.moveRefs([{ ref: 'refs/heads/main', from: two, to: one }]);
  await expect(moving).rejects.toMatchObject({ code: 'git-locked', message: expect.stringContaining('main.lock') });
});

test('P4 finds the checkout of a branch, tells whether it is dirty, and refreshes a clean one', async () => {
  using made = makeRepository({ files: { a: '1', b: '1' } });
  const from = made.git('rev-parse', 'HEAD');
  made.write({ a: '2' });
  made.git('rm', '-q', 'b');
  made.write({ c: '1' });
  const to = made.commit('two');
  made.git('reset', '-q', '--hard', from);
  made.git('branch', 'other');
  const repository = await openRepository(made.directory);
  expect(await repository.checkedOut('refs/heads/other')).toBeNull();
  made.write({ untracked: 'x' });
  expect(await repository.checkedOut('refs/heads/main')).toEqual({ directory: made.directory, dirty: false });
  made.write({ b: 'edited' });
  expect(await repository.checkedOut('refs/heads/main')).toEqual({ directory: made.directory, dirty: true });
  made.write({ b: '1' });
  expect(await repository.checkedOut('refs/heads/main')).toEqual({ directory: made.directory, dirty: false });

  const hold = await repository.holdCheckout(made.directory, { ref: 'refs/heads/main', from, to });
  await hold?.follow();
  await repository.moveRefs([{ ref: 'refs/heads/main', from, to }]);
  await hold?.release();
  expect(made.git('status', '--porcelain')).toBe('?? untracked');
  expect(readFileSync(join(made.directory, 'a'), 'utf8')).toBe('2');
  expect(existsSync(join(made.directory, 'b'))).toBe(false);
});

test('P4 a refresh that an untracked file is in the way of writes nothing', async () => {
  using made = makeRepository({ files: { a: '1' } });
  const from = made.git('rev-parse', 'HEAD');
  made.write({ a: '2', c: 'new' });
  const to = made.commit('two');
  made.git('reset', '-q', '--hard', from);
  made.write({ c: 'precious' });
  const repository = await openRepository(made.directory);
  const hold = await repository.holdCheckout(made.directory, { ref: 'refs/heads/main', from, to });
  await expect(hold?.follow()).rejects.toMatchObject({ code: 'git-failed' });
  expect(readFileSync(join(made.directory, 'a'), 'utf8')).toBe('1');
  await hold?.release();
  expect(readFileSync(join(made.directory, 'c'), 'utf8')).toBe('precious');
});

test('a branch that is being rebased in a checkout counts as dirty there', async () => {
  using made = makeRepository({ files: { a: '1' } });
  made.git('worktree', 'add', '-q', '-b', 'feature', 'linked');
  const linked = join(made.directory, 'linked');
  made.write({ a: '2' }, linked);
  made.commit('feature', linked);
  made.write({ a: '3' });
  made.commit('main');
  expect(() => made.gitIn(linked, 'rebase', 'main')).toThrow('conflict');
  const repository = await openRepository(made.directory);
  expect(await repository.checkedOut('refs/heads/feature')).toEqual({ directory: linked, dirty: true });
});
