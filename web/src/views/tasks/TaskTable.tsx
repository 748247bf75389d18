/** The rows themselves: only those in view are in the page. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { pathOf } from '../../app/Link.tsx';
import { navigate } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { Nothing } from '../../parts/Answered.tsx';
import type { TaskRow } from './query.ts';
import { Row } from './Row.tsx';
import classes from './tasks.module.css';

export interface TaskTableProps {
  readonly rows: readonly TaskRow[];
  readonly sort: string;
  readonly setSort: (sort: string) => void;
  readonly compact: boolean;
  readonly selected: ReadonlySet<string>;
  readonly setSelected: (keys: ReadonlySet<string>) => void;
}

const columns: readonly (readonly [name: string, title: string])[] = [
  ['status', 'State'],
  ['id', 'Task'],
  ['title', 'Title'],
  ['layer', 'Layer'],
  ['agent', 'Agent'],
  ['attempts', 'Tries'],
  ['cost', 'Cost'],
];

export function TaskTable({ rows, sort, setSort, compact, selected, setSelected }: TaskTableProps): ReactElement {
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const height = compact ? 27 : 36;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
    getItemKey: (index) => rows[index]?.key ?? index,
  });
  const move = (to: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setAt(next);
    virtual.scrollToIndex(next);
  };
  const toggle = (key: string): void => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    setSelected(next);
  };
  const current = rows[at];
  const open = (): void => {
    if (current !== undefined) navigate(pathOf.task(current.plan, current.id));
  };
  const all = rows.length > 0 && rows.every(({ key }) => selected.has(key));
  const toggleAll = (): void => setSelected(new Set(all ? [] : rows.map(({ key }) => key)));
  useCommands([
    { id: 'next', title: 'Next task', group: 'Tasks', keys: 'j', run: () => move(at + 1) },
    { id: 'previous', title: 'Previous task', group: 'Tasks', keys: 'k', run: () => move(at - 1) },
    { id: 'open', title: 'Open the task', group: 'Tasks', keys: 'o', run: open },
    {
      id: 'select',
      title: 'Select the task',
      group: 'Tasks',
      keys: 'x',
      run: () => current !== undefined && toggle(current.key),
    },
    { id: 'select-all', title: 'Select all shown, or none', group: 'Tasks', keys: '*', run: toggleAll },
  ]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    if (step !== undefined) move(at + step);
    else if (event.key === 'Enter' && event.target === event.currentTarget) open();
    else if (event.key === ' ' && event.target === event.currentTarget && current !== undefined) toggle(current.key);
    else return;
    event.preventDefault();
  };
  if (rows.length === 0)
    return <Nothing title="No task is like that">Take a term away, or choose another filter.</Nothing>;
  return (
    <div
      role="grid"
      tabIndex={0}
      onKeyDown={onKeyDown}

      aria-label="Tasks; arrows move, space selects, enter opens"
      aria-rowcount={rows.length + 1}
      className={classes['table']}
      data-compact={compact}
    >
      <div role="row" className={classes['head']} aria-rowindex={1}>
        <span role="columnheader">
          <input type="checkbox" aria-label="Select all shown" checked={all} onChange={toggleAll} />
        </span>
        {columns.map(([name, title]) => (
          <Head key={name} {...{ name, title, sort, setSort }} />
        ))}
      </div>
      <div ref={scroller} className={classes['scroller']} role="rowgroup">
        <div role="presentation" className={classes['all']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start, key }) => {
            const row = rows[index];
            return row === undefined ? null : (
              <Row
                key={key}
                {...{ row, index, start, height, active: index === at, selected: selected.has(row.key), toggle, setAt }}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Head({
  name,
  title,
  sort,
  setSort,
}: { name: string; title: string } & Pick<TaskTableProps, 'sort' | 'setSort'>): ReactElement {
  const sorted = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : 'none';
  return (
    <span role="columnheader" aria-sort={sorted} data-column={name}>
      <button type="button" onClick={() => setSort(sort === name ? `-${name}` : name)}>
        {title}
        <span aria-hidden>{{ ascending: ' ▾', descending: ' ▴', none: '' }[sorted]}</span>
      </button>
    </span>
  );
}
