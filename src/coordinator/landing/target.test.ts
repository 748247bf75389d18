/** What people and agents do to a target while Orbit lands there, on real git. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { landingStage, workOn, type LandingOrder, type LandingStage } from '../../../test/support/landing-stage.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { ProcessIdentity } from '../../core/attempt.ts';
import { processIdentity } from '../../platform/process.ts';
import { ensureTarget } from './target.ts';
import { accepted, start } from '../../../test/conformance/store-fixture.ts';

const own = 'refs/heads/orbit/001';

/** T1 has landed, T2 waits. */
async function oneLanded(order: LandingOrder = {}): Promise<LandingStage & { tip: string }> {
  const made = makeRepository({ files: { a: '1' } });
  onTestFinished(() => made.dispose());
  made.git('switch', '-q', '-c', 'aside');
  const stage = await landingStage(made, order);
  await stage.done('T1', workOn(made, { one: '1' }));
  expect([...(await stage.land()).entries()]).toEqual([]);
  expect(await stage.landed()).toEqual(['T1']);
  await stage.done('T2', workOn(made, { two: '2' }));
  return { ...stage, tip: made.git('rev-parse', order.target ?? own) };
}

/** Accepts the target as it is, as `orbit resume --accept-target` does. */
async function accept({ store, made, plan }: LandingStage, at = start + 1_000_000): Promise<void> {
  const { target } = await plan();
  await store.startTarget('001', { target, commit: made.git('rev-parse', target), accepted: true }, 'person:ada', at);
}

for (const how of ['again', 'anew'] as const) {
  const land = async (stage: LandingStage): Promise<string | undefined> =>
    (await stage.land(how === 'anew' ? 'anew' : undefined)).get('T2');

  test(`I8 a commit that somebody put on Orbit’s own branch holds it and is named (looked at ${how})`, async () => {
    const stage = await oneLanded();
    const { made, tip } = stage;
    const foreign = workOn(made, { two: 'planted', evil: '1' }, tip);
    made.git('update-ref', own, foreign);
    const why = await land(stage);
    expect(why).toContain(`${foreign.slice(0, 12)} on orbit/001 is not from Orbit`);
    expect(why).toContain(`git update-ref ${own} ${tip}`);
    expect(made.git('rev-parse', own)).toBe(foreign);
    made.git('update-ref', own, tip);
    expect(await land(stage)).toBe(undefined);
    expect(await stage.landed()).toEqual(['T1', 'T2']);
    expect(made.git('ls-tree', '--name-only', own)).toBe('a\none\ntwo');
  });

  test(`I9 a target set back to before what landed holds (looked at ${how})`, async () => {
    const stage = await oneLanded();
    const { made, tip } = stage;
    made.git('update-ref', own, 'main');
    const why = await land(stage);
    expect(why).toMatch(/^orbit\/001 does not hold [0-9a-f]{12} any more, .*reset or rewritten/);
    expect(why).toContain(`git update-ref ${own} ${tip}`);
    expect(await stage.landed()).toEqual(['T1']);
    made.git('update-ref', own, tip);
    expect(await land(stage)).toBe(undefined);
    expect(await stage.landed()).toEqual(['T1', 'T2']);
  });

  test(`I9 a rewritten target with the same files holds (looked at ${how})`, async () => {
    const stage = await oneLanded();
    const { made, tip } = stage;
    made.git('update-ref', own, made.git('commit-tree', '-p', 'main', '-m', 'Squashed', `${tip}^{tree}`));
    expect(await land(stage)).toContain('reset or rewritten');
  });

  test(`I9 a target merged into a history of somebody’s own holds (looked at ${how})`, async () => {
    const stage = await oneLanded();
    const { made, tip } = stage;
    const merge = made.git('commit-tree', '-p', 'main', '-p', tip, '-m', 'Mine first', `${tip}^{tree}`);
    made.git('update-ref', own, merge);
    expect(await land(stage)).toContain(`${merge.slice(0, 12)} on orbit/001 is not from Orbit`);
  });

  test(`I8 work that its agent puts on the target itself does not count as landed (looked at ${how})`, async () => {
    const stage = await oneLanded();
    const work = (await stage.task('T2')).evidence?.commit ?? '';
    stage.made.git('update-ref', own, work);
    expect(await land(stage)).toContain('reset or rewritten');
    const mixed = stage.made.git('commit-tree', '-p', stage.tip, '-p', work, '-m', 'Land T2: Two', `${work}^{tree}`);
    stage.made.git('update-ref', own, mixed);
    expect(await land(stage)).toContain('is not from Orbit');
    expect(await stage.landed()).toEqual(['T1']);
  });

  test(`I8 a mark that an agent makes does not turn its commit into a landing (looked at ${how})`, async () => {
    const stage = await oneLanded();
    const { made, tip } = stage;
    const foreign = workOn(made, { evil: '1' }, tip);
    made.git('update-ref', 'refs/orbit/landed/2-T2', foreign);
    made.git('update-ref', own, foreign);
    expect(await land(stage)).toContain('is not from Orbit');
    expect(await stage.landed()).toEqual(['T1']);
  });

  test(`I9 a target that is a link holds, and is whole again when the link is removed (looked at ${how})`, async () => {
    const stage = await oneLanded();
    const { made } = stage;
    made.git('symbolic-ref', own, 'refs/heads/main');
    expect(await land(stage)).toContain(`git symbolic-ref --delete ${own}`);
    expect(made.git('rev-parse', 'main')).not.toBe(stage.tip);
    made.git('symbolic-ref', '--delete', own);
    expect(await land(stage)).toBe(undefined);
    expect(made.git('ls-tree', '--name-only', own)).toBe('a\none\ntwo');
  });

  test(`P4 on a user’s branch a commit of theirs is ordinary and lands along (looked at ${how})`, async () => {
    const target = 'refs/heads/main';
    const stage = await oneLanded({ target, checks: ['test -e a'] });
    const { made, tip } = stage;
    made.git('update-ref', target, workOn(made, { mine: '1' }, tip));
    expect(await land(stage)).toBe(undefined);
    expect(await stage.landed()).toEqual(['T1', 'T2']);
    expect(made.git('ls-tree', '--name-only', target)).toBe('a\nmine\none\ntwo');
    const tree = made.git('rev-parse', `${target}^{tree}`);
    expect(await stage.store.verdict(tree, 'landing: test -e a')).toMatchObject({ green: true });
  });

  test(`I9 a user’s branch that lost landed work holds (looked at ${how})`, async () => {
    const target = 'refs/heads/main';
    const stage = await oneLanded({ target });
    stage.made.git('update-ref', target, workOn(stage.made, { other: '1' }, `${stage.tip}^`));
    expect(await land(stage)).toContain('main does not hold');
  });
}

test('I9 a target whose last commits nobody has any more is told, and does not end the queue', async () => {
  const stage = await oneLanded();
  const { made, tip } = stage;
  made.git('update-ref', own, 'main');
  made.git('update-ref', '-d', 'refs/orbit/landed/1-T1');
  made.git('reflog', 'expire', '--expire=all', '--all');
  made.git('gc', '-q', '--prune=now');
  const why = (await stage.land('anew')).get('T2');
  expect(why).toContain(`does not hold ${tip.slice(0, 12)} any more`);
  expect(why).not.toContain('Put it back');
});

test('I9 a target deleted before anything landed comes back where it began, not where the user is', async () => {
  const made = makeRepository({ files: { a: '1' } });
  onTestFinished(() => made.dispose());
  const stage = await landingStage(made);
  await ensureTarget(stage.context.ports, await stage.plan());
  await stage.done('T1', workOn(made, { one: '1' }));
  const began = made.git('rev-parse', own);
  made.commit('The user goes on');
  made.git('update-ref', '-d', own);
  made.git('symbolic-ref', own, 'refs/heads/nowhere');
  expect([...(await stage.land())]).toEqual([]);
  expect(made.git('rev-parse', `${own}~1`)).toBe(began);
});

test('I8 a branch in the place of the target holds its plan with a word, and nothing else ends', async () => {
  const stage = await oneLanded();
  const { made } = stage;
  made.git('update-ref', '-d', own);
  made.git('branch', 'orbit/001/squat', 'main');
  expect((await stage.land()).get('T2')).toContain('orbit/001/squat');
  made.git('branch', '-D', 'orbit/001/squat');
  expect([...(await stage.land())]).toEqual([]);
});

for (const [name, plant] of Object.entries({
  'a loop of links': (made: TestRepository) => {
    made.git('symbolic-ref', own, 'refs/heads/other');
    made.git('symbolic-ref', 'refs/heads/other', own);
  },
  'a file that is no ref': ({ directory }: TestRepository) => {
    mkdirSync(join(directory, '.git', dirname(own)), { recursive: true });
    writeFileSync(join(directory, '.git', own), 'not a ref at all\n');
  },
  'a folder with a file in it': ({ directory }: TestRepository) => {
    mkdirSync(join(directory, '.git', own), { recursive: true });
    writeFileSync(join(directory, '.git', own, 'x'), 'x');
  },
}))
  test(`I9 ${name} in the place of the target holds its plan and is told`, async () => {
    const stage = await oneLanded();
    stage.made.git('update-ref', '-d', own);
    plant(stage.made);
    expect((await stage.land()).get('T2')).toContain(own);
    rmSync(join(stage.made.directory, '.git', own), { recursive: true });
    expect([...(await stage.land())]).toEqual([]);
    expect(await stage.landed()).toEqual(['T1', 'T2']);
  });

test('I10 a lock on one task’s mark that stays keeps only that task from landing', async () => {
  const made = makeRepository({ files: { a: '1' } });
  onTestFinished(() => made.dispose());
  const stage = await landingStage(made);
  for (const id of ['T1', 'T2', 'T3']) await stage.done(id, workOn(made, { [id]: '1' }));
  const lock = join(made.directory, '.git/refs/orbit/landed/2-T2.lock');
  mkdirSync(lock, { recursive: true });
  await stage.land();
  const held = await stage.land();
  expect([[...held.keys()], await stage.landed()]).toEqual([['T2'], ['T1', 'T3']]);
  expect(held.get('T2')).toContain('2-T2.lock');
  rmSync(lock, { recursive: true });
  await stage.land();
  await stage.land();
  expect(await stage.landed()).toEqual(['T1', 'T2', 'T3']);
});

test('P4 an accepted commit is checked by itself first; red, it holds, and sends nobody’s work back', async () => {
  const stage = await oneLanded({ checks: ['test ! -e broken'] });
  const { made, tip } = stage;
  const broken = workOn(made, { broken: '1' }, tip);
  made.git('update-ref', own, broken);
  await accept(stage);
  const why = (await stage.land()).get('T2');
  expect(why).toContain(`accepted at ${broken.slice(0, 12)}`);
  expect(why).toContain('test ! -e broken');
  expect((await stage.task('T2')).bounces).toBe(0);
  made.git('update-ref', own, made.git('commit-tree', '-p', broken, '-m', 'Mended', `${tip}^{tree}`));
  expect((await stage.land()).get('T2')).toContain('is not from Orbit');
  await accept(stage, start + 2_000_000);
  expect([...(await stage.land())]).toEqual([]);
  expect(await stage.landed()).toEqual(['T1', 'T2']);
});

test('I9 a target that a person takes without what had landed goes on from there', async () => {
  const stage = await oneLanded();
  stage.made.git('update-ref', own, 'main');
  await accept(stage);
  expect([...(await stage.land('anew'))]).toEqual([]);
  expect(stage.made.git('ls-tree', '--name-only', own)).toBe('a\ntwo');
});

for (const how of ['again', 'anew'] as const)
  test(`I10 what a person accepted stays accepted when a landing below it is noted later (looked at ${how})`, async () => {
    const stage = await oneLanded();
    const { made, store, tip } = stage;
    made.git('update-ref', own, workOn(made, { evil: '1' }, tip));
    expect((await stage.land()).get('T2')).toContain('is not from Orbit');
    const now = (): number => stage.context.ports.clock.now();
    // The coordinator moves the target by T2 and dies; a person commits twice on top of that and accepts it all.
    const { key, evidence } = await stage.task('T2');
    const work = evidence?.commit ?? '';
    const tree = made.git('merge-tree', '--write-tree', tip, work);
    const moved = made.git('commit-tree', '-p', tip, '-p', work, '-m', 'Land T2: Two', tree);
    const begin = { type: 'begin-landing', commit: work, candidate: moved, judgedBy: null } as const;
    accepted(await store.execute(key, begin, { actor: 'coordinator', now: now(), durable: true }));
    made.git('update-ref', own, workOn(made, { more: '1' }, workOn(made, { mine: '1' }, moved)));
    made.git('update-ref', 'refs/orbit/landed/2-T2', moved);
    await accept(stage, now());
    await stage.done('T3', workOn(made, { three: '3' }));
    expect([...(await stage.land(how === 'anew' ? how : undefined))]).toEqual([]);
    expect([...(await stage.land(how === 'anew' ? how : undefined))]).toEqual([]);
    expect(await stage.landed()).toEqual(['T1', 'T2', 'T3']);
    made.git('update-ref', own, workOn(made, { evil: '1' }, own));
    await stage.done('T4', workOn(made, { four: '4' }));
    expect((await stage.land()).get('T4')).toContain('is not from Orbit');
  });

test('I8 a second plan on the same branch does not whitewash what somebody put there', async () => {
  const stage = await oneLanded();
  const { made, store, tip } = stage;
  made.git('update-ref', own, workOn(made, { evil: '1' }, tip));
  const draft = { title: '', unblock: null, layers: null, layerList: [], checks: [], tasks: [] };
  const second = { ...(await stage.plan()), id: '002' };
  await store.applyPlan({ plan: second, draft, scores: new Map() }, 'ada', start + 5_000);
  expect((await stage.land('anew')).get('T2')).toContain('is not from Orbit');
});

test('I8 P1 a git at work in a checkout of the target holds what lands there, and a kill of Orbit in that moment heals', async () => {
  const target = 'refs/heads/main';
  const stage = await oneLanded({ target });
  const { made } = stage;
  made.git('switch', '-q', 'main');
  const lock = join(made.directory, '.git/index.lock');
  writeFileSync(lock, '');
  expect((await stage.land()).get('T2')).toMatch(/another git is at work there .*index\.lock/);
  expect([made.git('rev-parse', 'main'), existsSync(lock)]).toEqual([stage.tip, true]);
  const { host, startedAt } = processIdentity(process.pid) as ProcessIdentity;
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  const note = JSON.stringify({ ref: target, from: stage.tip, to: stage.tip });
  const owner = { host, pid: process.pid, startedAt: `${startedAt}0`, namespace, nonce: 'a-1', note };
  writeFileSync(lock, JSON.stringify(owner));
  expect([...(await stage.land())]).toEqual([]);
  expect([await stage.landed(), existsSync(lock)]).toEqual([['T1', 'T2'], false]);
  expect([made.git('status', '--porcelain'), readFileSync(join(made.directory, 'two'), 'utf8')]).toEqual(['', '2']);
  // Also where nothing waits to land.
  writeFileSync(lock, JSON.stringify(owner));
  await stage.land('anew');
  expect(existsSync(lock)).toBe(false);
});
