/** The time line as a table: an attempt a row, windowed. */
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { Link, pathOf } from '../../app/Link.tsx';
import { plain } from '../../parts/plain.ts';
import { Rows, type Column } from '../../parts/Rows.tsx';
import { Status } from '../../parts/Status.tsx';
import { TaskRef } from '../../parts/TaskRef.tsx';
import { moment } from '../../parts/time.ts';
import type { Bar } from './lanes.ts';
import type { LaneRow } from './rows.ts';
import { duration } from './scale.ts';

const columns: readonly Column[] = [
  { name: 'Start', width: '180px' },
  { name: 'Agent', width: '130px' },
  { name: 'Task', width: 'minmax(180px, 1fr)' },
  { name: 'Waited', width: '100px' },
  { name: 'Took', width: '100px' },
  { name: 'Outcome', width: '130px' },
  { name: 'Sets the end', width: '96px' },
];

interface Attempted {
  plan: string;
  agent: string;
  bar: Bar;
  waited: number;
}

export function Bars({ rows, plan }: { rows: readonly LaneRow[]; plan: string }): ReactElement {
  const bars = useMemo(
    () =>
      rows
        .flatMap(({ agent, bars: own, waits }) =>
          own.map((bar): Attempted => ({
            plan,
            agent,
            bar,
            waited: waits
              .filter(({ task, to, kind }) => task === bar.task && to <= bar.from && kind !== 'landing')
              .reduce((sum, { from, to }) => sum + to - from, 0),
          })),
        )
        .toSorted((a, b) => a.bar.from - b.bar.from),
    [rows, plan],
  );
  return (
    <Rows
      label="Attempts in the order of their starts"
      items={bars}
      keyOf={({ bar }) => String(bar.token)}
      columns={columns}
      cells={cellsOf}
    />
  );
}

function cellsOf({ agent, bar, waited, plan }: Attempted): readonly ReactNode[] {
  return [
    <time key="start" dateTime={new Date(bar.from).toISOString()}>
      {moment(bar.from)}
    </time>,
    agent,
    <span key="task">
      <TaskRef id={bar.task} plan={plan} /> {plain(bar.title)}
    </span>,
    waited === 0 ? '–' : duration(waited),
    duration(bar.to - bar.from),
    <Link key="outcome" to={pathOf.attempt(bar.token)} c="inherit" underline="never">
      <Status status={bar.outcome ?? 'running'} of="outcome" />
    </Link>,
    bar.onChain ? 'yes' : '',
  ];
}
