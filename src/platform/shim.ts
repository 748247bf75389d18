/**
 * Launchers: small files `orbit` and `orbit-agent` in a folder that stands first on an agent's PATH, so that an agent finds
 * the very Orbit that started it, whatever is installed on the machine.
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationalError } from './error.ts';

export interface ShimTarget {
  /** The Node.js to run: `process.execPath`. */
  execPath: string;
  /** Its arguments before those of the caller: the path of `orbit.cjs`. */
  program: readonly string[];
}

/**
 * Writes the launchers unless they are there already. Safe beside others doing the same: each file is replaced whole.
 * @throws {OperationalError} `file-unwritable`
 */
export async function ensureShims(directory: string, target: ShimTarget): Promise<void> {
  const text = `#!/bin/sh\nexec ${[target.execPath, ...target.program].map(quoted).join(' ')} "$@"\n`;
  try {
    await mkdir(directory, { recursive: true });
    for (const name of ['orbit', 'orbit-agent']) await ensureFile(join(directory, name), text);
  } catch (error) {
    throw new OperationalError('file-unwritable', `The launchers in ${directory} cannot be written.`, {
      hint: 'Make the folder writable, or free some disk space.',
      cause: error,
    });
  }
}

async function ensureFile(file: string, text: string): Promise<void> {
  if (await isLauncher(file, text)) return;
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, text);
    await chmod(draft, 0o755);
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

async function isLauncher(file: string, text: string): Promise<boolean> {
  try {
    return (await readFile(file, 'utf8')) === text && ((await stat(file)).mode & 0o777) === 0o755;
  } catch {
    return false;
  }
}

/** Quoted for sh: in single quotes nothing is special but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
