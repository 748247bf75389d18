/** The looks of `orbit doctor`: one after the other, each with what to do about it. */
import { OperationalError, UsageError } from '../platform/error.ts';
import type { Context } from '../actions/context.ts';
import { leaderNow } from '../actions/leader-now.ts';
import { tellHolder } from '../coordinator/holder.ts';
import type { Around } from './command.ts';

export interface Look {
  what: string;
  state: 'good' | 'bad' | 'note';
  text: string;
  hint: string;
}

export async function examine(around: Around): Promise<Look[]> {
  const looks: Look[] = [
    good('Node.js', process.version),
    await look('git', async () => (await import('../compose.ts')).gitVersion()),
  ];
  let context: Context | null = null;
  looks.push(
    await look('project', async () => {
      context = await around.project();
      return context.paths.top;
    }),
  );
  if (context !== null) looks.push(...(await lookInto(context, around)));
  return looks;
}

async function lookInto(context: Context, { environment }: Around): Promise<Look[]> {
  const { store, paths } = context;
  const looks = [
    await look(
      'store',
      async () => `${paths.database}, ${await store.lastSeq()} events, ${(await store.plans()).length} plans`,
    ),
    await look('disk', async () => lookAtDisk(context)),
    await look('log', async () => {
      const bad = await store.verifyLog();
      if (bad !== null)
        throw new OperationalError('store-damaged', `event ${bad} does not fit the one before`, {
          hint: 'somebody edited the log; orbit events --since shows it',
        });
      return 'the hash chain holds';
    }),
    await look('settings', async () => {
      await context.settings();
      return 'no fault found';
    }),
  ];
  if (looks.at(-1)?.state === 'good') {
    looks.push(...(await lookAtAgents(context)), await lookAtChecks(context, environment['PATH'] ?? ''));
  }
  const leader = await leaderNow(context);
  looks.push(good('coordinator', leader === null ? 'none runs' : `${tellHolder(leader.holder)} leads`));
  return looks;
}

/** Below it a disk counts as full: a few workspaces and an hour of logs need that. */
const diskFreeMbMin = 50;

/** What every change needs: a database that this user may write, and room for it to grow. */
async function lookAtDisk({ paths }: Context): Promise<string> {
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
}

async function lookAtAgents(context: Context): Promise<Look[]> {
  const { agents } = await context.settings();
  const entries = Object.entries(agents);
  if (entries.length === 0) {
    return [
      {
        what: 'agents',
        state: 'note',
        text: 'none is configured',
        hint: 'orbit run needs one in orbit.config.json; working by hand does not',
      },
    ];
  }
  const { adapterOf } = await import('../compose.ts');
  return Promise.all(
    entries.map(async ([name, settings]) =>
      look(`agent ${name}`, async () => {
        const fault = await (await adapterOf(settings.adapter)).fault(settings, context.paths.top);
        if (fault !== null)
          throw new OperationalError('agent-not-startable', fault, {
            hint: `mend agents.${name} in orbit.config.json`,
          });
        return `${settings.adapter}, ${settings.slots} at once`;
      }),
    ),
  );
}

/** A doubt is no fault of the machine: what `orbit run` refuses, it refuses itself. */
async function lookAtChecks(context: Context, path: string): Promise<Look> {
  const { checkAdvice, checkDoubts, settingsDoubts, tell } = await import('../actions/require-checks.ts');
  const doubts = await settingsDoubts(context, path);
  for (const { id } of await context.store.plans())
    doubts.push(...(await checkDoubts(context, id, { path, task: null })));
  if (doubts.length === 0) return good('checks', 'no program is missing');
  return { what: 'checks', state: 'note', text: tell(doubts).join('\n      '), hint: checkAdvice };
}

async function look(what: string, see: () => Promise<string>): Promise<Look> {
  try {
    return good(what, await see());
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof OperationalError)) throw error;
    return { what, state: 'bad', text: error.message, hint: error.hint };
  }
}

function good(what: string, text: string): Look {
  return { what, state: 'good', text, hint: '' };
}
