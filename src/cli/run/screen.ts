/**
 * The screen of a run: lines that scroll, and on a terminal one status line below them.
 *
 * Owns the erasing and redrawing. Without a terminal it only prints lines, so logs and pipes stay readable.
 */
import type { Tone } from './event-line.ts';

export interface ScreenOptions {
  write(text: string): void;
  terminal: boolean;
  colour: boolean;
  columns(): number;
}

const codes: Record<Tone, string> = { plain: '', good: '32', bad: '31', warn: '33', dim: '2' };

export class Screen {
  readonly #options: ScreenOptions;
  #status = '';

  constructor(options: ScreenOptions) {
    this.#options = options;
  }

  get columns(): number {
    return this.#options.columns();
  }

  /** A terminal with a status line to look after. */
  get isLive(): boolean {
    return this.#options.terminal;
  }

  /** On a terminal a long line goes on below itself, `indent` columns in. */
  line(text: string, tone: Tone = 'plain', indent: number = 0): void {
    const { colour, terminal } = this.#options;
    const code = codes[tone];
    const shown = terminal ? wrap(text, this.columns, indent) : text;
    const painted = colour && code !== '' ? `\u001b[${code}m${shown}\u001b[0m` : shown;
    const erase = terminal && this.#status !== '' ? '\r\u001b[2K' : '';
    this.#options.write(`${erase}${painted}\n${terminal ? this.#status : ''}`);
  }

  status(text: string): void {
    if (!this.#options.terminal || text === this.#status) return;
    this.#options.write(`\r\u001b[2K${text}`);
    this.#status = text;
  }

  /** Leaves the cursor on a fresh line. */
  close(): void {
    if (this.#options.terminal && this.#status !== '') this.#options.write('\r\u001b[2K');
    this.#status = '';
  }
}

/** Narrower terminals break lines themselves. */
const wrapWidthMin = 40;

/** Breaks at spaces; a word wider than the line stays whole, so that paths can be copied. */
export function wrap(text: string, columns: number, indent: number): string {
  if (columns < wrapWidthMin || text.length <= columns) return text;
  const lines: string[] = [];
  let rest = text;
  while (rest.length > columns) {
    const start = rest.search(/\S/) + 1;
    const within = rest.lastIndexOf(' ', columns);
    const cut = within >= start && within > indent ? within : rest.indexOf(' ', Math.max(columns, start));
    if (cut < 0) break;
    lines.push(rest.slice(0, cut));
    rest = ' '.repeat(indent) + rest.slice(cut + 1).trimStart();
  }
  return [...lines, rest].join('\n');
}
