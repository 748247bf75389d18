/**
 * Keeping what an attempt made (I7): its commits at `refs/orbit/attempts/<task>/<token>`, everything else at
 * `refs/orbit/salvage/<task>/<token>`, `…-2`, `…-3`.
 *
 * Invariant: a ref here is never deleted but by a person who names it (`restore.ts`), and an attempt's ref leaves a commit only when another ref holds that. Doing it again
 * with nothing new makes no ref.
 */
import type { TaskKey } from '../../core/id.ts';
import { keyParts } from '../../core/id.ts';
import { attemptNames } from '../../core/kept-refs.ts';
import { OperationalError } from '../../platform/error.ts';
import type { Salvage } from '../workspace.ts';
import { examine, keptPatterns, stagedMark, type Examination } from './examine.ts';
import { listRefs, type Ref } from './refs.ts';
import type { RefMove } from './move-refs.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';
import type { WorkspaceRecord } from './workspace-record.ts';

/**
 * See `Workspaces.salvage`. Seven processes where a commit is new, two more for uncommitted files; four if nothing is new.
 * Throws OperationalError `git-…`; what was pinned before the error stays.
 */
export async function salvageAttempt(folder: WorkspaceFolder, record: WorkspaceRecord): Promise<Salvage[]> {
  for (let tries = 1; tries <= movesTriesMax; tries += 1) {
    const found = await examine(folder, record);
    const moves = [...(await pinMoves(folder, record, found)), ...(await snapshotMoves(folder, record, found))];
    if (moves.length === 0) return found.kept.map((ref) => describeKept(ref)).filter((kept) => kept !== null);
    // Refused: another process salvages the same attempt. What it pinned is seen in the next round.
    if (await folder.repository.moveRefs(numbered(record, found, moves))) {
      return keptWork(folder, keptPatterns(record));
    }
  }
  throw new OperationalError('git-locked', `the refs of attempt ${record.name} kept changing while they were read`, {
    hint: 'Try again.',
    retryable: true,
  });
}

/** Each refusal means that another process made progress, so a few are enough. */
const movesTriesMax = 8;

/** Refs that keep work, newest first. */
export async function keptWork(folder: WorkspaceFolder, patterns: readonly string[]): Promise<Salvage[]> {
  const refs = await listRefs(folder.commonDirectory, patterns);
  return refs.map((ref) => describeKept(ref)).filter((kept) => kept !== null);
}

function describeKept({ ref, commit, at, subject }: Ref): Salvage | null {
  const found = /^refs\/orbit\/(attempts|salvage)\/([^/]+)\/(\d+)(?:-\d+)?$/.exec(ref);
  if (found === null) return null;
  const [, folder, task = '', token] = found;
  return { task, token: Number(token), ref, commit, at, subject, kind: folder === 'attempts' ? 'attempt' : 'salvage' };
}

/** A move whose ref is to be the attempt's next free salvage ref. */
type Pin = RefMove | { to: string };

async function pinMoves(folder: WorkspaceFolder, record: WorkspaceRecord, found: Examination): Promise<Pin[]> {
  const { ref } = attemptNames(record.key, record.token);
  const head = found.head?.commit ?? null;
  const before = found.kept.find((kept) => kept.ref === ref)?.commit ?? null;
  const others = found.unpinned.filter((commit) => commit !== head).map((to) => ({ to }));
  const isPlain = head === record.base && record.carried !== true;
  if (head === null || head === before || isPlain) return others;
  // Back or aside (amend, reset, rebase): what the ref held until now gets a ref of its own.
  const leaves = before !== null && !(await folder.repository.isAncestor(before, head)) ? [{ to: before }] : [];
  return [{ ref, from: before, to: head }, ...leaves, ...others];
}

async function snapshotMoves(folder: WorkspaceFolder, record: WorkspaceRecord, found: Examination): Promise<Pin[]> {
  if (found.snapshot === null || found.snapshotKept || found.head === null) return [];
  const { tree, index } = found.snapshot;
  const head = found.head.commit;
  const title = `task ${keyParts(record.key).task}, attempt ${record.token}`;
  const atMs = Date.now();
  const commit = async (content: string, parents: string[], message: string): Promise<string> =>
    folder.repository.commit({ tree: content, parents, message, atMs });
  if (index === null) return [{ to: await commit(tree, [head], `Uncommitted work of ${title}\n`) }];
  const staged = await commit(index, [head], `Staged work of ${title}\n`);
  return [{ to: await commit(tree, [head, staged], `Uncommitted work of ${title}\n\n${stagedMark(index)}\n`) }];
}

function numbered(record: WorkspaceRecord, found: Examination, pins: readonly Pin[]): RefMove[] {
  const { salvage } = attemptNames(record.key, record.token);
  const taken = new Set(found.kept.map(({ ref }) => ref));
  let number = 0;
  const nextFree = (): string => {
    for (;;) {
      number += 1;
      const ref = number === 1 ? salvage : `${salvage}-${number}`;
      if (!taken.has(ref)) return ref;
    }
  };
  return pins.map((pin) => ('ref' in pin ? pin : { ref: nextFree(), from: null, to: pin.to }));
}

/** Stands in for the record of an attempt that has none: only its branch and its refs are known. */
export function recordOf(key: TaskKey, token: number): WorkspaceRecord {
  const { branch, workspace: name } = attemptNames(key, token);
  return { key, token, name, directory: '', branch, base: '', admin: null, ready: false, brought: [] };
}
