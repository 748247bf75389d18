/**
 * What needs a person, each matter once, from all places where one can arise. Reads only.
 *
 * Owns what counts as one matter: its id stays the same as long as it is open, and a matter that comes again has another.
 */
import { inboxRisk, inboxSort, taskRisk } from '../core/inbox-rank.ts';
import { deriveStatus } from '../core/status.ts';
import type { InboxKind } from '../core/task.ts';
import { sha256 } from '../platform/sha256.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { agentMatters, conflictMatters, messageMatters, planMatters } from './inbox-notice.ts';
import { heldReason } from './list-held.ts';
import { aboutNobody, type InboxAction, type Matter } from './inbox-shape.ts';

/** @param records all tasks of the project. @param plan only what is about this one; `null` = all, with what is about no plan. */
export async function gatherMatters(
  context: Context,
  { records, plan }: { records: readonly TaskRecord[]; plan: string | null },
): Promise<Matter[]> {
  const own = records.filter(({ task }) => plan === null || task.plan === plan);
  const now = context.clock.now();
  const asked = own.flatMap((record) => taskMatter(record, now));
  return [
    ...asked,
    ...(await planMatters(context, own)),
    ...own.flatMap(wishMatter),
    ...heldMatters(own, now),
    ...(await conflictMatters(context, { plan, asked })),
    ...(await messageMatters(context, plan)),
    ...(plan === null ? await agentMatters(context, records) : []),
  ];
}

/** Verbs that settle it, the likeliest first. */
const verbs: Readonly<Record<InboxKind, readonly InboxAction[]>> = {
  question: ['answer', 'close', 'cancel'],
  blocked: ['answer', 'close', 'cancel'],
  'attempts-used': ['retry', 'close', 'cancel'],
  'budget-used': ['retry', 'close', 'cancel'],
  'dependency-cancelled': ['cancel', 'close', 'retry'],
  conflict: ['retry', 'close', 'cancel'],
  refused: ['retry', 'close', 'cancel'],
  stuck: ['retry', 'close', 'cancel'],
  approval: ['approve', 'reject', 'cancel'],
};

function taskMatter({ task, unmet }: TaskRecord, now: number): Matter[] {
  const { key, plan, title, inbox, evidence } = task;
  if (inbox === null || deriveStatus(task, unmet, now) !== 'needs-you') return [];
  const kind = inboxSort(inbox.kind);
  const agent = evidence?.agent ?? task.failures.at(-1)?.agent ?? null;
  const { reason, token, at: since } = inbox;
  const id = `${kind}:${key}:${since}`;
  const about = { title, reason, plan, key, token, agent, since };
  return [{ id, kind, ...about, actions: verbs[inbox.kind], helps: [], keeps: [key], risk: taskRisk(inbox.kind) }];
}

function wishMatter({ task }: TaskRecord): Matter[] {
  const { key, plan, title, claim, widening } = task;
  if (widening === null || widening.holder !== null || claim === null) return [];
  return [
    {
      ...aboutNobody,
      id: `scope:${key}:${widening.token}:${widening.at}`,
      kind: 'scope',
      title,
      reason: `wishes to write ${widening.entries.join(', ')}: ${widening.why}`,
      plan,
      key,
      token: widening.token,
      agent: claim.agent,
      since: widening.at,
      actions: ['grant', 'deny'],
      keeps: [key],
      risk: inboxRisk('scope'),
    },
  ];
}

/** Those that wait for the same are one matter: settling it frees them all. */
function heldMatters(own: readonly TaskRecord[], now: number): Matter[] {
  const held = own.flatMap(({ task, unmet }) => {
    const found = deriveStatus(task, unmet, now) === 'landing' ? heldReason(task) : null;
    return found === null ? [] : [{ task, ...found }];
  });
  return [...Map.groupBy(held, ({ task, why }) => `${task.plan} ${why}`)].flatMap(([name, all]) => {
    const [first] = all;
    if (first === undefined) return [];
    return [
      {
        ...aboutNobody,
        id: `held:${sha256(name).slice(0, 16)}`,
        kind: 'held' as const,
        title: `${all.length === 1 ? 'A landing waits' : `${all.length} landings wait`}: ${all.map(({ task }) => task.id).join(', ')}`,
        reason: first.why,
        plan: first.task.plan,
        key: all.length === 1 ? first.task.key : null,
        since: Math.min(...all.map(({ since }) => Date.parse(since))),
        keeps: all.map(({ task }) => task.key),
        risk: inboxRisk('held'),
      },
    ];
  });
}
