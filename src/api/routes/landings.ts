/** Landing: the queue as it is, and the history of a target with what was proven of each step. */
import { z } from 'zod';
import { auditTarget } from '../../actions/audit-target.ts';
import { listQueue } from '../../actions/list-queue.ts';
import { everybody } from '../access.ts';
import { queue } from '../contract.ts';
import { route, type Route } from '../route.ts';

const name = z.string().max(64);
const text = z.string();

export const landingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/landings',
    who: everybody,
    noun: 'landings',
    summary: 'The landing queue: what waits, what drives just now, what was put back and why.',
    query: z.object({ plan: name.optional() }),
    answer: queue,
    async handle({ context, query: { plan = null } }) {
      return listQueue(context, plan);
    },
  }),
  route({
    method: 'get',
    path: '/api/landings/history',
    who: everybody,
    noun: 'landings',
    summary: 'The steps of each plan’s target, newest first: its tasks, and what each check said of exactly that tree.',
    query: z.object({ plan: name.optional(), limit: z.coerce.number().int().min(1).max(1_000).default(100) }),
    answer: z.object({
      steps: z
        .array(
          z.object({
            plan: text,
            commit: text,
            tree: text,
            before: text.nullable(),
            tasks: z.array(text).readonly(),
            checks: z.array(z.object({ check: text, green: z.boolean().nullable(), at: text.nullable() })).readonly(),
            proven: z.boolean().nullable(),
            accepted: z.object({ by: text, at: text }).nullable(),
          }),
        )
        .readonly(),
    }),
    async handle({ context, query: { plan, limit } }) {
      const plans = plan === undefined ? (await context.store.plans()).map(({ id }) => id) : [plan];
      const steps = [];
      for (const id of plans)
        steps.push(...(await auditTarget(context, id, limit)).map((step) => ({ plan: id, ...step })));
      return { steps };
    },
  }),
];
