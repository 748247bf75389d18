/**
 * Looks at what Orbit needs: each a fact, whether it is as it should be, and what to do where it is not. Reads only.
 *
 * Owns each look once, for `orbit doctor` and for those who watch; which of them are taken is theirs to say.
 */
import { OperationalError, UsageError } from '../platform/error.ts';
import { tellHolder } from '../platform/holder.ts';
import type { Leadership } from '../store/store.ts';
import type { Context } from './context.ts';
import { leaderNow } from './leader-now.ts';

export interface Fact {
  name: string;
  /** `null`: neither; something to know, or that nobody can tell. */
  ok: boolean | null;
  text: string;
  /** What to do, where there is something. */
  hint: string;
}

/** What the look sees is good; what it throws is told with its hint. */
export async function look(name: string, see: () => Promise<string>): Promise<Fact> {
  try {
    return good(name, await see());
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof OperationalError)) throw error;
    return { name, ok: false, text: error.message, hint: error.hint };
  }
}

export function good(name: string, text: string): Fact {
  return { name, ok: true, text, hint: '' };
}

export async function lookAtSettings(context: Context): Promise<Fact> {
  return look('settings', async () => {
    await context.settings();
    return 'no fault found';
  });
}

/** Below it a disk counts as full: a few workspaces and an hour of logs need that. */
const diskFreeMbMin = 50;

/** What every change needs: a database that this user may write, and room for it to grow. */
export async function lookAtDisk({ paths }: Context): Promise<Fact> {
  return look('disk', async () => {
    const { access, constants, statfs } = await import('node:fs/promises');
    for (const path of [paths.database, paths.orbitDirectory]) {
      const isWritable = await access(path, constants.W_OK).then(
        () => true,
        () => false,
      );
      if (isWritable) continue;
      const hint = 'make it writable, or run orbit as its owner';
      throw new OperationalError('store-read-only', `${path} cannot be written by this user`, { hint });
    }
    const { bavail, bsize } = await statfs(paths.orbitDirectory);
    const freeMb = Math.floor((bavail * bsize) / 1e6);
    if (freeMb >= diskFreeMbMin) return `${freeMb} MB free`;
    throw new OperationalError('store-full', `only ${freeMb} MB are free on the disk of ${paths.orbitDirectory}`, {
      hint: 'free some space',
    });
  });
}

/** Whether the program of each configured agent can be started. */
export async function lookAtAgents(context: Context): Promise<Fact[]> {
  const { agents } = await context.settings();
  const entries = Object.entries(agents);
  if (entries.length === 0) {
    const hint = 'orbit run needs one in orbit.config.json; working by hand does not';
    return [{ name: 'agents', ok: null, text: 'none is configured', hint }];
  }
  return Promise.all(
    entries.map(async ([name, entry]) =>
      look(`agent ${name}`, async () => {
        const fault = await context.agentFault(entry);
        if (fault !== null)
          throw new OperationalError('agent-not-startable', fault, {
            hint: `mend agents.${name} in orbit.config.json`,
          });
        return `${entry.adapter}, ${entry.slots} at once`;
      }),
    ),
  );
}

export async function lookAtCoordinator(context: Context): Promise<Fact> {
  return tellLeader(await leaderNow(context));
}

/** The same of whoever was found leading. */
export function tellLeader(leader: Leadership | null): Fact {
  return good('coordinator', leader === null ? 'none runs' : `${tellHolder(leader.holder)} leads`);
}
