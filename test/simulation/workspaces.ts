/**
 * The workspace port on the model of git: directories that agents write, commit and amend in, and what is saved of them.
 *
 * Owns every directory, and the record of all that agents ever made in one (`made`), which the invariants compare with
 * what is still reachable.
 */
import { keyParts, type TaskKey } from '../../src/core/id.ts';
import { attemptNames } from '../../src/core/kept-refs.ts';
import { OperationalError } from '../../src/platform/error.ts';
import type {
  CheckSlot,
  KeptPiece,
  Salvage,
  Work,
  Workspace,
  WorkspaceOrder,
  Workspaces,
} from '../../src/workspace/workspace.ts';
import type { GitModel } from './git-model.ts';
import type { SimProcess } from './world.ts';

export interface Directory {
  path: string;
  task: TaskKey;
  token: number;
  branch: string;
  base: string;
  /** `base` is no one's tip: Orbit put it together for this attempt to go on from, and nothing else may hold it. */
  carried: boolean;
  head: string;
  files: Map<string, string>;
  /** Every commit its agent ever made here, also those it later left (amend, reset). */
  made: string[];
}

/** What all processes share: the directories of the machine. */
export class Directories {
  readonly git: GitModel;
  readonly open: Map<string, Directory> = new Map();
  readonly checkouts: Map<string, { commit: string; owner: SimProcess }> = new Map();
  #checkouts = 0;
  /** Called just before a directory goes. */
  onRemove: (directory: Directory) => void = () => {};
  onSalvage: (kind: Salvage['kind']) => void = () => {};

  constructor(git: GitModel) {
    this.git = git;
  }

  isDirty(directory: Directory): boolean {
    return this.git.writeTree(directory.files) !== this.git.commit(directory.head).tree;
  }

  write(path: string, file: string, content: string): void {
    this.#find(path).files.set(file, content);
  }

  /** Commits all that is there; `amend` replaces the last commit and leaves the old one behind. */
  commit(path: string, order: { message: string; atMs: number; amend: boolean }): void {
    const directory = this.#find(path);
    const amends = order.amend && directory.head !== directory.base;
    const parents = amends ? this.git.commit(directory.head).parents : [directory.head];
    const tree = this.git.writeTree(directory.files);
    directory.head = this.git.writeCommit({ tree, parents, message: order.message, atMs: order.atMs });
    directory.made.push(directory.head);
    this.git.refs.set(`refs/heads/${directory.branch}`, directory.head);
  }

  files(path: string): ReadonlyMap<string, string> {
    return this.#find(path).files;
  }

  checkOut(commit: string, owner: SimProcess): string {
    this.#checkouts += 1;
    const path = `/project/.git/orbit/checkouts/${this.#checkouts}`;
    this.checkouts.set(path, { commit, owner });
    return path;
  }

  #find(path: string): Directory {
    const directory = this.open.get(path);
    if (directory === undefined) throw new OperationalError('workspace-failed', `${path} is gone`, { hint: 'stop' });
    return directory;
  }
}

export class SimWorkspaces implements Workspaces {
  readonly #all: Directories;
  readonly #git: GitModel;
  readonly #process: SimProcess;

  constructor(all: Directories, process: SimProcess) {
    this.#all = all;
    this.#git = all.git;
    this.#process = process;
  }

  setUpOf(): null {
    return null;
  }

  async prepare({ task, token, base, start = base, uncommitted = null }: WorkspaceOrder): Promise<Workspace> {
    const { branch, workspace } = attemptNames(task, token);
    const path = `/project/.worktrees/${workspace}`;
    const known = this.#all.open.get(path);
    if (known !== undefined && known.base !== start) {
      throw new OperationalError('workspace-failed', `${path} was made from another base`, { hint: 'start anew' });
    }
    if (known === undefined) {
      const files = new Map(uncommitted === null ? this.#git.filesAt(start) : this.#git.files(uncommitted));
      const carried = start !== base;
      this.#all.open.set(path, { path, task, token, branch, base: start, carried, head: start, files, made: [] });
      this.#git.refs.set(`refs/heads/${branch}`, start);
    }
    return { directory: path, branch, base };
  }

  async look(path: string, base: string): Promise<Work | null> {
    const directory = this.#all.open.get(path);
    if (directory === undefined) return null;
    const { head, files } = directory;
    const old = this.#git.commit(base).holds;
    const headFiles = this.#git.filesAt(head);
    return {
      commit: head,
      tree: this.#git.commit(head).tree,
      base,
      commits: [...this.#git.commit(head).holds].filter((id) => !old.has(id)).length,
      changed: this.#git.changed(this.#git.filesAt(base), headFiles),
      dirty: this.#git.changed(headFiles, files),
    };
  }

  async glance(paths: readonly string[]): Promise<(string | null)[]> {
    return paths.map((path) => {
      const directory = this.#all.open.get(path);
      if (directory === undefined) return null;
      const tree = this.#git.writeTree(directory.files);
      const { head } = directory;
      if (tree === this.#git.commit(head).tree) return head;
      return this.#git.writeCommit({ tree, parents: [head], message: 'stand-in', atMs: 0 });
    });
  }

  async salvage(task: TaskKey, token: number, path: string | null): Promise<Salvage[]> {
    const directory = path === null ? undefined : this.#all.open.get(path);
    if (directory !== undefined) {
      const names = attemptNames(task, token);
      const old = this.#git.refs.get(names.ref);
      if (directory.head !== directory.base || directory.carried) this.#git.refs.set(names.ref, directory.head);
      if (old !== undefined) this.#pin(names.salvage, old);
      for (const commit of directory.made) this.#pin(names.salvage, commit);
      if (!this.#isSaved(directory)) {
        const tree = this.#git.writeTree(directory.files);
        const message = `Uncommitted work of ${names.workspace}`;
        this.#pin(names.salvage, this.#git.writeCommit({ tree, parents: [directory.head], message, atMs: 0 }));
        this.#all.onSalvage('salvage');
      }
    }
    return this.kept(keyParts(task).task);
  }

  async remove(_task: TaskKey, _token: number, path: string): Promise<boolean> {
    const directory = this.#all.open.get(path);
    if (directory === undefined) return true;
    if (!worthKeeping(directory).every((commit) => this.#git.isKept(commit, isKeepingRef)) || !this.#isSaved(directory))
      return false;
    this.#all.onRemove(directory);
    this.#all.open.delete(path);
    this.#git.refs.delete(`refs/heads/${directory.branch}`);
    return true;
  }

  async list(): Promise<{ directory: string; task: string; token: number }[]> {
    return [...this.#all.open.values()].map(({ path, task, token }) => ({ directory: path, task, token }));
  }

  async survey(): Promise<KeptPiece[]> {
    return [];
  }

  async purge(): Promise<boolean> {
    return false;
  }

  async diskFreeBytes(): Promise<number> {
    return Number.POSITIVE_INFINITY;
  }

  async collect(): Promise<number> {
    return 0;
  }

  async diskBytes(): Promise<number> {
    return 0;
  }

  async checkout(commit: string): Promise<CheckSlot> {
    const directory = this.#all.checkOut(commit, this.#process);
    return { directory, changed: async () => [], release: async () => void this.#all.checkouts.delete(directory) };
  }

  async kept(task?: string): Promise<Salvage[]> {
    const kept: Salvage[] = [];
    for (const [ref, commit] of this.#git.refs) {
      const [, , kind, name = '', token] = ref.split('/');
      if (!isKeepingRef(ref) || kind === 'landed' || (task !== undefined && name !== task.slice(task.indexOf('/') + 1)))
        continue;
      const { atMs, message } = this.#git.commit(commit);
      kept.push({
        task: name,
        token: Number.parseInt(token ?? '', 10),
        ref,
        commit,
        at: atMs,
        subject: message,
        kind: kind === 'attempts' ? 'attempt' : 'salvage',
      });
    }
    return kept;
  }

  async restore(ref: string, branch: string): Promise<void> {
    const commit = this.#git.refs.get(ref);
    if (commit !== undefined) this.#git.refs.set(`refs/heads/${branch}`, commit);
  }

  #isSaved(directory: Directory): boolean {
    return !this.#all.isDirty(directory) || snapshotOf(this.#git, directory) !== null;
  }

  /** At the next free ref of the name, unless some ref keeps it already. */
  #pin(name: string, commit: string): void {
    if (this.#git.isKept(commit, isKeepingRef)) return;
    for (let number = 1; ; number += 1) {
      const ref = number === 1 ? name : `${name}-${number}`;
      if (this.#git.refs.has(ref)) continue;
      this.#git.refs.set(ref, commit);
      return;
    }
  }
}

/** What has to stay reachable of a directory: all that was made in it, and what its agent was given to go on from. */
export function worthKeeping({ made, base, carried }: Directory): string[] {
  return carried ? [base, ...made] : made;
}

/** A kept commit whose tree is the directory's present content, or `null`. */
export function snapshotOf(git: GitModel, directory: Directory): string | null {
  const { salvage } = attemptNames(directory.task, directory.token);
  const tree = git.writeTree(directory.files);
  for (const [ref, commit] of git.refs) {
    if ((ref === salvage || ref.startsWith(`${salvage}-`)) && git.commit(commit).tree === tree) return commit;
  }
  return null;
}

/** Refs that keep an attempt's work after its directory is gone. */
export function isKeepingRef(ref: string): boolean {
  return ref.startsWith('refs/orbit/') || ref.startsWith('refs/heads/orbit/');
}
