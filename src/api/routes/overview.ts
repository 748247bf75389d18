/** How things stand, and what needs a person. */
import { z } from 'zod';
import { listApprovals } from '../../actions/list-approvals.ts';
import { listInbox } from '../../actions/list-inbox.ts';
import { lookAtHealth } from '../../actions/look-at-health.ts';
import { lookAtOverview } from '../../actions/look-at-overview.ts';
import { listReservations } from '../../actions/list-reservations.ts';
import { parkedAccounts } from '../../actions/resume-account.ts';
import { everybody, watchers } from '../access.ts';
import { health, inbox, overview, reservations, waitingWork } from '../contract/views.ts';
import { route, type Route } from '../route.ts';

const query = z.object({ plan: z.string().max(64).optional() });

export const overviewRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/health',
    who: watchers,
    noun: 'overview',
    summary: 'Whether everything that Orbit needs is there: programs, agents, store, disk, coordinator, processes.',
    answer: health,
    async handle({ context }) {
      return lookAtHealth(context);
    },
  }),
  route({
    method: 'get',
    path: '/api/overview',
    who: everybody,
    noun: 'overview',
    summary: 'How things stand, in one look, and who calls.',
    answer: overview,
    async handle({ context, role }) {
      return lookAtOverview(context, role);
    },
  }),
  route({
    method: 'get',
    path: '/api/inbox',
    who: watchers,
    noun: 'inbox',
    summary: 'Everything that only a person can settle, the most urgent first.',
    query,
    answer: inbox,
    async handle({ context, query: { plan = null } }) {
      return listInbox(context, plan);
    },
  }),
  route({
    method: 'get',
    path: '/api/approvals',
    who: watchers,
    noun: 'inbox',
    summary: 'Finished work that waits for a word, the riskiest first.',
    query,
    answer: z.object({ items: z.array(waitingWork).readonly() }),
    async handle({ context, query: { plan = null } }) {
      return { items: await listApprovals(context, plan) };
    },
  }),
  route({
    method: 'get',
    path: '/api/reservations',
    who: everybody,
    noun: 'reservations',
    summary: 'Who may write what now, who wishes for more, and where work in flight will meet.',
    query,
    answer: reservations,
    async handle({ context, query: { plan = null } }) {
      return listReservations(context, plan);
    },
  }),
  route({
    method: 'get',
    path: '/api/accounts',
    who: watchers,
    noun: 'accounts',
    summary: 'Accounts that rest because their quota is used up, and when each opens by itself.',
    answer: z.object({
      accounts: z
        .array(z.object({ account: z.string(), since: z.string(), until: z.string().nullable(), reason: z.string() }))
        .readonly(),
    }),
    async handle({ context }) {
      const accounts = (await parkedAccounts(context)).map(({ account, since, until, reason }) => ({
        account,
        since: new Date(since).toISOString(),
        until: until === null ? null : new Date(until).toISOString(),
        reason,
      }));
      return { accounts };
    },
  }),
];
