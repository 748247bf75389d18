/**
 * Scopes: the path globs that a task may write.
 *
 * Owns when two scopes overlap, so that their tasks must not run at once (I13, D5), and whether a path lies in a scope.
 * Its invariant: a path that lies in both of two scopes, and is not declared shared, makes them overlap. The answer may
 * be `true` without such a path (`[!a]` and `[!b]` of a file system that has neither), never `false` with one.
 */
import { globsMeet, isPlainPath, parseGlob, parsePath, type Glob } from './glob.ts';

/**
 * Whether tasks with scopes `a` and `b` may write the same path.
 * An empty scope overlaps with nothing: its task is checked by nobody and keeps nobody waiting.
 * @param shared globs that any number of attempts may write at once, each with all that is below what it matches.
 */
export function scopesOverlap(a: readonly string[], b: readonly string[], shared: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return false;
  const left = withoutShared(a, shared);
  const right = withoutShared(b, shared);
  return left.some((one) => right.some((other) => entriesOverlap(one, other)));
}

/**
 * Whether `path` (relative to the repository's top, parted by `/`) may be written under `scope`; an empty one allows all, but no
 * scope allows what is git's own on some system.
 */
export function inScope(path: string, scope: readonly string[]): boolean {
  if (isGitsOwn(path)) return false;
  if (scope.length === 0) return true;
  const place = parsePath(path);
  return scope.some((entry) => parseGlob(entry).some((glob) => globsMeet(place, glob)));
}

/**
 * Whether some file system takes a part of the path for `.git`, `.` or `..`: case, trailing dots and blanks, the short name
 * `git~1` and streams (`.git:x`) mean the same on Windows, some invisible characters on macOS. Git refuses to check such a path out.
 */
export function isGitsOwn(path: string): boolean {
  return path.split(/[/\\]/).some((part) => {
    const bare = bareName(part);
    return bare === '.git' || /^git~[0-9]+$/.test(bare) || part === '.' || part === '..';
  });
}

/** The path as the least careful file system takes it; two paths of one spelling are one file there. */
export function spelling(path: string): string {
  return path.split(/[/\\]/).map(bareName).join('/');
}

function bareName(part: string): string {
  const [name = ''] = part.replace(invisible, '').toLowerCase().split(':');
  let end = name.length;
  while (name[end - 1] === '.' || name[end - 1] === ' ') end -= 1;
  return name.slice(0, end);
}

/** Characters that HFS+ leaves out when it compares names, as in git's own check. */
const invisible = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/** Whether two entries of scopes can mean the same path. */
export function entriesOverlap(a: string, b: string): boolean {
  if (a === b) return true;
  if (beginningsPart(a, b)) return false;
  const right = parseGlob(b);
  return parseGlob(a).some((one) => right.some((other) => globsMeet(one, other)));
}

/** The entry in one spelling, for comparing texts: `./src//api/.` → `src/api/`. */
export function tidyEntry(entry: string): string {
  const parts = entry.split('/').filter((part) => part !== '' && part !== '.');
  const isDirectory = parts.length > 0 && (entry.endsWith('/') || entry.endsWith('/.'));
  return parts.join('/') + (isDirectory ? '/' : '');
}

/** A cheap no for most pairs: the fixed text before their first special characters differs already. */
export function beginningsPart(a: string, b: string): boolean {
  const left = tidyEntry(a);
  const right = tidyEntry(b);
  const length = Math.min(fixedLength(left), fixedLength(right));
  return left.slice(0, length) !== right.slice(0, length);
}

function fixedLength(entry: string): number {
  const special = entry.search(/[*?[{\\]/);
  return special < 0 ? entry.length : entry.lastIndexOf('/', special) + 1;
}

/** Drops what others may write at the same time: the same text as a shared glob, or a plain path that one matches. */
function withoutShared(scope: readonly string[], shared: readonly string[]): readonly string[] {
  if (shared.length === 0) return scope;
  const texts = new Set(shared.map(tidyEntry));
  const globs = shared.flatMap(parseGlob).map((glob): Glob => [...glob, '**']);
  return scope.filter((entry) => {
    if (texts.has(tidyEntry(entry))) return false;
    return !isPlainPath(entry) || !globs.some((glob) => globsMeet(parsePath(entry), glob));
  });
}
