/**
 * What processes use, each with everything that came from it: for people who watch, never for a decision.
 *
 * Owns that one read of the process table serves any number of them. Who left the family (with a session and a parent of its own) is
 * not counted: to find those costs a look into every process.
 */
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../core/attempt.ts';
import { readOwnMemoryBytes, readProcessTable, type ProcessRow } from './process-table.ts';

export interface ProcessUsage {
  /** Processor time of those that live, in milliseconds. */
  cpuMs: number;
  /** Memory of their own; `null` where the system does not tell. */
  memoryBytes: number | null;
  processes: number;
}

/** In order; `null` for a process of another machine, one that is gone, and where the table cannot be read. */
export function usageOf(roots: readonly (ProcessIdentity | null)[]): (ProcessUsage | null)[] {
  const here = hostname();
  const table = roots.some((root) => root?.host === here) ? readProcessTable() : null;
  if (table === null) return roots.map(() => null);
  const rows = new Map(table.map((row) => [row.pid, row]));
  const children = Map.groupBy(table, ({ parent }) => parent);
  const groups = Map.groupBy(table, ({ group }) => group);
  return roots.map((root) => {
    const row = root === null || root.host !== here ? undefined : rows.get(root.pid);
    if (root === null || row === undefined || row.startedAt !== root.startedAt) return null;
    return sumOf(familyOf(row, { children, groups }));
  });
}

interface Kinship {
  children: ReadonlyMap<number, readonly ProcessRow[]>;
  groups: ReadonlyMap<number, readonly ProcessRow[]>;
}

/** The process, its group if it leads one, and all below them. */
function familyOf(root: ProcessRow, { children, groups }: Kinship): ProcessRow[] {
  const family = new Map([[root.pid, root]]);
  if (root.group === root.pid) for (const row of groups.get(root.pid) ?? []) family.set(row.pid, row);
  // The map grows while it is walked.
  for (const { pid } of family.values()) for (const child of children.get(pid) ?? []) family.set(child.pid, child);
  return [...family.values()].filter(({ zombie }) => !zombie);
}

function sumOf(family: readonly ProcessRow[]): ProcessUsage {
  let memoryBytes: number | null = null;
  for (const { pid } of family) {
    const own = readOwnMemoryBytes(pid);
    // One that has just ended uses nothing.
    if (own !== null) memoryBytes = (memoryBytes ?? 0) + own;
  }
  return { cpuMs: family.reduce((sum, { cpuMs }) => sum + cpuMs, 0), memoryBytes, processes: family.length };
}
