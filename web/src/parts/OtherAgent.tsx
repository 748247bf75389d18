/** Gives a task to another agent. */
import { Button, Menu } from '@mantine/core';
import type { ReactElement } from 'react';
import { act } from '../data/act.tsx';
import { orders } from '../data/orders.ts';
import { useChecks } from '../data/queries.ts';
import { ask } from './ask.tsx';

export function OtherAgent({ of }: { of: { plan: string; task: string } }): ReactElement {
  const { data } = useChecks();
  const agents = data?.agents ?? [];
  const give = async (agent: string): Promise<void> => {
    const advice = await ask({
      title: `Give ${of.task} to ${agent}`,
      label: 'Advice for its attempt',
      optional: true,
      confirm: `Give to ${agent}`,
    });
    if (advice !== undefined) await act(orders.reassign(of, agent, advice));
  };
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-sm" px="sm" variant="default" disabled={agents.length === 0}>
          Other agent…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {agents.map(({ agent, adapter, barred }) => (
          <Menu.Item key={agent} onClick={() => void give(agent)} title={barred ?? undefined}>
            {agent} <small>{barred === null ? adapter : 'barred'}</small>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
