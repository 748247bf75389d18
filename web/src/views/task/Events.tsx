/** The task's own part of the log, the newest first. */
import { Button, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import type { Event } from '../../../../src/api/contract.ts';
import { Ago } from '../../parts/Ago.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import classes from './task.module.css';

const SHOWN = 20;

export function Events({ events }: { events: readonly Event[] }): ReactElement {
  const [all, setAll] = useState(false);
  const newest = events.toSorted((one, other) => other.seq - one.seq);
  const shown = all ? newest : newest.slice(0, SHOWN);
  return (
    <Section title="Events">
      <ol className={classes['events']}>
        {shown.map((event) => (
          <li key={event.seq} id={`event-${event.seq}`}>
            <Ago at={event.at} />
            <span>{event.type}</span>
            <Text span size="xs" c="dimmed">
              {event.actor}
            </Text>
            <Text span size="xs" c="dimmed" truncate title={plain(JSON.stringify(event.data, undefined, 1))}>
              {words(event.data)}
            </Text>
          </li>
        ))}
      </ol>
      {newest.length > shown.length && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={() => setAll(true)}>
          Show all {newest.length}
        </Button>
      )}
    </Section>
  );
}

/** The plain values of an event, in a line. */
function words(data: Event['data']): string {
  return plain(
    Object.entries(data)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', '),
  );
}
