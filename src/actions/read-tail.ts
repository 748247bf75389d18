/** The end of an attempt's readable log, whole lines of it. Reads only. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../core/limits.ts';
import type { Context } from './context.ts';
import { requireAttempt } from './list-attempts.ts';
import { logFiles } from './read-logs.ts';

/** '' while nothing was said. Throws `UsageError` `unknown-attempt`. */
export async function readTail(context: Context, token: number): Promise<string> {
  const { logs } = await requireAttempt(context, token);
  return logs === null ? '' : tailOf(join(logs, logFiles.output));
}

function tailOf(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - limits.logTailBytes);
    const buffer = Buffer.alloc(size - from);
    const count = readSync(file, buffer, 0, buffer.length, from);
    const text = buffer.subarray(0, count).toString('utf8');
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    closeSync(file);
  }
}
