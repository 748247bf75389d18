/**
 * Generated repositories: as large as a measure needs, the same each time.
 *
 * Owns their content. They are written through `git fast-import`, because thousands of files and branches are made in a second
 * that way.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { Random } from '../test/simulation/random.ts';
import { environmentOf } from './processes.ts';

export interface RepositoryOrder {
  directory: string;
  files: number;
  /** Branches `work-1` … from the first commit; each changes two files that no other changes, and adds one. */
  branches?: number;
}

export interface GeneratedRepository {
  directory: string;
  /** Commit of `main`, and of the branches in their order. */
  base: string;
  branches: readonly string[];
  git(...args: readonly string[]): string;
}

const filesPerFolder = 40;
const linesPerFile = 40;

export function generateRepository({ directory, files, branches = 0 }: RepositoryOrder): GeneratedRepository {
  mkdirSync(directory, { recursive: true });
  const run = (args: readonly string[], input?: string): string =>
    execFileSync('git', args, {
      cwd: directory,
      env: environmentOf({}),
      encoding: 'utf8',
      input,
      maxBuffer: 2 ** 28,
    }).trim();
  run(['init', '--quiet', '--initial-branch=main']);
  for (const [name, value] of [
    ['user.name', 'Ada'],
    ['user.email', 'ada@example.org'],
    ['gc.auto', '0'],
  ] as const) {
    run(['config', name, value]);
  }
  run(['fast-import', '--quiet'], stream(files, branches));
  run(['reset', '--quiet', '--hard', 'main']);
  const names = Array.from({ length: branches }, (_, index) => `refs/heads/work-${index + 1}`);
  const [base = '', ...tips] = run(['rev-parse', 'refs/heads/main', ...names]).split('\n');
  return { directory, base, branches: tips, git: (...args) => run(args) };
}

/** Path of the file with this number. */
export function filePath(number: number): string {
  return `src/part-${Math.floor(number / filesPerFolder)}/file-${number}.ts`;
}

function stream(files: number, branches: number): string {
  const random = new Random(1);
  const text = Array.from({ length: files }, (_, number) => textOf(number, random));
  const parts = [
    commitHead('main', 'Start', null),
    ...text.map((content, number) => modify(filePath(number), content)),
  ];
  for (let index = 0; index < branches; index += 1) {
    parts.push(commitHead(`work-${index + 1}`, `Work ${index + 1}`, 'refs/heads/main'));
    for (const number of [2 * index, 2 * index + 1])
      parts.push(modify(filePath(number), edited(text[number] ?? '', index)));
    parts.push(modify(`src/new/file-${index + 1}.ts`, `export const added = ${index};\n`));
  }
  return `${parts.join('')}done\n`;
}

function commitHead(branch: string, subject: string, from: string | null): string {
  const head = `commit refs/heads/${branch}\ncommitter Ada <ada@example.org> 1790000000 +0000\n${data(subject)}`;
  return from === null ? head : `${head}from ${from}\n`;
}

function modify(path: string, content: string): string {
  return `M 100644 inline ${path}\n${data(content)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function textOf(number: number, random: Random): string {
  const lines = Array.from(
    { length: linesPerFile },
    (_, line) => `export const value${number}x${line} = ${random.int(0, 1_000_000_000)};`,
  );
  return `${lines.join('\n')}\n`;
}

function edited(text: string, index: number): string {
  const lines = text.split('\n');
  lines[20] = `export const edited = ${index};`;
  return lines.join('\n');
}
