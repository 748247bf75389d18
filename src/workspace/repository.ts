/**
 * The repository port: commits, merges without a checkout, and the target's one move.
 *
 * All ids are full commit ids, all refs full names. Nothing here touches a working directory, but what follows a branch.
 * Errors: `OperationalError` with a `git-…` code; a conflict or a moved target is an answer, not an error.
 */
import type { PathChange } from '../core/path-change.ts';
import type { Changes } from '../core/path-set.ts';

export type Merge =
  | { clean: true; tree: string }
  | { clean: false; tree: string; paths: readonly string[]; messages: readonly string[] };

/** Two commits to merge for a look. With `base` only what each changed since then is merged. */
export interface MergePair {
  ours: string;
  theirs: string;
  base: string | null;
}

/** Commits put onto another base; on a conflict both sides stand in `tree`, with markers. */
export type Replay =
  | { clean: true; commit: string; tree: string }
  | { clean: false; tree: string; paths: readonly string[] };

export interface ReplayOrder {
  /** The commits `from..to`. */
  from: string;
  to: string;
  onto: string;
  /** Of the one commit that stands for them where they are no plain line from `from`, such as with merges among them. */
  message: string;
}

/** What is read of a change at most. */
export interface PatchBounds {
  files: number;
  /** Of one path's patch. */
  fileBytes: number;
  /** Of all together. */
  bytes: number;
}

export interface FilePatch {
  path: string;
  /** As `git diff` prints it, from its header on, with characters as they are; `null`: no text, or beyond the bounds. */
  patch: string | null;
}

/** A branch on its way from a commit to another. */
export interface BranchMove {
  ref: string;
  from: string;
  to: string;
}

/** See {@link Repository.holdCheckout}. */
export interface CheckoutHold {
  /** What `follow` would fail with, as a sentence, before anything is written; `null` if it can be done. */
  fault(): Promise<string | null>;
  /**
   * Brings index and files to where the branch goes. Before the branch: a `git commit` that reads HEAD and then the index, and takes the
   * lock only after that, so never finds old files under the new commit. Throws `git-failed` where a file is in the way; then nothing
   * was written.
   */
  follow(): Promise<void>;
  /**
   * Brings index and files to what HEAD has come to: back where the branch did not move, or HEAD is no longer on it. Answers why that
   * cannot be; `null`: it is so.
   */
  settle(): Promise<string | null>;
  release(): Promise<void>;
}

export interface Repository {
  /** Absolute path of the directory all worktrees share (`.git`). */
  commonDirectory: string;
  /** Top of the main checkout, `null` in a bare repository. */
  top: string | null;

  /** Commit id of a name (branch, full ref, id), or `null`. */
  resolve(name: string): Promise<string | null>;
  tree(commit: string): Promise<string>;
  isAncestor(ancestor: string, commit: string): Promise<boolean>;
  /** Those of `commits` that `commit` contains, itself included. One look for all of them. */
  contained(commits: readonly string[], commit: string): Promise<ReadonlySet<string>>;
  mergeBase(a: string, b: string): Promise<string | null>;
  /** Paths that differ between two commits, renames as two paths. */
  changedPaths(from: string, to: string): Promise<string[]>;
  /** Why what `to` adds to `from` is no sound part of a repository (malformed, incomplete), or `null`. */
  soundnessFault(from: string, to: string): Promise<string | null>;
  /** Changed paths with modes and content ids, a rename as two; read from the object database alone. */
  changes(from: string, to: string): Promise<PathChange[]>;
  /** Lines that `to` adds to `from` and takes from it; files that are no text count nothing. */
  lineCounts(from: string, to: string): Promise<{ added: number; removed: number }>;
  /** Contents of files by id; one that is not there, or too large to be held, is left out. */
  texts(ids: readonly string[]): Promise<Map<string, string>>;
  /** One line per commit of `from..to`, newest first. */
  subjects(from: string, to: string): Promise<string[]>;
  /** Three-way merge in the object database; `base` overrides the merge base, so that only `base..theirs` is taken. */
  merge(ours: string, theirs: string, base?: string): Promise<Merge>;
  /**
   * Merges many pairs only to see whether they conflict: nothing of it stays in the object database. For each pair, in order, its
   * conflicted paths (none: it merges), or `null` where git cannot tell (no common history, a commit that is gone).
   *
   * @param attributes commit whose top `.gitattributes` hold for all of them.
   */
  tryMerges(pairs: readonly MergePair[], attributes: string): Promise<(readonly string[] | null)[]>;
  /** What each commit `to` has otherwise than `from`, in order; `null` where one is gone or too much differs to be held. */
  pathSets(pairs: readonly { from: string; to: string }[]): Promise<(Changes | null)[]>;
  /** Difference of these paths for people to read: a summary, then the patch, or the summary alone where the patch is large. */
  patch(from: string, to: string, paths: readonly string[]): Promise<string>;
  /**
   * The patch of each changed path by itself, for people to read, in git's order; a rename as two. A change of any size is read within the
   * bounds: paths beyond `bounds.files` are left out, and texts beyond the rest.
   */
  patches(from: string, to: string, bounds: PatchBounds): Promise<FilePatch[]>;
  /**
   * Puts commits onto another base, in the object database alone: one by one with the messages, authors and dates they have, or as
   * one. The same order gives the same ids. It moves no ref.
   */
  replay(order: ReplayOrder): Promise<Replay>;
  parents(commit: string): Promise<string[]>;
  /** Writes a commit by Orbit with the parents given, in order. `atMs` fixes its date, so that a repeat gives the same id. */
  commit(order: { tree: string; parents: readonly string[]; message: string; atMs: number }): Promise<string>;
  /** Moves or creates (`from` null) or deletes (`to` null) refs in one transaction; `false` when an old value did not fit. */
  moveRefs(moves: readonly { ref: string; from: string | null; to: string | null }[]): Promise<boolean>;
  /** The ref that a symbolic ref leads to, whether or not that exists; `null` for a ref of its own or none. */
  symbolic(ref: string): Promise<string | null>;
  /** Refs below a prefix. */
  refs(prefix: string): Promise<{ ref: string; commit: string; at: number; subject: string }[]>;
  /**
   * The checkout that has this branch checked out, and whether it has changes of its own; `null` if none has.
   *
   * @param projections paths from the top that Orbit itself writes there: a change of theirs is nobody's.
   */
  checkedOut(ref: string, projections?: readonly string[]): Promise<{ directory: string; dirty: boolean } | null>;
  /**
   * Brings a checkout of this branch up to date whose index and files are still as the commit before the branch's last has them, as a
   * kill between the move and the refresh leaves it. Whether it did; anything else is left as it is.
   */
  catchUp(ref: string, projections?: readonly string[]): Promise<boolean>;
  /**
   * Keeps every other git from writing the index of a checkout while it and its branch are moved from `from` to `to`; `null` while
   * somebody else holds it. A holder that is killed is no obstacle to the next one.
   */
  holdCheckout(directory: string, move: BranchMove): Promise<CheckoutHold | null>;
  /**
   * Gives back what killed holders held in any checkout, and finishes what they had begun there. Asks no git where there is nothing of
   * that kind. `false` while a git that one of them had started is still at work there: it is to be asked again.
   */
  mendCheckouts(): Promise<boolean>;
  /** Branch that HEAD of the main checkout is on (full ref), `null` if detached. */
  currentBranch(): Promise<string | null>;
  /** Paths in a commit that match none or some of the globs: true where at least one file matches. */
  listPaths(commit: string): Promise<string[]>;
}
