/** What an agent did and said: live, only the part in view drawn, tool calls folded, each entry with an address of its own. */
import { Button, Group, Switch, Text, TextInput } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { usePlace, useQueryState } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { Nothing, Problem } from '../../parts/Answered.tsx';
import { Choices } from '../../parts/Choices.tsx';
import { toggled } from '../../parts/typed.ts';
import classes from './attempt.module.css';
import { EntryRow } from './EntryRow.tsx';
import { choices, namesOf, offsetOf, type Entry, type Held } from './pages.ts';
import { useTranscript } from './use-transcript.ts';

export function Transcript({ token }: { token: number }): ReactElement {
  const { hash } = usePlace();
  // The address at first decides where it begins; later changes only mark.
  const [start] = useState(() => offsetOf(hash) ?? -1);
  const { held, error, earlier } = useTranscript(token, start);
  if (held === undefined) return error === undefined ? <Text size="sm">Reading…</Text> : <Problem error={error} />;
  return <Entries held={held} earlier={earlier} marked={hash} atEnd={start < 0} />;
}

interface EntriesProps {
  readonly held: Held;
  readonly earlier: () => Promise<void>;
  readonly marked: string;
  readonly atEnd: boolean;
}

function Entries({ held, earlier, marked, atEnd }: EntriesProps): ReactElement {
  const [kinds, setKinds] = useQueryState('show', 'all');
  const [words, setWords] = useQueryState('find');
  const [follow, setFollow] = useState(atEnd);
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set([marked]));
  const rows = useMemo(() => chosen(held.entries, kinds, words), [held.entries, kinds, words]);
  const toggle = (name: string): void => setOpen((before) => toggled(before, name));
  useCommands([
    { id: 'follow', title: 'Follow the end', group: 'Transcript', keys: 'f', run: () => setFollow(!follow) },
    { id: 'earlier', title: 'Read what comes before', group: 'Transcript', run: () => void earlier() },
  ]);
  return (
    <div className={classes['transcript']}>
      <Group gap="sm" justify="space-between">
        <Choices
          label="Entries"
          quiet
          value={kinds}
          onChange={setKinds}
          choices={Object.keys(choices).map((value) => ({ value, label: value }))}
        />
        <Group gap="sm">
          <TextInput
            size="xs"
            type="search"
            data-query-box
            aria-label="Find in the transcript"
            placeholder="Find"
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
          />
          <Text size="sm" c="dimmed" aria-live="polite">
            {rows.length === held.entries.length
              ? `${rows.length} entries`
              : `${rows.length} of ${held.entries.length} read`}
          </Text>
          <Switch
            size="xs"
            label="Follow"
            checked={follow}
            onChange={(event) => setFollow(event.currentTarget.checked)}
          />
        </Group>
      </Group>
      {held.from > 0 && (
        <Button size="compact-sm" variant="default" onClick={() => void earlier()} className={classes['earlier'] ?? ''}>
          Read what comes before
        </Button>
      )}
      {rows.length === 0 ? (
        <Nothing title={held.entries.length === 0 ? 'Nothing was said yet' : 'No entry is like that'} />
      ) : (
        <Window {...{ rows, follow, setFollow, open, toggle, marked }} />
      )}
    </div>
  );
}

interface Row {
  readonly name: string;
  readonly entry: Entry;
}

function chosen(entries: readonly Entry[], kinds: string, words: string): Row[] {
  const names = namesOf(entries);
  const wanted = words.toLowerCase();
  return entries.flatMap((entry, index) =>
    (choices[kinds]?.(entry) ?? true) && (wanted === '' || entry.text.toLowerCase().includes(wanted))
      ? [{ name: names[index] ?? '', entry }]
      : [],
  );
}

interface WindowProps {
  readonly rows: readonly Row[];
  readonly follow: boolean;
  readonly setFollow: (on: boolean) => void;
  readonly open: ReadonlySet<string>;
  readonly toggle: (name: string) => void;
  readonly marked: string;
}

function Window({ rows, follow, setFollow, open, toggle, marked }: WindowProps): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 30,
    overscan: 10,
    getItemKey: (index) => rows[index]?.name ?? index,
  });
  const first = useRef(rows[0]?.name);
  useLayoutEffect(() => {
    // What was read from before comes in above: the reader stays at the same entry.
    const added = rows.findIndex(({ name }) => name === first.current);
    const top = virtual.getVirtualItems().find(({ end }) => end > (scroller.current?.scrollTop ?? 0))?.index ?? 0;
    first.current = rows[0]?.name;
    if (added > 0 && !follow) virtual.scrollToIndex(top + added, { align: 'start' });
  }, [rows, follow, virtual]);
  useLayoutEffect(() => {
    if (follow && rows.length > 0) virtual.scrollToIndex(rows.length - 1, { align: 'end' });
  }, [follow, rows.length, virtual]);
  useEffect(() => {
    const at = rows.findIndex(({ name }) => name === marked);
    if (at >= 0) virtual.scrollToIndex(at, { align: 'center' });
    // Only when another entry is marked: new rows must not pull the reader back.
    // eslint-disable-next-line react/exhaustive-deps
  }, [marked]);
  return (
    <div
      ref={scroller}
      className={classes['window']}
      role="log"
      aria-label="Transcript"
      aria-live={follow ? 'polite' : 'off'}
      onWheel={(event) => event.deltaY < 0 && setFollow(false)}
    >
      <div className={classes['all']} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const row = rows[index];
          return row === undefined ? null : (
            <div
              key={key}
              data-index={index}
              ref={virtual.measureElement}
              className={classes['place']}
              style={{ transform: `translateY(${start}px)` }}
            >
              <EntryRow {...row} open={open.has(row.name)} marked={row.name === marked} toggle={toggle} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
