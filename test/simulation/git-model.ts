/**
 * Git in memory: commits with parents, trees as maps from path to content, refs moved by compare-and-swap.
 *
 * Owns what git itself would: the same commit twice has the same id, a ref transaction is all or nothing.
 */

export interface SimCommit {
  id: string;
  tree: string;
  parents: readonly string[];
  message: string;
  atMs: number;
  /** The commit itself and everything it stands on. */
  holds: ReadonlySet<string>;
  number: number;
}

export type Files = ReadonlyMap<string, string>;

export interface RefMove {
  ref: string;
  from: string | null;
  to: string | null;
}

export class GitModel {
  readonly commits: Map<string, SimCommit> = new Map();
  readonly refs: Map<string, string> = new Map();
  readonly #trees: Map<string, Files> = new Map();
  readonly #treeIds: Map<string, string> = new Map();
  readonly #commitIds: Map<string, string> = new Map();

  writeTree(files: Files): string {
    const sorted = [...files].sort(([a], [b]) => (a < b ? -1 : 1));
    const text = sorted.map(([path, content]) => `${path}\n${content}\n`).join('');
    const known = this.#treeIds.get(text);
    if (known !== undefined) return known;
    const id = `tree${String(this.#treeIds.size + 1).padStart(8, '0')}`;
    this.#treeIds.set(text, id);
    this.#trees.set(id, new Map(sorted));
    return id;
  }

  files(tree: string): Files {
    const files = this.#trees.get(tree);
    if (files === undefined) throw new Error(`no tree ${tree}`);
    return files;
  }

  filesAt(commit: string): Files {
    return this.files(this.commit(commit).tree);
  }

  writeCommit(order: { tree: string; parents: readonly string[]; message: string; atMs: number }): string {
    const text = JSON.stringify([order.tree, order.parents, order.message, order.atMs]);
    const known = this.#commitIds.get(text);
    if (known !== undefined) return known;
    const number = this.commits.size + 1;
    const id = `commit${String(number).padStart(8, '0')}`;
    const holds = new Set([id]);
    for (const parent of order.parents) for (const held of this.commit(parent).holds) holds.add(held);
    this.#commitIds.set(text, id);
    this.commits.set(id, { ...order, id, holds, number });
    return id;
  }

  commit(id: string): SimCommit {
    const commit = this.commits.get(id);
    if (commit === undefined) throw new Error(`no commit ${id}`);
    return commit;
  }

  isAncestor(ancestor: string, commit: string): boolean {
    return this.commit(commit).holds.has(ancestor);
  }

  /** The newest common commit; among criss-cross candidates the one made last. */
  mergeBase(a: string, b: string): string | null {
    const other = this.commit(b).holds;
    let best: SimCommit | null = null;
    for (const id of this.commit(a).holds) {
      if (!other.has(id)) continue;
      const commit = this.commit(id);
      if (best === null || commit.number > best.number) best = commit;
    }
    return best?.id ?? null;
  }

  changed(from: Files, to: Files): string[] {
    const paths: string[] = [];
    for (const path of new Set([...from.keys(), ...to.keys()])) if (from.get(path) !== to.get(path)) paths.push(path);
    return paths.sort();
  }

  /** Three-way merge, path by path; a path that both sides changed differently is a conflict. */
  merge(base: Files, ours: Files, theirs: Files): { files: Files; conflicts: string[] } {
    const files = new Map(ours);
    const conflicts: string[] = [];
    for (const path of this.changed(base, theirs)) {
      const wanted = theirs.get(path);
      if (ours.get(path) !== base.get(path) && ours.get(path) !== wanted) conflicts.push(path);
      else if (wanted === undefined) files.delete(path);
      else files.set(path, wanted);
    }
    return { files, conflicts };
  }

  /** All or nothing. */
  moveRefs(moves: readonly RefMove[]): boolean {
    if (moves.some(({ ref, from }) => (this.refs.get(ref) ?? null) !== from)) return false;
    this.forceRefs(moves);
    return true;
  }

  forceRefs(moves: readonly RefMove[]): void {
    for (const { ref, to } of moves) {
      if (to === null) this.refs.delete(ref);
      else this.refs.set(ref, to);
    }
  }

  /** Whether a ref that `counts` holds the commit. */
  isKept(commit: string, counts: (ref: string) => boolean): boolean {
    for (const [ref, tip] of this.refs) if (counts(ref) && this.commit(tip).holds.has(commit)) return true;
    return false;
  }
}
