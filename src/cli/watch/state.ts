/**
 * What the person at `orbit watch` looks at and is about to do. Pure.
 *
 * Owns what is selected while rows come and go: the same row as long as it is there, then what stands in its place. `press.ts` turns keys into
 * states and orders, `deeds.ts` carries the orders out.
 */
import type { Pane, PaneName } from '../../actions/board/board.ts';
import { plainText } from '../../actions/board/line.ts';
import type { Row, Subject } from '../../actions/board/row.ts';
import type { Key } from './keys.ts';

/** A question to the person: one line of text, or yes or no. */
export interface Ask {
  for: 'nudge' | 'retry' | 'reject' | 'cancel' | 'approve' | 'filter';
  /** Shown before what is typed. */
  label: string;
  about: Subject | null;
  yesNo: boolean;
  /** Of `approve`: the tree that was shown. */
  tree?: string;
}

export type Order =
  | { type: 'quit' | 'suspend' | 'redraw' | 'help' }
  | { type: 'pause' | 'why' | 'log' | 'look' | 'retry-ask' | 'reject-ask'; about: Subject }
  | { type: 'cancel'; about: Subject }
  | { type: 'nudge' | 'retry' | 'reject'; about: Subject; text: string }
  | { type: 'approve'; about: Subject; tree: string };

export interface TextView {
  title: string;
  lines: readonly string[];
  /** First line shown; `null`: the end, as it grows. */
  top: number | null;
}

export interface WatchState {
  pane: PaneName;
  /** Of each pane: what is selected, and where that was, for when it goes away. */
  selected: Partial<Record<PaneName, { id: string; at: number }>>;
  filter: string;
  ask: Ask | null;
  /** What was typed so far. */
  typed: string;
  /** A text over the whole screen, instead of the board. */
  text: TextView | null;
  /** How the last order went. */
  message: { text: string; isBad: boolean } | null;
}

export function newWatchState(): WatchState {
  return { pane: 'plan', selected: {}, filter: '', ask: null, typed: '', text: null, message: null };
}

export interface Scene {
  /** As {@link chosen} leaves them. */
  panes: readonly Pane[];
  /** Lines for a text over the whole screen. */
  textRows: number;
}

export interface Pressed {
  state: WatchState;
  order: Order | null;
}

/** The panes with only the rows that the filter lets through, the empty ones left out. */
export function chosen(panes: readonly Pane[], filter: string): Pane[] {
  const wanted = filter.toLowerCase();
  const fits = ({ about, lines }: Row): boolean =>
    wanted === '' || (about !== null && lines.some((line) => plainText(line).toLowerCase().includes(wanted)));
  const shown = panes.map((pane) => ({ ...pane, rows: pane.rows.filter(fits) }));
  return shown.filter(({ name, rows }) => name === 'plan' || rows.length > 0);
}

export function idOf({ key, plan, token }: Subject): string {
  return `${plan} ${key ?? ''} ${token ?? ''}`;
}

/** The pane that has the keys, and the row that is selected in it: the same as before, or what stands in its place now. */
export function selectionOf(
  state: WatchState,
  panes: readonly Pane[],
): { pane: Pane | null; row: Row | null; at: number } {
  const pane = panes.find(({ name }) => name === state.pane) ?? panes[0] ?? null;
  const rows = (pane?.rows ?? []).filter(({ about }) => about !== null);
  const wish = pane === null ? undefined : state.selected[pane.name];
  const same = wish === undefined ? -1 : rows.findIndex(({ about }) => about !== null && idOf(about) === wish.id);
  const at = same >= 0 ? same : Math.max(0, Math.min(wish?.at ?? 0, rows.length - 1));
  return { pane, row: rows[at] ?? null, at };
}

/** Orders that look first and then may ask: what is typed meanwhile is no key of the board any more. */
export function mayAsk({ type }: Order): boolean {
  return type === 'look' || type === 'retry-ask' || type === 'reject-ask';
}

/** What was typed ahead of a question belongs to it if it asks for text; a yes to something not seen yet is none. */
export function typedAhead(ask: Ask | null, keys: readonly Key[]): readonly Key[] {
  return ask === null || ask.yesNo ? [] : keys;
}
