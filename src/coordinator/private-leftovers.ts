/**
 * Homes and temporary directories that agents of ended attempts left, because their runner died before it could remove them (I15).
 *
 * Their names tell project and token, so only this project's are ever touched.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a project's attempts have their private directories: `<folder>/<prefix><token>`. */
export interface PrivatePlaces {
  folder: string;
  prefix: string;
}

/** What cannot be removed stays for the next look; it is in nobody's way. */
export async function removePrivateLeftovers(
  places: readonly PrivatePlaces[],
  isOver: (token: number) => Promise<boolean>,
): Promise<void> {
  for (const { folder, prefix } of places) {
    for (const name of await readdir(folder).catch(() => [])) {
      const token = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      if (!/^[1-9]\d*$/.test(token) || !(await isOver(Number(token)))) continue;
      await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
