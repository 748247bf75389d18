/** The repository port on the model of git. Tells the watcher about every move of refs, for the invariants. */
import type { PathChange } from '../../src/core/path-change.ts';
import type { Changes } from '../../src/core/path-set.ts';
import type {
  BranchMove,
  CheckoutHold,
  FilePatch,
  Merge,
  MergePair,
  PatchBounds,
  Replay,
  ReplayOrder,
  Repository,
} from '../../src/workspace/repository.ts';
import type { GitModel, RefMove } from './git-model.ts';

export interface RefWatcher {
  /** Before `moves` are made; `by` is the process. */
  moving(moves: readonly RefMove[], by: string): void;
  reach(landmark: string): void;
}

/** The user's own checkout of the target, when there is one. */
export interface UserCheckout {
  present: boolean;
  dirty: boolean;
  /** The commit that its index and files are of. */
  at: string | null;
  /** Who holds its index, for which move. */
  holder: { move: BranchMove; isAlive: () => boolean } | null;
}

export interface SimRepositoryOptions {
  by: string;
  isAlive: () => boolean;
  watcher: RefWatcher;
  user: { target: string; checkout: UserCheckout };
  /** What the holder of a checkout does goes through here. */
  through: (hold: CheckoutHold) => CheckoutHold;
}

export class SimRepository implements Repository {
  readonly commonDirectory = '/project/.git';
  readonly top = '/project';
  readonly #git: GitModel;
  readonly #by: string;
  readonly #watcher: RefWatcher;
  readonly #user: SimRepositoryOptions['user'];
  readonly #options: SimRepositoryOptions;

  constructor(git: GitModel, options: SimRepositoryOptions) {
    this.#git = git;
    this.#options = options;
    this.#by = options.by;
    this.#watcher = options.watcher;
    this.#user = options.user;
  }

  async resolve(name: string): Promise<string | null> {
    if (this.#git.commits.has(name)) return name;
    const ref = name === 'HEAD' ? 'refs/heads/main' : name;
    return this.#git.refs.get(ref) ?? this.#git.refs.get(`refs/heads/${ref}`) ?? null;
  }

  async tree(commit: string): Promise<string> {
    return this.#git.commit(commit).tree;
  }

  async isAncestor(ancestor: string, commit: string): Promise<boolean> {
    return this.#git.isAncestor(ancestor, commit);
  }

  async contained(commits: readonly string[], commit: string): Promise<ReadonlySet<string>> {
    return new Set(commits.filter((one) => this.#git.isAncestor(one, commit)));
  }

  async mergeBase(a: string, b: string): Promise<string | null> {
    return this.#git.mergeBase(a, b);
  }

  async changedPaths(from: string, to: string): Promise<string[]> {
    return this.#git.changed(this.#git.filesAt(from), this.#git.filesAt(to));
  }

  async changes(from: string, to: string): Promise<PathChange[]> {
    const [before, after] = [this.#git.filesAt(from), this.#git.filesAt(to)];
    return this.#git.changed(before, after).map((path) => {
      const [old, now] = [before.get(path), after.get(path)];
      const kind = old === undefined ? 'added' : now === undefined ? 'deleted' : 'changed';
      const [oldMode, newMode] = [old, now].map((content) => (content === undefined ? null : '100644'));
      return { path, kind, oldMode: oldMode ?? null, newMode: newMode ?? null, oldId: old ?? null, newId: now ?? null };
    });
  }

  async lineCounts(from: string, to: string): Promise<{ added: number; removed: number }> {
    const { length } = await this.changes(from, to);
    return { added: length, removed: 0 };
  }

  /** The id of a file is its content here. */
  async texts(ids: readonly string[]): Promise<Map<string, string>> {
    return new Map(ids.map((id) => [id, id]));
  }

  async subjects(from: string, to: string): Promise<string[]> {
    const old = this.#git.commit(from).holds;
    const fresh = [...this.#git.commit(to).holds].filter((id) => !old.has(id)).map((id) => this.#git.commit(id));
    return fresh.sort((a, b) => b.number - a.number).map(({ message }) => message.split('\n')[0] ?? '');
  }

  async merge(ours: string, theirs: string, base?: string): Promise<Merge> {
    const start = base ?? this.#git.mergeBase(ours, theirs);
    const baseFiles = start === null ? new Map<string, string>() : this.#git.filesAt(start);
    const { files, conflicts } = this.#git.merge(baseFiles, this.#git.filesAt(ours), this.#git.filesAt(theirs));
    const tree = this.#git.writeTree(files);
    if (base !== undefined && conflicts.length === 0)
      this.#watcher.reach('work restacked on a dependency that changed');
    return conflicts.length === 0
      ? { clean: true, tree }
      : { clean: false, tree, paths: conflicts, messages: conflicts.map((path) => `conflict in ${path}`) };
  }

  async tryMerges(pairs: readonly MergePair[]): Promise<(readonly string[] | null)[]> {
    return pairs.map(({ ours, theirs, base }) => {
      if (![ours, theirs].every((commit) => this.#git.commits.has(commit))) return null;
      const start = base ?? this.#git.mergeBase(ours, theirs);
      if (start === null) return null;
      return this.#git.merge(this.#git.filesAt(start), this.#git.filesAt(ours), this.#git.filesAt(theirs)).conflicts;
    });
  }

  async pathSets(pairs: readonly { from: string; to: string }[]): Promise<(Changes | null)[]> {
    return pairs.map(({ from, to }) => {
      const files = this.#git.filesAt(to);
      return new Map(this.#git.changed(this.#git.filesAt(from), files).map((path) => [path, files.get(path) ?? '']));
    });
  }

  async patch(from: string, to: string, paths: readonly string[]): Promise<string> {
    const [before, after] = [this.#git.filesAt(from), this.#git.filesAt(to)];
    const lines = paths.map((path) => `${path}: ${before.get(path) ?? 'nothing'} -> ${after.get(path) ?? 'nothing'}`);
    return lines.join('\n');
  }

  async patches(from: string, to: string, bounds: PatchBounds): Promise<FilePatch[]> {
    const paths = this.#git.changed(this.#git.filesAt(from), this.#git.filesAt(to)).slice(0, bounds.files);
    return Promise.all(paths.map(async (path) => ({ path, patch: await this.patch(from, to, [path]) })));
  }

  async replay({ from, to, onto, message }: ReplayOrder): Promise<Replay> {
    const line: string[] = [];
    for (let at: string | undefined = to; at !== undefined && at !== from; [at] = this.#git.commit(at).parents) {
      if (this.#git.commit(at).parents.length !== 1 || !this.#git.isAncestor(from, at))
        return this.#squash({ from, to, onto, message });
      line.unshift(at);
    }
    let head = onto;
    let below = from;
    for (const id of line) {
      const { clean, tree } = await this.#mergeFrom(below, head, id);
      if (!clean) return this.#squash({ from, to, onto, message });
      head = this.#git.writeCommit({ ...this.#git.commit(id), tree, parents: [head] });
      below = id;
    }
    return { clean: true, commit: head, tree: this.#git.commit(head).tree };
  }

  async #squash({ from, to, onto, message }: ReplayOrder): Promise<Replay> {
    const merge = await this.#mergeFrom(from, onto, to);
    if (!merge.clean) return merge;
    const { atMs } = this.#git.commit(to);
    const commit = this.#git.writeCommit({ tree: merge.tree, parents: [onto], message, atMs });
    return { clean: true, commit, tree: merge.tree };
  }

  async #mergeFrom(base: string, ours: string, theirs: string): Promise<Merge> {
    const { files, conflicts } = this.#git.merge(
      this.#git.filesAt(base),
      this.#git.filesAt(ours),
      this.#git.filesAt(theirs),
    );
    const tree = this.#git.writeTree(files);
    return conflicts.length === 0 ? { clean: true, tree } : { clean: false, tree, paths: conflicts, messages: [] };
  }

  async parents(commit: string): Promise<string[]> {
    return [...this.#git.commit(commit).parents];
  }

  async commit(order: { tree: string; parents: readonly string[]; message: string; atMs: number }): Promise<string> {
    return this.#git.writeCommit(order);
  }

  async moveRefs(moves: readonly RefMove[]): Promise<boolean> {
    const fits = moves.every(({ ref, from }) => (this.#git.refs.get(ref) ?? null) === from);
    if (!fits && moves.some(({ ref, from }) => ref === this.#user.target && from !== null))
      this.#watcher.reach('move of the target refused: it had moved');
    if (fits) this.#watcher.moving(moves, this.#by);
    return this.#git.moveRefs(moves);
  }

  async soundnessFault(): Promise<string | null> {
    return null;
  }

  async symbolic(): Promise<string | null> {
    return null;
  }

  async refs(prefix: string): Promise<{ ref: string; commit: string; at: number; subject: string }[]> {
    return [...this.#git.refs]
      .filter(([ref]) => ref.startsWith(prefix))
      .map(([ref, id]) => {
        const { message, atMs } = this.#git.commit(id);
        return { ref, commit: id, at: atMs, subject: message.split('\n')[0] ?? '' };
      });
  }

  async checkedOut(ref: string): Promise<{ directory: string; dirty: boolean } | null> {
    const { target, checkout } = this.#user;
    if (!checkout.present || ref !== target) return null;
    return { directory: this.top, dirty: checkout.dirty || checkout.at !== this.#git.refs.get(target) };
  }

  async catchUp(): Promise<boolean> {
    await this.mendCheckouts();
    const { target, checkout } = this.#user;
    return !checkout.dirty && checkout.at === this.#git.refs.get(target);
  }

  async holdCheckout(_directory: string, move: BranchMove): Promise<CheckoutHold | null> {
    await this.mendCheckouts();
    const { checkout } = this.#user;
    if (checkout.holder !== null) return null;
    this.#watcher.reach('move of a branch that is checked out');
    const holder = { move, isAlive: this.#options.isAlive };
    checkout.holder = holder;
    return this.#options.through({
      fault: async () => null,
      follow: async () => {
        checkout.at = move.to;
      },
      settle: async () => this.#settle(move),
      release: async () => {
        if (checkout.holder === holder) checkout.holder = null;
      },
    });
  }

  async mendCheckouts(): Promise<boolean> {
    const { checkout } = this.#user;
    const { holder } = checkout;
    if (holder === null || holder.isAlive()) return true;
    this.#watcher.reach('a checkout that a killed holder left was mended');
    this.#settle(holder.move);
    checkout.holder = null;
    return true;
  }

  /** The files go to whichever end of the move the branch stands at. */
  #settle({ from, to }: BranchMove): null {
    const { target, checkout } = this.#user;
    checkout.at = this.#git.refs.get(target) === to ? to : from;
    return null;
  }

  async currentBranch(): Promise<string | null> {
    return 'refs/heads/main';
  }

  async listPaths(commit: string): Promise<string[]> {
    return [...this.#git.filesAt(commit).keys()];
  }
}
