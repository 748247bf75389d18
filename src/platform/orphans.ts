/**
 * Processes that nobody owns any more and that stand in a directory which one attempt owns: what its agent's tools left behind
 * with another process group and another environment.
 *
 * Invariant: whoever might be a person's is left alone. So only those count that started after the attempt's agent, run under
 * this user, have no terminal, and were handed to the system's reaper because their own parent is gone.
 */
import { readlinkSync, realpathSync, statSync } from 'node:fs';
import { sep } from 'node:path';
import type { ProcessRow } from './process-table.ts';

export interface OwnedDirectory {
  /** Absolute path; it may be gone already. */
  directory: string;
  /** Start stamp of the attempt's agent; see `ProcessIdentity`. */
  since: string;
}

/** Where the system does not tell working directories: none. */
export function orphansIn(table: readonly ProcessRow[], { directory, since }: OwnedDirectory): ProcessRow[] {
  if (process.platform !== 'linux' || process.getuid === undefined) return [];
  const user = process.getuid();
  const reapers = new Set(table.filter(isReaper).map((row) => row.pid));
  const place = canonical(directory);
  return table.filter(
    (row) =>
      row.pid !== process.pid &&
      !row.zombie &&
      !row.terminal &&
      reapers.has(row.parent) &&
      isSince(row.startedAt, since) &&
      isInside(row.pid, place) &&
      ownerOf(row.pid) === user,
  );
}

/**
 * Number 1, and what service managers and container engines put between it and everybody else. A shell that a person started
 * is a parent like any other and no reaper.
 */
function isReaper({ pid, name }: ProcessRow): boolean {
  return pid === 1 || reaperNames.has(name);
}

const reaperNames: ReadonlySet<string> = new Set([
  'systemd',
  'init',
  'tini',
  'dumb-init',
  'docker-init',
  'catatonit',
  'conmon',
  'containerd-shim',
  's6-svscan',
]);

/** Stamps are `<boot>/<ticks since boot>`; those of different boots cannot be compared and prove nothing. */
function isSince(stamp: string, since: string): boolean {
  const [boot, ticks] = stamp.split('/');
  const [sinceBoot, sinceTicks] = since.split('/');
  return boot === sinceBoot && sinceTicks !== undefined && Number(ticks) >= Number(sinceTicks);
}

function isInside(pid: number, place: string): boolean {
  try {
    // The kernel marks a directory that was removed while somebody stands in it.
    const at = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
    return at === place || at.startsWith(place + sep);
  } catch {
    return false;
  }
}

function ownerOf(pid: number): number | null {
  try {
    return statSync(`/proc/${pid}`).uid;
  } catch {
    return null;
  }
}

function canonical(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
