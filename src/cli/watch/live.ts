/**
 * The live board: drawn again when something changed, and now and then so that times move on.
 *
 * Owns the terminal while it shows: another screen of its own, the cursor hidden, both given back however it ends.
 */
import { lookAround } from '../../actions/look-around.ts';
import type { Context } from '../../actions/context.ts';
import type { Around } from '../command.ts';
import { painter } from '../output.ts';
import { boardLines, type BoardSize } from '../../actions/board/board.ts';
import type { Line } from '../../actions/board/line.ts';
import { terminalText } from '../../actions/terminal-view.ts';

/** Redraws a second at most two: enough to see work move, little enough for a slow connection. */
const redrawMs = 500;
/** Without news: times on the board move on. */
const idleRedrawMs = 2_000;

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';

/** The board once, as plain text. */
export async function boardText(context: Context, plan: string | null, { environment }: Around): Promise<string> {
  return terminalText(context, { plan, ...sizeOf(environment), rows: Number.POSITIVE_INFINITY });
}

/** Shows the board until Ctrl-C or `signal`. */
export async function showBoard(
  context: Context,
  { plan, around, signal }: { plan: string | null; around: Around; signal: AbortSignal },
): Promise<void> {
  let ring = (): void => undefined;
  using _watch = context.store.watch(() => ring());
  around.write(enter);
  try {
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => (ring = resolve));
      const paint = painter(around.environment, 1);
      const lines = boardLines(await lookAround(context, plan), sizeOf(around.environment)).map((line) =>
        painted(line, paint),
      );
      around.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
      await Promise.race([rung, pause(idleRedrawMs, signal)]);
      await pause(redrawMs, signal);
    }
  } finally {
    around.write(leave);
  }
}

function painted(line: Line, paint: ReturnType<typeof painter>): string {
  return line.map(({ text, tone }) => (tone === undefined ? text : paint(text, tone))).join('');
}

function sizeOf(environment: Around['environment']): BoardSize {
  const language =
    [environment['LC_ALL'], environment['LC_CTYPE'], environment['LANG']].find(
      (one) => one !== undefined && one !== '',
    ) ?? '';
  return { columns: process.stdout.columns ?? 80, rows: process.stdout.rows ?? 24, unicode: /utf-?8/i.test(language) };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
