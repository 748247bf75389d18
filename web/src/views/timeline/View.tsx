/** Where a plan's time went: who worked on what when, what waited for what, and what set the end. */
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMemo, useState, type ReactElement } from 'react';
import { Link, pathOf } from '../../app/Link.tsx';
import { setQuery, useQueryState } from '../../app/router.ts';
import { useTasks, useTimeLine, type TimeLine } from '../../data/queries.ts';
import { useNow } from '../../parts/Ago.tsx';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { Page } from '../../parts/Page.tsx';
import { PlanChoice, usePlanChoice } from '../../parts/PlanChoice.tsx';
import { plain } from '../../parts/plain.ts';
import { Status } from '../../parts/Status.tsx';
import { TaskRef } from '../../parts/TaskRef.tsx';
import { useEventLog } from '../../replay/use-event-log.ts';
import { Bars } from './Bars.tsx';
import { Chart } from './Chart.tsx';
import { lanesOf, type Bar, type Wait, type WaitKind } from './lanes.ts';
import { Lost } from './Lost.tsx';
import { personWaits } from './person-waits.ts';
import { rowsOf } from './rows.ts';
import { duration, type Window } from './scale.ts';
import classes from './timeline.module.css';

const waitWords: Readonly<Record<WaitKind, string>> = {
  queued: 'ready, waits for an agent',
  person: 'waits for a person',
  retry: 'waits for another attempt',
  landing: 'landing',
};

export default function TimeLineView(): ReactElement {
  const plan = usePlanChoice();
  const line = useTimeLine(plan);
  return (
    <Page title="Time line" aside={<PlanChoice plan={plan} />}>
      <Answered query={line}>
        {(data) =>
          data.from === null || data.tasks.length === 0 ? (
            <Nothing title="Nobody has worked on it yet">
              Bars appear with the first attempt; `orbit run {plan}` starts them.
            </Nothing>
          ) : (
            <Shown line={data} from={Date.parse(data.from)} />
          )
        }
      </Answered>
    </Page>
  );
}

function Shown({ line, from }: { line: TimeLine; from: number }): ReactElement {
  const tasks = useTasks(line.plan).data?.items;
  const { events } = useEventLog();
  const clock = useNow();
  const isOver = line.tasks.every(({ attempts }) => attempts.every(({ outcome }) => outcome !== null));
  const now = isOver && line.to !== null ? Date.parse(line.to) : Math.max(clock, Date.parse(line.at));
  const rows = useMemo(() => {
    const persons = personWaits(events, line.plan, now);
    return rowsOf(lanesOf(line.tasks, { plan: line.plan, now, tasks: tasks ?? [], persons }));
  }, [line, tasks, events, now]);
  const chain = useMemo(() => line.chain.map(({ task }) => task), [line]);
  const [as, setAs] = useQueryState('as', 'picture');
  const [selected, select] = useQueryState('sel');
  const bounds = { from, to: now + Math.max(1_000, (now - from) * 0.02) };
  const [shown, setShown] = useWindow(bounds);
  const [part, setPart] = useState<{ bar: Bar | null; wait: Wait | null }>({ bar: null, wait: null });
  return (
    <Stack gap="md">
      <Group gap="xs" justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="How it is shown"
          data={[
            { value: 'picture', label: 'Picture' },
            { value: 'table', label: 'Table' },
          ]}
          value={as}
          onChange={setAs}
        />
        {as !== 'table' && <Legend />}
        {as !== 'table' && (
          <Button size="xs" variant="default" onClick={() => setShown(null)}>
            Show all of it
          </Button>
        )}
      </Group>
      {as === 'table' ? (
        <Bars rows={rows} plan={line.plan} />
      ) : (
        <>
          <Chart
            {...{ rows, chain, bounds, now }}
            window={shown}
            selected={selected === '' ? null : selected}
            onWindow={setShown}
            onHover={setPart}
            onSelect={(task) => select(task ?? '')}
          />
          <Told part={part} selected={selected} line={line} />
        </>
      )}
      <Lost line={line} />
    </Stack>
  );
}

/** The window on time, kept in the address once somebody moves it; until then all, up to now. */
function useWindow(bounds: Window): readonly [Window, (window: Window | null) => void] {
  const [text] = useQueryState('time');
  const [from = NaN, to = NaN] = text.split('-').map((one) => Number.parseInt(one, 36));
  const isGiven = Number.isFinite(from) && Number.isFinite(to) && from < to;
  const set = (window: Window | null): void => {
    const isAll = window === null || (window.from <= bounds.from && window.to >= bounds.to);
    setQuery({ time: isAll ? '' : `${Math.round(window.from).toString(36)}-${Math.round(window.to).toString(36)}` });
  };
  return [isGiven ? { from, to } : bounds, set];
}

/** What is under the pointer, or the chosen task. */
function Told({
  part,
  selected,
  line,
}: {
  part: { bar: Bar | null; wait: Wait | null };
  selected: string;
  line: TimeLine;
}): ReactElement {
  const { bar, wait } = part;
  const own = bar ?? wait;
  const chosen = line.tasks.find(({ task }) => task === selected);
  return (
    <div className={classes['tip']}>
      {own !== null && (
        <Text size="sm">
          <b>{own.task}</b> {plain(own.title)}
        </Text>
      )}
      {bar !== null && (
        <Group gap="xs">
          <Status status={bar.outcome ?? 'running'} of="outcome" />
          <Text size="sm" c="dimmed">
            attempt {bar.token}, {duration(bar.to - bar.from)} from {new Date(bar.from).toLocaleTimeString()}
          </Text>
        </Group>
      )}
      {wait !== null && (
        <Text size="sm" c="dimmed">
          {waitWords[wait.kind]}, {duration(wait.to - wait.from)}
        </Text>
      )}
      {own === null && chosen !== undefined && (
        <Group gap="xs">
          <Text size="sm">
            <TaskRef id={chosen.task} plan={line.plan} /> {plain(chosen.title)}
          </Text>
          {chosen.attempts.map(({ token, outcome }) => (
            <Link key={token} to={pathOf.attempt(token)} size="sm">
              attempt {token} <Status status={outcome ?? 'running'} of="outcome" bare />
            </Link>
          ))}
        </Group>
      )}
      {own === null && chosen === undefined && (
        <Text size="sm" c="dimmed">
          Drag or shift and wheel move through time, ctrl and wheel zoom; a press chooses a task.
        </Text>
      )}
    </div>
  );
}

function Legend(): ReactElement {
  return (
    <div className={classes['legend']}>
      {(['queued', 'person', 'retry', 'landing'] as const).map((kind) => (
        <span key={kind}>
          <span className={classes['swatch']} data-kind={kind} />
          {waitWords[kind]}
        </span>
      ))}
      <span>
        <span className={classes['swatch']} data-kind="chain" />
        sets the end
      </span>
    </div>
  );
}
