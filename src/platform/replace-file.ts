/**
 * Replaces a file whole: a reader sees the old text or the new one, never a part, and a crash leaves one of the two.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperationalError } from './error.ts';
import { readProcessRow } from './process-table.ts';

let drafts = 0;

/**
 * Keeps the mode of a file that is there. Throws OperationalError: `disk-full`, `file-unwritable`.
 * @param before called after the draft was written and before it takes the file's place; `false` drops it.
 */
export function replaceFile(path: string, text: string, before: () => boolean = () => true): boolean {
  drafts += 1;
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}-${drafts}.draft`);
  try {
    mkdirSync(dirname(path), { recursive: true });
    removeOldDrafts(path);
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    writeFileSync(draft, text, { flag: 'wx', ...(mode === undefined ? {} : { mode: mode & 0o777 }) });
    if (!before()) return false;
    renameSync(draft, path);
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const full = code === 'ENOSPC' || code === 'EDQUOT';
    throw new OperationalError(full ? 'disk-full' : 'file-unwritable', `${path} cannot be written: ${message}`, {
      hint: full ? 'free some disk space and try again' : 'make the folder writable and try again',
      retryable: full,
      cause: error,
    });
  } finally {
    rmSync(draft, { force: true });
  }
}

const looked = new Set<string>();

/** What a process that was killed between draft and renaming left of this file; looked for once, before the first draft. */
function removeOldDrafts(path: string): void {
  if (looked.has(path)) return;
  looked.add(path);
  const [folder, start] = [dirname(path), `.${basename(path)}.`];
  for (const name of readdirSync(folder)) {
    const pid = name.startsWith(start) ? /^(\d+)-\d+\.draft$/.exec(name.slice(start.length))?.[1] : undefined;
    if (pid !== undefined && readProcessRow(Number(pid)) === 'gone') rmSync(join(folder, name), { force: true });
  }
}
