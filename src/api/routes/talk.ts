/** Messages and findings: what agents and people say to each other, and what they record for all. */
import { z } from 'zod';
import { acknowledge, findNotes, readMessages, recordNote, sendMessage } from '../../actions/message.ts';
import { presentMessage, presentNote } from '../../actions/present-talk.ts';
import { everybody, type Role } from '../access.ts';
import { acknowledgeOrder, findingOrder, messageOrder } from '../contract/orders.ts';
import { finding, message } from '../contract/views.ts';
import { notAllowed } from '../problem.ts';
import { route, type Route } from '../route.ts';

const writers: readonly Role[] = ['person', 'attempt'];
const limit = z.coerce.number().int().min(1).max(1_000).default(100);

export const talkRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/messages',
    who: everybody,
    noun: 'messages',
    summary: 'Messages to somebody, oldest first; those that were not acknowledged, or all. An attempt reads its own.',
    query: z.object({ to: z.string().max(80).optional(), all: z.stringbool().default(false), limit }),
    answer: z.object({ items: z.array(message).readonly() }),
    async handle({ context, role, query: { to = null, all, limit: most } }) {
      const { agent } = context.caller;
      if (role === 'attempt' && to !== null && to !== agent) throw notAllowed(role, `the messages of ${to}`);
      const items = await readMessages(context, { to, all, limit: most });
      return { items: items.map(presentMessage) };
    },
  }),
  route({
    method: 'post',
    path: '/api/messages',
    who: writers,
    noun: 'messages',
    summary: 'Send one; the sender is the caller.',
    body: messageOrder,
    answer: message,
    status: 201,
    async handle({ context, body }) {
      return presentMessage(await sendMessage(context, { ...body, id: null }));
    },
  }),
  route({
    method: 'post',
    path: '/api/messages/acknowledge',
    who: writers,
    noun: 'messages',
    summary: 'Say that messages were read; without ids all of them.',
    body: acknowledgeOrder,
    answer: z.object({ acknowledged: z.int() }),
    async handle({ context, role, body: { to, ids } }) {
      if (role === 'attempt' && to !== null && to !== context.caller.agent)
        throw notAllowed(role, `the messages of ${to}`);
      return { acknowledged: await acknowledge(context, { to, ids }) };
    },
  }),
  route({
    method: 'get',
    path: '/api/findings',
    who: everybody,
    noun: 'findings',
    summary: 'Findings that match the words, best first; the newest without words.',
    query: z.object({ words: z.string().max(400).default(''), limit }),
    answer: z.object({ items: z.array(finding).readonly() }),
    async handle({ context, query: { words, limit: most } }) {
      return { items: (await findNotes(context, { words, limit: most })).map(presentNote) };
    },
  }),
  route({
    method: 'post',
    path: '/api/findings',
    who: writers,
    noun: 'findings',
    summary: 'Record what others need to know; the author is the caller.',
    body: findingOrder,
    answer: finding,
    status: 201,
    async handle({ context, body }) {
      return presentNote(await recordNote(context, body));
    },
  }),
];
