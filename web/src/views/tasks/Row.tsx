/** One task as a row of the list. */
import { memo, type ReactElement } from 'react';
import { followInside, Link, pathOf } from '../../app/Link.tsx';
import { plain } from '../../parts/plain.ts';
import { Status } from '../../parts/Status.tsx';
import { money } from '../../parts/time.ts';
import type { TaskRow } from './query.ts';
import classes from './tasks.module.css';

interface RowProps {
  readonly row: TaskRow;
  readonly index: number;
  readonly height: number;
  readonly active: boolean;
  readonly selected: boolean;
  readonly toggle: (key: string) => void;
  readonly setAt: (key: string) => void;
}

export const rowId = (key: string): string => `row-${key}`;

export const Row = memo(
  function Row({ row, index, height, active, selected, toggle, setAt }: RowProps): ReactElement {
    const { id, key, plan, title, status, layer, agent, holder, token, attempts, costUsd, reason, waitingFor } = row;
    const to = pathOf.task(plan, id);
    return (
      <div
        role="row"
        id={rowId(key)}
        aria-rowindex={index + 2}
        aria-selected={selected}
        className={classes['row']}
        data-active={active}
        style={{ transform: `translateY(${index * height}px)`, height }}
        onPointerDown={() => setAt(key)}
      >
        <span role="gridcell">
          <input
            type="checkbox"
            aria-label={`Select ${id}`}
            checked={selected}
            onChange={() => toggle(key)}
            tabIndex={-1}
          />
        </span>
        <span role="gridcell" className={classes['state']}>
          <Status status={status} />
        </span>
        <span role="gridcell" className={classes['id']} title={key}>
          {id}
        </span>
        <span role="gridcell" className={classes['title']}>
          <a href={to} title={plain(title)} onClick={(event) => followInside(event, to)}>
            {plain(title)}
          </a>
          <span className={classes['note']}>{noteOf({ reason, waitingFor })}</span>
        </span>
        <span role="gridcell" data-column="layer">
          {layer ?? ''}
        </span>
        <span role="gridcell" data-column="agent">
          {holder === null ? (
            <span className={classes['wanted']}>{agent ?? ''}</span>
          ) : token === null ? (
            holder
          ) : (
            <Link to={pathOf.attempt(token)} inherit>
              {holder}
            </Link>
          )}
        </span>
        <span role="gridcell" data-column="attempts">
          {attempts > 0 ? attempts : ''}
        </span>
        <span role="gridcell" data-column="cost">
          {costUsd === undefined || costUsd === 0 ? '' : money(costUsd)}
        </span>
      </div>
    );
  },
  // The functions are made anew with each drawing of the table and do the same: they hold nothing of it.
  (one, other) =>
    one.row === other.row &&
    one.index === other.index &&
    one.height === other.height &&
    one.active === other.active &&
    one.selected === other.selected,
);

function noteOf({ reason, waitingFor }: Pick<TaskRow, 'reason' | 'waitingFor'>): string {
  if (reason !== null && reason !== '') return plain(reason).split('\n')[0] ?? '';
  return waitingFor.length === 0
    ? ''
    : `waits for ${waitingFor.slice(0, 3).join(', ')}${waitingFor.length > 3 ? ` and ${waitingFor.length - 3} more` : ''}`;
}
