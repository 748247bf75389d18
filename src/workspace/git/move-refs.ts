/** Moving refs: all of a list or none, each only from the value it is known to have (I8). */
import { assert } from '../../platform/error.ts';
import { gitError, isRefusedMove } from './git-error.ts';
import { isObjectId } from './objects.ts';
import { runGit } from './run-git.ts';
import { removeStaleLock } from './stale-lock.ts';

export interface RefMove {
  ref: string;
  /** `null`: must not exist. */
  from: string | null;
  /** `null`: delete. */
  to: string | null;
}

/**
 * Moves refs in one transaction; `false`, and nothing moved, when an old value did not fit. A symbolic ref in the list is replaced, not
 * followed: whoever made it must not redirect the move.
 * Throws OperationalError `git-locked` when another git holds one of the refs, `git-failed` for a missing object or a name that is
 * below or above an existing ref.
 */
export async function moveRefs(gitDir: string, moves: readonly RefMove[]): Promise<boolean> {
  if (moves.length === 0) return true;
  const input = ['start', ...moves.map((move) => commandOf(move)), 'prepare', 'commit', ''].join('\n');
  const args = ['update-ref', '--no-deref', '--stdin'];
  const refs = moves.map(({ ref }) => ref);
  for (;;) {
    const result = await runGit(args, { gitDir, input, accept: [0, 128] });
    if (result.exitCode === 0) return true;
    if (isRefusedMove(result.stderr)) return false;
    // Each round removes a lock, of which there are as many as refs at most.
    if (!(await removeStaleLock(gitDir, refs, result.stderr)))
      throw gitError([...args, ...refs], { ...result, fault: null });
  }
}

function commandOf({ ref, from, to }: RefMove): string {
  assert(isFullRef(ref), `${JSON.stringify(ref)} is no full ref`);
  for (const id of [from, to]) assert(id === null || isObjectId(id), `${JSON.stringify(id)} is no object id`);
  if (from === null) return to === null ? `verify ${ref}` : `create ${ref} ${to}`;
  return to === null ? `delete ${ref} ${from}` : `update ${ref} ${to} ${from}`;
}

/** The part of git-check-ref-format that keeps a ref on its line and in its place; git itself checks the rest. */
function isFullRef(ref: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  return /^refs\/[^\u0000- ~^:?*[\\\u007f]+$/.test(ref) && !ref.includes('..') && !ref.includes('@{');
}
