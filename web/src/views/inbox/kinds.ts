/** What the kinds of the inbox are called and look like, and what can be done to many of one kind at once. Pure. */
import type { Order } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import type { InboxItem } from '../../data/queries.ts';
import type { Look } from '../../parts/status.ts';

type Kind = InboxItem['kind'];

export const kindLooks: Readonly<Record<Kind, Look>> = {
  question: { shape: '?', word: 'question', color: 'orange' },
  approval: { shape: '✓', word: 'approval', color: 'teal' },
  plan: { shape: '⚑', word: 'finished plan', color: 'green' },
  scope: { shape: '⤢', word: 'wider scope', color: 'violet' },
  conflict: { shape: '⋈', word: 'conflict', color: 'red' },
  stuck: { shape: '▲', word: 'stuck', color: 'orange' },
  failed: { shape: '✕', word: 'failed', color: 'red' },
  budget: { shape: '$', word: 'budget used', color: 'orange' },
  quota: { shape: '◷', word: 'quota', color: 'yellow' },
  login: { shape: '⚿', word: 'login', color: 'yellow' },
  held: { shape: '‖', word: 'held', color: 'gray' },
  refused: { shape: '⊘', word: 'refused', color: 'red' },
  dependency: { shape: '⤳', word: 'dependency', color: 'orange' },
  message: { shape: '✉', word: 'message', color: 'blue' },
};

/** Whom an item is about, if it is a task. */
export function taskOf({ plan, task }: InboxItem): { plan: string; task: string } | undefined {
  return plan === null || task === null ? undefined : { plan, task };
}

/** The id of the message that an item shows. */
export function messageOf({ id }: InboxItem): string {
  return id.replace(/^message:/, '');
}

/** The account that an item of kind `quota` is about; its id holds the name between its kind and its time. */
export function accountOf({ id }: InboxItem): string {
  return id.split(':').slice(1, -1).join(':') || (id.split(':')[1] ?? '');
}

export interface Batch {
  readonly label: string;
  readonly text: string;
  readonly orders: readonly Order[];
}

/** The one thing that makes sense for all of `items`, which are of one kind; `undefined`: each needs its own answer. */
export function batchOf(kind: Kind, items: readonly InboxItem[]): Batch | undefined {
  const all = (verb: InboxItem['actions'][number], order: (item: InboxItem) => Order | undefined): Order[] =>
    items.filter(({ actions }) => actions.includes(verb)).flatMap((item) => order(item) ?? []);
  const found = ((): Batch | undefined => {
    switch (kind) {
      case 'approval': {
        const risky = items.filter(({ work }) => (work?.risks.length ?? 0) > 0).length;
        return {
          label: 'Approve all',
          text: risky === 0 ? 'None of them carries a risk.' : `${risky} of them carry risks: look at those first.`,
          orders: all('approve', (item) => {
            const of = taskOf(item);
            return of === undefined || item.work === null ? undefined : orders.approve(of, item.work.tree);
          }),
        };
      }
      case 'message': {
        const ids = items.map(messageOf);
        return {
          label: 'Acknowledge all',
          text: 'They leave the inbox.',
          orders: ids.length === 0 ? [] : [orders.acknowledge(ids)],
        };
      }
      case 'scope':
        return {
          label: 'Grant all',
          text: 'Each may write what it asked for.',
          orders: all('grant', (item) => withTask(item, orders.grant)),
        };
      case 'failed':
      case 'stuck':
      case 'budget':
      case 'conflict':
      case 'refused':
        return {
          label: 'Try all again',
          text: 'Each starts anew from what it left, with the budget of one more attempt.',
          orders: all('retry', (item) => withTask(item, orders.retry)),
        };
      default:
        return undefined;
    }
  })();
  return found === undefined || found.orders.length === 0 ? undefined : found;
}

function withTask(item: InboxItem, order: (of: { plan: string; task: string }) => Order): Order | undefined {
  const of = taskOf(item);
  return of === undefined ? undefined : order(of);
}
