/** Branches of layers that people made, checked out or worked on before Orbit opens them, on real git. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { start } from '../../../test/conformance/store-fixture.ts';
import { landingStage, workOn, type LandingStage } from '../../../test/support/landing-stage.ts';
import { makeRepository } from '../../../test/support/repository.ts';
import { openLine } from './line.ts';

const layerList = [
  { number: 1, title: 'Ground' },
  { number: 2, title: 'Walls' },
];

/** T1 of the first layer has landed, T2 of the second waits. @param prepare what people did before. */
async function layered(prepare: (made: LandingStage['made']) => void): Promise<LandingStage> {
  const made = makeRepository({ files: { a: '1' } });
  onTestFinished(() => made.dispose());
  const stage = await landingStage(made, { plan: { layerBranches: true, layerList } });
  prepare(made);
  await stage.done('T1', workOn(made, { one: '1' }), { layer: 1 });
  expect([...(await stage.land()).entries()]).toEqual([]);
  expect(await stage.landed()).toEqual(['T1']);
  await stage.done('T2', workOn(made, { two: '2' }), { layer: 2 });
  return stage;
}

async function landsAfter(stage: LandingStage, mend: () => void): Promise<void> {
  mend();
  expect([...(await stage.land()).entries()]).toEqual([]);
  expect(stage.made.git('ls-tree', '--name-only', 'layer-2-001').split('\n')).toEqual(['a', 'one', 'two']);
}

test('A5 I10 a branch in the place of a layer’s branch holds that plan alone, in words, until it is gone', async () => {
  const stage = await layered((made) => made.git('branch', 'layer-2-001/notes', 'main'));
  const held = await stage.land();
  expect(held.get('T2')).toContain('layer-2-001');
  expect((await stage.task('T2')).landing?.held?.why).toBe(held.get('T2'));
  await landsAfter(stage, () => stage.made.git('branch', '-D', 'layer-2-001/notes'));
});

test('A5 a clean checkout of a layer’s branch follows where that begins', async () => {
  const stage = await layered((made) => made.git('switch', '-q', '-c', 'layer-2-001'));
  await landsAfter(stage, () => undefined);
  expect(readFileSync(join(stage.made.directory, 'one'), 'utf8')).toBe('1');
  expect(stage.made.git('status', '--porcelain', '-uno')).toBe('');
});

test('A5 I10 changes in a checkout of a layer’s branch hold it and stay', async () => {
  const stage = await layered((made) => {
    made.git('switch', '-q', '-c', 'layer-2-001');
    made.write({ a: 'mine' });
  });
  expect((await stage.land()).get('T2')).toContain('with changes of its own');
  expect(readFileSync(join(stage.made.directory, 'a'), 'utf8')).toBe('mine');
  await landsAfter(stage, () => stage.made.git('checkout', '-q', '--', 'a'));
});

test('A5 I10 commits on a layer’s branch that lacks the layer before it hold it, and are told', async () => {
  const stage = await layered((made) => made.git('branch', 'layer-2-001', workOn(made, { mine: '1' })));
  const why = (await stage.land()).get('T2');
  expect(why).toMatch(/^layer-2-001 has commits of its own .* without those of layer-1-001/);
  expect(why).toContain('git merge layer-1-001');
  await landsAfter(stage, () => stage.made.git('branch', '-D', 'layer-2-001'));
});

test('A5 I9 a landing on a layer’s branch that was interrupted is settled before anything is said of the branch', async () => {
  const stage = await layered((made) => made.git('branch', 'layer-2-001', workOn(made, { mine: '1' })));
  const { store, context } = stage;
  const { commit } = (await stage.land(), (await stage.task('T2')).landing ?? { commit: '' });
  await store.execute(
    '001/T2',
    { type: 'begin-landing', commit, candidate: commit, judgedBy: null },
    { actor: 'coordinator', now: start, durable: false },
  );
  expect(await openLine(context.ports, await stage.plan())).toMatchObject({ fault: null });
});
