/** The event log by cursor (C3, E4). Reads only. */
import { UsageError } from '../../platform/error.ts';
import type { Context } from '../context.ts';
import { findTask } from '../find-task.ts';
import { listEvents, type EventView } from '../list-events.ts';

export interface EventsAnswer {
  events: readonly EventView[];
  /** Give it as `cursor` for what follows, also when nothing follows yet. */
  nextCursor: string;
  /** Whether there is more already. */
  more: boolean;
  observedAt: string;
}

export interface EventsOrder {
  /** Where the last answer ended; `null`: the newest `limit` events. */
  cursor: string | null;
  limit: number;
  plan: string | null;
  task: string | null;
}

/** In order. Throws `UsageError` `bad-cursor`, `unknown-task`. */
export async function getEvents(context: Context, { cursor, limit, plan, task }: EventsOrder): Promise<EventsAnswer> {
  if (cursor !== null && !/^\d{1,15}$/.test(cursor))
    throw new UsageError(
      'bad-cursor',
      `${JSON.stringify(cursor.slice(0, 40))} is no cursor`,
      'take nextCursor of an earlier answer, or none',
    );
  const key = task === null ? null : (await findTask(context, task, plan)).task.key;
  const last = await context.store.lastSeq();
  const since = cursor === null ? Math.max(0, last - limit) : Number(cursor);
  const query = { ...(plan === null ? {} : { plan }), ...(key === null ? {} : { task: key }) };
  // Of one plan or task the newest may lie anywhere.
  const isNewest = cursor === null && (plan !== null || key !== null);
  const found = await listEvents(context, {
    ...query,
    since: isNewest ? 0 : since,
    ...(isNewest ? {} : { limit: limit + 1 }),
  });
  const events = isNewest ? found.slice(-limit) : found.slice(0, limit);
  const more = !isNewest && found.length > limit;
  return {
    events,
    nextCursor: String(more ? (events.at(-1)?.seq ?? since) : Math.max(last, events.at(-1)?.seq ?? 0)),
    more,
    observedAt: new Date(context.clock.now()).toISOString(),
  };
}
