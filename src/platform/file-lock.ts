/**
 * Locks between the processes of one machine: a file that names its owner.
 *
 * Invariant: at most one process holds a path at a time, and a lock whose owner died is free again without anybody's help.
 * A file appears with its whole content (it is linked into place), so no reader ever meets a half-written owner. An owner that
 * cannot be looked at (another machine, another process namespace) counts as alive.
 *
 * Taking over is the hard part: of two processes that both saw the dead owner, the slower one must not delete the lock of the
 * faster. So the right to delete the file of owner `o` is itself a lock, at `<path>.<o>`, under which the file is read again.
 */
import { linkSync, lstatSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, readlink, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ProcessIdentity } from '../core/attempt.ts';
import { readProcessRow } from './process-table.ts';
import { lookAtProcess, processIdentity } from './process.ts';

export interface FileLock {
  path: string;
  /** Gives the lock back. Releasing twice does nothing. */
  release(): Promise<void>;
}

/**
 * Takes the first of `paths` that is free and waits for one up to `waitMsMax`; `null` if none became free.
 * Within a process waiters are served in order of arrival; between processes in no order.
 */
export async function lockOneOf(paths: readonly string[], waitMsMax: number): Promise<FileLock | null> {
  const deadline = performance.now() + waitMsMax;
  const key = paths.join('\0');
  const turn = (turns.get(key) ?? Promise.resolve(null)).then(async () => pollUntil(deadline, paths));
  // The next one waits for this turn however it ends; the error itself goes to the caller of this turn.
  turns.set(
    key,
    turn.catch(() => null),
  );
  return turn;
}

/** Takes `path` if it is free now. Creates its folder. Errors of the file system are thrown as they are. */
export async function tryLockFile(path: string): Promise<FileLock | null> {
  const mine = JSON.stringify({ ...(await self()), nonce: nextNonce() });
  for (;;) {
    await mkdir(dirname(path), { recursive: true });
    if (linkInto(path, mine)) return lockOf(path, mine);
    const found = await readIfThere(path);
    if (found === null) continue;
    if (!isAbandoned(found, await namespace())) return null;
    if (!(await removeAbandoned(path, found))) return null;
  }
}

/** What an owner that died with a lock in hand had noted in it. */
export interface LeftLock {
  note: string;
  nonce: string;
}

export interface SharedLock extends FileLock {
  nonce: string;
  /** What the owner it was taken over from left undone; `null` where the path was free. Until release the note stands for that. */
  left: LeftLock | null;
}

/**
 * Takes a path at which other programs lock as well by making the file, as git does; `null` while somebody holds it. Only what names an
 * owner of ours who is seen to be gone is taken over, in one step: the path is never free in between. All else is theirs and stays.
 *
 * @param order.note what is done under the lock, for whoever takes it over. @param order.mayTake the last word before that.
 */
export async function takeSharedLock(
  path: string,
  { note, mayTake }: { note: string; mayTake: (left: LeftLock) => Promise<boolean> },
): Promise<SharedLock | null> {
  const owner = await self();
  const nonce = nextNonce();
  const mine = JSON.stringify({ ...owner, nonce, note });
  if (linkInto(path, mine)) return { ...lockOf(path, mine), nonce, left: null };
  const found = readRecord(path);
  const left = found === null ? null : leftIn(found);
  if (found === null || left === null || !isAbandoned(found, await namespace()) || !(await mayTake(left))) return null;
  const right = await tryLockFile(`${path}.${left.nonce}`);
  if (right === null) return null;
  try {
    const heir = JSON.stringify({ ...owner, nonce, note: left.note });
    const draft = `${path}.${nonce}.draft`;
    writeFileSync(draft, heir, { flag: 'wx' });
    // Read and replaced without a pause: a person who removes the file by hand is the only one who could come between.
    if (readRecord(path) !== found) {
      unlinkSync(draft);
      return null;
    }
    renameSync(draft, path);
    return { ...lockOf(path, heir), nonce, left };
  } finally {
    await right.release();
  }
}

/** The note of a lock of ours, `null` for one of others. */
function leftIn(content: string): LeftLock | null {
  const owner = ownerOf(content);
  if (owner === null) return null;
  const { note } = JSON.parse(content) as { note?: unknown };
  return typeof note === 'string' ? { note, nonce: owner.nonce } : null;
}

/** What stands at a shared path, if it may be of ours: others put files of any size there, and pipes. */
function readRecord(path: string): string | null {
  try {
    const found = lstatSync(path);
    return found.isFile() && found.size <= recordBytesMax ? readFileSync(path, 'utf8') : null;
  } catch {
    return null;
  }
}

/** Far more than an owner and a note take. */
const recordBytesMax = 16_384;

/** Removes a lock, or the draft of one, whose owner is seen to be gone; a living one stays, and a torn lock. */
export async function removeIfAbandoned(path: string): Promise<void> {
  const content = await readIfThere(path);
  if (content === null) return;
  // A draft that was torn by a kill names nobody, but its name tells the number of its maker.
  const maker = /\.(\d+)-[a-z0-9]+-[a-z0-9]+\.draft$/.exec(path)?.[1];
  if (ownerOf(content) === null && maker !== undefined && readProcessRow(Number(maker)) === 'gone') {
    await unlinkIfThere(path);
    return;
  }
  if (ownerOf(content) === null || !isAbandoned(content, await namespace())) return;
  if (path.endsWith('.draft')) await unlinkIfThere(path);
  else await (await tryLockFile(path))?.release();
}

const turns = new Map<string, Promise<FileLock | null>>();

interface Owner extends ProcessIdentity {
  /** The process namespace in which `pid` means something; empty where the system has none. */
  namespace: string;
  nonce: string;
}

/** Polling, because nothing rings when another process lets go. Registrations take about 10 ms, so the wait starts below that. */
const pollMsFirst = 2;
const pollMsMax = 25;

async function pollUntil(deadline: number, paths: readonly string[]): Promise<FileLock | null> {
  for (let pauseMs = pollMsFirst; ; pauseMs = Math.min(pauseMs * 1.5, pollMsMax)) {
    for (const path of paths) {
      const lock = await tryLockFile(path);
      if (lock !== null) return lock;
    }
    if (performance.now() >= deadline) return null;
    // Spread, so that waiters of several processes do not look in step.
    await pause(pauseMs * (0.5 + Math.random()), paths);
  }
}

/** Those of this process that wait for a path: they need not poll for what is let go here. */
const sleepers = new Map<string, Set<() => void>>();

/** Ends early when this process lets go of one of the paths. */
async function pause(ms: number, paths: readonly string[]): Promise<void> {
  const woken = new AbortController();
  const wake = (): void => woken.abort();
  for (const path of paths) sleepers.set(path, (sleepers.get(path) ?? new Set()).add(wake));
  try {
    await wait(ms, undefined, { signal: woken.signal });
  } catch (error) {
    if (!woken.signal.aborted) throw error;
  } finally {
    for (const path of paths) {
      sleepers.get(path)?.delete(wake);
      if (sleepers.get(path)?.size === 0) sleepers.delete(path);
    }
  }
}

/** Without a pause between the steps: they take microseconds, so that hardly any kill finds a draft to leave behind. */
function linkInto(path: string, content: string): boolean {
  const draft = `${path}.${nextNonce()}.draft`;
  writeFileSync(draft, content, { flag: 'wx' });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function lockOf(path: string, content: string): FileLock {
  let held = true;
  return {
    path,
    release: async () => {
      if (!held) return;
      held = false;
      // Nobody else deletes the file of a living owner, but a person may have; theirs must not be deleted in turn.
      if ((await readIfThere(path)) === content) await unlinkIfThere(path);
      for (const wake of sleepers.get(path) ?? []) wake();
    },
  };
}

/** False when somebody else is at it, or was quicker. */
async function removeAbandoned(path: string, found: string): Promise<boolean> {
  const right = await tryLockFile(`${path}.${ownerOf(found)?.nonce ?? 'torn'}`);
  if (right === null) return false;
  try {
    if ((await readIfThere(path)) === found) await unlinkIfThere(path);
    return true;
  } finally {
    await right.release();
  }
}

function isAbandoned(content: string, here: string): boolean {
  const owner = ownerOf(content);
  // Whole or not at all: a torn file is what a power cut leaves, and its owner ended with the machine.
  if (owner === null) return true;
  return owner.namespace === here && lookAtProcess(owner) === 'gone';
}

function ownerOf(content: string): Owner | null {
  try {
    const owner = JSON.parse(content) as Partial<Owner> | null;
    const { host, pid, startedAt, namespace: space, nonce } = owner ?? {};
    if (typeof host !== 'string' || typeof pid !== 'number' || typeof startedAt !== 'string') return null;
    if (typeof space !== 'string' || typeof nonce !== 'string' || !/^[a-z0-9-]+$/.test(nonce)) return null;
    return { host, pid, startedAt, namespace: space, nonce };
  } catch {
    return null;
  }
}

let knownSelf: Omit<Owner, 'nonce'> | undefined;

async function self(): Promise<Omit<Owner, 'nonce'>> {
  if (knownSelf === undefined) {
    const identity = processIdentity(process.pid) ?? { host: '', pid: process.pid, startedAt: '' };
    knownSelf = { ...identity, namespace: await namespace() };
  }
  return knownSelf;
}

let knownNamespace: string | undefined;

async function namespace(): Promise<string> {
  knownNamespace ??= await readlink('/proc/self/ns/pid').catch(() => '');
  return knownNamespace;
}

let nonces = 0;

function nextNonce(): string {
  nonces += 1;
  return `${process.pid}-${nonces.toString(36)}-${Math.random().toString(36).slice(2, 10)}`;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function unlinkIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
