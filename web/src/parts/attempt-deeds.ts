/** What a person can do with a live attempt. */
import { act } from '../data/act.tsx';
import { orders } from '../data/orders.ts';
import { ask } from './ask.tsx';

interface Of {
  readonly plan: string;
  readonly task: string;
  readonly token: number;
  readonly agent: string;
}

export async function nudge({ plan, task, agent }: Of): Promise<void> {
  const of = { plan, task };
  const words = await ask({
    title: `Tell ${agent}, at ${task}`,
    text: 'It reads this at once where its program can, else at its next turn.',
    label: 'What it should know',
    confirm: 'Tell',
    cli: (text) => orders.nudge(of, text).cli ?? '',
  });
  if (words !== undefined) await act(orders.nudge(of, words));
}

export async function terminate({ task, token, agent }: Of): Promise<void> {
  const words = await ask({
    title: `End attempt ${token}`,
    text: `${agent} is stopped. What it did at ${task} is saved first, and the task is tried again.`,
    label: 'Why',
    confirm: 'End the attempt',
    danger: true,
  });
  if (words !== undefined) await act(orders.terminate(token, words));
}
