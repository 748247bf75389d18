/** The agents at work, under their plans and tasks, and those that the settings name. */
import { Code, Stack, Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Agent } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { useAgents, useChecks, usePlans } from '../../data/queries.ts';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { AgentRow } from './AgentRow.tsx';
import classes from './agents.module.css';
import { useCpuShares } from './cpu.ts';

export default function AgentsView(): ReactElement {
  const query = useAgents(5_000);
  return (
    <Page title="Agents">
      <Stack gap="xl">
        <Answered query={query}>{({ items }) => <AtWork agents={items} seenAt={query.dataUpdatedAt} />}</Answered>
        <Configured />
      </Stack>
    </Page>
  );
}

function AtWork({ agents, seenAt }: { agents: readonly Agent[]; seenAt: number }): ReactElement {
  const plans = usePlans().data?.items ?? [];
  const shares = useCpuShares(agents, seenAt);
  if (agents.length === 0)
    return (
      <Nothing title="No agent is at work">
        <Code>orbit run</Code> gives ready tasks to the agents below.
      </Nothing>
    );
  const byPlan = Map.groupBy(agents, ({ plan }) => plan);
  return (
    <Stack gap="lg">
      {[...byPlan].map(([plan, own]) => (
        <Section
          key={plan}
          title={`${plan} ${plain(plans.find((one) => one.plan === plan)?.title ?? '')}`}
          aside={
            <Text size="sm" c="dimmed">
              {own.length === 1 ? 'one agent' : `${own.length} agents`}
            </Text>
          }
        >
          <ul className={classes['tasks']}>
            {own
              .toSorted((one, other) => one.task.localeCompare(other.task, 'en', { numeric: true }))
              .map((agent) => (
                <li key={agent.token}>
                  <Link to={pathOf.task(agent.plan, agent.task)} c="inherit" fz="sm">
                    <span className={classes['id']}>{agent.task}</span> {plain(agent.title)}
                  </Link>
                  <AgentRow agent={agent} cpuShare={shares.get(agent.token)} />
                </li>
              ))}
          </ul>
        </Section>
      ))}
    </Stack>
  );
}

/** Those that the settings name, and whether they may have work. */
function Configured(): ReactElement {
  return (
    <Section title="In the settings">
      <Answered query={useChecks()}>
        {({ agents }) =>
          agents.length === 0 ? (
            <Text size="sm" c="dimmed">
              None; name some in orbit.config.json.
            </Text>
          ) : (
            <Table.ScrollContainer minWidth={420}>
              <Table fz="sm" verticalSpacing={6}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Agent</Table.Th>
                    <Table.Th>Adapter</Table.Th>
                    <Table.Th>Slots</Table.Th>
                    <Table.Th>Gets work</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {agents.map(({ agent, adapter, slots, barred }) => (
                    <Table.Tr key={agent}>
                      <Table.Td>{agent}</Table.Td>
                      <Table.Td>{adapter}</Table.Td>
                      <Table.Td>{slots}</Table.Td>
                      <Table.Td>{barred === null ? '✓ yes' : `✕ no: ${plain(barred)}`}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )
        }
      </Answered>
    </Section>
  );
}
