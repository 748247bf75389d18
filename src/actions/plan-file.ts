/**
 * Plan files: where a plan lies, and how its file looked when it was last read.
 *
 * Owns the stamps (`<orbit>/plans/<plan>.json`: size, times and number of the file as read), so that a look whether it changed
 * costs one `stat`.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Paths } from '../platform/paths.ts';

/** Path of a plan's own file, relative to the top of the main checkout. */
export function planFile(plan: string): string {
  return `specs/${plan}/agent-tasks/layered-tasks.md`;
}

export interface Stamp {
  source: string;
  /** Size and time of the file. */
  seen: string;
}

/** How a plan's file looks now; taken before it is read, so that a change during the reading is seen next time. */
export function takeStamp(context: { paths: Paths }, source: string): Stamp | null {
  const seen = look(join(context.paths.top, source));
  return seen === null ? null : { source, seen };
}

/** Notes that the file was read, or written by Orbit itself, as the stamp says. */
export function keepStamp(context: { paths: Paths }, plan: string, stamp: Stamp): void {
  const file = stampFile(context, plan);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(stamp));
}

/** How the plan's file looked when it was last read; `null` if it never was. */
export function keptStamp(context: { paths: Paths }, plan: string): Stamp | null {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(context, plan), 'utf8')) as Partial<Stamp>;
    return typeof stamp.source === 'string' && typeof stamp.seen === 'string'
      ? { source: stamp.source, seen: stamp.seen }
      : null;
  } catch {
    return null;
  }
}

function stampFile(context: { paths: Paths }, plan: string): string {
  return join(context.paths.orbitDirectory, 'plans', `${plan}.json`);
}

/** Size and times of a file as text; `null` if it is not there. */
function look(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isFile() === true ? `${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino}` : null;
}
