/** The log as scripts read it (C3): `{seq, at, actor, type, task, attempt, data}`. Reads only. */
import type { Event } from '../core/event.ts';
import type { EventQuery } from '../store/store.ts';
import type { Context } from './context.ts';

export interface EventView {
  seq: number;
  at: string;
  actor: string;
  type: string;
  task: string | null;
  attempt: number | null;
  data: Readonly<Record<string, unknown>>;
  plan: string | null;
  /** Place among the actor's own events. */
  actorSeq: number;
}

/** Events after `since`, in order. */
export async function listEvents(context: Context, query: EventQuery): Promise<EventView[]> {
  return (await context.store.events(query)).map(viewEvent);
}

export function viewEvent({ seq, at, actor, actorSeq, plan, task, attempt, body }: Event): EventView {
  const { type, ...data } = body;
  const id = task === null ? null : task.slice(task.indexOf('/') + 1);
  return { seq, at: new Date(at).toISOString(), actor, type, task: id, attempt, data, plan, actorSeq };
}
