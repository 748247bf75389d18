/** Small files of Orbit's own that killed processes left: scratch directories, drafts of locks. */
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { scratchFolder } from './scratch.ts';
import { lockFolder } from './workspace-folder.ts';

/** Removes those older than any run of git can last; younger ones may be in use. */
export async function sweepLeftovers(commonDirectory: string): Promise<void> {
  await sweep(scratchFolder(commonDirectory), () => true);
  await sweep(lockFolder(commonDirectory), (name) => name.endsWith('.draft'));
}

const ageMsMax = 6 * limits.gitCheckoutTimeoutMs;

async function sweep(folder: string, isLeftover: (name: string) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => isLeftover(each))) {
    const path = join(folder, name);
    const made = await stat(path).catch(() => null);
    if (made !== null && Date.now() - made.mtimeMs > ageMsMax) await rm(path, { recursive: true, force: true });
  }
}
