/**
 * Git's own lock on the index of a checkout, held by Orbit while it moves the checkout and its branch.
 *
 * Invariants: nobody commits the old files over what landed, for every git that would is refused by git itself; a lock of others stays;
 * a lock of ours whose owner was killed is taken over, and the move that its note tells is finished or taken back before anything else.
 * Since git cannot lock what we hold, the new index is made beside the old one and renamed onto it.
 */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../../core/limits.ts';
import { takeSharedLock, type SharedLock } from '../../platform/file-lock.ts';
import type { BranchMove, CheckoutHold } from '../repository.ts';
import { finishFollowing, follow, followFault, indexBeside, type IndexPlace } from './follow-branch.ts';
import { headCommit } from './head.ts';
import { isObjectId, readCommits } from './objects.ts';
import { isInUse } from './open-files.ts';
import { runGit } from './run-git.ts';
import { sweepBesideIndex } from './sweep.ts';

/**
 * Takes the lock for this move; `null` while somebody else holds it longer than a git that only looks does. Heals first what a kill
 * left.
 */
export async function lockIndex(place: IndexPlace, move: BranchMove): Promise<CheckoutHold | null> {
  const deadline = performance.now() + limits.indexLockWaitMs;
  for (;;) {
    const lock = await takeLock(place, move);
    if (lock?.left === null) return heldLock(place, { lock, move });
    if (lock !== null) await mendUnder(place, lock);
    else if (performance.now() >= deadline) return null;
    else await wait(pollMs);
  }
}

const pollMs = 10;

/**
 * Finishes what an owner that was killed left; does nothing where there is nothing of that kind. `waits`: a git that the owner had
 * started is still at work there, for no longer than a git may be.
 */
export async function mendIndex(place: IndexPlace): Promise<'nothing' | 'mended' | 'waits'> {
  const names = await readdir(place.gitDir).catch(() => []);
  // A lock that is not there is taken for a moment only where there is something to clear up beside it.
  if (!names.some((name) => /^index\.(?:lock|orbit)/.test(name))) return 'nothing';
  let waits = false;
  const lock = await takeLock(place, null, () => (waits = true));
  if (lock === null) return waits && (await isYoung(lockPath(place))) ? 'waits' : 'nothing';
  await mendUnder(place, lock);
  return lock.left === null ? 'nothing' : 'mended';
}

function lockPath({ gitDir }: IndexPlace): string {
  return join(gitDir, 'index.lock');
}

/** @param onWritten told that a git which a dead owner started may still write files there. */
async function takeLock(
  place: IndexPlace,
  move: BranchMove | null,
  onWritten: () => void = () => undefined,
): Promise<SharedLock | null> {
  return takeSharedLock(lockPath(place), {
    note: JSON.stringify(move),
    mayTake: async ({ nonce }) => {
      const written = await isWritten(`${indexBeside(place, nonce)}.lock`);
      if (written) onWritten();
      return !written;
    },
  });
}

/** Whether a git still has its lock on an index of ours open; where that cannot be told, for as long as a git may run. */
async function isWritten(lock: string): Promise<boolean> {
  if ((await stat(lock).catch(() => null)) === null) return false;
  return (await isInUse(lock)) ?? isYoung(lock);
}

async function isYoung(lock: string): Promise<boolean> {
  const found = await stat(lock).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs < 2 * limits.gitTimeoutMs;
}

function heldLock(place: IndexPlace, { lock, move }: { lock: SharedLock; move: BranchMove }): CheckoutHold {
  const { nonce } = lock;
  // Where index and files are; `null`: between the two, or nobody knows.
  let at: string | null = lock.left === null ? move.from : null;
  return {
    fault: async () => followFault(place, { nonce, move }),
    follow: async () => {
      at = null;
      await follow(place, { nonce, move });
      at = move.to;
    },
    settle: async () => {
      const goal = await goalOf(place, move);
      if (goal === null || goal === at) return null;
      const way = goal === move.to ? move : { ...move, from: move.to, to: move.from };
      const fault = await finishFollowing(place, { nonce, move: way });
      if (fault === null) at = goal;
      return fault;
    },
    release: async () => lock.release(),
  };
}

/** Which end of the move the files belong to; `null` if HEAD cannot be read. */
async function goalOf(place: IndexPlace, { from, to }: BranchMove): Promise<string | null> {
  const head = await headCommit(place);
  if (head === null || head === from || head === to) return head;
  const [now, wanted] = await readCommits(place.commonDirectory, [head, to]);
  if (now === undefined || wanted === undefined || now === null || wanted === null) return null;
  // A commit that began before the lock was taken, and whose hook made git read the index again after the files had followed.
  if (now.tree === wanted.tree) return to;
  const holds = ['merge-base', '--is-ancestor', '--end-of-options', to, head];
  const { exitCode } = await runGit(holds, { gitDir: place.commonDirectory, accept: [0, 1] });
  return exitCode === 0 ? to : from;
}

/** Releases the lock in the end, whatever came of it: files that cannot follow are a person's, and are told as changes of theirs. */
async function mendUnder(place: IndexPlace, lock: SharedLock): Promise<void> {
  try {
    await sweepBesideIndex(place.gitDir);
    const move = moveIn(lock.left?.note ?? '');
    if (move !== null) await heldLock(place, { lock, move }).settle();
  } finally {
    await lock.release();
  }
}

function moveIn(note: string): BranchMove | null {
  try {
    const { ref, from, to } = (JSON.parse(note) ?? {}) as Partial<BranchMove>;
    if (typeof ref !== 'string' || !isObjectId(from ?? '') || !isObjectId(to ?? '')) return null;
    return { ref, from, to } as BranchMove;
  } catch {
    return null;
  }
}
