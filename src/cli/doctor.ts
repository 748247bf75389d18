/** The looks of `orbit doctor`: one after the other, each with what to do about it. */
import type { Context } from '../actions/context.ts';
import {
  good,
  look,
  lookAtAgents,
  lookAtCoordinator,
  lookAtDisk,
  lookAtSettings,
  type Fact,
} from '../actions/health-look.ts';
import { OperationalError } from '../platform/error.ts';
import type { Around } from './command.ts';

export interface Look {
  what: string;
  state: 'good' | 'bad' | 'note';
  text: string;
  hint: string;
}

export async function examine(around: Around): Promise<Look[]> {
  const facts = [
    good('Node.js', process.version),
    await look('git', async () => (await import('../compose.ts')).gitVersion()),
  ];
  let context: Context | null = null;
  facts.push(
    await look('project', async () => {
      context = await around.project();
      return context.paths.top;
    }),
  );
  if (context !== null) facts.push(...(await lookInto(context, around)));
  return facts.map(({ name, ok, text, hint }) => ({
    what: name,
    state: ok === null ? 'note' : ok ? 'good' : 'bad',
    text,
    hint,
  }));
}

async function lookInto(context: Context, { environment }: Around): Promise<Fact[]> {
  const { store, paths } = context;
  const settings = await lookAtSettings(context);
  return [
    await look(
      'store',
      async () => `${paths.database}, ${await store.lastSeq()} events, ${(await store.plans()).length} plans`,
    ),
    await lookAtDisk(context),
    await look('log', async () => {
      const bad = await store.verifyLog();
      if (bad !== null)
        throw new OperationalError('store-damaged', `event ${bad} does not fit the one before`, {
          hint: 'somebody edited the log; orbit events --since shows it',
        });
      return 'the hash chain holds';
    }),
    settings,
    ...(settings.ok === true
      ? [...(await lookAtAgents(context)), await lookAtChecks(context, environment['PATH'] ?? '')]
      : []),
    await lookAtCoordinator(context),
  ];
}

/** A doubt is no fault of the machine: what `orbit run` refuses, it refuses itself. */
async function lookAtChecks(context: Context, path: string): Promise<Fact> {
  const { checkAdvice, checkDoubts, settingsDoubts, tell } = await import('../actions/require-checks.ts');
  const doubts = await settingsDoubts(context, path);
  for (const { id } of await context.store.plans())
    doubts.push(...(await checkDoubts(context, id, { path, task: null })));
  if (doubts.length === 0) return good('checks', 'no program is missing');
  return { name: 'checks', ok: null, text: tell(doubts).join('\n      '), hint: checkAdvice };
}
