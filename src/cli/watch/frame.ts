/** The screen of `orbit watch`: the board with a selection, or a text, above a line for words and one for keys. Pure. */
import { headLines, titleLine, type BoardSize, type Pane } from '../../actions/board/board.ts';
import { fit, part, said, type Line, type Part, type Space } from '../../actions/board/line.ts';
import type { Row } from '../../actions/board/row.ts';
import { share } from '../../actions/board/share.ts';
import type { Surroundings } from '../../actions/look-around.ts';
import { selectionOf, type TextView, type WatchState } from './state.ts';

/** A line of the screen; the selected one is shown in reverse besides its mark. */
export interface FrameLine {
  line: Line;
  isSelected: boolean;
}

/** Lines below the board: what happened or is asked, and the keys. */
const footRows = 2;
/** Beside each row: the mark of the selected one. */
const gutter = 1;

/** Exactly `size.rows` lines. @param panes as `chosen` leaves them, made for {@link rowSpace}. */
export function frameLines(
  seen: Surroundings,
  state: WatchState,
  { panes, size }: { panes: readonly Pane[]; size: BoardSize },
): FrameLine[] {
  const room = Math.max(1, size.rows - footRows);
  const body =
    state.text === null
      ? boardBody(seen, state, { panes, size: { ...size, rows: room } })
      : textBody(state.text, { ...size, rows: room });
  const filled = [...body.slice(0, room), ...Array.from({ length: Math.max(0, room - body.length) }, () => plain([]))];
  const lines = [...filled, plain(wordLine(state)), plain(keyLine(state, size))].slice(-size.rows);
  return lines.map(({ line, isSelected }) => ({ line: fit(line, size), isSelected }));
}

/** The space that rows have. */
export function rowSpace({ columns, unicode }: Space): Space {
  return { columns: Math.max(1, columns - gutter), unicode };
}

/** Lines of a text that fit. */
export function textRows({ rows }: Pick<BoardSize, 'rows'>): number {
  return Math.max(1, rows - footRows - 1);
}

function boardBody(
  seen: Surroundings,
  state: WatchState,
  { panes, size }: { panes: readonly Pane[]; size: BoardSize },
): FrameLine[] {
  const { pane: focus, row: selected } = selectionOf(state, panes);
  const head = headLines(seen, size).map(plain);
  const heights = share(
    panes.map(({ rows }) => 1 + Math.max(1, lengthOf(rows))),
    size.rows - head.length,
    panes.findIndex((pane) => pane === focus),
  );
  return [
    ...head,
    ...panes.flatMap((pane, at) =>
      paneLines(pane, { height: heights[at] ?? 0, isFocus: pane === focus, selected, size }),
    ),
  ];
}

interface PaneOrder {
  height: number;
  isFocus: boolean;
  selected: Row | null;
  size: Space;
}

function paneLines({ title, rows }: Pane, { height, isFocus, selected, size }: PaneOrder): FrameLine[] {
  if (height < 2) return [];
  const all = rows.flatMap((row) =>
    row.lines.map((line, at): FrameLine => {
      const isSelected = isFocus && row === selected && at === 0;
      return { line: [part(isSelected ? (size.unicode ? '›' : '>') : ' '), ...line], isSelected };
    }),
  );
  const room = height - 1;
  const at = all.findIndex(({ isSelected }) => isSelected);
  // The selected row stays in sight with some of what is around it.
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), all.length - room));
  const cut = all.length > room ? `${first + 1} to ${first + room} of ${all.length}` : '';
  const tone = isFocus ? 'bold' : 'dim';
  const mark = isFocus ? `[${title}]` : title;
  const shown = all.length === 0 ? [plain([part(' nothing here')])] : all.slice(first, first + room);
  return [plain([part(titleLine(mark, cut, size), tone)]), ...shown];
}

function textBody({ title, lines, top }: TextView, size: BoardSize): FrameLine[] {
  const room = textRows({ rows: size.rows + footRows });
  const last = Math.max(0, lines.length - room);
  const first = Math.min(top ?? last, last);
  const where = lines.length > room ? `${first + 1} to ${Math.min(lines.length, first + room)} of ${lines.length}` : '';
  return [
    plain([part(titleLine(said(title), where, size), 'bold')]),
    ...lines.slice(first, first + room).map((line) => plain([part(line)])),
  ];
}

function wordLine({ ask, typed, message, filter, text }: WatchState): Line {
  if (ask !== null)
    return [
      part(ask.yesNo ? `${said(ask.label)} (y/n)` : `${said(ask.label)}: `, 'yellow'),
      part(ask.yesNo ? '' : `${typed}_`),
    ];
  if (message !== null) return [part(said(message.text), message.isBad ? 'red' : 'green')];
  return filter === '' || text !== null ? [] : [part(`filter: ${said(filter)}  (escape ends it)`, 'yellow')];
}

function keyLine({ ask, text }: WatchState, { columns }: Space): Line {
  if (ask !== null) return keys(ask.yesNo ? ['y yes', 'n no'] : ['enter send', 'escape leave']);
  if (text !== null) return keys(['j/k scroll', 'space page', 'g/G ends', 'q back']);
  const own = [
    '? help',
    'q quit',
    'tab pane',
    'j/k select',
    'n nudge',
    'p pause',
    'r retry',
    'a approve',
    'x reject',
    'c cancel',
    'l log',
    'w why',
    '/ filter',
  ];
  let used = 0;
  return keys(own.filter((word) => (used += word.length + 2) <= columns + 2));
}

function keys(words: readonly string[]): Part[] {
  return [part(words.join('  '), 'dim')];
}

function plain(line: Line): FrameLine {
  return { line, isSelected: false };
}

function lengthOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { lines }) => sum + lines.length, 0);
}
