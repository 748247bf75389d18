/** Finds and follows the logs of attempts (B8). Reads only. */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Attempt } from '../core/attempt.ts';
import { UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';

export const logFiles = { output: 'output.log', verbose: 'verbose.jsonl', monitor: 'monitor.log' } as const;
export type LogName = keyof typeof logFiles;

export interface LogPlace {
  attempt: Attempt;
  directory: string;
  path: string;
}

/** Log folders, newest first, as `<time>_<task>`. */
export function listLogs(context: Context): { name: string; path: string }[] {
  const directory = join(context.paths.logs, 'run');
  const names = readNames(directory).toSorted().toReversed();
  return names.map((name) => ({ name, path: join(directory, name) }));
}

/** The log of a task's last attempt, or of the one with `token`. Throws `UsageError` `unknown-attempt`. */
export async function findLog(
  context: Context,
  order: { task: string; plan: string | null; token: number | null; log: LogName },
): Promise<LogPlace> {
  const { task } = await findTask(context, order.task, order.plan);
  const attempts = (await context.store.attempts({ task: task.key })).toSorted((a, b) => a.token - b.token);
  const attempt =
    order.token === null
      ? attempts.findLast(({ logs }) => logs !== null)
      : attempts.find(({ token }) => token === order.token);
  if (attempt === undefined && order.token !== null) {
    const known = attempts.map(({ token }) => token).join(', ');
    throw new UsageError(
      'unknown-attempt',
      `${task.id} has no attempt ${order.token}`,
      known === '' ? 'it was never started' : `its attempts: ${known}`,
    );
  }
  if (attempt === undefined || attempt.logs === null) {
    throw new UsageError(
      'unknown-attempt',
      `no attempt of ${task.id} has logs yet`,
      attempts.length === 0 ? `orbit why ${task.id}` : 'work done by hand is not logged',
    );
  }
  return { attempt, directory: attempt.logs, path: join(attempt.logs, logFiles[order.log]) };
}

/** Reads a file from `offset` on, piece by piece; answers the offset behind the last byte read. A file not there yet is empty. */
export function readFrom(path: string, offset: number, take: (bytes: Buffer) => void): number {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return offset;
  }
  try {
    // A file shorter than what was read of it was begun anew.
    let at = fstatSync(file).size < offset ? 0 : offset;
    const buffer = Buffer.alloc(64 * 1024);
    for (;;) {
      const count = readSync(file, buffer, 0, buffer.length, at);
      if (count === 0) return at;
      at += count;
      take(Buffer.from(buffer.subarray(0, count)));
    }
  } finally {
    closeSync(file);
  }
}

function readNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
