/** Where the workspaces of a repository are, and what all parts of this folder need to know about it. */
import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError } from '../../platform/error.ts';
import { lockOneOf, type FileLock } from '../../platform/file-lock.ts';
import { limits } from '../../core/limits.ts';
import type { Repository } from '../repository.ts';
import type { KeptSetUp, SetUpState } from '../workspace.ts';

export interface WorkspaceFolder {
  repository: Repository;
  commonDirectory: string;
  /** Top of the main checkout. */
  top: string;
  /** Holds the workspaces. */
  root: string;
  checkoutsAtOnceMax: number;
  /** Ignored paths that stay in a directory for its next user, as patterns of `.gitignore`. */
  caches: readonly string[];
  /** The set-up whose result is kept; `null`: none. */
  setUp(): KeptSetUp | null;
  /** The set-ups of the directories that this process made, by directory. */
  setUps: Map<string, SetUpState>;
  /** Told why something was left alone. */
  note(text: string): void;
}

/** Makes the folder. Throws OperationalError `workspace-unsafe` if it is a link: what is written there would land elsewhere. */
export async function ensureRoot(folder: WorkspaceFolder): Promise<void> {
  const found = await lstat(folder.root).catch(() => null);
  if (found === null) await mkdir(folder.root, { recursive: true });
  else if (!found.isDirectory()) {
    throw new OperationalError('workspace-unsafe', `${folder.root} is not a directory of its own`, {
      hint: 'Remove it, or name another folder in workspace.directory of orbit.config.json.',
    });
  }
}

/** Holds the lock of one name, across processes, while `action` runs. Throws OperationalError `git-locked` after `lockWaitMs`. */
export async function withLock<T>(
  folder: WorkspaceFolder,
  names: readonly string[],
  action: () => Promise<T>,
): Promise<T> {
  const paths = names.map((name) => lockPath(folder, name));
  const lock: FileLock | null = await lockOneOf(paths, limits.lockWaitMs);
  if (lock === null) {
    throw new OperationalError('git-locked', `waited ${limits.lockWaitMs} ms for ${paths.join(' or ')}`, {
      hint: 'The file names its owner. If that process is gone, remove the file.',
      retryable: true,
    });
  }
  try {
    return await action();
  } finally {
    await lock.release();
  }
}

export function lockPath(folder: WorkspaceFolder, name: string): string {
  return join(lockFolder(folder.commonDirectory), `${name}.lock`);
}

export function lockFolder(commonDirectory: string): string {
  return join(commonDirectory, 'orbit', 'locks');
}

/** The one lock around everything that adds to or removes from git's list of worktrees. */
export const registrationLock = 'worktrees';

/** Writing a checkout is disk work: more at once than there are cores gains nothing and slows the rest (32 at once: 44 s). */
export function checkoutLocks(folder: WorkspaceFolder): string[] {
  return Array.from({ length: Math.max(1, folder.checkoutsAtOnceMax) }, (_, index) => `checkout-${index + 1}`);
}
