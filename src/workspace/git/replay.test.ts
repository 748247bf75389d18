/** Commits on another base: what stays of them, when they become one, and both sides of a conflict. */
import { expect, test } from 'vitest';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import { openRepository } from './git-repository.ts';

/** `main` at the base, `old` with `a` changed, and work on `old`. */
function begin(made: TestRepository, work: (made: TestRepository) => void): { old: string; to: string; onto: string } {
  made.git('checkout', '-q', '-b', 'old');
  made.write({ a: '1\n2\n3\nold\n' });
  const old = made.commit('Old base');
  work(made);
  const to = made.git('rev-parse', 'HEAD');
  made.git('checkout', '-q', '-b', 'new', 'main');
  made.write({ a: 'new\n1\n2\n3\n' });
  const onto = made.commit('New base');
  made.git('checkout', '-q', 'main');
  return { old, to, onto };
}

const files = { a: '1\n2\n3\n', b: 'b\n' };

test('A10 a line of commits keeps its messages, authors and dates, and only its own changes', async () => {
  using made = makeRepository({ files });
  const { old, to, onto } = begin(made, () => {
    made.write({ b: 'one\n' });
    made.git('add', '-A');
    made.git('commit', '-q', '--author=Ann Ö <ann@x>', '--date=@1700000000 +0200', '-m', 'One\n\nwith a body');
    made.write({ c: 'two\n' });
    made.commit('Two');
  });
  const repository = await openRepository(made.directory);
  const order = { from: old, to, onto, message: 'all\n' };
  const replay = await repository.replay(order);
  if (!replay.clean) throw new Error(`it conflicts in ${replay.paths.join()}`);
  expect(await repository.replay(order)).toEqual(replay);
  const told = (range: string): string => made.git('log', '--format=%an <%ae> %ad|%cn %cd|%B', '--date=raw', range);
  expect(told(`${onto}..${replay.commit}`)).toBe(told(`${old}..${to}`));
  expect(made.git('rev-parse', `${replay.commit}~2`)).toBe(onto);
  expect(made.git('show', `${replay.commit}:a`)).toBe('new\n1\n2\n3');
  expect(made.git('ls-tree', '--name-only', replay.commit).split('\n')).toEqual(['a', 'b', 'c']);
  expect(made.git('fsck', '--strict', '--no-dangling')).toBe('');
  expect(made.git('rev-parse', 'old')).toBe(to);
});

test('A10 work with merges in it becomes one commit by its author', async () => {
  using made = makeRepository({ files });
  const { old, to, onto } = begin(made, () => {
    made.git('checkout', '-q', '-b', 'side');
    made.write({ c: 'side\n' });
    made.commit('Side');
    made.git('checkout', '-q', 'old');
    made.write({ b: 'one\n' });
    made.commit('One');
    made.git('merge', '-q', '--no-ff', '-m', 'Join', 'side');
  });
  const repository = await openRepository(made.directory);
  const replay = await repository.replay({ from: old, to, onto, message: 'All of it\n' });
  if (!replay.clean) throw new Error('it conflicts');
  expect(made.git('log', '--format=%s', `${onto}..${replay.commit}`)).toBe('All of it');
  expect(made.git('log', '-1', '--format=%an %ad', replay.commit)).toBe(made.git('log', '-1', '--format=%an %ad', to));
  expect(made.git('diff', '--name-only', onto, replay.commit).split('\n')).toEqual(['b', 'c']);
});

test('A10 what a later commit takes back is no conflict; what stays is one, with both sides', async () => {
  using made = makeRepository({ files });
  const { old, to, onto } = begin(made, () => {
    made.write({ a: 'mine\n1\n2\n3\nold\n' });
    made.commit('Clash');
    made.write({ a: '1\n2\n3\nold\n', c: 'c\n' });
    made.commit('Take it back');
  });
  const repository = await openRepository(made.directory);
  const whole = await repository.replay({ from: old, to, onto, message: 'All\n' });
  expect(whole).toMatchObject({ clean: true });
  const clash = await repository.replay({ from: old, to: made.git('rev-parse', 'old~1'), onto, message: 'All\n' });
  if (clash.clean) throw new Error('no conflict');
  expect(clash.paths).toEqual(['a']);
  const marked = made.git('show', `${clash.tree}:a`);
  expect(marked).toContain('new');
  expect(marked).toContain('mine');
});
