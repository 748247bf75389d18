/** What can be done with the task; each also stands in the palette while the page is shown. */
import { Button, Group } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import type { TaskDetail } from '../../../../src/api/contract.ts';
import { pathOf } from '../../app/Link.tsx';
import { navigate } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { OtherAgent } from '../../parts/OtherAgent.tsx';
import { approve, sendBack, taskDeeds } from '../../parts/task-deeds.ts';
import { EditTask } from './EditTask.tsx';

export function Actions({ data }: { data: TaskDetail }): ReactElement {
  const { plan, id: task, status, hold, inbox, evidence } = data;
  const of = { plan, task };
  const [editing, setEditing] = useState(false);
  const tree = inbox?.kind === 'approval' ? (evidence?.tree ?? null) : null;
  const deeds = taskDeeds(of, { status, tree, held: hold !== null });
  const change = pathOf.change(plan, task);
  useCommands([
    ...deeds.map(({ id, label, keys, run }) => ({
      id: `task-${id}`,
      title: `${label.replace('…', '')}: ${task}`,
      group: 'This task',
      run: () => void run(),
      ...(keys === undefined ? {} : { keys }),
    })),
    { id: 'task-diff', title: 'Read the diff', group: 'This task', keys: 'd', run: () => navigate(change) },
    { id: 'task-edit', title: 'Edit the task', group: 'This task', run: () => setEditing(true) },
  ]);
  return (
    <Group gap="xs">
      {tree !== null && (
        <>
          <Button size="compact-sm" px="sm" onClick={() => void approve(of, tree)}>
            Approve
          </Button>
          <Button size="compact-sm" px="sm" variant="default" onClick={() => void sendBack(of)}>
            Send back…
          </Button>
        </>
      )}
      {inbox?.kind === 'scope' && (
        <Button size="compact-sm" px="sm" onClick={() => void act(orders.grant(of))}>
          Grant the wider scope
        </Button>
      )}
      {deeds.map(({ id, label, danger = false, run }, index) => (
        <Button
          key={id}
          size="compact-sm"
          px="sm"
          variant={index === 0 && tree === null && status === 'needs-you' ? 'filled' : 'default'}
          {...(danger ? { c: 'red' } : {})}
          onClick={() => void run()}
        >
          {label}
        </Button>
      ))}
      <OtherAgent of={of} />
      <Button size="compact-sm" px="sm" variant="default" onClick={() => setEditing(true)}>
        Edit…
      </Button>
      {editing && <EditTask data={data} close={() => setEditing(false)} />}
    </Group>
  );
}
