/** The name of a project's orchestrator (E1, E12): what its exported state is filed under. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { nameFault } from '../../core/id.ts';
import { UsageError } from '../../platform/error.ts';
import type { Paths } from '../../platform/paths.ts';
import { replaceFile } from '../../platform/replace-file.ts';

/** As it was given, else after the project's folder. */
export function systemIdOf(paths: Paths): string {
  try {
    const kept = readFileSync(fileOf(paths), 'utf8').trim();
    if (nameFault(kept) === null) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const name = basename(paths.top).replaceAll(/[^A-Za-z0-9._-]+|\.{2,}/g, '-');
  const plain = name
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/\.+(?:lock)?$/i, '')
    .slice(0, 64);
  return nameFault(plain) === null ? plain : 'orbit';
}

/** Keeps it for this clone. Throws `UsageError` `bad-id`. */
export function keepSystemId(paths: Paths, id: string): void {
  const fault = nameFault(id);
  if (fault !== null)
    throw new UsageError(
      'bad-id',
      `${JSON.stringify(id.slice(0, 80))} cannot be a system id: ${fault}`,
      'for example shop-1',
    );
  replaceFile(fileOf(paths), `${id}\n`);
}

function fileOf({ orbitDirectory }: Paths): string {
  return join(orbitDirectory, 'system-id');
}
