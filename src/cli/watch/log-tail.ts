/** The end of an attempt's readable log, followed as it grows. */
import { statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { readFrom, type LogPlace } from '../../actions/read-logs.ts';
import { steady } from '../../core/text-width.ts';
import { printable } from '../../platform/text.ts';

/** Bytes of the log that are read at first; `orbit logs` has all of it. */
const tailBytes = 256 * 1024;
/** Lines kept. */
const linesMax = 5_000;

export class LogTail {
  readonly token: number;
  readonly title: string;
  readonly #path: string;
  readonly #decoder = new StringDecoder('utf8');
  #offset: number;
  #rest = '';
  #lines: string[] = [];
  #skipsFirst: boolean;

  constructor({ attempt, path }: LogPlace) {
    this.token = attempt.token;
    this.title = `Log of ${attempt.task}, attempt ${attempt.token} by ${attempt.agent}`;
    this.#path = path;
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    this.#offset = Math.max(0, size - tailBytes);
    this.#skipsFirst = this.#offset > 0;
  }

  /** Reads on, and answers all lines. */
  lines(): readonly string[] {
    const fresh: string[] = [];
    this.#offset = readFrom(this.#path, this.#offset, (bytes) => {
      const parts = (this.#rest + this.#decoder.write(bytes)).split('\n');
      // A line without an end is shown by its last part, and kept no longer than what is read at first.
      this.#rest = (parts.pop() ?? '').slice(-tailBytes);
      fresh.push(...parts.map(shown));
    });
    if (fresh.length > 0) {
      // What was cut at its beginning.
      if (this.#skipsFirst) fresh.shift();
      this.#skipsFirst = false;
      this.#lines = [...this.#lines, ...fresh].slice(-linesMax);
    }
    return this.#rest === '' ? this.#lines : [...this.#lines, shown(this.#rest)];
  }
}

function shown(line: string): string {
  return steady(printable(line).replaceAll('\t', '  ')).trimEnd();
}
