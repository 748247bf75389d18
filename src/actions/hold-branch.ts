/**
 * Moving a branch that somebody may have checked out.
 *
 * Owns the order: their index is held first, then it is looked at, then the branch moves and the files follow, then the index is free
 * again. So what was looked at is what is moved, and no commit of theirs comes between the branch and its files.
 */
import { OperationalError } from '../platform/error.ts';
import { operational } from '../platform/system-error.ts';
import type { Store } from '../store/store.ts';
import type { BranchMove, CheckoutHold, Repository } from '../workspace/repository.ts';
import { projectionPaths } from './projection-paths.ts';

interface Ports {
  repository: Repository;
  store: Pick<Store, 'plans'>;
}

/** The branch may be moved while this is held. */
export interface BranchHold {
  /** Brings the checkout after the branch, if there is one. Throws `OperationalError` that names it where it cannot follow. */
  refresh(): Promise<void>;
  release(): Promise<void>;
}

/**
 * `dirty`: there are changes of somebody's own; `locked`: another git is at work; `in-the-way`: a file would be overwritten; `moved`: the
 * branch is not where it was.
 */
export interface HoldFault {
  kind: 'dirty' | 'locked' | 'in-the-way' | 'moved';
  directory: string;
  why: string;
}

export async function holdBranch(ports: Ports, move: BranchMove): Promise<BranchHold | HoldFault> {
  const { repository } = ports;
  const projections = await projectionPaths(ports.store);
  const found = await repository.checkedOut(move.ref, projections);
  if (found === null) return { refresh: async () => refreshLate(repository, move), release: async () => undefined };
  const { directory } = found;
  if (found.dirty) return dirty(directory);
  const hold = await repository.holdCheckout(directory, move);
  if (hold === null) return locked(directory);
  try {
    const fault = await faultUnder(ports, { move, projections, directory, hold });
    if (fault === null)
      return { refresh: async () => named(directory, hold.refresh()), release: async () => hold.release() };
    await hold.release();
    return fault;
  } catch (error) {
    await hold.release();
    throw error;
  }
}

/** What came between the first look and the lock: nothing comes after it. */
async function faultUnder(
  { repository }: Ports,
  {
    move,
    projections,
    directory,
    hold,
  }: { move: BranchMove; projections: readonly string[]; directory: string; hold: CheckoutHold },
): Promise<HoldFault | null> {
  const again = await repository.checkedOut(move.ref, projections);
  const tip = await repository.resolve(move.ref);
  if (again?.directory !== directory || (tip !== null && tip !== move.from))
    return { kind: 'moved', directory, why: 'somebody moved or left it this moment' };
  if (again.dirty) return dirty(directory);
  const why = await hold.fault();
  return why === null ? null : { kind: 'in-the-way', directory, why };
}

/** Somebody may have switched to the branch after it was looked at and before it moved: their files are those of before. */
async function refreshLate(repository: Repository, move: BranchMove): Promise<void> {
  const found = await repository.checkedOut(move.ref);
  if (found === null) return;
  const hold = await repository.holdCheckout(found.directory, move);
  if (hold === null) {
    const hint = `git -C ${found.directory} status shows what it lacks`;
    throw new OperationalError('git-locked', `${found.directory}: ${locked(found.directory).why}`, { hint });
  }
  try {
    await named(found.directory, hold.refresh());
  } finally {
    await hold.release();
  }
}

async function named(directory: string, refresh: Promise<void>): Promise<void> {
  try {
    await refresh;
  } catch (error) {
    const trouble = operational(error);
    if (trouble === null) throw error;
    const { code, message, hint, retryable } = trouble;
    throw new OperationalError(code, `${directory}: ${message}`, { hint, retryable });
  }
}

function dirty(directory: string): HoldFault {
  return { kind: 'dirty', directory, why: 'it has changes of its own: commit or remove them' };
}

function locked(directory: string): HoldFault {
  const why = 'another git is at work there (index.lock): if none runs, remove that file';
  return { kind: 'locked', directory, why };
}
