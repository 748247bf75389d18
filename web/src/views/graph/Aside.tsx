/** What the chosen node is, why it is as it is, and what can be done with it. */
import { Button, CloseButton, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Task } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { useWhy } from '../../data/queries.ts';
import { AgentText } from '../../parts/AgentText.tsx';
import { Status } from '../../parts/Status.tsx';
import classes from './graph.module.css';
import { blockedBy } from './reach.ts';
import { TaskMenu } from '../../parts/TaskMenu.tsx';
import type { Graph } from './use-graph.ts';

interface AsideProps {
  readonly graph: Graph;
  readonly task: Task;
  readonly live: boolean;
  readonly onSelect: (key: string | null) => void;
}

export function Aside({ graph, task, live, onSelect }: AsideProps): ReactElement {
  const needs = (graph.scene.needs.get(task.key) ?? []).filter((key) => graph.tasks.has(key));
  const behind = graph.scene.back.get(task.key) ?? [];
  const { causes } = blockedBy(graph.waitingFor, task.key);
  return (
    <aside className={classes['aside']} aria-label={`About ${task.id}`}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Link to={pathOf.task(task.plan, task.id)} fw={600} c="inherit">
            {task.key}
          </Link>
          <Group gap={2} wrap="nowrap">
            {live && <TaskMenu task={task} />}
            <CloseButton size="sm" aria-label="Let go of the node" onClick={() => onSelect(null)} />
          </Group>
        </Group>
        <AgentText text={task.title} fz="sm" />
        <Group gap="xs">
          <Status status={task.status} />
          {task.holder !== null && <Text size="sm">{task.holder}</Text>}
          {task.attempts > 0 && (
            <Text size="sm" c="dimmed">
              {task.attempts === 1 ? '1 attempt' : `${task.attempts} attempts`}
            </Text>
          )}
        </Group>
        {task.reason !== null && <AgentText text={task.reason} fz="sm" c="dimmed" />}
        {live && task.status !== 'landed' && task.status !== 'cancelled' && <Because task={task} />}
        <List title="What keeps it waiting in the end" keys={causes} graph={graph} onSelect={onSelect} />
        <List title="Needs" keys={needs} graph={graph} onSelect={onSelect} />
        <List title="Is needed by" keys={behind} graph={graph} onSelect={onSelect} />
      </Stack>
    </aside>
  );
}

function Because({ task }: { task: Task }): ReactElement | null {
  const { data } = useWhy(task.plan, task.id);
  if (data === undefined || data.task !== task.id || data.because.length === 0) return null;
  return (
    <Stack gap={4}>
      <Text size="xs" c="dimmed">
        Why
      </Text>
      {data.because.map(({ rule, message }) => (
        <AgentText key={`${rule} ${message}`} text={message} fz="sm" />
      ))}
    </Stack>
  );
}

/** As many as are read; the rest is a number. */
const listed = 8;

interface ListProps {
  readonly title: string;
  readonly keys: readonly string[];
  readonly graph: Graph;
  readonly onSelect: (key: string) => void;
}

function List({ title, keys, graph, onSelect }: ListProps): ReactElement | null {
  if (keys.length === 0) return null;
  return (
    <Stack gap={2} align="flex-start">
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      {keys.slice(0, listed).map((key) => (
        <Group key={key} gap={6} wrap="nowrap">
          <Status status={graph.store.get(key).status} bare />
          <Button variant="transparent" size="compact-sm" px={0} c="inherit" onClick={() => onSelect(key)}>
            {graph.tasks.get(key)?.id ?? key}
          </Button>
        </Group>
      ))}
      {keys.length > listed && (
        <Text size="xs" c="dimmed">
          and {keys.length - listed} more
        </Text>
      )}
    </Stack>
  );
}
