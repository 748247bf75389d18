/**
 * The workspace port: the directories that attempts work in, and what is saved from them.
 *
 * Owns no directory itself; `git/` implements it on git worktrees.
 *
 * An implementation MUST
 * - make workspaces side by side without lock errors, whatever runs at once on the repository, from any process;
 * - keep every commit and dirty file of an attempt reachable under a ref before it removes anything (I7);
 * - read an agent's work from the object database, by ref or commit id, and never run configuration of the agent's making.
 *
 * It MUST NOT delete a branch that holds unpinned commits, use stash, or force anything that is not provably safe.
 *
 * Errors: `OperationalError` with a `git-…` or `workspace-…` code.
 */
import type { TaskKey } from '../core/id.ts';
import type { PieceKind } from '../core/kept-refs.ts';

export interface WorkspaceOrder {
  task: TaskKey;
  token: number;
  /** Commit that the work is measured against. */
  base: string;
  /** Commit to check out: the base, or that with the work of an earlier attempt. Default: the base. */
  start?: string;
  /** Tree whose files lie in the directory uncommitted; default: those of the commit checked out. */
  uncommitted?: string | null;
  /** Files (globs, relative to the repository's top) copied from the user's checkout although git ignores them (P11). */
  bring: readonly string[];
}

export interface Workspace {
  directory: string;
  branch: string;
  base: string;
}

/** What an attempt left, read without trusting the attempt. */
export interface Work {
  /** Tip of the work: where the workspace's HEAD points. */
  commit: string;
  tree: string;
  base: string;
  /** Commits beyond the base. */
  commits: number;
  /** Paths changed between base and commit. */
  changed: readonly string[];
  /** Paths changed or new in the working directory and not committed; ignored files do not count. */
  dirty: readonly string[];
}

export interface Salvage {
  task: string;
  token: number;
  ref: string;
  commit: string;
  at: number;
  subject: string;
  /** `attempt`: what was committed; `salvage`: a snapshot of what was not. */
  kind: 'attempt' | 'salvage';
}

/** A piece of work in git, and whether its target has it. */
export interface KeptPiece extends Omit<Salvage, 'kind'> {
  /**
   * Besides those of {@link Salvage}: the `branch` of an attempt, where it holds more than its ref, a `conflict` that was shown to one,
   * and what proven work became when it was `restacked` onto another base.
   */
  kind: PieceKind;
  /** Commits of it that the target has not. */
  commits: number;
  /** Files that it changes. */
  files: number;
  /**
   * How the target proves to have it: `history`, all of its commits are there; `content`, every file as the work leaves it is, or was once,
   * in a tree of the target; `null`: it does not.
   */
  onTarget: 'history' | 'content' | null;
}

/** What is known about an attempt whose work is surveyed. */
export interface PieceFacts {
  /** Names of branches, full refs or commits; one that does not exist counts nothing. */
  targets: readonly string[];
  /** Commit that the work is measured against, where it is known. */
  base: string | null;
  /** Milliseconds since 1970: nothing of it can be on a target from before. */
  since: number | null;
}

/** Set-up commands whose result may be kept, and what it depends on besides the commit's own files. */
export interface KeptSetUp {
  commands: readonly string[];
  /** Globs of the commit's files that they read; `null`: what installers of dependencies read. */
  reads: readonly string[] | null;
  /** What they run on: programs, their versions, platform, environment. Compared, never read. */
  runtime: string;
}

/** How far the {@link KeptSetUp} of a directory is. */
export interface SetUpState {
  /** All that it makes lies there, as it made it: it need not run. */
  isDone: boolean;
  /** Why what it makes here cannot be kept, or `null`. */
  doubt: string | null;
  /**
   * To be called when it has run well, before anybody else may write there: keeps what it made for other directories and for the next
   * user of this one. Answers why nothing was kept, or `null`. Never throws.
   */
  keep(): Promise<string | null>;
}

export interface CheckSlot {
  directory: string;
  /** Files of the commit that are no longer as the commit has them: a check that changed them did not check the commit. */
  changed(): Promise<string[]>;
  /** Gives it back; nothing in it is kept. */
  release(): Promise<void>;
}

export interface Workspaces {
  /** Makes the attempt's branch and directory. Repeating it with the same order gives the same workspace. */
  prepare(order: WorkspaceOrder): Promise<Workspace>;
  /** Reads what is in the directory; `null` when there is no such workspace. */
  look(directory: string, base: string): Promise<Work | null>;
  /**
   * For each directory a commit that stands for the files that git knows there, as they are now: its HEAD where nothing differs; `null`
   * where it cannot be told. Such a commit is in no repository: `tryMerges`, `changes` and `patch` know it until the next call.
   */
  glance(directories: readonly string[]): Promise<(string | null)[]>;
  /** Pins commits and dirty files of an attempt under its refs. Idempotent; answers the pinned refs. */
  salvage(task: TaskKey, token: number, directory: string | null): Promise<Salvage[]>;
  /** Removes the directory if all in it is pinned by {@link salvage}; `false` with the reason in the log otherwise. */
  remove(task: TaskKey, token: number, directory: string): Promise<boolean>;
  /** Workspaces that exist now, whole or what a kill left of them; {@link remove} ends both. */
  list(): Promise<{ directory: string; task: string; token: number }[]>;
  /** A detached checkout of exactly this commit for running checks, with files brought along as in {@link WorkspaceOrder}. */
  checkout(commit: string, bring: readonly string[]): Promise<CheckSlot>;
  /** The set-up of a directory that this process prepared or checked out; `null`: nothing is kept here, it has to run. */
  setUpOf(directory: string): SetUpState | null;
  /** Bytes that workspaces, check slots and all that is kept for later ones take. Reads every file's size: ask rarely. */
  diskBytes(): Promise<number>;
  /** Bytes that can still be written where workspaces are. */
  diskFreeBytes(): Promise<number>;
  /**
   * Removes what is idle and can be made again, least recently used first, until about `bytes` are freed; answers how many were. MUST NOT
   * touch a workspace.
   */
  collect(bytes: number): Promise<number>;
  /** All refs that keep work of attempts, newest first; `task` narrows it. */
  kept(task?: string): Promise<Salvage[]>;
  /**
   * The same, with branches of attempts and conflicts that were shown to them, and whether the targets have them. The number of processes
   * does not depend on the number of refs.
   */
  survey(task: string | null, factsOf: (token: number, task: string) => PieceFacts): Promise<KeptPiece[]>;
  /** Deletes a ref of kept work, for a person who asked for exactly that; `false` if it is no longer at `commit`. */
  purge(ref: string, commit: string): Promise<boolean>;
  /** Makes a branch of the given name at what a salvage ref holds, for a person to look at. */
  restore(ref: string, branch: string): Promise<void>;
}
