/** Log folders of attempts that ended, as something that takes disk space. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { diskUseBytes } from '../platform/disk-use.ts';

export interface OldLogs {
  /** What all log folders take. */
  bytes(): Promise<number>;
  /**
   * Removes the oldest folders until `bytes` are freed or `keep` bytes are left; answers what was freed.
   * @param order.inUse folders that stay.
   */
  collect(order: { bytes: number; keep: number; inUse: ReadonlySet<string> }): Promise<number>;
}

/** @param runs the folder with a folder per attempt. */
export function oldLogs(runs: string, log: (line: string) => void): OldLogs {
  return {
    bytes: async () => diskUseBytes(runs),
    collect: async ({ bytes, keep, inUse }) => {
      const names = await readdir(runs).catch(() => []);
      const folders = await Promise.all(
        names.map(async (name) => {
          const path = join(runs, name);
          const at = (await lstat(path).catch(() => null))?.mtimeMs ?? 0;
          return { path, at, bytes: await diskUseBytes(path) };
        }),
      );
      let left = folders.reduce((sum, folder) => sum + folder.bytes, 0);
      let freed = 0;
      for (const folder of folders.toSorted((one, other) => one.at - other.at)) {
        if (freed >= bytes || left <= keep) break;
        if (inUse.has(folder.path)) continue;
        await rm(folder.path, { recursive: true, force: true });
        log(`${folder.path} was removed to free ${Math.ceil(folder.bytes / 1e6)} MB`);
        freed += folder.bytes;
        left -= folder.bytes;
      }
      return freed;
    },
  };
}
