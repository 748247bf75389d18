/**
 * The live board: looked at again when something changed, and now and then so that times move on; keys act on what is selected.
 *
 * Owns the loop. Facts are read at most twice a second; a key is shown at once, because a person presses few of them.
 */
import type { Context } from '../../actions/context.ts';
import { panesOf, type BoardSize, type Pane } from '../../actions/board/board.ts';
import { lookAround, type Surroundings } from '../../actions/look-around.ts';
import { wrapToCells } from '../../core/text-width.ts';
import type { Around } from '../command.ts';
import { failureOf } from '../exit-code.ts';
import { isColoured, painter } from '../output.ts';
import { carryOut, type Deed, type Outcome } from './deeds.ts';
import { frameLines, rowSpace, textRows, type FrameLine } from './frame.ts';
import { helpLines } from './help-lines.ts';
import type { Key } from './keys.ts';
import type { LogTail } from './log-tail.ts';
import { press } from './press.ts';
import { chosen, mayAsk, newWatchState, typedAhead, type Order, type WatchState } from './state.ts';
import { Terminal } from './terminal.ts';
import { showsUnicode } from './unicode.ts';

/** Looks a second at most two: enough to see work move, little enough for a slow connection and a large plan. */
const lookMs = 500;
/** Without news: times on the board move on. */
const idleLookMs = 2_000;

/** Shows the board until `q`, Ctrl-C or `signal`. Throws what the first look throws. */
export async function showBoard(
  context: Context,
  { plan, around, signal }: { plan: string | null; around: Around; signal: AbortSignal },
): Promise<void> {
  await new LiveBoard(context, plan, around).run(signal);
}

class LiveBoard {
  readonly #context: Context;
  readonly #plan: string | null;
  readonly #around: Around;
  readonly #terminal: Terminal;
  readonly #unicode: boolean;
  readonly #over = new AbortController();
  #state: WatchState = newWatchState();
  #seen: Surroundings | null = null;
  #made: { seen: Surroundings; filter: string; columns: number; panes: readonly Pane[] } | null = null;
  /** Keys pressed while an order looks before it asks. */
  #ahead: Key[] | null = null;
  #log: LogTail | null = null;
  /** Lines of the text on the screen before they are wrapped. */
  #text: readonly string[] = [];
  #ring = (): void => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(context: Context, plan: string | null, around: Around) {
    this.#plan = plan;
    this.#around = around;
    // What an action warns of would go through the picture.
    this.#context = { ...context, warn: (text) => this.#say(text, true) };
    this.#unicode = showsUnicode(around.environment);
    this.#terminal = new Terminal({
      write: around.write,
      keyboard: process.stdin.isTTY ? process.stdin : null,
      screen: process.stdout,
      onKey: (key) => this.#guard(() => this.#press(key)),
      onResize: () => this.#guard(() => this.#draw()),
    });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { store } = this.#context;
    this.#seen = await lookAround(this.#context, this.#plan);
    using _watch = store.watch(() => this.#ring());
    const end = (): void => this.#over.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const failed = new Promise<never>((_, reject) => (this.#fail = reject));
    const resume = (): void => this.#resume();
    process.on('SIGCONT', resume);
    this.#terminal.open();
    try {
      await Promise.race([failed, this.#loop()]);
    } finally {
      process.off('SIGCONT', resume);
      this.#terminal.close();
    }
  }

  async #loop(): Promise<void> {
    const { signal } = this.#over;
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => (this.#ring = resolve));
      this.#readText();
      this.#draw();
      await Promise.race([rung, this.#context.clock.sleep(this.#log === null ? idleLookMs : lookMs, signal)]);
      await this.#context.clock.sleep(lookMs, signal);
      if (!signal.aborted) await this.#look();
    }
  }

  /** A look that fails is told, and the next one may not; what stands on the screen stays. */
  async #look(): Promise<void> {
    try {
      this.#seen = await lookAround(this.#context, this.#plan);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.exitCode === 70) throw error;
      this.#say(`${failure.message}; looking again`, true);
    }
  }

  #press(key: Key): void {
    if (this.#ahead !== null && key.name !== 'ctrl-c') {
      this.#ahead.push(key);
      return;
    }
    const { state, order } = press(this.#state, key, { panes: this.#panes(), textRows: textRows(this.#size) });
    if (state.text === null) this.#log = null;
    this.#state = state;
    if (order !== null) this.#obey(order);
    this.#draw();
  }

  #obey(order: Order): void {
    if (order.type === 'quit') this.#over.abort();
    else if (order.type === 'redraw') this.#terminal.redraw();
    else if (order.type === 'suspend') this.#suspend();
    else if (order.type === 'help') this.#show('Keys', helpLines(this.#unicode));
    else if ('about' in order) void this.#do(order);
  }

  /** What takes long, such as waiting for an agent to hear, leaves the board alive. */
  async #do(order: Deed): Promise<void> {
    if (mayAsk(order)) this.#ahead = [];
    this.#say(this.#unicode ? '…' : '...', false);
    try {
      this.#take(await carryOut(this.#context, order));
    } catch (error) {
      const { exitCode, message, hint } = failureOf(error);
      if (exitCode === 70) this.#fail(error);
      else this.#say(`${message}${hint === '' ? '' : ` (${hint})`}`, true);
    }
    this.#ring();
    this.#guard(() => {
      if (mayAsk(order)) this.#replay();
      this.#draw();
    });
  }

  #replay(): void {
    const keys = typedAhead(this.#state.ask, this.#ahead ?? []);
    this.#ahead = null;
    for (const key of keys) this.#press(key);
  }

  #take(outcome: Outcome): void {
    this.#state = { ...this.#state, message: null };
    if (outcome.type === 'said') this.#say(outcome.text, outcome.isBad);
    else if (outcome.type === 'asks') this.#state = { ...this.#state, ask: outcome.ask, typed: '' };
    else if (outcome.type === 'text') this.#show(outcome.title, outcome.lines);
    else {
      this.#log = outcome.tail;
      this.#show(outcome.tail.title, outcome.tail.lines(), null);
    }
  }

  #show(title: string, lines: readonly string[], top: number | null = 0): void {
    this.#text = lines;
    this.#state = { ...this.#state, text: { title, lines: [], top } };
    this.#readText();
  }

  /** A log grows; and whatever is shown is broken to the width that the terminal has now. */
  #readText(): void {
    const { text } = this.#state;
    if (text === null) return;
    if (this.#log !== null) this.#text = this.#log.lines();
    const { columns } = this.#size;
    this.#state = {
      ...this.#state,
      text: { ...text, lines: this.#text.flatMap((line) => wrapToCells(line, columns)) },
    };
  }

  #say(text: string, isBad: boolean): void {
    this.#state = { ...this.#state, message: { text, isBad } };
  }

  get #size(): BoardSize {
    return { ...this.#terminal.size, unicode: this.#unicode };
  }

  /** Made anew only for other facts, another size or filter: a plan may have thousands of rows, and keys come fast. */
  #panes(): readonly Pane[] {
    const [seen, { filter }, { columns }] = [this.#seen, this.#state, this.#size];
    if (seen === null) return [];
    const made = this.#made;
    if (made !== null && made.seen === seen && made.filter === filter && made.columns === columns) return made.panes;
    const panes = chosen(panesOf(seen, rowSpace(this.#size)), filter);
    this.#made = { seen, filter, columns, panes };
    return panes;
  }

  #draw(): void {
    if (this.#seen === null) return;
    const lines = frameLines(this.#seen, this.#state, { panes: this.#panes(), size: this.#size });
    this.#terminal.draw(lines.map((line) => this.#painted(line)));
  }

  #painted({ line, isSelected }: FrameLine): string {
    const paint = painter(this.#around.environment, 1);
    const text = line.map((one) => (one.tone === undefined ? one.text : paint(one.text, one.tone))).join('');
    return isSelected && isColoured(this.#around.environment, 1) ? `\u001b[7m${text}\u001b[27m` : text;
  }

  #suspend(): void {
    this.#terminal.close();
    // The whole group, as a terminal does it: a shell sees only its own child.
    process.kill(0, 'SIGTSTP');
  }

  #resume(): void {
    this.#terminal.open();
    this.#guard(() => this.#draw());
  }

  /** What goes wrong in a callback ends the loop as if it had gone wrong there. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#fail(error);
    }
  }
}
