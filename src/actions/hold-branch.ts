/**
 * Moving a branch that somebody may have checked out.
 *
 * Owns the order: their index is held first, then it is looked at, then files and index go where the branch goes, then the branch, then
 * the index is free again. So what was looked at is what is moved, and no commit of theirs puts old files on the new one.
 */
import type { Store } from '../store/store.ts';
import { operational } from '../platform/system-error.ts';
import type { BranchMove, CheckoutHold, Repository } from '../workspace/repository.ts';
import { projectionPaths } from './projection-paths.ts';

interface Ports {
  repository: Repository;
  store: Pick<Store, 'plans'>;
}

/** `in-the-way`: a file could not follow, and nothing was moved. `stale`: why a checkout is not as its branch has it, `null` if it is. */
export type Moved = { outcome: 'moved' | 'refused'; stale: string | null } | { outcome: 'in-the-way'; why: string };

export interface BranchHold {
  /** Moves the checkout, if there is one, and the branch by `moveRefs`; where that is refused or throws, the checkout goes back. */
  move(moveRefs: () => Promise<boolean>): Promise<Moved>;
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
  if (found === null) return { move: async (refs) => moveFree(repository, move, refs), release: async () => undefined };
  const { directory } = found;
  if (found.dirty) return dirty(directory);
  const hold = await repository.holdCheckout(directory, move);
  if (hold === null) return locked(directory);
  try {
    const fault = await faultUnder(ports, { move, projections, directory, hold });
    if (fault === null)
      return { move: async (refs) => moveHeld(directory, hold, refs), release: async () => hold.release() };
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

async function moveHeld(directory: string, hold: CheckoutHold, moveRefs: () => Promise<boolean>): Promise<Moved> {
  const settled = async (): Promise<string | null> => {
    const fault = await hold.settle();
    return fault === null ? null : `${directory}: ${fault}`;
  };
  try {
    await hold.follow();
  } catch (error) {
    const trouble = operational(error);
    if (trouble === null) throw error;
    await settled();
    return { outcome: 'in-the-way', why: trouble.message };
  }
  try {
    const isMoved = await moveRefs();
    return { outcome: isMoved ? 'moved' : 'refused', stale: await settled() };
  } catch (error) {
    await settled();
    throw error;
  }
}

async function moveFree(repository: Repository, move: BranchMove, moveRefs: () => Promise<boolean>): Promise<Moved> {
  if (!(await moveRefs())) return { outcome: 'refused', stale: null };
  // Somebody may have switched to the branch after it was looked at and before it moved: their files are those of before.
  const found = await repository.checkedOut(move.ref);
  if (found === null || !found.dirty) return { outcome: 'moved', stale: null };
  const { directory } = found;
  const hold = await repository.holdCheckout(directory, move);
  if (hold === null) return { outcome: 'moved', stale: `${directory}: ${locked(directory).why}` };
  try {
    await hold.follow();
    return { outcome: 'moved', stale: null };
  } catch (error) {
    const trouble = operational(error);
    if (trouble === null) throw error;
    return { outcome: 'moved', stale: `${directory}: ${trouble.message}` };
  } finally {
    await hold.release();
  }
}

function dirty(directory: string): HoldFault {
  return { kind: 'dirty', directory, why: 'it has changes of its own: commit or remove them' };
}

function locked(directory: string): HoldFault {
  const why = 'another git is at work there (index.lock): if none runs, remove that file';
  return { kind: 'locked', directory, why };
}
