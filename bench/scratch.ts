/**
 * Temporary folders of a run, and what else must not outlive it.
 *
 * Owns the cleaning up: at the end of each measure, and of the whole run however it ends.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Scratch extends Disposable {
  directory: string;
}

const open = new Set<() => void>();

process.once('exit', () => {
  for (const end of open) end();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

export function makeScratch(): Scratch {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'orbit-bench-')));
  const cleanUp = atEnd(() => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  return { directory, [Symbol.dispose]: () => cleanUp[Symbol.dispose]() };
}

/** Runs `end` once: when the answer is disposed of, or when this process ends. It must not wait for anything. */
export function atEnd(end: () => void): Disposable {
  const once = (): void => {
    if (open.delete(once)) end();
  };
  open.add(once);
  return { [Symbol.dispose]: once };
}
