/** Removing a directory whatever its modes: build tools leave folders that nobody may write to. */
import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes `directory` and all in it; links in it are removed, not followed. What is not there is no error. */
export async function removeTree(directory: string): Promise<void> {
  try {
    await rm(directory, { recursive: true, force: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // ENOTEMPTY: somebody wrote into it meanwhile.
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'ENOTEMPTY') throw error;
    await makeWritable(directory);
    await rm(directory, { recursive: true, force: true });
  }
}

async function makeWritable(directory: string): Promise<void> {
  const found = await lstat(directory).catch(() => null);
  if (found === null || !found.isDirectory()) return;
  await chmod(directory, 0o700);
  for (const name of await readdir(directory)) await makeWritable(join(directory, name));
}
