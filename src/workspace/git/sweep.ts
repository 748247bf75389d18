/** Small files of Orbit's own that killed processes left: scratch directories, drafts of locks. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { isOrphan, scratchFolder } from './scratch.ts';
import { lockFolder } from './workspace-folder.ts';

/** Removes those whose maker is gone, or that are older than any run of git can last; others may be in use. */
export async function sweepLeftovers(commonDirectory: string): Promise<void> {
  await sweep(scratchFolder(commonDirectory), { isLeftover: () => true, isOrphan });
  await sweep(lockFolder(commonDirectory), { isLeftover: (name) => name.endsWith('.draft'), isOrphan: () => false });
}

const ageMsMax = 6 * limits.gitCheckoutTimeoutMs;

interface Kind {
  isLeftover: (name: string) => boolean;
  isOrphan: (name: string) => boolean;
}

async function sweep(folder: string, kind: Kind): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => kind.isLeftover(each))) {
    const path = join(folder, name);
    const made = await stat(path).catch(() => null);
    if (made === null) continue;
    if (kind.isOrphan(name) || Date.now() - made.mtimeMs > ageMsMax) await rm(path, { recursive: true, force: true });
  }
}
