/**
 * The directories that an attempt's agent has for itself: a home and a place for temporary files.
 *
 * Owns their names, which follow from project and token alone, so that whoever clears up after a crash finds them. Agents that
 * shared a home were seen to overwrite each other's settings and to talk to the wrong endpoint.
 */
import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrivateDirectories } from '../agent/agent.ts';
import { OperationalError } from '../platform/error.ts';
import { sha256 } from '../platform/sha256.ts';

export interface PrivatePlace {
  /** Orbit's own directory of the project. */
  orbitDirectory: string;
  token: number;
}

/** Where they are, whether or not they exist. */
export function privateDirectories(place: PrivatePlace, userHome: string | undefined): PrivateDirectories {
  return {
    home: join(homesOf(place.orbitDirectory), String(place.token)),
    temporary: join(tmpdir(), `${temporaryPrefix(place.orbitDirectory)}${place.token}`),
    userHome: userHome ?? homedir(),
  };
}

/** The folder with the homes of all attempts of a project, each named by its token. */
function homesOf(orbitDirectory: string): string {
  return join(orbitDirectory, 'homes');
}

/** What the names of a project's temporary directories begin with; the token follows. Short, for the sockets in them. */
function temporaryPrefix(orbitDirectory: string): string {
  return `orbit-${sha256(orbitDirectory).slice(0, 10)}-`;
}

/** Where all attempts of a project have theirs; the token follows the prefix. */
export function privatePlaces(orbitDirectory: string): { folder: string; prefix: string }[] {
  return [
    { folder: homesOf(orbitDirectory), prefix: '' },
    { folder: tmpdir(), prefix: temporaryPrefix(orbitDirectory) },
  ];
}

/** Makes both for the user alone. Throws `OperationalError` `file-unwritable` where somebody else has such a directory. */
export function makePrivateDirectories({ home, temporary }: PrivateDirectories): void {
  for (const directory of [home, temporary]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const seen = lstatSync(directory);
    if (seen.isDirectory() && (process.getuid === undefined || seen.uid === process.getuid())) continue;
    throw new OperationalError('file-unwritable', `${directory} belongs to somebody else.`, {
      hint: 'Remove it, or set TMPDIR to a directory of your own.',
    });
  }
}

export function removePrivateDirectories({ home, temporary }: PrivateDirectories, keep: { home: boolean }): void {
  rmSync(temporary, { recursive: true, force: true });
  if (!keep.home) rmSync(home, { recursive: true, force: true });
}

/** Makes the home of an earlier attempt that of a later one; `false` where it is not there any more. */
export function takeOverHome(from: string, to: string): boolean {
  try {
    rmSync(to, { recursive: true, force: true });
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
