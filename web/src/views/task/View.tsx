/** One task: how it stands and why, what was tried, what came of it, and what can be done. */
import { Grid, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { TaskDetail } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { useTask } from '../../data/queries.ts';
import { AgentText } from '../../parts/AgentText.tsx';
import { Answered } from '../../parts/Answered.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { Status } from '../../parts/Status.tsx';
import type { ViewProps } from '../../views.ts';
import { Actions } from './Actions.tsx';
import { Attempts } from './Attempts.tsx';
import { Because } from './Because.tsx';
import { Conflicts } from './Conflicts.tsx';
import { Events } from './Events.tsx';
import { TaskFacts } from './TaskFacts.tsx';

export default function TaskView({ params: { plan = '', task = '' } }: ViewProps): ReactElement {
  const query = useTask(plan, task);
  const title = query.data === undefined ? task : `${task} ${plain(query.data.title)}`;
  return (
    <Page title={title}>
      <Answered query={query}>{(data) => <Shown data={data} />}</Answered>
    </Page>
  );
}

function Shown({ data }: { data: TaskDetail }): ReactElement {
  const { plan, id, status, body, advice, evidence, conflicts, tries, events, hold } = data;
  return (
    <Stack gap="lg">
      <Stack gap="xs">
        <Group gap="md">
          <Status status={status} />
          {(evidence !== null || tries.some(({ commit }) => commit !== null)) && (
            <Link to={pathOf.change(plan, id)} fz="sm">
              Read the diff
            </Link>
          )}
          {hold !== null && (
            <Text size="sm" c="dimmed">
              held by {hold.by}: {plain(hold.why)}
            </Text>
          )}
        </Group>
        <Because plan={plan} task={id} />
        <Actions data={data} />
      </Stack>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <Section title="What is asked">
              {body.trim() === '' ? (
                <Text size="sm" c="dimmed">
                  Only its title.
                </Text>
              ) : (
                <AgentText text={body} fz="sm" />
              )}
            </Section>
            {advice !== null && advice !== '' && (
              <Section title="Advice for the next attempt">
                <AgentText text={advice} fz="sm" />
              </Section>
            )}
            <Conflicts conflicts={conflicts} plan={plan} />
            <Attempts tries={tries} />
            <Events events={events} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <TaskFacts data={data} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
