/**
 * Scopes as a tree of paths: who may write where, and where two will meet. Pure.
 *
 * Owns where a glob is hung: at the directory or file before its first wildcard, so that `src/api/**` stands at `src/api`.
 */

export interface Held {
  readonly task: string;
  readonly agent: string;
  readonly scope: readonly string[];
}

export interface PathNode {
  /** Whole path; `''`: the repository. */
  path: string;
  name: string;
  level: number;
  /** Entries that hang here, with who holds them. */
  holders: { task: string; agent: string; entry: string }[];
  /** Different tasks that hold something here or below. */
  tasks: number;
  /** Conflicts ahead that name a path here or below. */
  conflicts: number;
  children: PathNode[];
}

/** The fixed part of a glob, and whether it is a whole path. */
export function fixedPart(glob: string): string {
  const parts = glob.replace(/^\.?\//, '').split('/');
  const wild = parts.findIndex((part) => /[*?[\]{}!]/.test(part));
  return (wild < 0 ? parts : parts.slice(0, wild)).filter((part) => part !== '').join('/');
}

/** @param conflictPaths of all conflicts, a path as often as it is named */
export function pathTree(held: readonly Held[], conflictPaths: readonly string[]): PathNode {
  const root = newNode('', '', 0);
  for (const { task, agent, scope } of held)
    for (const entry of scope.length === 0 ? ['**'] : scope)
      nodeAt(root, fixedPart(entry)).holders.push({ task, agent, entry });
  for (const path of conflictPaths) nodeAt(root, fixedPart(path)).conflicts += 1;
  sum(root);
  return root;
}

/** Rows of the tree; chains of single directories are one row. @param closed paths whose children are not shown */
export function pathRows(root: PathNode, closed: ReadonlySet<string>): PathNode[] {
  const rows: PathNode[] = [];
  const add = (node: PathNode, level: number): void => {
    let end = node;
    let name = node.name;
    for (let only = single(end); only !== null; only = single(end)) {
      name = name === '' ? only.name : `${name}/${only.name}`;
      end = only;
    }
    rows.push({ ...end, name: name === '' ? '/' : name, level });
    if (closed.has(end.path)) return;
    for (const child of end.children) add(child, level + 1);
  };
  add(root, 1);
  return rows;
}

function single(node: PathNode): PathNode | null {
  const own = node.path === '' ? 0 : ownConflicts(node);
  return node.path !== '' && node.holders.length === 0 && node.children.length === 1 && own === 0
    ? (node.children[0] ?? null)
    : null;
}

function ownConflicts({ conflicts, children }: PathNode): number {
  return conflicts - children.reduce((sumOf, child) => sumOf + child.conflicts, 0);
}

function newNode(path: string, name: string, level: number): PathNode {
  return { path, name, level, holders: [], tasks: 0, conflicts: 0, children: [] };
}

function nodeAt(root: PathNode, path: string): PathNode {
  let node = root;
  for (const name of path.split('/').filter((part) => part !== '')) {
    let child = node.children.find((one) => one.name === name);
    if (child === undefined) {
      child = newNode(node.path === '' ? name : `${node.path}/${name}`, name, node.level + 1);
      node.children.push(child);
    }
    node = child;
  }
  return node;
}

function sum(node: PathNode): Set<string> {
  const tasks = new Set(node.holders.map(({ task }) => task));
  for (const child of node.children) {
    for (const task of sum(child)) tasks.add(task);
    node.conflicts += child.conflicts;
  }
  node.children.sort((a, b) => a.name.localeCompare(b.name, 'en'));
  node.tasks = tasks.size;
  return tasks;
}

/** Files that several conflicts name, the most contested first. */
export function hotPaths(conflicts: readonly { paths: readonly string[]; task: string; with: string | null }[]): {
  path: string;
  conflicts: number;
  tasks: string[];
}[] {
  const hot = new Map<string, { path: string; conflicts: number; tasks: Set<string> }>();
  for (const { paths, task, with: other } of conflicts) {
    for (const path of new Set(paths)) {
      const own = hot.get(path) ?? { path, conflicts: 0, tasks: new Set<string>() };
      own.conflicts += 1;
      own.tasks.add(task);
      if (other !== null) own.tasks.add(other);
      hot.set(path, own);
    }
  }
  return [...hot.values()]
    .toSorted((a, b) => b.conflicts - a.conflicts || a.path.localeCompare(b.path, 'en'))
    .map(({ tasks, ...own }) => ({ ...own, tasks: [...tasks] }));
}
