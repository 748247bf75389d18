import { expect, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { openRepository } from './git-repository.ts';

test('P4 files that Orbit itself writes do not make a checkout dirty', async () => {
  using made = makeRepository({ files: { 'plan.md': '- [ ] T001', a: '1' } });
  made.write({ 'plan.md': '- [x] T001' });
  const repository = await openRepository(made.directory);
  const dirty = async (...projections: string[]): Promise<boolean | undefined> =>
    (await repository.checkedOut('refs/heads/main', projections))?.dirty;
  expect([await dirty(), await dirty('plan.md')]).toEqual([true, false]);
  made.write({ a: '2' });
  expect(await dirty('plan.md')).toBe(true);
});

test('P4 what a refresh would fail with is told before it, and nothing is written', async () => {
  using made = makeRepository({ files: { a: '1', b: '1' } });
  const from = made.git('rev-parse', 'HEAD');
  made.write({ a: '2', c: 'new' });
  const to = made.commit('two');
  made.git('reset', '-q', '--hard', from);
  const repository = await openRepository(made.directory);
  const fault = async (): Promise<string | null | undefined> => {
    const hold = await repository.holdCheckout(made.directory, { ref: 'refs/heads/main', from, to });
    const why = await hold?.fault();
    await hold?.release();
    return why;
  };
  expect(await fault()).toBeNull();
  made.write({ b: 'edited' });
  expect(await fault()).toBeNull();
  made.write({ c: 'precious' });
  expect(await fault()).toMatch(/'c' would be overwritten/);
  expect(made.git('status', '--porcelain')).toBe(' M b\n?? c');
});

test('B9 a checkout that a kill left behind its branch is brought up to date, one with changes of its own is left', async () => {
  using made = makeRepository({ files: { a: '1', plan: '1' } });
  const repository = await openRepository(made.directory);
  const before = made.git('rev-parse', 'HEAD');
  made.write({ a: '2', b: '2' });
  made.commit('Landed');
  // As a kill between the move of the branch and the files leaves it.
  made.git('read-tree', '-u', '--reset', before);
  made.write({ plan: 'ticked' });
  expect(await repository.catchUp('refs/heads/main')).toBe(false);
  expect(await repository.catchUp('refs/heads/main', ['plan'])).toBe(true);
  expect(made.git('status', '--porcelain')).toBe(' M plan');
  expect(made.git('show', ':b')).toBe('2');
  made.git('read-tree', '-u', '--reset', before);
  made.write({ a: 'mine' });
  expect(await repository.catchUp('refs/heads/main', ['plan'])).toBe(false);
  expect(made.git('diff', '--name-only', before)).toBe('a');
});
