/** Keys that do not act on the board: those typed into a question, and those that scroll a text. Pure. */
import type { Key } from './keys.ts';
import type { Ask, Order, Pressed, TextView, WatchState } from './state.ts';

/** A key while something is asked. */
export function answer(state: WatchState, ask: Ask, key: Key): Pressed {
  const closed: WatchState = { ...state, ask: null, typed: '' };
  if (key.name === 'escape')
    return { state: { ...closed, ...(ask.for === 'filter' ? { filter: '' } : {}) }, order: null };
  if (ask.yesNo) {
    if (key.name !== 'y' && key.name !== 'Y')
      return { state: { ...closed, message: { text: 'Nothing was done.', isBad: false } }, order: null };
    return { state: closed, order: orderOf(ask, '') };
  }
  const typing = (typed: string): Pressed => ({
    state: { ...state, typed, ...(ask.for === 'filter' ? { filter: typed } : {}) },
    order: null,
  });
  if (key.name === 'enter') {
    if (ask.for === 'filter') return { state: { ...closed, filter: state.typed }, order: null };
    if (state.typed.trim() === '' && ask.for !== 'retry')
      return {
        state: { ...closed, message: { text: 'Nothing was said, so nothing was done.', isBad: false } },
        order: null,
      };
    return { state: closed, order: orderOf(ask, state.typed.trim()) };
  }
  if (key.name === 'backspace') return typing(Array.from(state.typed).slice(0, -1).join(''));
  if (key.name === 'ctrl-u') return typing('');
  return key.text === '' ? { state, order: null } : typing(state.typed + key.text.replaceAll(/\s+/g, ' '));
}

function orderOf({ for: what, about, tree }: Ask, text: string): Order | null {
  if (about === null || what === 'filter') return null;
  if (what === 'approve') return { type: 'approve', about, tree: tree ?? '' };
  return what === 'cancel' ? { type: 'cancel', about } : { type: what, about, text };
}

/** A key while a text fills the screen. */
export function scroll(state: WatchState, key: Key, { text, rows }: { text: TextView; rows: number }): WatchState {
  const last = Math.max(0, text.lines.length - rows);
  const top = text.top ?? last;
  const to = (line: number): WatchState => {
    const at = Math.max(0, line);
    return { ...state, text: { ...text, top: at >= last ? null : at } };
  };
  switch (key.name) {
    case 'j':
    case 'down':
    case 'enter':
      return to(top + 1);
    case 'k':
    case 'up':
      return to(top - 1);
    case ' ':
    case 'page-down':
      return to(top + rows - 1);
    case 'b':
    case 'page-up':
      return to(top - rows + 1);
    case 'g':
    case 'home':
      return { ...state, text: { ...text, top: last === 0 ? null : 0 } };
    case 'G':
    case 'end':
      return to(last);
    case 'q':
    case 'escape':
    case 'left':
    case 'l':
    case 'w':
    case '?':
      return { ...state, text: null };
    default:
      return state;
  }
}
