/** The log (C3). */
import { z } from 'zod';
import { listEvents } from '../../actions/list-events.ts';
import { findTask, requirePlan } from '../../actions/find-task.ts';
import { everybody } from '../access.ts';
import { event } from '../contract.ts';
import { route, type Route } from '../route.ts';

export const eventRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/events',
    who: everybody,
    noun: 'events',
    summary: 'Events after a number, in order; the last of the log without one.',
    query: z.object({
      since: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(5_000).default(500),
      plan: z.string().max(64).optional(),
      task: z.string().max(130).optional(),
    }),
    answer: z.object({ events: z.array(event).readonly(), last: z.int() }),
    async handle({ context, query: { since, limit, plan, task } }) {
      const last = await context.store.lastSeq();
      if (plan !== undefined) await requirePlan(context, plan);
      const key = task === undefined ? undefined : (await findTask(context, task, plan ?? null)).task.key;
      const where = key !== undefined ? { task: key } : plan === undefined ? {} : { plan };
      const from = since ?? Math.max(0, last - limit);
      return { events: await listEvents(context, { ...where, since: from, limit }), last };
    },
  }),
];
