/**
 * Capabilities: what a process shows to prove that it acts for the attempt its environment names (I17).
 *
 * A keyed hash over who the attempt is, so that nothing has to be stored for it and none fits another attempt. The key lies in the
 * project's own folder, readable by its owner alone. Against a program that may read that folder it proves nothing.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hmacSha256 } from './sha256.ts';

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
  return seal(await ensureKey(keyFile), bearer);
}

/** The project's key, made if it is missing: what else is derived from it must name its own purpose. Throws as `makeCapability`. */
export async function ensureKey(keyFile: string): Promise<string> {
  return readKey(keyFile) ?? (await makeKey(keyFile));
}

/** Whether `shown` is the capability of exactly this attempt. */
export function isCapability(keyFile: string, bearer: Bearer, shown: string): boolean {
  const key = readKey(keyFile);
  return key !== null && isSame(seal(key, bearer), shown);
}

/** Takes as long wherever the two differ. */
function isSame(wanted: string, shown: string): boolean {
  let difference = wanted.length ^ shown.length;
  for (let at = 0; at < wanted.length; at += 1) difference |= wanted.charCodeAt(at) ^ shown.charCodeAt(at);
  return difference === 0;
}

function seal(key: string, { token, agent, task }: Bearer): string {
  return `${token}.${hmacSha256(key, JSON.stringify([token, agent, task]))}`;
}

function readKey(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
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
  return readFileSync(file, 'utf8');
}
