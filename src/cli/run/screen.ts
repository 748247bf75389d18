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

  line(text: string, tone: Tone = 'plain'): void {
    const { colour, terminal } = this.#options;
    const code = codes[tone];
    const painted = colour && code !== '' ? `\u001b[${code}m${text}\u001b[0m` : text;
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
