/** What is said between whom, what was not read yet first, and the flow of it all beside. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { setQuery, useQueryState } from '../../app/router.ts';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import type { Message } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { AgentText } from '../../parts/AgentText.tsx';
import { Nothing } from '../../parts/Answered.tsx';
import { TaskRef } from '../../parts/TaskRef.tsx';
import classes from './messages.module.css';
import { flowsOf, isUndelivered, threadsOf, type Flow, type Thread } from './threads.ts';

/** Threads shown at once. */
const shownFirst = 60;

export function Threads({ messages }: { messages: readonly Message[] }): ReactElement {
  const [from] = useQueryState('from');
  const [to] = useQueryState('to');
  const [all, setAll] = useQueryState('all');
  const own = messages.filter((one) => (from === '' || one.from === from) && (to === '' || one.to === to));
  const threads = threadsOf(own);
  if (messages.length === 0)
    return <Nothing title="Nobody has written anything">Agents write to each other with `orbit send`.</Nothing>;
  return (
    <div className={classes['columns']}>
      <Stack gap="xs">
        {threads.slice(0, all === 'yes' ? undefined : shownFirst).map((thread) => (
          <ThreadBox key={thread.id} thread={thread} />
        ))}
        {threads.length > shownFirst && all !== 'yes' && (
          <Button size="xs" variant="default" onClick={() => setAll('yes')}>
            Show all {threads.length} threads
          </Button>
        )}
      </Stack>
      <Flows flows={flowsOf(messages)} chosen={`${from} ${to}`} />
    </div>
  );
}

function ThreadBox({ thread: { between, task, messages, undelivered } }: { thread: Thread }): ReactElement {
  const mine = messages.filter((one) => isUndelivered(one) && (one.to === 'person' || one.to.startsWith('person:')));
  return (
    <article className={classes['thread']} data-open={undelivered > 0}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {between[0]} ↔ {between[1]}
          {task !== null && (
            <Text span size="sm" fw={400}>
              {' '}
              about <TaskRef id={task} plan="" />
            </Text>
          )}
        </Text>
        <Group gap="xs">
          {undelivered > 0 && <Text size="sm">▲ {undelivered} not read yet</Text>}
          {mine.length > 0 && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => void act(orders.acknowledge(mine.map(({ id }) => id)))}
            >
              I have read {mine.length === 1 ? 'it' : 'them'}
            </Button>
          )}
        </Group>
      </Group>
      {messages.map((one) => (
        <div key={one.id} className={classes['message']}>
          <Text size="xs" c="dimmed">
            {one.from} → {one.to}, <Ago at={one.at} />
            {isUndelivered(one) ? ', not read yet' : ''}
          </Text>
          <AgentText text={one.text} fz="sm" />
        </div>
      ))}
    </article>
  );
}

function Flows({ flows, chosen }: { flows: readonly Flow[]; chosen: string }): ReactElement {
  return (
    <table className={classes['flows']} aria-label="From whom to whom">
      <thead>
        <tr>
          <th scope="col">From → to</th>
          <th scope="col">Messages</th>
          <th scope="col">Not read</th>
        </tr>
      </thead>
      <tbody>
        {flows.map(({ from, to, count, undelivered }) => {
          const isChosen = chosen === `${from} ${to}`;
          return (
            <tr key={`${from} ${to}`}>
              <td>
                <button
                  type="button"
                  className={classes['flow']}
                  aria-pressed={isChosen}
                  onClick={() => setQuery(isChosen ? { from: '', to: '' } : { from, to })}
                >
                  {from} → {to}
                </button>
              </td>
              <td>{count}</td>
              <td>{undelivered === 0 ? '–' : `▲ ${undelivered}`}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
