/**
 * The log of a long-running process of Orbit: one file, a line per entry with its time.
 *
 * Owns the file's size: past its limit the older half moves to `<file>.1`. A log never harms who writes it: a full disk costs
 * lines. Attempts have logs of their own.
 */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from './text.ts';

/** Large enough for weeks of a busy coordinator. */
const bytesMax = 8 * 1024 * 1024;

/** @param now milliseconds since 1970. Answers a function that appends one line. */
export function openLog(path: string, now: () => number): (line: string) => void {
  return (line) => {
    try {
      mkdirSync(dirname(path), { recursive: true });
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > bytesMax) renameSync(path, `${path}.1`);
      appendFileSync(path, `${new Date(now()).toISOString()} ${printable(line).replaceAll('\n', ' ')}\n`);
    } catch {
      // Nobody is left to tell.
    }
  };
}
