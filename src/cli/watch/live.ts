/**
 * The live board: drawn again when something changed, and now and then so that times move on.
 *
 * Owns the terminal while it shows: another screen of its own, the cursor hidden, both given back however it ends.
 */
import { lookAround } from '../../actions/look-around.ts';
import type { Context } from '../../actions/context.ts';
import type { Around } from '../command.ts';
import { painter } from '../output.ts';
import { boardLines, type BoardOptions } from './board.ts';

/** Redraws a second at most two: enough to see work move, little enough for a slow connection. */
const redrawMs = 500;
/** Without news: times on the board move on. */
const idleRedrawMs = 2_000;

const enter = '\u001b[?1049h\u001b[?25l';
const leave = '\u001b[?25h\u001b[?1049l';

/** The board once, as text. */
export async function boardText(context: Context, plan: string | null, around: Around): Promise<string> {
  return boardLines(await lookAround(context, plan), { ...optionsOf(around), rows: Number.POSITIVE_INFINITY }).join(
    '\n',
  );
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
      const lines = boardLines(await lookAround(context, plan), optionsOf(around));
      around.write(`\u001b[H${lines.map((line) => `${line}\u001b[K`).join('\r\n')}\u001b[J`);
      await Promise.race([rung, pause(idleRedrawMs, signal)]);
      await pause(redrawMs, signal);
    }
  } finally {
    around.write(leave);
  }
}

function optionsOf({ environment }: Around): BoardOptions {
  const language = environment['LC_ALL'] ?? environment['LC_CTYPE'] ?? environment['LANG'] ?? '';
  return {
    columns: process.stdout.columns ?? 80,
    rows: process.stdout.rows ?? 24,
    paint: painter(environment, 1),
    unicode: /utf-?8/i.test(language),
  };
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
