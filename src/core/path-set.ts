/**
 * Sets of changed paths, and whether two of them could conflict in text.
 *
 * Owns the filter that spares nearly all merges of a look-out. Invariant: it never passes over a pair that git would find in conflict.
 * Git tells two pieces of work apart by the paths of files: content, deletions and renames collide on a path that both name (a rename
 * names two), files and folders collide where one path lies below the other. A folder that is gone counts as a path itself, because git
 * takes it for renamed and moves what the other side put into it.
 */

/** What a change left at each path it touched: mode and id, '' for nothing. A folder that is gone ends in a slash. */
export type Changes = ReadonlyMap<string, string>;

export interface PathSet {
  /** Changed files, and folders that are gone. */
  paths: ReadonlySet<string>;
  /** Every folder above one of them. */
  folders: ReadonlySet<string>;
}

/** @param paths as in {@link Changes}. */
export function pathSet(paths: Iterable<string>): PathSet {
  const all = new Set<string>();
  const folders = new Set<string>();
  for (const path of paths) {
    const plain = path.endsWith('/') ? path.slice(0, -1) : path;
    all.add(plain);
    for (let cut = plain.lastIndexOf('/'); cut > 0; cut = plain.lastIndexOf('/', cut - 1)) {
      const folder = plain.slice(0, cut);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return { paths: all, folders };
}

/**
 * What a piece of work changes on its target: paths that it has otherwise than the target. An agent that merged the target into its
 * branch did not change what came along.
 *
 * @param work from its base to its commit. @param target from the same base to the target.
 */
export function ownChanges(work: Changes, target: Changes): string[] {
  return [...work].filter(([path, now]) => target.get(path) !== now).map(([path]) => path);
}

/** Whether a merge of two such changes could conflict in text. `null`: too many paths to tell. */
export function mayConflict(one: PathSet | null, other: PathSet | null): boolean {
  return overlaps([one, other]).length > 0;
}

/** Pairs of places (the smaller first) whose sets could conflict; costs as much as there are paths and pairs, not all pairs. */
export function overlaps(sets: readonly (PathSet | null)[]): [number, number][] {
  const byPath = placesOf(sets, ({ paths }) => paths);
  const byFolder = placesOf(sets, ({ folders }) => folders);
  const found: [number, number][] = [];
  for (const [place, set] of sets.entries()) {
    const met = new Set<number>();
    const meet = (places: readonly number[] | undefined): void => {
      for (const other of places ?? []) if (other > place) met.add(other);
    };
    for (const path of set?.paths ?? []) {
      meet(byPath.get(path));
      meet(byFolder.get(path));
    }
    for (const folder of set?.folders ?? []) meet(byPath.get(folder));
    for (const [other, against] of sets.entries())
      if (other > place && hasPaths(set) && hasPaths(against) && (set === null || against === null)) met.add(other);
    for (const other of [...met].sort((a, b) => a - b)) found.push([place, other]);
  }
  return found;
}

function placesOf(
  sets: readonly (PathSet | null)[],
  part: (set: PathSet) => ReadonlySet<string>,
): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [place, set] of sets.entries()) {
    if (set === null) continue;
    for (const path of part(set)) {
      const known = places.get(path);
      if (known === undefined) places.set(path, [place]);
      else known.push(place);
    }
  }
  return places;
}

function hasPaths(set: PathSet | null | undefined): boolean {
  return set === null || (set !== undefined && set.paths.size > 0);
}
