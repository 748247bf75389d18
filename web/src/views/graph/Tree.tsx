/** The graph as a tree table: equal to the picture for keyboard and screen readers, and windowed. */
import { useMemo, useState, type KeyboardEvent, type MouseEvent, type ReactElement } from 'react';
import type { Task } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { plain } from '../../parts/plain.ts';
import { Status } from '../../parts/Status.tsx';
import { toggled } from '../../parts/typed.ts';
import { useRows } from '../../parts/use-rows.ts';
import type { Grouping } from './fold.ts';
import { TaskMenu } from '../../parts/TaskMenu.tsx';
import classes from './tree.module.css';
import { treeRows, type TreeRow } from './tree-rows.ts';

interface TreeProps {
  readonly tasks: readonly Task[];
  readonly by: Grouping;
  readonly selected: string | null;
  readonly onSelect: (key: string | null) => void;
  readonly onOpen: (key: string) => void;
  /** Whether something can be done with the tasks; a moment of the past is only looked at. */
  readonly live: boolean;
}

const rowHeight = 34;
const columns = ['Task', 'Status', 'Needs met', 'Agent', 'Actions'];

export function Tree({ tasks, by, selected, onSelect, onOpen, live }: TreeProps): ReactElement {
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => treeRows(tasks, by, turned), [tasks, by, turned]);
  const [cursor, setCursor] = useState(0);
  const { frame, onScroll, first, end, above, below, show } = useRows(rows.length, rowHeight);
  const toggle = (id: string): void => setTurned(toggled(turned, id));
  const go = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCursor(next);
    show(next);
    onSelect(rows[next]?.task?.key ?? null);
  };
  const onClick = (event: MouseEvent): void => {
    const row = (event.target as Element).closest('tr')?.dataset['index'];
    if (row !== undefined) go(Number(row));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[cursor];
    if (row === undefined || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const run = keysOn(row, { rows, cursor, go, toggle, onOpen })[event.key];
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  const current = rows[cursor];
  return (
    <table
      className={classes['tree']}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-to-interactive-role -- how ARIA has a tree grid made
      role="treegrid"
      aria-label="Tasks and what they need"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={current === undefined ? undefined : rowId(current.id)}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <Head />
      <tbody ref={frame} onScroll={onScroll}>
        <tr aria-hidden style={{ height: above }} className={classes['space']} />
        {rows.slice(first, end).map((row, offset) => (
          <tr
            key={row.id}
            id={rowId(row.id)}
            aria-rowindex={first + offset + 2}
            aria-level={row.level}
            aria-posinset={row.position}
            aria-setsize={row.siblings}
            aria-expanded={row.open ?? undefined}
            aria-selected={row.task !== null && row.task.key === selected}
            data-index={first + offset}
            data-cursor={first + offset === cursor}
          >
            <Cells row={row} live={live} onToggle={() => toggle(row.id)} />
          </tr>
        ))}
        <tr aria-hidden style={{ height: below }} className={classes['space']} />
      </tbody>
    </table>
  );
}

function Head(): ReactElement {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {columns.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface Around {
  rows: readonly TreeRow[];
  cursor: number;
  go: (index: number) => void;
  toggle: (id: string) => void;
  onOpen: (key: string) => void;
}

/** As screen readers' users know tree grids. */
function keysOn(row: TreeRow, { rows, cursor, go, toggle, onOpen }: Around): Readonly<Record<string, () => void>> {
  const parent = rows.slice(0, cursor).findLastIndex(({ level }) => level < row.level);
  return {
    ArrowDown: () => go(cursor + 1),
    ArrowUp: () => go(cursor - 1),
    PageDown: () => go(cursor + 15),
    PageUp: () => go(cursor - 15),
    Home: () => go(0),
    End: () => go(rows.length - 1),
    ArrowRight: () => (row.open === false ? toggle(row.id) : go(cursor + (row.open === null ? 0 : 1))),
    ArrowLeft: () => (row.open === true ? toggle(row.id) : parent >= 0 && go(parent)),
    ' ': () => row.open !== null && toggle(row.id),
    Enter: () => (row.task === null ? toggle(row.id) : onOpen(row.task.key)),
  };
}

function Cells({ row, live, onToggle }: { row: TreeRow; live: boolean; onToggle: () => void }): ReactElement {
  const { task, level, open, done, total, status, title } = row;
  const name = task === null ? title : `${task.id} ${title}`;
  return (
    <>
      <td data-level={Math.min(6, level)}>
        {open === null ? (
          <span className={classes['nothing']} />
        ) : (
          <button
            type="button"
            tabIndex={-1}
            className={classes['toggle']}
            aria-label={`${open ? 'Close' : 'Open'} ${name}`}
            data-open={open}
            onClick={(event) => (event.stopPropagation(), onToggle())}
          >
            ▸
          </button>
        )}
        {task === null ? (
          <b>{title}</b>
        ) : (
          <Link to={pathOf.task(task.plan, task.id)} className={classes['link'] ?? ''} c="inherit">
            <b>{task.id}</b> {plain(title)}
          </Link>
        )}
      </td>
      <td>
        <Status status={status} />
      </td>
      <td>{task === null ? `${done} of ${total} landed` : total === 0 ? '–' : `${done} of ${total}`}</td>
      <td>{task === null ? '' : (task.holder ?? (task.agent === null ? '' : `@${task.agent}`))}</td>
      <td>{task !== null && live && <TaskMenu task={task} />}</td>
    </>
  );
}

function rowId(id: string): string {
  return `tree-${id.replaceAll(/[^\w-]/g, '_')}`;
}
