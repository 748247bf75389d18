/** The rows themselves: only those in view are in the page. */
import type { ReactElement } from 'react';
import { Nothing } from '../../parts/Answered.tsx';
import { useRows } from '../../parts/use-rows.ts';
import type { TaskRow } from './query.ts';
import { Row, rowId } from './Row.tsx';
import classes from './tasks.module.css';
import { useRowKeys, type SetSelected } from './use-row-keys.ts';

export interface TaskTableProps {
  readonly rows: readonly TaskRow[];
  readonly sort: string;
  readonly setSort: (sort: string) => void;
  readonly compact: boolean;
  readonly selected: ReadonlySet<string>;
  readonly setSelected: SetSelected;
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
  const height = compact ? 27 : 36;
  const { frame, onScroll, first, end, show } = useRows(rows.length, height);
  const { at, setAt, all, toggle, toggleAll, onKeyDown } = useRowKeys(rows, { selected, setSelected, show });
  if (rows.length === 0)
    return <Nothing title="No task is like that">Take a term away, or choose another filter.</Nothing>;
  return (
    <div
      role="grid"
      tabIndex={0}
      onKeyDown={onKeyDown}
      aria-label="Tasks; arrows move, space selects, enter opens"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={at < 0 ? undefined : rowId(rows[at]?.key ?? '')}
      aria-multiselectable
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
      <div ref={frame} onScroll={onScroll} className={classes['scroller']} role="rowgroup">
        <div role="presentation" className={classes['all']} style={{ height: rows.length * height }}>
          {rows.slice(first, end).map((row, offset) => {
            const index = first + offset;
            const [active, isSelected] = [index === at, selected.has(row.key)];
            return <Row key={row.key} {...{ row, index, height, active, selected: isSelected, toggle, setAt }} />;
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
