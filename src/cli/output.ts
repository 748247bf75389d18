/**
 * What leaves the program: bytes on standard output and standard error.
 *
 * Owns the writing. It is synchronous, because the process exits right after it: asynchronous writes to a pipe would be cut off.
 */
import { fstatSync, writeSync } from 'node:fs';

/** Writes all of `text`, waiting where a pipe is full. A reader that went away (`| head`) is no error. */
export function write(stream: 1 | 2, text: string): void {
  let rest = Buffer.from(text, 'utf8');
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(stream, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

export type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'dim' | 'bold';

const codes: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  dim: [2, 22],
  bold: [1, 22],
};

/** A function that colours, or hands back the text: NO_COLOR wins, then FORCE_COLOR, then whether it is a terminal. */
export function painter(
  environment: Readonly<Record<string, string | undefined>>,
  stream: 1 | 2 = 1,
): (text: string, colour: Colour) => string {
  return isColoured(environment, stream)
    ? (text, colour) => `\u001b[${codes[colour][0]}m${text}\u001b[${codes[colour][1]}m`
    : (text) => text;
}

export function isColoured(environment: Readonly<Record<string, string | undefined>>, stream: 1 | 2): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const forced = environment['FORCE_COLOR'] ?? environment['CLICOLOR_FORCE'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return environment['TERM'] !== 'dumb' && isTerminal(stream);
}

/** Asked of the file, because loading `node:tty` costs a short command 4 ms. `/dev/null` counts as well, to nobody's harm. */
export function isTerminal(stream: 1 | 2): boolean {
  try {
    return fstatSync(stream).isCharacterDevice();
  } catch {
    return false;
  }
}

/** Columns side by side, each as wide as its widest cell, two spaces apart; `width` counts characters, colours come after. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, Array.from(cell).length);
  return rows.map((row) =>
    row
      .map((cell, at) =>
        at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - Array.from(cell).length),
      )
      .join('  ')
      .trimEnd(),
  );
}
