/** What can be done to all selected tasks. */
import { Button, Group, Menu, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { actAll, type Order } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { useChecks } from '../../data/queries.ts';
import { ask, type Question } from '../../parts/ask.tsx';
import type { TaskRow } from './query.ts';

interface Deed {
  readonly label: string;
  readonly question: Omit<Question, 'title' | 'text'>;
  readonly order: (of: { plan: string; task: string }, words: string) => Order;
}

const deeds: readonly Deed[] = [
  {
    label: 'Try again',
    question: { confirm: 'Try again', label: 'Advice for the next attempts', optional: true },
    order: orders.retry,
  },
  { label: 'Hold', question: { confirm: 'Hold', label: 'Why' }, order: orders.hold },
  { label: 'Let go on', question: { confirm: 'Let go on' }, order: orders.resume },
  { label: 'Close as done', question: { confirm: 'Close as done', label: 'Why' }, order: orders.close },
  { label: 'Cancel', question: { confirm: 'Cancel the tasks', label: 'Why', danger: true }, order: orders.cancel },
];

export function Bulk({ rows, clear }: { rows: readonly TaskRow[]; clear: () => void }): ReactElement | null {
  const [busy, setBusy] = useState(false);
  const agents = useChecks().data?.agents ?? [];
  if (rows.length === 0) return null;
  const run = async ({ label, question, order }: Deed): Promise<void> => {
    const words = await ask({
      ...question,
      title: `${label}: ${countOf(rows)}`,
      text: rows.map(({ id }) => id).join(', '),
    });
    if (words === undefined) return;
    setBusy(true);
    const done = await actAll(rows.map(({ plan, id }) => order({ plan, task: id }, words)));
    setBusy(false);
    if (done === rows.length) clear();
  };
  const give = (agent: string): Deed => ({
    label: `Give to ${agent}`,
    question: { confirm: `Give to ${agent}`, label: 'Advice for the next attempts', optional: true },
    order: (of, words) => orders.reassign(of, agent, words),
  });
  return (
    <Group gap="xs" role="toolbar" aria-label="Selected tasks">
      <Text size="sm" fw={600}>
        {countOf(rows)} selected
      </Text>
      {deeds.map((deed) => (
        <Button key={deed.label} size="compact-sm" variant="default" loading={busy} onClick={() => void run(deed)}>
          {deed.label}…
        </Button>
      ))}
      {agents.length > 0 && (
        <Menu>
          <Menu.Target>
            <Button size="compact-sm" variant="default" loading={busy}>
              Other agent…
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {agents.map(({ agent }) => (
              <Menu.Item key={agent} onClick={() => void run(give(agent))}>
                {agent}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={clear}>
        Clear
      </Button>
    </Group>
  );
}

function countOf(rows: readonly TaskRow[]): string {
  return `${rows.length} ${rows.length === 1 ? 'task' : 'tasks'}`;
}
