/** What a person can do with a task as it is now, the likeliest first. */
import type { TaskStatus } from '../../../src/api/contract.ts';
import { act, type Order } from '../data/act.tsx';
import { orders } from '../data/orders.ts';
import { ask, type Question } from './ask.tsx';

interface Of {
  readonly plan: string;
  readonly task: string;
}

export interface Deed {
  readonly id: string;
  readonly label: string;
  readonly keys?: string;
  readonly danger?: boolean;
  readonly run: () => Promise<void>;
}

interface Facts {
  readonly status: TaskStatus;
  /** It waits for approval of this tree. */
  readonly tree?: string | null;
  readonly held: boolean;
  readonly wishes?: boolean;
}

type Plan = Omit<Deed, 'run'> & {
  readonly when: (facts: Facts) => boolean;
  readonly question?: (task: string) => Question;
  readonly order: (of: Of, words: string) => Order;
};

const ended = ({ status }: Facts): boolean => status === 'landed' || status === 'cancelled';
const open = (facts: Facts): boolean => !ended(facts);

const plans: readonly Plan[] = [
  {
    id: 'retry',
    label: 'Try again',
    keys: 'r',
    when: ({ status, tree }) => (status === 'needs-you' || status === 'waiting') && !tree,
    question: (task) => ({
      title: `Try ${task} again`,
      label: 'Advice for the next attempt',
      optional: true,
      confirm: 'Try again',
    }),
    order: orders.retry,
  },
  {
    id: 'nudge',
    label: 'Tell the agent',
    keys: 'n',
    when: open,
    question: (task) => ({
      title: `Tell the agent of ${task}`,
      text: 'A running agent reads it at its next turn, or at once where it can; else the next attempt does.',
      label: 'What it should know',
      confirm: 'Tell',
    }),
    order: orders.nudge,
  },
  {
    id: 'hold',
    label: 'Hold',
    when: (facts) => open(facts) && !facts.held,
    question: (task) => ({
      title: `Hold ${task}`,
      text: 'What runs goes on; nobody takes it, and it does not land.',
      label: 'Why',
      confirm: 'Hold',
    }),
    order: orders.hold,
  },
  { id: 'resume', label: 'Let go on', when: ({ held }) => held, order: orders.resume },
  {
    id: 'close',
    label: 'Close as done',
    when: open,
    question: (task) => ({
      title: `Close ${task} as done`,
      text: 'No proof is asked for; tasks that need it go on.',
      label: 'Why',
      confirm: 'Close as done',
    }),
    order: orders.close,
  },
  {
    id: 'reopen',
    label: 'Reopen',
    when: (facts) => ended(facts) || facts.status === 'done',
    question: (task) => ({
      title: `Reopen ${task}`,
      text: 'It can be claimed again.',
      label: 'Why',
      confirm: 'Reopen',
    }),
    order: orders.reopen,
  },
  {
    id: 'cancel',
    label: 'Cancel',
    danger: true,
    when: open,
    question: (task) => ({
      title: `Cancel ${task}`,
      text: 'It will not be done; tasks that need it come to the inbox.',
      label: 'Why',
      confirm: 'Cancel the task',
      danger: true,
    }),
    order: orders.cancel,
  },
];

/** The deeds that `facts` allow. Each asks what it has to know, and then is done. */
export function taskDeeds(of: Of, facts: Facts): Deed[] {
  return plans
    .filter(({ when }) => when(facts))
    .map(({ question, order, id, label, keys, danger }) => ({
      id,
      label: question === undefined ? label : `${label}…`,
      ...(keys === undefined ? {} : { keys }),
      ...(danger === undefined ? {} : { danger }),
      run: async () => {
        const words =
          question === undefined ? '' : await ask({ ...question(of.task), cli: (text) => order(of, text).cli ?? '' });
        if (words !== undefined) await act(order(of, words));
      },
    }));
}

/** Approves exactly what was looked at. */
export const approve = (of: Of, tree: string): Promise<unknown> => act(orders.approve(of, tree));

/** Sends work back with the reason, which the next attempt reads. */
export async function sendBack(of: Of): Promise<void> {
  const words = await ask({
    title: `Send ${of.task} back`,
    label: 'What has to be different? Its next attempt reads this.',
    confirm: 'Send back',
    cli: (text) => orders.reject(of, text).cli ?? '',
  });
  if (words !== undefined) await act(orders.reject(of, words));
}
