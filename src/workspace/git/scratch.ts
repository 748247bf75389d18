/**
 * A throw-away git directory over the repository's objects, for runs that would otherwise obey the shared config.
 *
 * Agents can write the repository's config, hooks and attributes. What looks at their files (status, snapshots) or merges their
 * commits runs with `--git-dir=<scratch>` instead: its config is Orbit's, its objects are the repository's, its refs are none.
 * So no filter, merge driver, monitor or hook that stands in the repository's config is known there. What stands in the user's own
 * config still is. The price: a filter that only the repository's config names (git-crypt, LFS installed with --local) is not run, so
 * a file that such a filter changes looks edited once its time stamp differs from the index.
 */
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { lookAtProcess, processIdentity } from '../../platform/process.ts';
import { runGit, type GitOptions, type GitResult } from './run-git.ts';
import { splitNul } from './objects.ts';

export interface Scratch extends AsyncDisposable {
  directory: string;
  /** Runs git there; `git-dir` and the object store are set. */
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
}

export interface ScratchContent {
  /** Commit that HEAD is at; without one HEAD is unborn. */
  head?: string;
  /** An index to start from, with its stat data; skipped if it is not there. */
  index?: string;
  /** Lines added to the repository's own `info/exclude`. */
  exclude?: readonly string[];
  /** Content of `info/attributes`. */
  attributes?: Uint8Array;
  /** Where new objects go, and where those of the repository can be read; default: the repository's own. */
  objects?: string;
}

/**
 * Makes one below `<common>/orbit/scratch`; no process but once per repository for its settings. The few small files are written
 * synchronously: that takes a fifth of a millisecond, and many times that through the thread pool of a busy machine.
 */
export async function makeScratch(commonDirectory: string, content: ScratchContent): Promise<Scratch> {
  const settings = await settingsOf(commonDirectory);
  const directory = join(scratchFolder(commonDirectory), nextName());
  const write = (name: string, text: string | Uint8Array): void => writeFileSync(join(directory, name), text);
  for (const name of ['objects', 'refs', 'info']) mkdirSync(join(directory, name), { recursive: true });
  write('HEAD', `${content.head ?? 'ref: refs/heads/none'}\n`);
  write('config', settings);
  write('info/exclude', excludeLines(commonDirectory, content.exclude ?? []));
  if (content.attributes !== undefined) write('info/attributes', content.attributes);
  // Files are compared as they were checked out: what stands there holds for every checkout, too.
  else if (content.index !== undefined)
    copyIfThere(join(commonDirectory, 'info', 'attributes'), join(directory, 'info', 'attributes'));
  copyIfThere(join(commonDirectory, 'shallow'), join(directory, 'shallow'));
  if (content.index !== undefined) copyIndex(content.index, join(directory, 'index'));
  const environment = { GIT_OBJECT_DIRECTORY: content.objects ?? join(commonDirectory, 'objects') };
  return {
    directory,
    run: async (args, options = {}) =>
      runGit(args, { ...options, gitDir: directory, environment: { ...environment, ...options.environment } }),
    [Symbol.asyncDispose]: async () => rm(directory, { recursive: true, force: true }),
  };
}

export function scratchFolder(commonDirectory: string): string {
  return join(commonDirectory, 'orbit', 'scratch');
}

let made = 0;

/** Names its maker, so that what a killed process left is told from what is in use: see `isOrphan`. */
export function nextName(): string {
  made += 1;
  return `${hostname()}~${process.pid}~${ownStamp()}~${made}~${Math.random().toString(36).slice(2, 10)}`;
}

let stamp: string | undefined;

function ownStamp(): string {
  // Stamps hold slashes on some systems.
  stamp ??= Buffer.from(processIdentity(process.pid)?.startedAt ?? '').toString('base64url');
  return stamp;
}

/** Whether the process that made this directory is seen to be gone. */
export function isOrphan(path: string): boolean {
  const [host = '', pid = '', code = ''] = basename(path).split('~');
  const startedAt = Buffer.from(code, 'base64url').toString();
  return /^\d+$/.test(pid) && lookAtProcess({ host, pid: Number(pid), startedAt }) === 'gone';
}

/** What decides how files of this checkout compare with objects, and cannot start anything. */
const copiedSettings =
  '^(core\\.(autocrlf|eol|safecrlf|filemode|ignorecase|symlinks|precomposeunicode|excludesfile|bigfilethreshold)|extensions\\.objectformat)$';

const knownSettings = new Map<string, Promise<string>>();

async function settingsOf(commonDirectory: string): Promise<string> {
  let text = knownSettings.get(commonDirectory);
  if (text === undefined) {
    text = readSettings(commonDirectory);
    knownSettings.set(commonDirectory, text);
    text.catch(() => knownSettings.delete(commonDirectory));
  }
  return text;
}

async function readSettings(commonDirectory: string): Promise<string> {
  const query = ['config', '-z', '--get-regexp', copiedSettings];
  const { stdout } = await runGit(query, { gitDir: commonDirectory, accept: [0, 1] });
  const copied = splitNul(stdout).map((entry) => {
    const cut = entry.indexOf('\n');
    const [section = '', name = ''] = entry.slice(0, cut === -1 ? undefined : cut).split('.');
    return `[${section}]\n\t${name} = ${quote(cut === -1 ? 'true' : entry.slice(cut + 1))}\n`;
  });
  // With sparse checkout on, git clears the mark "skip" of files that are there: an agent cannot hide an edit behind it.
  const own = '[core]\n\trepositoryFormatVersion = 1\n\tbare = false\n\tsparseCheckout = true\n';
  return own + copied.join('');
}

function quote(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

function excludeLines(commonDirectory: string, more: readonly string[]): string {
  const path = join(commonDirectory, 'info', 'exclude');
  const shared = isFile(path) ? readFileSync(path, 'utf8') : '';
  return `${shared}\n${more.join('\n')}\n`;
}

/** Somebody may have put a pipe there, which would keep this process waiting for ever. */
function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function copyIfThere(from: string, to: string): void {
  if (!isFile(from)) return;
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/**
 * With its time stamp: git reads a file whose stamp is not older than the index, because it may have been edited after it was
 * added, within a tick of the clock. Under a younger copy such an edit of the same length would be taken for nothing.
 */
export function copyIndex(from: string, to: string): void {
  copyIfThere(from, to);
  const written = statSync(from, { throwIfNoEntry: false })?.mtime;
  if (written !== undefined && existsSync(to)) utimesSync(to, written, written);
}
