/** Who may write what now, who wishes for more, and where work in flight will meet. */
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { useReservations, type Reservations } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { ask } from '../../parts/ask.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { PlanChoice, usePlanChoice } from '../../parts/PlanChoice.tsx';
import { Section } from '../../parts/Section.tsx';
import { TaskRef, TaskRefs } from '../../parts/TaskRef.tsx';
import { hotPaths } from './path-tree.ts';
import { Paths } from './Paths.tsx';
import classes from './scope.module.css';

export default function ScopeView(): ReactElement {
  const plan = usePlanChoice({ all: true });
  return (
    <Page title="Scope" aside={<PlanChoice plan={plan} all />}>
      <Answered query={useReservations(plan)}>{(data) => <Shown data={data} />}</Answered>
    </Page>
  );
}

function Shown({ data: { held, wishes, conflicts } }: { data: Reservations }): ReactElement {
  if (held.length + wishes.length + conflicts.length === 0)
    return <Nothing title="Nobody holds anything">A scope is held as long as an attempt at its task runs.</Nothing>;
  return (
    <Stack gap="xl">
      <Conflicts conflicts={conflicts} />
      <Wishes wishes={wishes} />
      <Section title="Paths">
        <Paths held={held} conflicts={conflicts} />
      </Section>
      <Claims held={held} />
    </Stack>
  );
}

function Conflicts({ conflicts }: Pick<Reservations, 'conflicts'>): ReactElement | null {
  if (conflicts.length === 0) return null;
  const hot = hotPaths(conflicts).filter(({ conflicts: count }) => count > 1);
  return (
    <Section title="Conflicts ahead">
      <Stack gap="xs">
        {hot.length > 0 && (
          <Text size="sm">
            Hot:{' '}
            {hot.slice(0, 5).map(({ path, conflicts: count }) => (
              <span key={path}>
                <Code>{plain(path)}</Code> in {count},{' '}
              </span>
            ))}
            <Text span size="sm" c="dimmed">
              the files that most of them name
            </Text>
          </Text>
        )}
        <ul className={classes['list']}>
          {conflicts.map((one) => (
            <li key={`${one.task} ${one.with}`} data-kind="conflict">
              <TaskRef id={one.task} plan={planOf(one.task)} /> {plain(one.title)} and{' '}
              {one.with === null ? 'what is on its target' : <TaskRef id={one.with} plan={planOf(one.with)} />}{' '}
              {plain(one.withTitle ?? '')} will not merge as they are, seen <Ago at={one.since} />
              <div>
                <Code>{plain(one.paths.join(', '))}</Code>
              </div>
            </li>
          ))}
        </ul>
      </Stack>
    </Section>
  );
}

function Wishes({ wishes }: Pick<Reservations, 'wishes'>): ReactElement | null {
  if (wishes.length === 0) return null;
  const deny = async (of: { plan: string; task: string }): Promise<void> => {
    const reason = await ask({
      title: `Keep the scope of ${of.task}`,
      label: 'Why it does not get the paths; its agent is told',
      confirm: 'Deny',
      cli: (words) => orders.deny(of, words).cli ?? '',
    });
    if (reason !== undefined) await act(orders.deny(of, reason));
  };
  return (
    <Section title="Wishes">
      <ul className={classes['list']}>
        {wishes.map(({ task, plan, agent, entries, why, since, holder }) => (
          <li key={`${plan}/${task}`}>
            <Group justify="space-between" gap="xs" align="flex-start">
              <div>
                <TaskRef id={task} plan={plan} /> {agent} wishes for <Code>{plain(entries.join(', '))}</Code>,{' '}
                <Ago at={since} />: {plain(why)}
                <Text size="sm" c="dimmed">
                  {holder === null ? (
                    'A person decides.'
                  ) : (
                    <>
                      Granted when <TaskRef id={holder} plan={plan} /> gives it up.
                    </>
                  )}
                </Text>
              </div>
              <Group gap="xs">
                <Button size="compact-sm" variant="default" onClick={() => void act(orders.grant({ plan, task }))}>
                  Grant
                </Button>
                <Button size="compact-sm" variant="default" onClick={() => void deny({ plan, task })}>
                  Deny…
                </Button>
              </Group>
            </Group>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Oldest claims first: they are what others have waited for longest. */
function Claims({ held }: Pick<Reservations, 'held'>): ReactElement | null {
  if (held.length === 0) return null;
  return (
    <Section title="Claims by age">
      <ul className={classes['list']}>
        {held
          .toSorted((a, b) => a.since.localeCompare(b.since))
          .map(({ task, plan, title, agent, token, scope, since }) => (
            <li key={token}>
              <TaskRefs ids={[task]} plan={plan} /> {plain(title)}{' '}
              <Text span size="sm" c="dimmed">
                {agent}, <Ago at={since} />
              </Text>
              <div>
                <Code>{scope.length === 0 ? 'anywhere' : plain(scope.join(', '))}</Code>
              </div>
            </li>
          ))}
      </ul>
    </Section>
  );
}

function planOf(key: string): string {
  return key.includes('/') ? key.slice(0, key.indexOf('/')) : '';
}
