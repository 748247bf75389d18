/** What a person does with attempts and accounts. */
import { z } from 'zod';
import { terminateAgent } from '../../actions/orchestrator/terminate.ts';
import { resumeAccount } from '../../actions/resume-account.ts';
import { people } from '../access.ts';
import { terminated, terminateOrder } from '../contract/orchestration.ts';
import { resumeAccountOrder } from '../contract/orders.ts';
import { route, type Route } from '../route.ts';

export const steeringRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/api/attempts/{token}/terminate',
    who: people,
    noun: 'attempts',
    summary: 'End an attempt politely; its work is saved, its task is given out again or held.',
    params: z.object({ token: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    body: terminateOrder,
    answer: terminated,
    async handle({ context, params: { token }, body }) {
      return terminateAgent(context, { agent: String(token), ...body });
    },
  }),
  route({
    method: 'post',
    path: '/api/accounts/{account}/resume',
    who: people,
    noun: 'accounts',
    summary: 'Use an account again that rests at a quota wall, before its time.',
    params: z.object({ account: z.string().min(1).max(200) }),
    body: resumeAccountOrder,
    answer: z.object({ account: z.string(), parked: z.boolean() }),
    async handle({ context, params: { account }, body: { why } }) {
      return resumeAccount(context, { account, why });
    },
  }),
];
