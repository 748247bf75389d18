/** Any moment of the log again: a slider over all events, and the tasks as they stood at one of them. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDeferredValue, useEffect, useMemo, useState, type ReactElement } from 'react';
import type { Event, TaskStatus } from '../../../../src/api/contract.ts';
import { setQuery, useQueryState } from '../../app/router.ts';
import { plain } from '../../parts/plain.ts';
import { Status } from '../../parts/Status.tsx';
import { statusLooks } from '../../parts/status.ts';
import { Replay } from '../../replay/replay.ts';
import { Board } from '../graph/Board.tsx';
import { BoardTools } from '../graph/BoardTools.tsx';
import classes from './events.module.css';
import { inALine } from './filter.ts';

/** The address follows the slider when it rests, in ms: browsers refuse a change for each step of it. */
const restMs = 300;
/** All of the log goes by in about this time, in ms; how often it is drawn. */
const playMs = 30_000;
const playStepMs = 100;

export function Scrubber({ events, plan }: { events: readonly Event[]; plan: string }): ReactElement {
  const last = events.at(-1)?.seq ?? 0;
  const [at] = useQueryState('at');
  const asked = Number.parseInt(at, 10);
  const [seq, setSeq] = useState(Number.isFinite(asked) ? Math.min(asked, last) : last);
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setQuery({ at: seq === last ? '' : String(seq) }), restMs);
    return () => clearTimeout(timer);
  }, [seq, last]);
  useEffect(() => {
    if (!isPlaying) return;
    const step = Math.max(1, Math.round((last * playStepMs) / playMs));
    const timer = setInterval(() => setSeq((before) => Math.min(last, before + step)), playStepMs);
    return () => clearInterval(timer);
  }, [isPlaying, last]);
  const shown = useDeferredValue(seq);
  const replay = useReplay(events, shown);
  const tasks = useMemo(() => {
    const all = replay.at(shown);
    return plan === '' ? all : all.filter((task) => task.plan === plan);
  }, [replay, shown, plan]);
  const event = events.find((one) => one.seq >= seq);
  const isAtEnd = seq >= last;
  const play = (): void => {
    if (isAtEnd) setSeq(1);
    setPlaying(!isPlaying);
  };
  return (
    <Stack gap="sm" className={classes['moment'] ?? ''}>
      <Bar
        seq={seq}
        last={last}
        isPlaying={isPlaying && !isAtEnd}
        onPlay={play}
        onSeq={(next) => (setPlaying(false), setSeq(next))}
      />
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {event === undefined ? (
            'Before the first event'
          ) : (
            <>
              <time dateTime={event.at}>{new Date(event.at).toLocaleString()}</time> <b>{event.type}</b>{' '}
              {event.task ?? ''} {plain(inALine(event.data)).slice(0, 120)}
            </>
          )}
        </Text>
      </Group>
      <Counts statuses={tasks.map(({ status }) => status)} />
      {tasks.length > 0 && (
        <>
          <BoardTools tasks={tasks} />
          <Board tasks={tasks} live={false} />
        </>
      )}
    </Stack>
  );
}

/** The same replay until `seq` is beyond it: while a moment of the past is looked at, what happens now draws nothing anew. */
function useReplay(events: readonly Event[], seq: number): Replay {
  const [kept, keep] = useState(() => new Replay(events));
  if (kept.last >= Math.min(seq, events.at(-1)?.seq ?? 0)) return kept;
  const replay = kept.grown(events);
  keep(replay);
  return replay;
}

interface BarProps {
  readonly seq: number;
  readonly last: number;
  readonly isPlaying: boolean;
  readonly onPlay: () => void;
  readonly onSeq: (seq: number) => void;
}

function Bar({ seq, last, isPlaying, onPlay, onSeq }: BarProps): ReactElement {
  return (
    <div className={classes['scrubber']}>
      <Button.Group>
        <Button size="xs" variant="default" onClick={onPlay}>
          {isPlaying ? 'Pause' : 'Play'}
        </Button>
        <Button size="xs" variant="default" aria-label="One event back" onClick={() => onSeq(Math.max(0, seq - 1))}>
          ‹
        </Button>
        <Button size="xs" variant="default" aria-label="One event on" onClick={() => onSeq(Math.min(last, seq + 1))}>
          ›
        </Button>
      </Button.Group>
      <input
        className={classes['range']}
        type="range"
        min={0}
        max={last}
        value={seq}
        aria-label="Moment of the log"
        aria-valuetext={`event ${seq} of ${last}`}
        onChange={(change) => onSeq(Number(change.currentTarget.value))}
      />
      <Text size="sm" ta="right">
        {seq} of {last}
      </Text>
    </div>
  );
}

function Counts({ statuses }: { statuses: readonly TaskStatus[] }): ReactElement {
  const counts = Map.groupBy(statuses, (status) => status);
  return (
    <div className={classes['counts']}>
      {Object.keys(statusLooks).map((status) => {
        const count = counts.get(status as TaskStatus)?.length ?? 0;
        return (
          <span key={status}>
            <Text span size="sm" fw={600}>
              {count}
            </Text>{' '}
            <Status status={status} />
          </span>
        );
      })}
    </div>
  );
}
