/**
 * What every key of `orbit watch` means. Pure: a state and a key in, a state and perhaps an order out.
 *
 * Owns that nothing which destroys happens at one key, and that a key which does not apply says so.
 */
import type { Pane, PaneName } from '../../actions/board/board.ts';
import type { Subject } from '../../actions/board/row.ts';
import { answer, scroll } from './answer.ts';
import type { Key } from './keys.ts';
import { idOf, selectionOf, type Ask, type Pressed, type Scene, type WatchState } from './state.ts';

export function press(state: WatchState, key: Key, scene: Scene): Pressed {
  if (key.name === 'ctrl-c') return { state, order: { type: 'quit' } };
  if (key.name === 'ctrl-z') return { state, order: { type: 'suspend' } };
  if (key.name === 'ctrl-l') return { state, order: { type: 'redraw' } };
  if (state.ask !== null) return answer(state, state.ask, key);
  if (state.text !== null)
    return { state: scroll(state, key, { text: state.text, rows: scene.textRows }), order: null };
  return onBoard({ ...state, message: null }, key, scene);
}

function onBoard(state: WatchState, key: Key, { panes }: Scene): Pressed {
  const { pane, row, at } = selectionOf(state, panes);
  const stay = (more: Partial<WatchState> = {}): Pressed => ({ state: { ...state, ...more }, order: null });
  const steps: Readonly<Record<string, number>> = {
    j: 1,
    down: 1,
    k: -1,
    up: -1,
    'page-down': 10,
    'page-up': -10,
    g: -1e9,
    home: -1e9,
    G: 1e9,
    end: 1e9,
  };
  const step = steps[key.name];
  if (step !== undefined) return pane === null ? stay() : stay({ selected: moved(state, pane, at + step) });
  switch (key.name) {
    case 'tab':
    case 'right':
      return stay({ pane: beside(panes, pane, 1) });
    case 'back-tab':
    case 'left':
      return stay({ pane: beside(panes, pane, -1) });
    case '/':
      return stay({ ask: { for: 'filter', label: 'filter', about: null, yesNo: false }, typed: state.filter });
    case 'escape':
      return stay({ filter: '' });
    case 'q':
      return { state, order: { type: 'quit' } };
    case '?':
      return { state, order: { type: 'help' } };
    default:
      return onRow(state, key, row?.about ?? null);
  }
}

function onRow(state: WatchState, { name }: Key, about: Subject | null): Pressed {
  if (!'nprawxcl'.includes(name) || name.length !== 1) return { state, order: null };
  const say = (text: string): Pressed => ({ state: { ...state, message: { text, isBad: true } }, order: null });
  if (about === null) return say('Nothing is selected.');
  if (name === 'p') return { state, order: { type: 'pause', about } };
  if (about.key === null) return say(`That is about tasks; ${about.plan} is a plan. j and k select, ? lists the keys.`);
  const ask = (what: Omit<Ask, 'about'>): Pressed => ({
    state: { ...state, ask: { ...what, about }, typed: '' },
    order: null,
  });
  switch (name) {
    case 'n':
      return ask({ for: 'nudge', label: `tell ${about.key}`, yesNo: false });
    case 'c':
      return ask({ for: 'cancel', label: `cancel ${about.key}? Its work is kept`, yesNo: true });
    case 'x':
      return { state, order: { type: 'reject-ask', about } };
    case 'r':
      return { state, order: { type: 'retry-ask', about } };
    case 'a':
      return { state, order: { type: 'look', about } };
    case 'l':
      return { state, order: { type: 'log', about } };
    default:
      return { state, order: { type: 'why', about } };
  }
}

function moved({ selected }: WatchState, { name, rows }: Pane, to: number): WatchState['selected'] {
  const some = rows.flatMap(({ about }) => about ?? []);
  const at = Math.max(0, Math.min(to, some.length - 1));
  const about = some[at];
  return about === undefined ? selected : { ...selected, [name]: { id: idOf(about), at } };
}

function beside(panes: readonly Pane[], pane: Pane | null, step: number): PaneName {
  const at = pane === null ? 0 : panes.indexOf(pane);
  return panes[(at + step + panes.length) % panes.length]?.name ?? 'plan';
}
