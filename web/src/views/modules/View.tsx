/** The orchestrator: its state and what steers it, and the modules with how far each is (E1, E11). */
import { Button, Group, Progress, Stack, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactElement } from 'react';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { useOrchestrator, type Orchestrator } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Answered } from '../../parts/Answered.tsx';
import { ask } from '../../parts/ask.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Page } from '../../parts/Page.tsx';
import { Section } from '../../parts/Section.tsx';

export default function ModulesView(): ReactElement {
  const query = useOrchestrator();
  return (
    <Page title="Modules" aside={<Steering state={query.data?.state} />}>
      <Answered query={query}>
        {(seen) => (
          <Stack gap="xl">
            <State seen={seen} />
            <Modules seen={seen} />
            <Loops seen={seen} />
          </Stack>
        )}
      </Answered>
    </Page>
  );
}

function Steering({ state }: { state: Orchestrator['state'] | undefined }): ReactElement {
  const shutDown = async (): Promise<void> => {
    const why = await ask({
      title: 'Shut the orchestrator down?',
      text: 'Nothing new is given out, agents are asked to stop, their work is saved.',
      label: 'Why',
      optional: true,
      confirm: 'Shut down',
      danger: true,
      cli: () => 'orbit shutdown',
    });
    if (why !== undefined) await act(orders.shutDown(why));
  };
  return (
    <Group gap="sm">
      <Button size="compact-sm" onClick={() => void act(orders.cycle())}>
        Run a cycle
      </Button>
      {state === 'paused' ? (
        <Button size="compact-sm" variant="default" onClick={() => void act(orders.resumeAll())}>
          Resume
        </Button>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => void act(orders.pauseAll())}>
          Pause
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => void shutDown()}>
        Shut down…
      </Button>
    </Group>
  );
}

function State({ seen }: { seen: Orchestrator }): ReactElement {
  const { state, leader, observedAt, concurrency, agents, systemId } = seen;
  return (
    <Facts
      of={{
        State: (
          <>
            {state.replace('-', ' ')}, seen <Ago at={observedAt} />
          </>
        ),
        System: systemId,
        Leader: leader ?? 'nobody: nothing is given out and nothing lands',
        Concurrency: `${concurrency.mode}: ${concurrency.because}`,
        Agents: agents.map(({ agent, busy, slots }) => `${agent} ${busy}/${slots}`).join(', '),
      }}
    />
  );
}

function Modules({ seen: { modules } }: { seen: Orchestrator }): ReactElement {
  if (modules.length === 0) return <Text c="dimmed">No module: tasks have no scope and no feature above them.</Text>;
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {['Module', 'Done', 'Priority', 'Needs', 'Scope', ''].map((title) => (
              <Table.Th key={title}>{title || <VisuallyHidden>Actions</VisuallyHidden>}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {modules.map((module) => (
            <ModuleRow key={module.module} of={module} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ModuleRow({ of }: { of: Orchestrator['modules'][number] }): ReactElement {
  const { module, scope, priority, dependencies, waitingFor, total, finished, running, ready } = of;
  const share = total === 0 ? 0 : (finished / total) * 100;
  return (
    <Table.Tr>
      <Table.Th scope="row" miw={110}>
        {module}
      </Table.Th>
      <Table.Td miw={140}>
        <Text size="sm">
          {finished} of {total}
          {running > 0 && `, ${running} running`}
          {ready > 0 && `, ${ready} ready`}
        </Text>
        <Progress value={share} size="sm" aria-label={`${module}: ${finished} of ${total} finished`} />
      </Table.Td>
      <Table.Td>{priority}</Table.Td>
      <Table.Td>
        {dependencies.map((needed) => (
          <Text key={needed} size="sm">
            {waitingFor.includes(needed) ? `□ ${needed} (open)` : `✓ ${needed}`}
          </Text>
        ))}
      </Table.Td>
      <Table.Td>
        <Text size="sm" ff="monospace" lineClamp={2} title={scope.join('\n')}>
          {scope.join(' ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="default"
          disabled={ready === 0}
          onClick={() => void act(orders.spawn(module))}
        >
          Spawn an agent
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

function Loops({ seen: { loops } }: { seen: Orchestrator }): ReactElement {
  return (
    <Section title="Loops">
      <Stack gap={4}>
        {loops.map(({ loop, steps, source }) => (
          <Text key={loop} size="sm">
            <b>{loop}</b> {steps.join(' → ')}{' '}
            <Text span c="dimmed" size="xs">
              {source ?? 'comes with Orbit'}
            </Text>
          </Text>
        ))}
      </Stack>
    </Section>
  );
}
