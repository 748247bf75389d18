/**
 * Overlaps among many tasks' scopes at once, without looking at every pair.
 *
 * Owns which entries of scopes meet which others. Plain paths are compared by their beginnings, in time linear in their
 * length; only entries with special characters are compared one by one, and with at most `workMax` of work, so that a plan of any
 * size and any globs is answered at once. What is cut off that way are warnings, never rules: a claim compares exactly.
 */
import { isPlainPath } from './glob.ts';
import { beginningsPart, entriesOverlap, scopesOverlap, tidyEntry } from './scope.ts';

/** Work in one call: 1 for a look at a pair, the product of the lengths for a comparison. The whole takes a second or so. */
const workMax = 20_000_000;

/** For each entry all entries that may mean the same path, itself first. Entries are tidied; shared ones are left out. */
export function meetingEntries(entries: Iterable<string>, shared: readonly string[]): Map<string, string[]> {
  const tidy = new Set(Array.from(entries, tidyEntry));
  const kept = [...tidy].filter((entry) => scopesOverlap([entry], [entry], shared));
  const meeting = new Map(kept.map((entry) => [entry, [entry]]));
  const join = (a: string, b: string): void => {
    meeting.get(a)?.push(b);
    meeting.get(b)?.push(a);
  };
  joinPlain(kept.filter(isPlainPath), join);
  let work = 0;
  for (const [index, entry] of kept.entries()) {
    if (isPlainPath(entry)) continue;
    for (const [place, other] of kept.entries()) {
      // Two globs are compared once, from the later one.
      if (place === index || (place > index && !isPlainPath(other))) continue;
      work += beginningsPart(entry, other) ? 1 : entry.length * other.length;
      if (work > workMax) return meeting;
      if (entriesOverlap(entry, other)) join(entry, other);
    }
  }
  return meeting;
}

/** A plain path meets the directories above it; the whole repository is the empty one. */
function joinPlain(paths: readonly string[], join: (a: string, b: string) => void): void {
  const bare = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.replace(/\/$/, '');
    bare.set(name, [...(bare.get(name) ?? []), path]);
  }
  for (const [name, own] of bare) {
    for (const [index, path] of own.entries()) for (const other of own.slice(index + 1)) join(path, other);
    for (let cut = name.length; cut > 0;) {
      cut = name.lastIndexOf('/', cut - 1);
      for (const above of bare.get(name.slice(0, Math.max(cut, 0))) ?? []) for (const path of own) join(path, above);
    }
  }
}
