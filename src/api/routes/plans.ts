/** Plans: how each stands, and whether its work is given out and lands. */
import { z } from 'zod';
import { pausePlan } from '../../actions/pause-plan.ts';
import { presentPlan, presentPlans } from '../../actions/present-plan.ts';
import { reportAll, type Report } from '../../actions/report.ts';
import { everybody, people } from '../access.ts';
import { plan } from '../contract.ts';
import { pauseOrder } from '../contract/orders.ts';
import { outcomes, timeLine } from '../contract/views.ts';
import { route, type Route } from '../route.ts';

const answer = z.object({ plan: z.string(), paused: z.boolean(), what: z.enum(['work', 'landing']) });

const name = z.string().max(64);
const params = z.object({ plan: name });

const reads: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/plans',
    who: everybody,
    noun: 'plans',
    summary: 'All plans: how far each is, layer by layer.',
    answer: z.object({ items: z.array(plan).readonly(), next: z.null() }),
    async handle({ context }) {
      return { items: await presentPlans(context), next: null };
    },
  }),
  route({
    method: 'get',
    path: '/api/plans/{plan}',
    who: everybody,
    noun: 'plans',
    summary: 'How far a plan is, who is finishing what, what waits and what is stuck.',
    params,
    answer: plan,
    async handle({ context, params: { plan: id } }) {
      return presentPlan(context, id);
    },
  }),
  route({
    method: 'get',
    path: '/api/plans/{plan}/timeline',
    who: everybody,
    noun: 'plans',
    summary: 'Where its time went: attempts as bars, and the chain of tasks that sets its end.',
    params,
    answer: timeLine,
    async handle({ context, params: { plan: id } }) {
      const [times] = (await reportAll(context, { plan: id, stuckMs: null })).times;
      return times as Report['times'][number];
    },
  }),
  route({
    method: 'get',
    path: '/api/plans/{plan}/report',
    who: everybody,
    noun: 'plans',
    summary: 'How attempts at it went by agent, model and rung, and what its tasks cost.',
    params,
    answer: outcomes,
    async handle({ context, params: { plan: id } }) {
      return reportAll(context, { plan: id, stuckMs: null });
    },
  }),
  route({
    method: 'get',
    path: '/api/report',
    who: everybody,
    noun: 'plans',
    summary: 'The same of all plans, or of one.',
    query: z.object({ plan: name.optional() }),
    answer: outcomes,
    async handle({ context, query: { plan: id = null } }) {
      return reportAll(context, { plan: id, stuckMs: null });
    },
  }),
];

const verbRoutes = (['pause', 'resume'] as const).map((verb) =>
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
    async handle({ context, params: { plan: id }, body: { what, why } }) {
      const done = await pausePlan(context, { plan: id, paused: verb === 'pause', what, why });
      return 'rejected' in done ? done : (done[0] ?? { plan: id, paused: verb === 'pause', what });
    },
  }),
);

export const planRoutes: readonly Route[] = [...reads, ...verbRoutes];
