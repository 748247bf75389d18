/** How far each open plan is, and whether its work is given out. */
import { Button, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Plan } from '../../../../src/api/contract.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { usePlans } from '../../data/queries.ts';
import { ask } from '../../parts/ask.tsx';
import { plain } from '../../parts/plain.ts';
import classes from './tasks.module.css';

/** So many plans stand in view; the list of tasks has to be seen. */
const shownMax = 3;

export function Plans(): ReactElement | null {
  const open = (usePlans().data?.items ?? []).filter(({ completed, total }) => completed < total);
  useCommands(
    open.map((plan) => ({
      id: `pause-${plan.plan}`,
      title: plan.paused ? `Give out work of ${plan.plan} again` : `Pause work of ${plan.plan}`,
      group: 'Plans',
      run: () => void turn(plan),
    })),
  );
  if (open.length === 0) return null;
  return (
    <ul className={classes['plans']} aria-label="Open plans">
      {open.slice(0, shownMax).map((plan) => (
        <li key={plan.plan}>
          <Text size="sm" truncate>
            <b>{plan.plan}</b> {plain(plan.title)}
          </Text>
          <Text size="sm" c="dimmed" component="label" className={classes['progress'] ?? ''}>
            <progress max={plan.total} value={plan.completed} /> {plan.completed} of {plan.total} finished
          </Text>
          <Group gap="xs" wrap="nowrap">
            {plan.paused && (
              <Text size="sm" fw={500}>
                ❚❚ work is paused
              </Text>
            )}
            <Button size="compact-sm" variant="default" onClick={() => void turn(plan)}>
              {plan.paused ? 'Give out work again' : 'Pause work…'}
            </Button>
          </Group>
        </li>
      ))}
      {open.length > shownMax && (
        <li>
          <Text size="sm" c="dimmed">
            and {open.length - shownMax} more open plans
          </Text>
        </li>
      )}
    </ul>
  );
}

async function turn({ plan, paused }: Plan): Promise<void> {
  if (paused) return void (await act(orders.resumePlan(plan, 'work')));
  const why = await ask({
    title: `Give out nothing of ${plan}`,
    text: 'What runs goes on, and what is proven lands.',
    label: 'Why',
    confirm: 'Pause work',
    cli: (words) => orders.pausePlan(plan, 'work', words).cli ?? '',
  });
  if (why !== undefined) await act(orders.pausePlan(plan, 'work', why));
}
