/**
 * The user's login, lent to an agent: files copied into its private home by an allow-list, and a renewed login copied back.
 *
 * Programs renew logins by themselves and keep the newer one in their home; lost with it, the user would have to log in
 * again. Invariants: only regular files that really lie below the user's home are read; nothing is written through a link,
 * for an agent can plant one in its home; and a file that the user changed meanwhile is never overwritten.
 */
import {
  constants,
  closeSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { limits } from '../core/limits.ts';
import { replaceFile } from '../platform/replace-file.ts';
import type { PrivateDirectories } from './agent.ts';

export interface LoginFile {
  /** Relative to the home. */
  path: string;
  /** What of its text the agent gets, `null` for nothing; default: all of it. */
  pick?(text: string): string | null;
  /** Whether a changed copy is the same login renewed, and so goes back; default: never. */
  isReturned?(before: string, after: string): boolean;
}

/** What each file of the user's held when it was lent, by path. */
export type LentLogin = ReadonlyMap<string, string>;

/** Copies the files that are there. One that cannot be read or written is left out: the program then says that it has no login. */
export function lendLogin(files: readonly LoginFile[], { home, userHome }: PrivateDirectories): LentLogin {
  const lent = new Map<string, string>();
  for (const file of files) {
    const text = readInside(userHome, file.path);
    const part = text === null || file.pick === undefined ? text : file.pick(text);
    if (text === null || part === null) continue;
    if (writeInside(home, file.path, part)) lent.set(file.path, text);
  }
  return lent;
}

/** Copies renewed logins back, each only over what was lent. Never throws. */
export function returnLogin(
  files: readonly LoginFile[],
  { home, userHome }: PrivateDirectories,
  lent: LentLogin,
): void {
  for (const file of files) {
    const [before, after] = [lent.get(file.path), readInside(home, file.path)];
    if (before === undefined || after === null || after === before) continue;
    if (file.isReturned?.(before, after) === true) replaceInside(userHome, file.path, { before, after });
  }
}

/** The text of a regular file whose real place is below the home, or `null`. */
function readInside(home: string, path: string): string | null {
  const file = realInside(home, path);
  if (file === null) return null;
  let handle: number | null = null;
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const seen = fstatSync(handle);
    return seen.isFile() && seen.size <= limits.lineBytesMax ? readFileSync(handle, 'utf8') : null;
  } catch {
    return null;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

function realInside(home: string, path: string): string | null {
  try {
    const [top, file] = [realpathSync(home), realpathSync(join(home, path))];
    return file.startsWith(top + sep) ? file : null;
  } catch {
    return null;
  }
}

/** Writes for the user alone; whatever is in the way, a planted link included, is taken away and not followed. */
function writeInside(home: string, path: string, text: string): boolean {
  const file = join(home, path);
  try {
    const folder = dirname(file);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const [top, real] = [realpathSync(home), realpathSync(folder)];
    if (real !== top && !real.startsWith(top + sep)) return false;
    rmSync(file, { force: true, recursive: lstatSync(file, { throwIfNoEntry: false })?.isDirectory() === true });
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch {
    return false;
  }
}

/** Replaces a file as a whole, so that a program of the user's never reads half of it; only if it is still what it was. */
function replaceInside(home: string, path: string, text: { before: string; after: string }): void {
  const file = realInside(home, path);
  if (file === null) return;
  try {
    replaceFile(file, text.after, () => readInside(home, path) === text.before);
  } catch {
    // The user's own program renews its login by itself; a warning to an agent's runner would reach nobody.
  }
}
