import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { makeRepository } from '../../../test/support/repository.ts';
import { openRepository } from './git-repository.ts';
import { openWorkspaces } from './git-workspaces.ts';

test('P11 I7 space is freed by what is idle, the longest unused first, and never by a workspace', async () => {
  using made = makeRepository({
    files: { a: 'x'.repeat(100_000), 'package-lock.json': '{}', '.gitignore': 'node_modules\n' },
  });
  const repository = await openRepository(made.directory);
  const setUp = () => ({ commands: ['npm ci'], reads: null, runtime: 'one' });
  const workspaces = await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2, setUp });
  const base = made.git('rev-parse', 'HEAD');
  const orbit = join(repository.commonDirectory, 'orbit');
  const prepare = async (token: number): Promise<string> =>
    (await workspaces.prepare({ task: '001/T1', token, base, bring: [] })).directory;
  const ended = await prepare(1);
  const working = await prepare(2);
  writeFileSync(join(working, 'new'), 'x');
  const third = await prepare(3);
  await workspaces.remove('001/T1', 1, ended);
  const idle = await workspaces.checkout(base, []);
  await idle.release();
  const busy = await workspaces.checkout(base, []);
  mkdirSync(join(third, 'node_modules'));
  writeFileSync(join(third, 'node_modules/x'), Buffer.alloc(200_000, 1));
  await workspaces.setUpOf(third)?.keep();
  expect(await workspaces.diskBytes()).toBeGreaterThan(700_000);

  const shown = (): Record<string, string[]> => ({
    pool: readdirSync(join(orbit, 'pool')),
    templates: readdirSync(join(orbit, 'templates')).map(() => 'one'),
    checks: readdirSync(join(made.directory, '.worktrees/.checks')),
    workspaces: readdirSync(join(made.directory, '.worktrees')).filter((name) => !name.startsWith('.')),
  });
  const all = shown();
  expect(await workspaces.collect(0)).toBe(0);
  expect(shown()).toEqual(all);
  expect(await workspaces.collect(1)).toBeGreaterThan(100_000);
  expect(shown()).toEqual({ ...all, pool: [] });
  expect(await workspaces.collect(1e12)).toBeGreaterThan(200_000);
  expect(shown()).toEqual({ pool: [], templates: [], checks: ['check-1'], workspaces: ['T1-2', 'T1-3'] });
  expect(busy.directory.endsWith('check-1')).toBe(true);
  expect(await busy.changed()).toEqual([]);
  await busy.release();
  await workspaces.collect(1e12);
  expect(shown()['checks']).toEqual([]);
  const again = await workspaces.checkout(base, []);
  expect(await again.changed()).toEqual([]);
  await again.release();
});

/** Of util-linux. */
const unshare = 'unshare';

const small = ['--user', '--map-root-user', '--mount', 'sh', '-c', 'mount -t tmpfs -o size="$1" none "$2"', 'sh'];

/** A small disk needs a namespace of its own, which some systems forbid: there the case cannot be made. */
const canMount = spawnSync(unshare, [...small, '1m', '/mnt']).status === 0;

test.skipIf(!canMount)('P11 a full disk is told as such, leaves nothing half done, and passes', async () => {
  const disk = mkdtempSync(join(tmpdir(), 'orbit-test-'));
  onTestFinished(() => rmSync(disk, { recursive: true, force: true }));
  const script = fileURLToPath(new URL('../../../test/support/full-disk.ts', import.meta.url));
  const mount = [...small];
  mount[5] = `${mount[5]} && exec "$3" "$4" "$2"`;
  const output = execFileSync(unshare, [...mount, '5m', disk, process.execPath, script], { encoding: 'utf8' });
  const [first, second] = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(first).toEqual({
    first: { code: 'disk-full', retryable: true },
    left: { workspaces: [], branches: ['main'], worktrees: 1 },
    known: [],
  });
  expect(second).toEqual({ second: { branch: 'orbit-work/001/T1-1' } });
  expect(existsSync(join(disk, 'project'))).toBe(false);
});
