/** Plans: how each stands, and whether its work is given out and lands. */
import { z } from 'zod';
import { pausePlan } from '../../actions/pause-plan.ts';
import { people } from '../access.ts';
import { pauseOrder } from '../contract/orders.ts';
import { route, type Route } from '../route.ts';

const params = z.object({ plan: z.string().max(64) });
const answer = z.object({ plan: z.string(), paused: z.boolean(), what: z.enum(['work', 'landing']) });

export const planRoutes: readonly Route[] = (['pause', 'resume'] as const).map((verb) =>
  route({
    method: 'post',
    path: `/api/plans/{plan}/${verb}`,
    who: people,
    noun: 'plans',
    summary:
      verb === 'pause' ? 'Give out nothing more of it, or land nothing; running attempts go on.' : 'Go on with it.',
    params,
    body: pauseOrder,
    answer,
    async handle({ context, params: { plan }, body: { what, why } }) {
      const done = await pausePlan(context, { plan, paused: verb === 'pause', what, why });
      return 'rejected' in done ? done : (done[0] ?? { plan, paused: verb === 'pause', what });
    },
  }),
);
