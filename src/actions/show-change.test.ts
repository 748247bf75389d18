import { expect, test } from 'vitest';
import { draftTask, evidenceOf } from '../../test/conformance/store-fixture.ts';
import { expectFit } from '../../test/support/fits.ts';
import { workOn } from '../../test/support/landing-stage.ts';
import { projectStage } from '../../test/support/project-stage.ts';
import { change } from '../api/contract/views.ts';
import { showChange } from './show-change.ts';

const order = { task: 'T1', plan: '001' };

test('D7 a change shows each file with its patch, whether it is in scope, and what is risky about it', async () => {
  const { made, context, load, prove } = await projectStage({ files: { 'src/a.ts': 'one\n' } });
  const base = made.git('rev-parse', 'main');
  await load([draftTask('T1', { scope: ['src/**'] })]);
  const commit = workOn(made, {
    'src/a.ts': 'two\n',
    'docs/b.md': 'x\n',
    '.github/workflows/ci.yml': 'on: push\n',
    'src/c.bin': '\0',
  });
  await prove('T1', { commit, base });
  const shown = await showChange(context, order);
  expectFit(change, shown);
  const tree = made.git('rev-parse', `${commit}^{tree}`);
  expect(shown).toMatchObject({ task: 'T1', plan: '001', base, commit, tree, proven: true });
  expect(shown).toMatchObject({ subjects: ['Work'], linesAdded: 3, linesRemoved: 1, more: 0 });
  const files = new Map(shown.files.map((file) => [file.path, file]));
  expect(files.get('src/a.ts')).toMatchObject({ kind: 'changed', inScope: true, risks: [] });
  expect(files.get('src/a.ts')?.patch).toContain('-one\n+two\n');
  expect(files.get('docs/b.md')).toMatchObject({ kind: 'added', inScope: false });
  expect(files.get('src/c.bin')).toMatchObject({ patch: null });
  expect(files.get('.github/workflows/ci.yml')?.risks.join()).toContain('ci.yml');
});

test('D7 characters that hide what code does are visible in the change', async () => {
  const { made, context, load, prove } = await projectStage();
  const base = made.git('rev-parse', 'main');
  await load(['T1']);
  const commit = workOn(made, { 'a.ts': 'if (admin\u202e) {\u001b[2J}\r\n' });
  await prove('T1', { commit, base });
  const patch = (await showChange(context, order)).files[0]?.patch;
  expect(patch).toContain('+if (admin<U+202E>) {<U+001B>[2J}\r\n');
});

test('P1 until work is proven the last that an attempt has or left is shown', async () => {
  const { made, context, load, claim, execute } = await projectStage();
  const base = made.git('rev-parse', 'main');
  await load(['T1']);
  const nothing = await showChange(context, order);
  expectFit(change, nothing);
  expect(nothing).toMatchObject({ base: null, commit: null, proven: false, files: [] });

  const first = await claim('T1');
  const place = { workspace: '/nowhere', base, logs: '/nowhere' };
  await execute('T1', { type: 'prepare', token: first, branch: `orbit-work/001/T1-${first}`, ...place });
  expect((await showChange(context, order)).commit).toBe(null);
  const running = workOn(made, { 'running.txt': 'x\n' });
  made.git('update-ref', `refs/heads/orbit-work/001/T1-${first}`, running);
  expect(await showChange(context, order)).toMatchObject({ commit: running, base, proven: false });

  await execute('T1', { type: 'release', token: first, reason: 'given back', commit: null });
  made.git('update-ref', '-d', `refs/heads/orbit-work/001/T1-${first}`);
  expect((await showChange(context, order)).commit).toBe(null);
  const salvaged = workOn(made, { 'salvaged.txt': 'x\n' });
  made.git('update-ref', `refs/orbit/salvage/T1/${first}`, salvaged);
  expect((await showChange(context, order)).files.map(({ path }) => path)).toEqual(['salvaged.txt']);
  made.git('update-ref', `refs/orbit/attempts/T1/${first}`, running);
  expect((await showChange(context, order)).files.map(({ path }) => path)).toEqual(['running.txt']);
});

test('D7 work without a recorded base is measured against its target; work without commits changes nothing', async () => {
  const { made, context, load, claim, execute, prove } = await projectStage();
  const base = made.git('rev-parse', 'main');
  made.git('update-ref', 'refs/heads/orbit/001', base);
  await load(['T1', 'T2']);
  await prove('T1', { commit: workOn(made, { 'a.txt': 'x\n' }), base: null });
  expect(await showChange(context, order)).toMatchObject({ base, files: [{ path: 'a.txt' }] });
  const token = await claim('T2');
  const evidence = evidenceOf(token, { commit: null, noChanges: 'it was there' });
  await execute('T2', { type: 'prove', token, evidence });
  expect(await showChange(context, { task: 'T2', plan: null })).toMatchObject({
    commit: null,
    proven: true,
    files: [],
  });
});

test('D7 proven work that is gone is told, never shown as a change of nothing', async () => {
  const { context, load, claim, execute } = await projectStage();
  await load(['T1']);
  const token = await claim('T1');
  await execute('T1', { type: 'prove', token, evidence: evidenceOf(token) });
  await expect(showChange(context, order)).rejects.toThrow('the work of 001/T1');
});

test('D7 of a change of very many files the first are shown, and how many more there are', async () => {
  const { made, context, load, prove } = await projectStage();
  const base = made.git('rev-parse', 'main');
  await load(['T1']);
  const files = Object.fromEntries(Array.from({ length: 620 }, (_, index) => [`d${index % 7}/f${index}`, 'x\n']));
  await prove('T1', { commit: workOn(made, files), base });
  const shown = await showChange(context, order);
  expect(shown.files).toHaveLength(500);
  expect(shown.files.every(({ patch }) => patch !== null)).toBe(true);
  expect(shown).toMatchObject({ more: 120, linesAdded: 620 });
});
