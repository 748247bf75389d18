/**
 * Ports of their own for what runs side by side: servers and tests of agents and checks (P11).
 *
 * A port is held by a lock file that names its owner, in a folder of this user and machine, so that no two attempts of any project are
 * told of the same one. Invariant: one whose holder is gone is free again without anybody's help, and none is given out while something
 * listens on it. Nobody is kept from using a port; it is only promised to one.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { lstat, mkdir, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { OperationalError } from './error.ts';
import { removeIfAbandoned, tryLockFile, type FileLock } from './file-lock.ts';

export interface PortOrder {
  /** How many. */
  count: number;
  first: number;
  last: number;
  /** See {@link portFolder}. */
  folder: string;
}

export interface PortLease extends AsyncDisposable {
  ports: readonly number[];
  /** Gives them back. Twice does nothing. */
  release(): Promise<void>;
}

/**
 * Where the locks are: `$XDG_RUNTIME_DIR/orbit/ports`, made if need be; where that cannot be (another user's variable, a container), a
 * folder of this user among the temporary files.
 */
export function portFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const runtime = environment['XDG_RUNTIME_DIR'] ?? '';
  const own = join(runtime, 'orbit', 'ports');
  const isUsable = isAbsolute(runtime) && canMake(own);
  return isUsable ? own : join(tmpdir(), `orbit-${userInfo().uid}`, 'ports');
}

function canMake(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes `count` ports that nobody else was promised and nothing listens on. Throws OperationalError `no-port-free` (retryable) if there are
 * not so many, `file-unwritable` if the folder is not this user's own.
 */
export async function leasePorts({ count, first, last, folder }: PortOrder): Promise<PortLease> {
  const locks: FileLock[] = [];
  const ports: number[] = [];
  const release = async (): Promise<void> => {
    await Promise.all(locks.map(async (lock) => lock.release()));
  };
  if (count > 0) await ensureOwn(folder);
  const size = Math.max(0, last - first + 1);
  // Anywhere in the range, so that a port is not used again at once: connections of its last user may linger.
  const begin = Math.floor(Math.random() * size);
  try {
    for (let step = 0; step < size && ports.length < count; step += 1) {
      const port = first + ((begin + step) % size);
      const lock = await tryLockFile(join(folder, String(port)));
      if (lock === null) continue;
      if (await isFree(port)) {
        locks.push(lock);
        ports.push(port);
      } else await lock.release();
    }
    if (ports.length < count) {
      throw new OperationalError('no-port-free', `no ${count} ports of ${first} to ${last} are free`, {
        hint: 'Widen workspace.portFirst and workspace.portLast in orbit.config.json.',
        retryable: true,
      });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return { ports, release, [Symbol.asyncDispose]: release };
}

/** `ORBIT_PORT` is the first, `ORBIT_PORT_1` the second, and so on. */
export function portVariables(ports: readonly number[]): Record<string, string> {
  return Object.fromEntries(
    ports.map((port, index) => [index === 0 ? 'ORBIT_PORT' : `ORBIT_PORT_${index}`, String(port)]),
  );
}

/** Removes the locks of holders that are gone. */
export async function sweepPorts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) await removeIfAbandoned(join(folder, name));
}

/** On every address: a server may listen on one of them alone. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && canListen(port, '::');
}

async function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    // A machine without IPv6 has nobody listening there.
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      answer(code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'),
    );
    server.listen({ port, host, exclusive: true }, () => server.close(() => answer(true)));
  });
}

/** Among the temporary files anybody may have made a folder of that name. */
async function ensureOwn(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid } = await lstat(folder);
  if (process.getuid === undefined || uid === process.getuid()) return;
  throw new OperationalError('file-unwritable', `${folder} belongs to another user`, {
    hint: 'Set XDG_RUNTIME_DIR to a folder of your own.',
  });
}
