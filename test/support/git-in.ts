/** Git as a user runs it, in a directory of the caller's. */
import { execFileSync } from 'node:child_process';

/** Answers what git printed without the last line feed; throws if it fails. */
export function gitIn(directory: string): (...args: readonly string[]) => string {
  return (...args) =>
    execFileSync('git', args, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
}
