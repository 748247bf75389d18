/** What every forge must do, whatever its interface: the port's contract as cases. */
import { expect, test } from 'vitest';
import type { Forge, OpenPullRequest } from '../../src/forge/forge.ts';
import type { Hub } from '../support/forge/hub.ts';

export interface ForgeFixture extends AsyncDisposable {
  forge: Forge;
  hub: Hub;
  /** Makes or moves a branch to a new commit with this file; answers the commit. */
  commit(branch: string, path: string): string;
  /** What was said about a pull request. */
  comments(number: number): string[];
  /** Whether it has checks and reviews, and merges by itself. */
  isFull: boolean;
}

const marker = '<!-- orbit-task: 001/T001 -->';
const order = (head: string, more: Partial<OpenPullRequest> = {}): OpenPullRequest => ({
  head,
  base: 'main',
  title: 'T001: One',
  body: `What it does\n\n${marker}\n`,
  marker,
  ...more,
});

export function forgeCases(make: () => Promise<ForgeFixture>, { isFull }: Pick<ForgeFixture, 'isFull'>): void {
  findingCases(make);
  changingCases(make);
  if (isFull) fullCases(make);
}

function findingCases(make: () => Promise<ForgeFixture>): void {
  test('C13 what is opened is found again by branch and marker, and by number', async () => {
    await using world = await make();
    const commit = world.commit('orbit-work/001/T001', 'a');
    const made = await world.forge.open(order('orbit-work/001/T001'));
    expect(made).toMatchObject({ state: 'open', head: 'orbit-work/001/T001', base: 'main', commit, mergedAs: null });
    expect(made.body).toContain(marker);
    expect(await world.forge.find({ head: 'orbit-work/001/T001', marker })).toEqual(made);
    expect(await world.forge.get(made.number)).toEqual(made);
    expect(await world.forge.find({ head: 'orbit-work/001/T001', marker: '<!-- other -->' })).toBeNull();
    expect(await world.forge.find({ head: 'orbit-work/001/T002', marker })).toBeNull();
  });

  test('C13 opening the same again adopts what is open, with the new words', async () => {
    await using world = await make();
    world.commit('orbit-work/001/T001', 'a');
    const first = await world.forge.open(order('orbit-work/001/T001', { body: 'A person opened it' }));
    const again = await world.forge.open(order('orbit-work/001/T001', { title: 'T001: Better' }));
    expect(again).toMatchObject({ number: first.number, title: 'T001: Better' });
    expect(again.body).toContain(marker);
  });

  test('C13 one is found among many, over all pages, the open one before ended ones', async () => {
    await using world = await make();
    for (const id of [1, 2, 3, 4, 5]) {
      world.commit(`orbit-work/001/T00${id}`, `f${id}`);
      await world.forge.open(order(`orbit-work/001/T00${id}`));
    }
    const first = await world.forge.find({ head: 'orbit-work/001/T001', marker });
    expect(first?.number).toBe(1);
    await world.forge.close(1);
    expect((await world.forge.find({ head: 'orbit-work/001/T001', marker }))?.state).toBe('closed');
    const fresh = await world.forge.open(order('orbit-work/001/T001'));
    expect(fresh.number).toBe(6);
    expect(await world.forge.find({ head: 'orbit-work/001/T001', marker })).toMatchObject({ number: 6, state: 'open' });
  });
}

function changingCases(make: () => Promise<ForgeFixture>): void {
  test('C13 words and base change; the head follows its branch', async () => {
    await using world = await make();
    world.commit('orbit-work/001/T001', 'a');
    world.commit('orbit-work/001/T002', 'b');
    const { number } = await world.forge.open(order('orbit-work/001/T002', { base: 'orbit-work/001/T001' }));
    expect(await world.forge.update(number, { base: 'main', title: 'T002: Two' })).toMatchObject({
      base: 'main',
      title: 'T002: Two',
    });
    const next = world.commit('orbit-work/001/T002', 'c');
    expect((await world.forge.get(number)).commit).toBe(next);
  });

  test('C13 a merge by a person with git is seen', async () => {
    await using world = await make();
    const commit = world.commit('orbit-work/001/T001', 'a');
    const { number } = await world.forge.open(order('orbit-work/001/T001'));
    world.hub.git('update-ref', 'refs/heads/main', commit);
    expect(await world.forge.get(number)).toMatchObject({ state: 'merged', commit });
  });

  test('closing and commenting may be repeated', async () => {
    await using world = await make();
    world.commit('orbit-work/001/T001', 'a');
    const { number } = await world.forge.open(order('orbit-work/001/T001'));
    const said = { text: 'It was cancelled.', marker: '<!-- orbit: cancelled -->' };
    for (const _ of [1, 2]) await world.forge.comment(number, said);
    for (const _ of [1, 2]) await world.forge.close(number);
    expect((await world.forge.get(number)).state).toBe('closed');
    expect(world.comments(number)).toEqual([expect.stringContaining('It was cancelled.')]);
  });

  test('what is not there is told as such', async () => {
    await using world = await make();
    await expect(world.forge.get(77)).rejects.toMatchObject({ code: 'forge-not-found', retryable: false });
  });

  test('without anybody’s word there are no checks and no review', async () => {
    await using world = await make();
    const commit = world.commit('orbit-work/001/T001', 'a');
    const made = await world.forge.open(order('orbit-work/001/T001'));
    expect(await world.forge.checks(commit)).toEqual({ state: 'none', failed: [] });
    expect(await world.forge.reviews(made)).toEqual({ state: 'none', comments: [] });
  });
}

/** Of forges that have checks and reviews, and merge. */
function fullCases(make: () => Promise<ForgeFixture>): void {
  test('C13 checks: pending, then red with its words, then green', async () => {
    await using world = await make();
    const commit = world.commit('orbit-work/001/T001', 'a');
    for (const name of ['lint', 'types', 'format']) world.hub.check(commit, { name, state: 'success', text: 'fine' });
    world.hub.check(commit, { name: 'run: build', state: 'pending', text: '' });
    expect(await world.forge.checks(commit)).toEqual({ state: 'pending', failed: [] });
    world.hub.check(commit, { name: 'run: build', state: 'failure', text: '3 tests fail' });
    expect(await world.forge.checks(commit)).toMatchObject({
      state: 'red',
      failed: [{ name: 'run: build', text: expect.stringContaining('3 tests fail') as string }],
    });
    world.hub.check(commit, { name: 'run: build', state: 'success', text: '' });
    expect(await world.forge.checks(commit)).toEqual({ state: 'green', failed: [] });
  });

  test('C13 reviews: changes asked for with their words, gone with a new head, then approved', async () => {
    await using world = await make();
    world.commit('orbit-work/001/T001', 'a');
    const made = await world.forge.open(order('orbit-work/001/T001'));
    const lines = [{ path: 'a', line: 1, text: 'Name it better' }];
    world.hub.review(made.number, { state: 'changes', text: 'Not yet', lines });
    const asked = await world.forge.reviews(await world.forge.get(made.number));
    expect(asked.state).toBe('changes');
    expect(asked.comments).toEqual(
      expect.arrayContaining([
        { author: 'ada', text: 'Not yet', path: null, line: null },
        { author: 'ada', text: 'Name it better', path: 'a', line: 1 },
      ]),
    );
    world.commit('orbit-work/001/T001', 'b');
    expect((await world.forge.reviews(await world.forge.get(made.number))).state).toBe('none');
    world.hub.review(made.number, { state: 'approved' });
    expect((await world.forge.reviews(await world.forge.get(made.number))).state).toBe('approved');
  });

  test('C13 I8 a merge is of exactly the head that was looked at', async () => {
    await using world = await make();
    const commit = world.commit('orbit-work/001/T001', 'a');
    const { number } = await world.forge.open(order('orbit-work/001/T001'));
    const other = world.commit('orbit-work/001/T001', 'b');
    expect(await world.forge.merge(number, { commit, title: 'Merge' })).toMatchObject({
      merged: false,
      why: expect.stringMatching(/./) as string,
    });
    expect(await world.forge.merge(number, { commit: other, title: 'Merge' })).toEqual({ merged: true, why: '' });
    expect(await world.forge.get(number)).toMatchObject({
      state: 'merged',
      commit: other,
      mergedAs: world.hub.tip('main'),
    });
    expect((await world.forge.merge(number, { commit: other, title: 'Merge' })).merged).toBe(false);
  });
}
