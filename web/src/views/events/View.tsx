/** Everything that changed, in order; and any moment of it again. */
import { Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useQueryState } from '../../app/router.ts';
import { Nothing, Problem } from '../../parts/Answered.tsx';
import { Choices } from '../../parts/Choices.tsx';
import { Page } from '../../parts/Page.tsx';
import { PlanChoice, usePlanChoice } from '../../parts/PlanChoice.tsx';
import { useEventLog } from '../../replay/use-event-log.ts';
import { Log } from './Log.tsx';
import { Scrubber } from './Scrubber.tsx';

export default function EventsView(): ReactElement {
  const [view, setView] = useQueryState('view', 'log');
  const plan = usePlanChoice({ all: true });
  const { events, last, complete, error } = useEventLog();
  return (
    <Page
      title="Events"
      aside={
        <Group gap="md">
          <Choices
            label="What is shown"
            value={view}
            choices={[
              { value: 'log', label: 'Log' },
              { value: 'replay', label: 'Replay' },
            ]}
            onChange={setView}
          />
          <PlanChoice plan={plan} all />
        </Group>
      }
    >
      {error !== null && events.length === 0 ? (
        <Problem error={error} />
      ) : !complete ? (
        <Text size="sm" c="dimmed">
          Reading the log: {events.length} of {last} events
        </Text>
      ) : events.length === 0 ? (
        <Nothing title="Nothing has happened yet">The log begins with the first plan.</Nothing>
      ) : view === 'replay' ? (
        <Scrubber events={events} plan={plan} />
      ) : (
        <Log events={events} plan={plan} />
      )}
    </Page>
  );
}
