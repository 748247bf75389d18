/**
 * The terminal while `orbit watch` shows: a screen of its own, keys as they are pressed, the cursor hidden.
 *
 * Owns giving all of that back, however the program ends: by key, by signal, by an exception, stopped with Ctrl-Z. Only lines
 * that changed are written, so that a slow connection carries little.
 */
import { KeyReader, type Key } from './keys.ts';

export interface TerminalPorts {
  write: (text: string) => void;
  /** `null`: nobody can press keys. */
  keyboard: NodeJS.ReadStream | null;
  screen: Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'on' | 'off'>;
  onKey: (key: Key) => void;
  onResize: () => void;
}

const csi = '\u001b[';
/** Another screen, no cursor, no wrapping at the end of lines, pasted text marked as such. */
const enter = `${csi}?1049h${csi}?25l${csi}?7l${csi}?2004h${csi}2J`;
const leave = `${csi}?2004l${csi}?7h${csi}?25h${csi}?1049l`;
/** So long after an escape character, it was the key itself. */
const escapeMs = 60;

export class Terminal {
  readonly #ports: TerminalPorts;
  readonly #reader = new KeyReader();
  #shown: readonly string[] = [];
  #open = false;
  #escape: NodeJS.Timeout | null = null;

  constructor(ports: TerminalPorts) {
    this.#ports = ports;
  }

  get size(): { columns: number; rows: number } {
    const { columns, rows } = this.#ports.screen;
    return { columns: columns ?? 80, rows: rows ?? 24 };
  }

  open(): void {
    const { keyboard, screen } = this.#ports;
    if (this.#open) return;
    this.#open = true;
    process.on('exit', this.close);
    screen.on('resize', this.#resized);
    if (keyboard !== null) {
      keyboard.setRawMode(true);
      keyboard.setEncoding('utf8').on('data', this.#heard).on('end', this.#gone).on('error', this.#gone).resume();
    }
    this.redraw();
    this.#ports.write(enter);
  }

  /** Puts the lines on the screen; those that stand there already are left alone. */
  draw(lines: readonly string[]): void {
    if (!this.#open) return;
    const changed = lines.flatMap((line, at) =>
      this.#shown[at] === line ? [] : [`${csi}${at + 1};1H${csi}2K${line}`],
    );
    this.#shown = lines;
    if (changed.length > 0) this.#ports.write(changed.join(''));
  }

  /** What stands on the screen is not known any more. */
  redraw(): void {
    this.#shown = [];
  }

  close = (): void => {
    if (!this.#open) return;
    this.#open = false;
    const { keyboard, screen, write } = this.#ports;
    process.off('exit', this.close);
    screen.off('resize', this.#resized);
    if (this.#escape !== null) clearTimeout(this.#escape);
    keyboard?.off('data', this.#heard).off('end', this.#gone).off('error', this.#gone).pause();
    // A terminal that is gone needs nothing back.
    for (const give of [() => write(leave), () => keyboard?.setRawMode(false)]) {
      try {
        give();
      } catch {
        continue;
      }
    }
  };

  #resized = (): void => {
    this.redraw();
    this.#ports.write(`${csi}2J`);
    this.#ports.onResize();
  };

  /** The line was cut: nobody is there any more. */
  #gone = (): void => this.#ports.onKey({ name: 'ctrl-c', text: '' });

  #heard = (text: Buffer | string): void => {
    if (this.#escape !== null) clearTimeout(this.#escape);
    this.#escape = null;
    for (const key of this.#reader.push(text.toString())) this.#ports.onKey(key);
    if (!this.#reader.waits) return;
    this.#escape = setTimeout(() => {
      for (const key of this.#reader.flush()) this.#ports.onKey(key);
    }, escapeMs);
  };
}
