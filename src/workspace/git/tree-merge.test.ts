import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Random } from '../../../test/simulation/random.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import { openRepository } from './git-repository.ts';
import { endReaders } from './object-reader.ts';
import { mergeTrees } from './tree-merge.ts';

/** Path → how it stands there. */
type Files = ReadonlyMap<string, { mode: string; text: string }>;

const names = [
  '1',
  '2',
  'a/1',
  'a/2',
  'a/b/1',
  'a/b/2',
  'a/b/c/1',
  'a.b',
  'a-b',
  'd/1',
  'd/2',
  'e/1',
  'e/f/1',
  'ä/ü',
  'g',
];
const folders = ['a', 'a/b', 'd', 'e', 'h', 'h/i', 'a/j'];

test('P4 merging without git comes to the tree of git or leaves it to git, whatever was moved or changed its kind', async () => {
  using made = makeRepository({});
  const random = new Random(11);
  const cases = Array.from({ length: 1_500 }, () => {
    const base = without(new Map(names.map((name) => [name, plain(name, 0)])), random);
    return { base, ours: edited(base, random, 4), theirs: edited(base, random, 4) };
  });
  const commits = importAll(
    made,
    cases.flatMap(({ base, ours, theirs }) => [base, ours, theirs]),
  );
  const merged: { tree: string; ours: string; theirs: string }[] = [];
  for (let at = 0; at < cases.length; at += 1) {
    const [base, ours, theirs] = commits.slice(3 * at, 3 * at + 3).map((commit, side) => ({ ...commit, side }));
    if (base === undefined || ours === undefined || theirs === undefined) throw new Error('a commit is missing');
    const tree = await mergeTrees(join(made.directory, '.git'), {
      base: base.tree,
      ours: ours.tree,
      theirs: theirs.tree,
    });
    if (tree !== null) merged.push({ tree, ours: ours.commit, theirs: theirs.commit });
  }
  // Enough of both kinds to mean something.
  expect(merged.length).toBeGreaterThan(cases.length / 4);
  expect(merged.length).toBeLessThan((cases.length * 3) / 4);
  for (const directoryRenames of ['true', 'conflict']) {
    const input = merged.map(({ ours, theirs }) => `${ours} ${theirs}\n`).join('');
    const args = [
      '-c',
      `merge.directoryRenames=${directoryRenames}`,
      'merge-tree',
      '--write-tree',
      '--stdin',
      '--no-messages',
    ];
    const options = { cwd: made.directory, input, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
    // Of a clean merge: 1, the tree, an empty field.
    const answers = execFileSync('git', args, options).split('\0');
    expect(answers.slice(0, -1)).toEqual(merged.flatMap(({ tree }) => ['1', tree, '']));
  }
  expect(made.git('fsck', '--strict', '--no-dangling')).toBe('');
});

test('P4 work on other files of the same folders merges without a process of git', async () => {
  using made = makeRepository({ files: { 'a/1': '1', 'a/2': '1', 'b/1': '1', top: '1' }, objectFormat: 'sha256' });
  const base = made.git('rev-parse', 'HEAD');
  made.write({ 'a/1': '2', 'a/3': '1', 'new/1': '1' });
  const ours = made.commit('ours');
  made.git('checkout', '-q', '--detach', base);
  made.write({ 'a/2': '2', 'new/2': '9', top: '2' });
  const theirs = made.commit('theirs');
  const repository = await openRepository(made.directory);
  const before = looseObjects(made);
  const merge = await repository.merge(ours, theirs, base);
  expect(merge).toEqual({ clean: true, tree: made.git('merge-tree', '--write-tree', ours, theirs) });
  expect(looseObjects(made)).toBe(before + 3);
  // Where a group shares the repository, and where a folder is gone, git is asked.
  const trees = { base: `${base}^{tree}`, ours: `${ours}^{tree}`, theirs: `${theirs}^{tree}` };
  const ids = Object.fromEntries(Object.entries(trees).map(([side, name]) => [side, made.git('rev-parse', name)]));
  const order = ids as typeof trees;
  const gitDir = repository.commonDirectory;
  expect(await mergeTrees(gitDir, { ...order, base: '0'.repeat(64) })).toBeNull();
  chmodSync(join(gitDir, 'objects'), 0o775);
  expect(await mergeTrees(gitDir, order)).toBeNull();
  await endReaders();
});

function looseObjects({ directory }: TestRepository): number {
  const objects = join(directory, '.git', 'objects');
  const fans = readdirSync(objects).filter((name) => name.length === 2);
  return fans.flatMap((name) => readdirSync(join(objects, name))).length;
}

/** Alike enough for git to see a move, and like no other. */
function plain(name: string, version: number): { mode: string; text: string } {
  const lines = Array.from({ length: 8 }, (_, line) => `line ${line} of ${name}`);
  return { mode: '100644', text: [...lines, `version ${version}`, ''].join('\n') };
}

function without(files: Map<string, { mode: string; text: string }>, random: Random): Files {
  return new Map([...files].filter(() => random.chance(0.8)));
}

function edited(base: Files, random: Random, editsMax: number): Files {
  const files = new Map(base);
  for (let edits = random.int(1, editsMax); edits > 0; edits -= 1) edit(files, random);
  return files;
}

function edit(files: Map<string, { mode: string; text: string }>, random: Random): void {
  const path = random.pick([...files.keys(), 'new']);
  const file = files.get(path) ?? plain('new', 0);
  const kind = random.int(1, 10);
  if (kind <= 3) put(files, path, plain(path, random.int(1, 3)));
  else if (kind <= 5) put(files, `${random.pick(folders)}/${random.int(1, 6)}`, plain(`new ${random.int(1, 3)}`, 0));
  else if (kind === 6) files.delete(path);
  else if (kind === 7) {
    files.delete(path);
    put(files, random.pick([`${random.pick(folders)}/${random.int(1, 3)}`, 'moved', 'a']), file);
  } else if (kind === 8) move(files, random.pick(folders), random.pick([...folders, 'k']));
  else if (kind === 9)
    put(files, path, random.chance(0.5) ? { mode: '120000', text: 'link' } : { ...file, mode: '100755' });
  else put(files, `${path}/inside`, plain(path, 9));
}

function move(files: Map<string, { mode: string; text: string }>, from: string, to: string): void {
  const moved = [...files].filter(([path]) => path.startsWith(`${from}/`));
  for (const [path, file] of moved) {
    files.delete(path);
    put(files, `${to}${path.slice(from.length)}`, file);
  }
}

/** A file where a folder is, or the other way round, makes room. */
function put(
  files: Map<string, { mode: string; text: string }>,
  path: string,
  file: { mode: string; text: string },
): void {
  for (const other of files.keys())
    if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) files.delete(other);
  files.set(path, file);
}

/** Every third on its own, the two after it upon that one. */
function importAll(made: TestRepository, all: readonly Files[]): { commit: string; tree: string }[] {
  const stream = all.map((files, index) => {
    const base = index - (index % 3);
    const from = index === base ? '' : `from refs/heads/c${base}\n`;
    const head = `commit refs/heads/c${index}\ncommitter Ada <ada@example.org> 1790000000 +0000\n${data('Work')}${from}deleteall\n`;
    return head + [...files].map(([path, { mode, text }]) => `M ${mode} inline ${path}\n${data(text)}`).join('');
  });
  const options = { cwd: made.directory, encoding: 'utf8', maxBuffer: 2 ** 26 } as const;
  execFileSync('git', ['fast-import', '--quiet'], { ...options, input: `${stream.join('')}done\n` });
  const printed = execFileSync('git', ['for-each-ref', '--format=%(refname:lstrip=2) %(objectname) %(tree)'], options);
  const rows = new Map(printed.split('\n').map((row) => [row.split(' ')[0], row.split(' ').slice(1)]));
  return all.map((_, index) => {
    const [commit = '', tree = ''] = rows.get(`c${index}`) ?? [];
    return { commit, tree };
  });
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
