/**
 * Widening: more paths for a task while it is worked on (P8).
 *
 * Owns what may be wished for, and how a scope grows. Invariant: what an attempt wished for is remembered as such, so that it never
 * counts as a person's order.
 */
import { isPlainPath } from './glob.ts';
import type { TaskKey } from './id.ts';
import { limits } from './limits.ts';
import { riskOfPath } from './risk-path.ts';
import { inScope, isGitsOwn, tidyEntry } from './scope.ts';
import type { Task } from './task.ts';

/** A live attempt that may write a path. */
export interface ScopeHolder {
  task: TaskKey;
  agent: string;
  token: number;
}

/** Who decides on an attempt's wish: the rules at once, a person, or nobody. */
export type WideningRule = 'free' | 'ask' | 'never';

/** Why nobody may have `entry` by a wish, or `null`. */
export function entryFault(entry: string): string | null {
  if (entry.trim() === '' || entry.length > limits.scopeEntryLengthMax) return 'it is empty or too long';
  if (entry.startsWith('/') || entry.includes('\0') || entry.split('/').includes('..'))
    return 'it leaves the repository';
  return isGitsOwn(tidyEntry(entry)) ? "git's own files belong to no task" : null;
}

/**
 * Why an attempt may not have `entry` by itself, or `null`: files that run by themselves or steer tools are a person's to give. A wide
 * glob may meet such a file as well; then the file waits for approval before it lands, as it would without the wish.
 */
export function riskFault(entry: string): string | null {
  const tidy = tidyEntry(entry);
  const place = isPlainPath(tidy) ? tidy : `${fixedPart(tidy)}x`;
  const found = riskOfPath(tidy) ?? riskOfPath(place) ?? riskOfPath(`${tidy}/x`);
  if (found !== null) return `it ${found.does}`;
  return tidy.split('/').every((part) => /^\**$/.test(part)) ? 'it is the whole repository' : null;
}

/** The folders before the first special character. */
function fixedPart(entry: string): string {
  const special = entry.search(/[*?[{\\]/);
  const fixed = special < 0 ? entry : entry.slice(0, special);
  return fixed.slice(0, fixed.lastIndexOf('/') + 1);
}

/** Those of `entries` that the task may not write yet. */
export function newEntries({ scope }: Pick<Task, 'scope'>, entries: readonly string[]): string[] {
  const known = new Set(scope.map(tidyEntry));
  const wanted = [...new Set(entries.map(tidyEntry))].filter((entry) => !known.has(entry));
  return wanted.filter((entry) => !(isPlainPath(entry) && !entry.endsWith('/') && inScope(entry, scope)));
}

/** Scope and record after `entries` came to it. */
export function widenedBy(
  { scope, widened }: Pick<Task, 'scope' | 'widened'>,
  entries: readonly string[],
  byPerson: boolean,
): Pick<Task, 'scope' | 'widened'> {
  const fresh = entries.filter((entry) => !scope.includes(entry));
  // A person's later word outweighs that an attempt wished for it first.
  const kept = widened.filter(({ entry }) => !entries.includes(entry));
  return { scope: [...scope, ...fresh], widened: [...kept, ...entries.map((entry) => ({ entry, byPerson }))] };
}
