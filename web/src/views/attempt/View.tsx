/** One attempt: what its agent does and says, what supervision saw, and what came of it. */
import { Button, Code, Grid, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Attempt } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { useQueryState } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { useAttempt } from '../../data/queries.ts';
import { Answered } from '../../parts/Answered.tsx';
import { nudge, terminate } from '../../parts/attempt-deeds.ts';
import { Choices } from '../../parts/Choices.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { Status } from '../../parts/Status.tsx';
import type { ViewProps } from '../../views.ts';
import { AttemptFacts } from './AttemptFacts.tsx';
import { Log } from './Log.tsx';
import { Supervision } from './Supervision.tsx';
import { Transcript } from './Transcript.tsx';

export default function AttemptView({ params: { token = '' } }: ViewProps): ReactElement {
  const query = useAttempt(Number(token));
  const title = query.data === undefined ? `Attempt ${token}` : `${query.data.agent} at ${query.data.task}`;
  return (
    <Page title={title}>
      <Answered query={query}>{(attempt) => <Shown attempt={attempt} key={attempt.token} />}</Answered>
    </Page>
  );
}

const tabs = ['transcript', 'output', 'monitor'] as const;

function Shown({ attempt }: { attempt: Attempt }): ReactElement {
  const [tab, setTab] = useQueryState('tab', 'transcript');
  const { token, plan, task, title, outcome, reason, endedAt, hasLogs } = attempt;
  const live = endedAt === null;
  useCommands(
    live
      ? [
          { id: 'nudge', title: 'Tell the agent', group: 'This attempt', keys: 'n', run: () => void nudge(attempt) },
          { id: 'terminate', title: 'End the attempt', group: 'This attempt', run: () => void terminate(attempt) },
        ]
      : [],
  );
  return (
    <Stack gap="md">
      <Group gap="md" justify="space-between">
        <Group gap="md">
          <Status status={outcome ?? 'running'} of="outcome" />
          <Link to={pathOf.task(plan, task)} fz="sm" c="inherit">
            <Code>{task}</Code> {plain(title)}
          </Link>
        </Group>
        <Group gap="xs">
          {live && (
            <>
              <Button size="compact-sm" px="sm" variant="default" onClick={() => void nudge(attempt)}>
                Tell the agent…
              </Button>
              <Button size="compact-sm" px="sm" variant="default" c="red" onClick={() => void terminate(attempt)}>
                End the attempt…
              </Button>
            </>
          )}
          <Link to={pathOf.change(plan, task)} fz="sm">
            Read the diff
          </Link>
        </Group>
      </Group>
      {reason !== null && reason !== '' && (
        <Text size="sm" maw="100ch">
          {plain(reason)}
        </Text>
      )}
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 9 }}>
          <Stack gap="sm">
            <Choices
              label="Logs"
              value={tab}
              onChange={setTab}
              choices={tabs.map((value) => ({ value, label: value }))}
            />
            {!hasLogs && (
              <Text size="sm" c="dimmed">
                It has no logs.
              </Text>
            )}
            {hasLogs && tab === 'transcript' && <Transcript token={token} />}
            {hasLogs && (tab === 'output' || tab === 'monitor') && <Log token={token} log={tab} key={tab} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 3 }}>
          <Stack gap="lg">
            <Supervision attempt={attempt} />
            <AttemptFacts attempt={attempt} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
