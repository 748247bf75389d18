/**
 * What two commits differ in, file by file, for people to read. Nothing that the repository names is run for it.
 *
 * Owns that a change of any size is read within bounds: git is ended as soon as enough was seen, a file that is large is left out before
 * it is compared, and nothing is held but what is answered.
 */
import { limits } from '../../core/limits.ts';
import type { FilePatch, PatchBounds } from '../repository.ts';
import { changesByGit } from './changes.ts';
import { spawnGit } from './run-git.ts';
import { allObjects } from './side-objects.ts';

/** See `Repository.patches`. Throws OperationalError `git-failed`. */
export async function readPatches(
  commonDirectory: string,
  { from, to, bounds }: { from: string; to: string; bounds: PatchBounds },
): Promise<FilePatch[]> {
  if (from === to) return [];
  const gitDir = allObjects(commonDirectory);
  // Git tells paths and patches in one order; its patches alone do not tell odd paths apart.
  const changes = (await changesByGit(gitDir, from, to)).slice(0, bounds.files);
  const wanted = changes.flatMap(({ path, kind }) => (kind === 'type-changed' ? [path, path] : [path]));
  const sections = await readSections(gitDir, { from, to, bounds, count: wanted.length });
  let place = 0;
  return changes.map(({ path, kind }) => {
    const parts = sections.slice(place, (place += kind === 'type-changed' ? 2 : 1));
    const texts = parts.map((section) => (section !== null && isOf(path, section) ? section : null));
    const isWhole = texts.length > 0 && texts.every((text) => text !== null);
    return { path, patch: isWhole ? texts.join('') : null };
  });
}

interface SectionOrder {
  from: string;
  to: string;
  bounds: PatchBounds;
  /** Sections of interest: the first so many. */
  count: number;
}

/**
 * The text of each section of the patch, in git's order; `null` for one that is no text or too large. Fewer than asked for where the bytes
 * or the time ran out.
 */
async function readSections(gitDir: string, order: SectionOrder): Promise<(string | null)[]> {
  const { from, to, bounds, count } = order;
  const plain = ['--no-renames', '--no-ext-diff', '--no-textconv', '--no-color', '--submodule=short'];
  const form = ['-r', '--patch', '--unified=3', '--src-prefix=a/', '--dst-prefix=b/', '--ignore-submodules=none'];
  const args = ['diff-tree', ...form, ...plain, '--end-of-options', from, to];
  const config = ['core.quotePath=false', `core.bigFileThreshold=${comparedBytesMax}`];
  const child = spawnGit(args, { gitDir, config });
  const splitter = new SectionSplitter(bounds);
  return new Promise((answer) => {
    const stop = (): void => void child.kill('SIGKILL');
    const timer = setTimeout(stop, limits.gitTimeoutMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      if (splitter.isFull) return;
      splitter.push(chunk);
      // One more has begun, so that the last of interest is whole.
      if (splitter.begun > count) splitter.isFull = true;
      if (splitter.isFull) stop();
    });
    child.stderr?.resume();
    child.once('error', () => undefined);
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code === 0) splitter.end();
      answer(splitter.sections.slice(0, count));
    });
  });
}

/** Files beyond this are not compared: git takes them for binary ones. A lockfile of a large project has two megabytes. */
const comparedBytesMax = 4_194_304;

/** A header at the beginning of a line: lines of content begin with a blank, a sign or a backslash. */
const header = Buffer.from('\ndiff --git ');

/** Cuts a patch into the sections of its files while it streams by. */
class SectionSplitter {
  readonly sections: (string | null)[] = [];
  begun = 0;
  /** No more is taken. */
  isFull = false;
  readonly #bounds: PatchBounds;
  #bytesLeft: number;
  /** Of the section that is being read; `null` before the first. */
  #parts: Buffer[] | null = null;
  #size = 0;
  /** The end of what was read, which may be the beginning of a header. */
  #tail: Buffer = Buffer.from('\n');

  constructor(bounds: PatchBounds) {
    this.#bounds = bounds;
    this.#bytesLeft = bounds.bytes;
  }

  push(chunk: Buffer): void {
    const bytes = Buffer.concat([this.#tail, chunk]);
    let at = 0;
    for (let next = bytes.indexOf(header, at); next >= 0; next = bytes.indexOf(header, at)) {
      this.#take(bytes.subarray(at, next + 1));
      this.#close();
      if (this.isFull) return;
      this.#parts = [];
      this.#size = 0;
      this.begun += 1;
      at = next + 1;
    }
    const keep = Math.max(at, bytes.length - header.length);
    this.#take(bytes.subarray(at, keep));
    this.#tail = Buffer.from(bytes.subarray(keep));
  }

  /** Nothing comes any more: the last section is whole. */
  end(): void {
    this.#take(this.#tail);
    this.#close();
  }

  #close(): void {
    if (this.#parts === null) return;
    const isHeld = this.#size <= this.#bounds.fileBytes && this.#size <= this.#bytesLeft;
    const text = isHeld ? Buffer.concat(this.#parts).toString('utf8') : null;
    this.sections.push(text === null || isBinary(text) ? null : text);
    if (this.#size <= this.#bounds.fileBytes) this.#bytesLeft -= this.#size;
    if (this.#bytesLeft <= 0) this.isFull = true;
    this.#parts = null;
  }

  #take(bytes: Buffer): void {
    if (this.#parts === null) return;
    this.#size += bytes.length;
    if (this.#size <= this.#bounds.fileBytes) this.#parts.push(Buffer.from(bytes));
    else this.#parts = [];
  }
}

function isBinary(section: string): boolean {
  return /^Binary files .* differ$/m.test(section);
}

/** Whether the section's header names the path; odd paths are quoted there, and told by their place alone. */
function isOf(path: string, section: string): boolean {
  return section.startsWith('diff --git "') || section.startsWith(`diff --git a/${path} b/${path}\n`);
}
