/** Path finder: whether a scope's entry matches any file of a repository, for many entries over many files. */
import { globsMeet, parseGlob, parsePath } from './glob.ts';
import { tidyEntry } from './scope.ts';

/** Files that one entry is compared with at most; one that needs more is taken to match. */
const comparisonsMax = 200_000;

/** @param paths files relative to the repository's top, in any order. */
export function pathFinder(paths: readonly string[]): (entry: string) => boolean {
  const sorted = [...new Set(paths)].sort();
  const answers = new Map<string, boolean>();
  return (entry) => {
    const known = answers.get(entry);
    if (known !== undefined) return known;
    const answer = matchesAny(entry, sorted);
    answers.set(entry, answer);
    return answer;
  };
}

function matchesAny(entry: string, sorted: readonly string[]): boolean {
  const globs = parseGlob(entry);
  const beginning = fixedBeginning(tidyEntry(entry));
  for (let index = firstFrom(sorted, beginning), count = 0; index < sorted.length; index += 1, count += 1) {
    const path = sorted[index] ?? '';
    if (!path.startsWith(beginning)) return false;
    const place = parsePath(path);
    if (count >= comparisonsMax || globs.some((glob) => globsMeet(place, glob))) return true;
  }
  return false;
}

/** What every matching path begins with; `a/**` matches a file `a` too. */
function fixedBeginning(entry: string): string {
  const special = entry.search(/[*?[{\\]/);
  const fixed = special < 0 ? entry : entry.slice(0, entry.lastIndexOf('/', special) + 1);
  return fixed.replace(/\/$/, '');
}

/** Place of the first path that is not before `wanted`. */
function firstFrom(sorted: readonly string[], wanted: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
