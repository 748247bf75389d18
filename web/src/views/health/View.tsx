/** Facts about the machine and Orbit on it, what is wrong first. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { act } from '../../data/act.tsx';
import { useLine } from '../../data/live.ts';
import { orders } from '../../data/orders.ts';
import { useAccounts, useHealth, useOverview, type Health } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Answered } from '../../parts/Answered.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { Shape } from '../../parts/Status.tsx';
import classes from './health.module.css';

export default function HealthView(): ReactElement {
  const query = useHealth();
  return (
    <Page
      title="Health"
      aside={
        <Group gap="sm">
          {query.data !== undefined && (
            <Text size="sm" c="dimmed">
              looked <Ago at={query.data.at} />
            </Text>
          )}
          <Button size="compact-sm" variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
            Look again
          </Button>
        </Group>
      }
    >
      <Stack gap="xl">
        <Answered query={query}>{({ facts }) => <Found facts={facts} />}</Answered>
        <Accounts />
        <Sources />
      </Stack>
    </Page>
  );
}

const looks = {
  wrong: { shape: '✕', word: 'wrong', color: 'red' },
  unknown: { shape: '?', word: 'unknown', color: 'yellow' },
  right: { shape: '✓', word: 'right', color: 'green' },
} as const;

function Found({ facts }: { facts: Health['facts'] }): ReactElement {
  const of = (ok: boolean | null): keyof typeof looks => (ok === null ? 'unknown' : ok ? 'right' : 'wrong');
  const order = ['wrong', 'unknown', 'right'];
  return (
    <ul className={classes['facts']}>
      {facts
        .toSorted((one, other) => order.indexOf(of(one.ok)) - order.indexOf(of(other.ok)))
        .map(({ name, ok, text, hint }) => (
          <li key={name}>
            <Shape look={looks[of(ok)]} />
            <div className={classes['fact']}>
              <Text size="sm" fw={600} component="span">
                {name}{' '}
                {ok !== true && (
                  <Text span size="xs" c="dimmed">
                    {looks[of(ok)].word}
                  </Text>
                )}
              </Text>
              <Text size="sm">{plain(text)}</Text>
              {hint !== '' && (
                <Text size="sm" c="dimmed">
                  {plain(hint)}
                </Text>
              )}
            </div>
          </li>
        ))}
    </ul>
  );
}

/** Accounts that rest because their quota is used up. */
function Accounts(): ReactElement | null {
  const accounts = useAccounts().data?.accounts ?? [];
  if (accounts.length === 0) return null;
  return (
    <Section title="Accounts that rest">
      <ul className={classes['facts']}>
        {accounts.map(({ account, until, reason }) => (
          <li key={account}>
            <Shape look={{ shape: '◷', word: 'rests', color: 'yellow' }} />
            <div>
              <Text size="sm" fw={600}>
                {account}
              </Text>
              <Text size="sm">
                {plain(reason)}; until <Ago at={until} />
              </Text>
              <Button
                size="compact-sm"
                mt={6}
                variant="default"
                onClick={() => void act(orders.openAccount(account, 'opened in the dashboard'))}
              >
                Use it again
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** How old what this page shows is. */
function Sources(): ReactElement {
  const { data, dataUpdatedAt } = useOverview();
  const { up } = useLine();
  return (
    <Section title="This page">
      <Facts
        of={{
          Orbit: data?.version,
          Project: data?.project,
          You: data && `${data.caller.name}, ${data.caller.role}`,
          Leader:
            data &&
            (data.leader === null ? 'nobody: nothing is given out and nothing lands (orbit run)' : data.leader.holder),
          'Last event': data?.seq,
          Stream: up === undefined ? 'connecting' : up ? 'connected' : 'not heard',
          Overview: dataUpdatedAt > 0 && <Ago at={new Date(dataUpdatedAt).toISOString()} />,
        }}
      />
    </Section>
  );
}
