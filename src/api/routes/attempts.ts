/** Attempts and agents: who tries or tried what, what it uses, and what it did and said. */
import { z } from 'zod';
import { agentStandings } from '../../actions/agent-gate.ts';
import { agentUsage } from '../../actions/agent-usage.ts';
import { listAttempts, showAttempt } from '../../actions/list-attempts.ts';
import { readKinds } from '../../actions/log-choice.ts';
import { readLogText, readTranscript } from '../../actions/read-transcript.ts';
import { everybody, watchers } from '../access.ts';
import { agent, attempt } from '../contract.ts';
import { transcript } from '../contract/views.ts';
import { pageFrom, pageOf, pageQuery } from '../page.ts';
import { route, type Route } from '../route.ts';

const params = z.object({ token: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const name = z.string().max(64);
/** -1: the end of what is there now. */
const from = z.coerce.number().int().min(-1).max(Number.MAX_SAFE_INTEGER).default(-1);
const limit = z.coerce.number().int().min(1).max(2_000).default(200);

const check = z.object({
  passed: z.boolean(),
  installed: z.boolean(),
  version: z.string().nullable(),
  login: z.boolean().nullable(),
  reason: z.string(),
  at: z.string(),
});

export const attemptRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/agents',
    who: everybody,
    noun: 'agents',
    summary: 'Agents at work, with what the processes of each use.',
    answer: z.object({ items: z.array(agent).readonly(), next: z.null() }),
    async handle({ context }) {
      return { items: await agentUsage(context), next: null };
    },
  }),
  route({
    method: 'get',
    path: '/api/agents/checks',
    who: everybody,
    noun: 'agents',
    summary: 'The configured agents: the last check of each, and why one gets no task.',
    answer: z.object({
      agents: z
        .array(
          z.object({
            agent: z.string(),
            adapter: z.string(),
            slots: z.int(),
            barred: z.string().nullable(),
            /** The last one, in any make; `null`: never checked. */
            check: check.nullable(),
            /** That check was of the agent as it is now. */
            isChecked: z.boolean(),
          }),
        )
        .readonly(),
    }),
    async handle({ context }) {
      const standings = await agentStandings(context);
      return { agents: standings.map(({ check: last, ...rest }) => ({ ...rest, check: checkOf(last) })) };
    },
  }),
  route({
    method: 'get',
    path: '/api/attempts',
    who: everybody,
    noun: 'attempts',
    summary: 'Attempts, the newest first.',
    query: z.object({
      plan: name.optional(),
      task: z.string().max(130).optional(),
      live: z.stringbool().default(false),
      ...pageQuery(1_000),
    }),
    answer: pageOf(attempt),
    async handle({ context, query: { plan = null, task = null, live, ...page } }) {
      return pageFrom(await listAttempts(context, { plan, task, live }), page, ({ token }) => String(token));
    },
  }),
  route({
    method: 'get',
    path: '/api/attempts/{token}',
    who: everybody,
    noun: 'attempts',
    summary: 'One attempt.',
    params,
    answer: attempt,
    async handle({ context, params: { token } }) {
      return showAttempt(context, token);
    },
  }),
  route({
    method: 'get',
    path: '/api/attempts/{token}/transcript',
    who: watchers,
    noun: 'attempts',
    summary: 'What its agent did and said, page by page: from an offset on, or the last of it.',
    params,
    query: z.object({ from, limit, kinds: z.string().max(400).optional() }),
    answer: transcript,
    async handle({ context, params: { token }, query: { kinds = null, ...page } }) {
      return readTranscript(context, { token, ...page, kinds: readKinds(kinds) });
    },
  }),
  route({
    method: 'get',
    path: '/api/attempts/{token}/log',
    who: watchers,
    noun: 'attempts',
    summary: 'Lines of its readable log, or of what supervision saw.',
    params,
    query: z.object({ log: z.enum(['output', 'monitor']).default('output'), from, limit }),
    answer: z.object({ token: z.int(), next: z.int(), more: z.boolean(), live: z.boolean(), text: z.string() }),
    async handle({ context, params: { token }, query }) {
      return readLogText(context, { token, ...query });
    },
  }),
];

type Standing = Awaited<ReturnType<typeof agentStandings>>[number];

function checkOf(last: Standing['check']): z.input<typeof check> | null {
  if (last === null) return null;
  const { passed, installed, version, login, reason, at } = last;
  return { passed, installed, version, login, reason, at: new Date(at).toISOString() };
}
