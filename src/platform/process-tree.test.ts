import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { ProcessIdentity } from '../core/attempt.ts';
import { endProcessTree, listProcessTree, type ProcessMarker } from './process-tree.ts';
import { readProcessRow } from './process-table.ts';
import { lookAtProcess, processIdentity, startProcess, type ProcessOrder } from './process.ts';

let count = 0;

/** A shell script as root of a tree, and the process numbers it prints, one a line. */
async function tree(
  script: string,
  pids: number,
): Promise<{ root: ProcessIdentity; marker: ProcessMarker; found: ProcessIdentity[]; exit: Promise<unknown> }> {
  count += 1;
  const marker = { project: `test-${process.pid}`, task: `T${count}`, token: String(count) };
  const started = await startProcess({
    command: '/bin/sh',
    args: ['-c', script],
    cwd: tmpdir(),
    environment: {
      PATH: '/usr/bin:/bin',
      ORBIT_PROJECT: marker.project,
      ORBIT_TASK: marker.task,
      ORBIT_TOKEN: marker.token,
    },
    stdin: 'ignore',
  });
  if ('fault' in started) throw new Error(started.fault);
  onTestFinished(async () => {
    await endProcessTree(started.identity, { marker, graceMs: 0, ownRoot: true });
  });
  const found: ProcessIdentity[] = [];
  let text = '';
  for await (const chunk of started.stdout) {
    text += String(chunk);
    if (text.split('\n').length > pids) break;
  }
  for (const line of text.trim().split('\n')) {
    const identity = processIdentity(Number(line));
    if (identity !== null) found.push(identity);
  }
  return { root: started.identity, marker, found, exit: started.exit };
}

const pidsOf = (rows: readonly { identity: ProcessIdentity }[] | null): number[] =>
  (rows ?? []).map((row) => row.identity.pid);
const looks = (identities: readonly ProcessIdentity[]): string[] => identities.map(lookAtProcess);

test('I15 a tree is listed with children of children and with what left it by setsid', async () => {
  const { root, marker, found } = await tree(
    '(sleep 60 & echo $!; wait) & setsid -f sh -c "echo \\$\\$; exec sleep 60"; wait',
    2,
  );
  expect(found).toHaveLength(2);
  const rows = listProcessTree(root, { marker });
  expect(rows?.[0]?.identity).toEqual(root);
  expect(pidsOf(rows)).toEqual(expect.arrayContaining(found.map(({ pid }) => pid)));
  expect(rows?.every((row) => row.cpuMs >= 0 && (row.ioBytes ?? 0) >= 0)).toBe(true);
  expect(pidsOf(rows)).not.toContain(process.pid);
});

test('I15 ending a tree takes those who ignore SIGTERM, those in groups of their own and those who escaped', async () => {
  const { root, marker, found } = await tree(
    `trap "" TERM; sleep 60 & echo $!
     setsid sh -c 'trap "" TERM; echo $$; while :; do sleep 1; done' &
     setsid -f sh -c 'echo $$; exec sleep 60'
     while :; do sleep 1; done`,
    3,
  );
  expect(found).toHaveLength(3);
  expect(await endProcessTree(root, { marker, graceMs: 50 })).toEqual({ state: 'gone', survivors: [] });
  expect(looks([root, ...found])).toEqual(['gone', 'gone', 'gone', 'gone']);
});

test('I15 a polite tree ends by SIGTERM, also when it was stopped', async () => {
  const { root, marker, exit } = await tree(`trap 'exit 7' TERM; echo $$; while :; do sleep 0.01; done`, 1);
  process.kill(root.pid, 'SIGSTOP');
  expect(await endProcessTree(root, { marker, graceMs: 30_000 })).toEqual({ state: 'gone', survivors: [] });
  expect(await exit).toEqual({ exitCode: 7, signal: null });
});

test('I15 what a dead root left behind is found by its marker, or by its group when the root was ours', async () => {
  const { root, marker, found, exit } = await tree('sleep 60 & echo $!; env -i sleep 60 & echo $!; exit 0', 2);
  await exit;
  // Only as `sleep` has the second one lost its environment.
  await expect
    .poll(() => found.map(({ pid }) => readProcessRow(pid)))
    .toMatchObject([{ name: 'sleep' }, { name: 'sleep' }]);
  expect(pidsOf(listProcessTree(root, { marker: null }))).toEqual([]);
  expect(pidsOf(listProcessTree(root, { marker }))).toEqual([found[0]?.pid]);
  expect(pidsOf(listProcessTree(root, { marker, ownRoot: true }))).toHaveLength(2);
  expect(await endProcessTree(root, { marker, graceMs: 1_000, ownRoot: true })).toEqual({
    state: 'gone',
    survivors: [],
  });
  expect(looks(found)).toEqual(['gone', 'gone']);
});

test('I15 a process whose start stamp differs is never signalled', async () => {
  const { root, exit } = await tree('echo $$; exec sleep 60', 1);
  const stranger = { ...root, startedAt: `${root.startedAt}0` };
  expect(await endProcessTree(stranger, { marker: null, graceMs: 1_000, ownRoot: true })).toEqual({
    state: 'gone',
    survivors: [],
  });
  expect(lookAtProcess(root)).toBe('alive');
  process.kill(root.pid, 'SIGKILL');
  await exit;
});

test('I15 a tree on another machine is unknown, not gone', async () => {
  const elsewhere = { host: 'elsewhere', pid: 1, startedAt: 'x' };
  expect(await endProcessTree(elsewhere, { marker: null, graceMs: 0 })).toEqual({ state: 'unknown', survivors: [] });
  expect(listProcessTree(elsewhere, { marker: null })).toBeNull();
});

test('I15 the process that ends a tree spares itself, whatever it carries', async () => {
  const self = processIdentity(process.pid);
  if (self === null) throw new Error('no identity of our own');
  expect(pidsOf(listProcessTree(self, { marker: null }))).not.toContain(process.pid);
});

test('I15 what left group, session and environment is found where it stands, and nobody else there', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-tree-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  // One that was there before, one that still has a parent, and one that the tree's root left without any thread to it.
  const before = await startProcess(sleeper(directory));
  const { root, marker, found, exit } = await tree(
    `cd ${directory} && env -i setsid -f sh -c 'echo $$; exec sleep 60'; exit 0`,
    1,
  );
  await exit;
  const after = await startProcess(sleeper(directory));
  if ('fault' in before || 'fault' in after) throw new Error('no processes');
  onTestFinished(() => {
    for (const { identity } of [before, after]) process.kill(identity.pid, 'SIGKILL');
  });
  await expect.poll(() => readProcessRow(found[0]?.pid ?? 0)).toMatchObject({ name: 'sleep' });
  expect(listProcessTree(root, { marker, ownRoot: true })).toEqual([]);
  const options = { marker, ownRoot: true, workspace: directory };
  expect(pidsOf(listProcessTree(root, options))).toEqual([found[0]?.pid]);
  rmSync(directory, { recursive: true });
  expect(await endProcessTree(root, { ...options, graceMs: 1_000 })).toEqual({ state: 'gone', survivors: [] });
  expect(looks([...found, before.identity, after.identity])).toEqual(['gone', 'alive', 'alive']);
});

function sleeper(cwd: string): ProcessOrder {
  return { command: '/bin/sleep', args: ['60'], cwd, environment: { PATH: '/usr/bin:/bin' }, stdin: 'ignore' };
}
