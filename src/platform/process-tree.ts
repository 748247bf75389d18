/**
 * A process with everything that came from it: listing it, and ending it whole (I15).
 *
 * Four nets, because each alone has a hole: children by parent number (lost when the parent ends), the process group and
 * session (left with `setsid`), a marker in the environment (lost when a program clears it), and the attempt's own directory
 * (left with `cd`). Nothing is signalled before its start stamp was compared, and what is called gone was looked for once more.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../core/attempt.ts';
import { limits } from '../core/limits.ts';
import { orphansIn } from './orphans.ts';
import { lookAtProcess } from './process.ts';
import {
  readEnvironment,
  readIoBytes,
  readOwnMemoryBytes,
  readProcessTable,
  type ProcessRow,
} from './process-table.ts';

/**
 * What Orbit wrote into the environment of an attempt's agent (`ORBIT_PROJECT`, `ORBIT_TASK`, `ORBIT_TOKEN`), or of the programs
 * of one check (`ORBIT_CHECK`). An attempt's marker means its checks as well, by {@link markOf}.
 */
export type ProcessMarker = AttemptMarker | { check: string };

export interface AttemptMarker {
  project: string;
  task: string;
  token: string;
}

/** What tells of checks and set-up commands whose they are, without making them act as that attempt. */
export function markOf({ project, task, token }: AttemptMarker): Record<string, string> {
  return { ORBIT_CHECK_OF: `${token} ${task} ${project}` };
}

/** Ends all that carries the mark and does not come from this process, where nobody knows what it came from. */
export async function endMarked(marker: AttemptMarker, graceMs: number): Promise<TreeEnd> {
  const nobody = { host: hostname(), pid: 0, startedAt: 'none' };
  return endProcessTree(nobody, { marker, graceMs });
}

export interface TreeOptions {
  /** `null`: only the family is looked at, nobody who escaped it. */
  marker: ProcessMarker | null;
  /**
   * True if this very process started the root and holds its number, or saw it end just now. Then members of its group and
   * session are its own even when the root is gone; otherwise the number may have come round, and only marked ones count.
   */
  ownRoot?: boolean;
  /**
   * A directory that belongs to the tree alone while it lives: who stands in it without a parent is of the tree. `null` or left
   * out where a person may work there.
   */
  workspace?: string | null;
}

export interface TreeProcess {
  identity: ProcessIdentity;
  parent: number;
  group: number;
  name: string;
  cpuMs: number;
  /** Bytes read and written, `null` where the system does not tell. */
  ioBytes: number | null;
  /** Memory of its own, `null` where the system does not tell. */
  memoryBytes: number | null;
}

export interface TreeEnd {
  /** `gone`: a look found nothing. `left`: survivors. `unknown`: no look was possible, or the tree is on another machine. */
  state: 'gone' | 'left' | 'unknown';
  survivors: readonly ProcessIdentity[];
}

/** Everything that lives of a tree, the root first if it lives; `null` if the look failed. Compare two of them for idleness. */
export function listProcessTree(root: ProcessIdentity, options: TreeOptions): TreeProcess[] | null {
  const rows = treeRows(root, options);
  if (rows === null) return null;
  return rows.map((row) => ({
    identity: identityOf(row),
    parent: row.parent,
    group: row.group,
    name: row.name,
    cpuMs: row.cpuMs,
    ioBytes: readIoBytes(row.pid),
    memoryBytes: readOwnMemoryBytes(row.pid),
  }));
}

/**
 * Ends a tree: SIGTERM to all of it, up to `graceMs` to leave, then SIGKILL until a look at the whole table finds nothing or
 * {@link limits.killWaitMs} have passed. Answers what survived. Calling it for what is long gone is safe and cheap.
 */
export async function endProcessTree(
  root: ProcessIdentity,
  options: TreeOptions & { graceMs: number },
): Promise<TreeEnd> {
  const known = new Map<string, ProcessRow>();
  // What was once seen in the tree stays in it: its parent may have left since, and with it the thread that led there.
  const stillThere = (): ProcessRow[] => [...known.values()].filter((row) => lookAtProcess(identityOf(row)) !== 'gone');
  const look = (): ProcessRow[] | null => {
    const rows = treeRows(root, options);
    for (const row of rows ?? []) known.set(`${row.pid} ${row.startedAt}`, row);
    return rows === null ? null : stillThere();
  };
  const first = look() ?? [];
  if (first.length > 0 && options.graceMs > 0) {
    signalAll(first, 'SIGTERM');
    // A stopped process takes no polite signal until it goes on.
    signalAll(first, 'SIGCONT');
    await waitUntilNone(stillThere, options.graceMs);
  }
  const deadline = performance.now() + limits.killWaitMs;
  for (;;) {
    const living = look();
    if (living === null) return { state: 'unknown', survivors: stillThere().map(identityOf) };
    if (living.length === 0) return { state: 'gone', survivors: [] };
    if (performance.now() > deadline) return { state: 'left', survivors: living.map(identityOf) };
    signalAll(living, 'SIGKILL');
    await waitUntilNone(stillThere, 100);
  }
}

/** Rows of the tree without zombies, or `null` if nobody can tell. */
function treeRows(root: ProcessIdentity, options: TreeOptions): ProcessRow[] | null {
  if (root.host !== hostname() || root.startedAt === '') return null;
  const table = readProcessTable();
  if (table === null) return null;
  const rootRow = table.find((row) => row.pid === root.pid);
  const rootLives = rootRow?.startedAt === root.startedAt;
  const numberReused = rootRow !== undefined && !rootLives;
  const trustGroup = !numberReused && (rootLives || options.ownRoot === true);
  const self = ancestry(table, process.pid);
  const isMember = (row: ProcessRow): boolean =>
    (rootLives && row.pid === root.pid) ||
    (trustGroup && (row.group === root.pid || row.session === root.pid)) ||
    (options.marker !== null && isMarked(row.pid, options.marker));
  const members = new Set(table.filter((row) => !self.has(row.pid) && isMember(row)).map((row) => row.pid));
  if (typeof options.workspace === 'string') {
    const own = { directory: options.workspace, since: root.startedAt };
    for (const { pid } of orphansIn(table, own)) if (!self.has(pid)) members.add(pid);
  }
  addDescendants(members, table, self);
  return table
    .filter((row) => members.has(row.pid) && !row.zombie)
    .sort((a, b) => Number(b.pid === root.pid) - Number(a.pid === root.pid) || a.pid - b.pid);
}

/** This process and those above it: whoever ends a tree must not end itself, even if it carries the same marker. */
function ancestry(table: readonly ProcessRow[], from: number): Set<number> {
  const parents = new Map(table.map((row) => [row.pid, row.parent]));
  const found = new Set<number>();
  for (let pid: number | undefined = from; pid !== undefined && !found.has(pid); pid = parents.get(pid)) found.add(pid);
  return found;
}

function addDescendants(members: Set<number>, table: readonly ProcessRow[], except: ReadonlySet<number>): void {
  const children = Map.groupBy(table, (row) => row.parent);
  const open = [...members];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (members.has(child.pid) || except.has(child.pid)) continue;
      members.add(child.pid);
      open.push(child.pid);
    }
  }
}

function isMarked(pid: number, marker: ProcessMarker): boolean {
  const environment = readEnvironment(pid);
  if (environment === null) return false;
  if ('token' in marker && environment.includes(`ORBIT_CHECK_OF=${markOf(marker)['ORBIT_CHECK_OF']}`)) return true;
  return entriesOf(marker).every((entry) => environment.includes(entry));
}

function entriesOf(marker: ProcessMarker): string[] {
  if ('check' in marker) return [`ORBIT_CHECK=${marker.check}`];
  return [`ORBIT_TOKEN=${marker.token}`, `ORBIT_TASK=${marker.task}`, `ORBIT_PROJECT=${marker.project}`];
}

/**
 * Signals these processes, each after a look that its number still means it, and at once the groups that one of them leads
 * or led: a fork between the look and the signal is in them.
 */
function signalAll(rows: readonly ProcessRow[], name: NodeJS.Signals): void {
  const living = rows.filter((row) => lookAtProcess(identityOf(row)) === 'alive');
  const members = new Set(rows.map((row) => row.pid));
  for (const group of new Set(living.map((row) => row.group))) if (members.has(group)) send(-group, name);
  for (const row of living) if (!members.has(row.group)) send(row.pid, name);
}

function send(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch {
    // Gone in between, or another user's: the next look tells which.
  }
}

/** Looks again with growing pauses and ends as soon as nothing is left. */
async function waitUntilNone(look: () => readonly ProcessRow[], waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (let pauseMs = 5; look().length > 0 && performance.now() < deadline; pauseMs = Math.min(pauseMs * 2, 100)) {
    await delay(Math.max(1, Math.min(pauseMs, deadline - performance.now())));
  }
}

function identityOf(row: ProcessRow): ProcessIdentity {
  return { host: hostname(), pid: row.pid, startedAt: row.startedAt };
}
