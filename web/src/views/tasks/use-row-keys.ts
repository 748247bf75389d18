/** Moves, selects and opens rows by keyboard. */
import { useState, type Dispatch, type KeyboardEvent, type SetStateAction } from 'react';
import { pathOf } from '../../app/Link.tsx';
import { navigate } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { toggled } from '../../parts/typed.ts';
import type { TaskRow } from './query.ts';

export type SetSelected = Dispatch<SetStateAction<ReadonlySet<string>>>;

interface Choice {
  readonly selected: ReadonlySet<string>;
  readonly setSelected: SetSelected;
  /** Brings a row into view. */
  readonly show: (index: number) => void;
}

interface RowKeys {
  /** The row that keys act on; -1: none yet. */
  readonly at: number;
  readonly setAt: (key: string) => void;
  /** Whether all shown rows are selected. */
  readonly all: boolean;
  readonly toggle: (key: string) => void;
  readonly toggleAll: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The row is remembered by its task: when the order changes, keys go on from the same one. */
export function useRowKeys(rows: readonly TaskRow[], { selected, setSelected, show }: Choice): RowKeys {
  const [key, setAt] = useState('');
  const at = key === '' ? -1 : rows.findIndex((row) => row.key === key);
  const current = rows[at];
  const move = (step: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, at + step));
    setAt(rows[next]?.key ?? '');
    show(next);
  };
  const toggle = (one: string): void => setSelected((before) => toggled(before, one));
  const all = rows.length > 0 && rows.every((row) => selected.has(row.key));
  const toggleAll = (): void => setSelected(new Set(all ? [] : rows.map((row) => row.key)));
  const open = (): void => {
    if (current !== undefined) navigate(pathOf.task(current.plan, current.id));
  };
  const select = (): void => {
    if (current !== undefined) toggle(current.key);
  };
  useCommands([
    { id: 'next', title: 'Next task', group: 'Tasks', keys: 'j', run: () => move(1) },
    { id: 'previous', title: 'Previous task', group: 'Tasks', keys: 'k', run: () => move(-1) },
    { id: 'open', title: 'Open the task', group: 'Tasks', keys: 'o', run: open },
    { id: 'select', title: 'Select the task', group: 'Tasks', keys: 'x', run: select },
    { id: 'select-all', title: 'Select all shown, or none', group: 'Tasks', keys: '*', run: toggleAll },
  ]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    const onGrid = event.target === event.currentTarget;
    if (step !== undefined) move(step);
    else if (event.key === 'Enter' && onGrid) open();
    else if (event.key === ' ' && onGrid) select();
    else return;
    event.preventDefault();
  };
  return { at, setAt, all, toggle, toggleAll, onKeyDown };
}
