/** A long table whose rows are all of one height: only those in view are drawn. */
import { useEffect, useRef, type ReactElement, type ReactNode } from 'react';
import classes from './Rows.module.css';
import { useRows } from './use-rows.ts';

export interface Column {
  readonly name: string;
  /** A track of a CSS grid: `120px`, `minmax(180px, 1fr)`. */
  readonly width: string;
}

interface RowsProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly columns: readonly Column[];
  /** What stands in each column. */
  readonly cells: (item: Item) => readonly ReactNode[];
  /** Of the row in px. */
  readonly height?: number;
  /** The key of the row that is marked, and brought into view once. */
  readonly current?: string | undefined;
}

export function Rows<Item>({
  label,
  items,
  keyOf,
  columns,
  cells,
  height = 32,
  current,
}: RowsProps<Item>): ReactElement {
  const { frame, onScroll, first, end, above, below, show } = useRows(items.length, height);
  const latest = useRef({ items, keyOf });
  useEffect(() => {
    latest.current = { items, keyOf };
  });
  useEffect(() => {
    const { items: all, keyOf: key } = latest.current;
    const index = current === undefined ? -1 : all.findIndex((item) => key(item) === current);
    if (index >= 0) show(index);
  }, [current, show]);
  const gridTemplateColumns = columns.map(({ width }) => width).join(' ');
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keyboard
    <div className={classes['frame']} ref={frame} onScroll={onScroll} tabIndex={0} role="region" aria-label={label}>
      <table className={classes['rows']} aria-label={label} aria-rowcount={items.length + 1}>
        <thead>
          <tr aria-rowindex={1} style={{ gridTemplateColumns }}>
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr aria-hidden className={classes['space']} style={{ height: above }} />
          {items.slice(first, end).map((item, offset) => (
            <tr
              key={keyOf(item)}
              aria-rowindex={first + offset + 2}
              aria-current={keyOf(item) === current ? 'true' : undefined}
              style={{ gridTemplateColumns, height }}
            >
              {cells(item).map((cell, index) => (
                <td key={columns[index]?.name}>{cell}</td>
              ))}
            </tr>
          ))}
          <tr aria-hidden className={classes['space']} style={{ height: below }} />
        </tbody>
      </table>
    </div>
  );
}
