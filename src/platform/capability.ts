/**
 * Capabilities: what a process shows to prove that it acts for the attempt its environment names (I17).
 *
 * A keyed hash over who the attempt is, so that nothing has to be stored for it and none fits another attempt. The key lies in the
 * project's own folder, readable by its owner alone. Against a program that may read that folder it proves nothing.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface Bearer {
  token: number;
  agent: string;
  /** `<plan>/<task>` */
  task: string;
}

/**
 * The capability of an attempt: `<token>.<64 hexadecimal digits>`, the same each time.
 * @param keyFile made if it is missing. Errors of the file system are thrown as they are.
 */
export async function makeCapability(keyFile: string, bearer: Bearer): Promise<string> {
  return seal((await readKey(keyFile)) ?? (await makeKey(keyFile)), bearer);
}

/** Whether `shown` is the capability of exactly this attempt. */
export async function isCapability(keyFile: string, bearer: Bearer, shown: string): Promise<boolean> {
  const key = await readKey(keyFile);
  if (key === null) return false;
  const [wanted, given] = [Buffer.from(seal(key, bearer)), Buffer.from(shown)];
  return wanted.length === given.length && timingSafeEqual(wanted, given);
}

function seal(key: string, { token, agent, task }: Bearer): string {
  const hash = createHmac('sha256', key).update(JSON.stringify([token, agent, task]));
  return `${token}.${hash.digest('hex')}`;
}

async function readKey(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Linked into place whole: of several processes that make it at once, all get the same. */
async function makeKey(file: string): Promise<string> {
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}
