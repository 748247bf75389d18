/** The log as a windowed list with filters; an event has an address of its own. */
import { Code, Group, MultiSelect, Stack, Text, TextInput } from '@mantine/core';
import { useDeferredValue, useMemo, type ReactElement, type ReactNode } from 'react';
import type { Event } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { setQuery, useQueryState } from '../../app/router.ts';
import { plain } from '../../parts/plain.ts';
import { Rows, type Column } from '../../parts/Rows.tsx';
import { TaskRef } from '../../parts/TaskRef.tsx';
import { moment } from '../../parts/time.ts';
import classes from './events.module.css';
import { inALine, shownEvents } from './filter.ts';

const columns: readonly Column[] = [
  { name: 'Number', width: '84px' },
  { name: 'Time', width: '180px' },
  { name: 'Kind', width: '160px' },
  { name: 'Task', width: '110px' },
  { name: 'Attempt', width: '80px' },
  { name: 'Actor', width: '140px' },
  { name: 'What', width: 'minmax(240px, 1fr)' },
];

export function Log({ events, plan }: { events: readonly Event[]; plan: string }): ReactElement {
  const [types] = useQueryState('types');
  const [find] = useQueryState('find');
  const [seq] = useQueryState('seq');
  const kinds = useMemo(() => [...new Set(events.map(({ type }) => type))].toSorted(), [events]);
  const words = useDeferredValue(find);
  const wanted = useMemo(() => types.split(',').filter((type) => type !== ''), [types]);
  const shown = useMemo(() => shownEvents(events, { types: wanted, plan, words }), [events, wanted, plan, words]);
  const chosen = events.find((event) => event.seq === Number(seq));
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-start">
        <TextInput
          size="xs"
          w={280}
          data-query-box
          aria-label="Find events"
          placeholder="Find by task, actor, any word"
          value={find}
          onChange={(event) => setQuery({ find: event.currentTarget.value })}
        />
        <MultiSelect
          size="xs"
          w={320}
          aria-label="Kinds"
          placeholder={wanted.length === 0 ? 'All kinds' : ''}
          searchable
          clearable
          data={kinds}
          value={wanted}
          onChange={(values) => setQuery({ types: values.join(',') })}
        />
        <Text size="sm" c="dimmed" pt={4} aria-live="polite">
          {shown.length === events.length ? `${events.length} events` : `${shown.length} of ${events.length} events`}
        </Text>
      </Group>
      {chosen !== undefined && <One event={chosen} />}
      <Rows
        label="Events, the newest first"
        items={shown}
        keyOf={(event) => String(event.seq)}
        columns={columns}
        cells={cellsOf}
        current={chosen === undefined ? undefined : String(chosen.seq)}
      />
    </Stack>
  );
}

function cellsOf({ seq, at, type, task, plan, attempt, actor, data }: Event): readonly ReactNode[] {
  return [
    <Link key="seq" to={`/events?seq=${seq}`} inherit title="The address of this event">
      {seq}
    </Link>,
    <time key="at" dateTime={at} title={at}>
      {moment(at)}
    </time>,
    type,
    task === null || plan === null ? (plan ?? '') : <TaskRef key="task" id={task} plan={plan} />,
    attempt === null ? (
      ''
    ) : (
      <Link key="attempt" to={pathOf.attempt(attempt)} inherit>
        {attempt}
      </Link>
    ),
    plain(actor),
    <span key="data" className={classes['data']}>
      {plain(inALine(data))}
    </span>,
  ];
}

/** An event with all that it carries. */
function One({ event }: { event: Event }): ReactElement {
  return (
    <section className={classes['one']} aria-label={`Event ${event.seq}`}>
      <Group justify="space-between">
        <Text size="sm">
          <b>{event.seq}</b> {event.type} by {plain(event.actor)}, its {event.actorSeq}., at{' '}
          {new Date(event.at).toLocaleString()}
        </Text>
        <Group gap="md">
          <Link to={`/events?view=replay&at=${event.seq}`} size="sm">
            How everything stood then
          </Link>
          <Link to="/events" size="sm">
            Close
          </Link>
        </Group>
      </Group>
      <Code block className={classes['json'] ?? ''}>
        {plain(JSON.stringify(event.data, undefined, 2))}
      </Code>
    </section>
  );
}
