/** Whether a process of this machine uses a file or stands in a folder. */
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * True if any process has `path`, or something below it, open or as its current directory; `null` where it cannot be told (no /proc).
 * A process that may not be looked at belongs to another user, who cannot write what is ours.
 */
export async function isInUse(path: string): Promise<boolean | null> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  if (processes.length === 0) return null;
  for (const pid of processes) {
    const folder = join('/proc', pid);
    const files = (await readdir(join(folder, 'fd')).catch(() => [])).map((fd) => join(folder, 'fd', fd));
    for (const link of [join(folder, 'cwd'), ...files]) {
      const target = await readlink(link).catch(() => '');
      if (target === path || target.startsWith(`${path}/`)) return true;
    }
  }
  return false;
}
