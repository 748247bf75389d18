/**
 * Cuts a stream of bytes into lines without keeping a line that is too long.
 *
 * Owns that bound: of such a line only its two ends are kept, because the id of a message stands in one of them.
 */

/** `bytes` is the line's whole length; `text` is whole, or its two ends where `isTooLong`. */
export interface Line {
  text: string;
  bytes: number;
  isTooLong: boolean;
}

export interface LineCutter {
  take(chunk: Buffer): void;
  /** Hands over what came behind the last line feed. */
  end(): void;
}

const endBytes = 1_024;

export function lineCutter(bytesMax: number, onLine: (line: Line) => void): LineCutter {
  let parts: Buffer[] = [];
  let bytes = 0;
  const endLine = (): void => {
    const line = Buffer.concat(parts);
    const text = (line.at(-1) === 13 ? line.subarray(0, -1) : line).toString('utf8');
    const done = { text, bytes, isTooLong: bytes > bytesMax };
    parts = [];
    bytes = 0;
    onLine(done);
  };
  return {
    take(chunk) {
      for (let rest = chunk; rest.length > 0;) {
        const cut = rest.indexOf(10);
        const piece = cut < 0 ? rest : rest.subarray(0, cut);
        bytes += piece.length;
        parts.push(piece);
        if (bytes > bytesMax) parts = ends(parts);
        if (cut < 0) return;
        endLine();
        rest = rest.subarray(cut + 1);
      }
    },
    end() {
      if (bytes > 0) endLine();
    },
  };
}

function ends(parts: readonly Buffer[]): Buffer[] {
  const [first = Buffer.alloc(0), ...rest] = parts;
  const tail = Buffer.concat(rest.length === 0 ? [first] : rest);
  return [Buffer.from(first.subarray(0, endBytes)), Buffer.from(tail.subarray(-endBytes))];
}

/** The id of a message whose line was too long, `null` where neither end tells it. Clients write it first or last. */
export function idInEnds(text: string): string | number | null {
  const id = '"id"\\s*:\\s*(\\d{1,15}|"[^"\\\\]{0,200}")';
  const last = new RegExp(String.raw`${id}\s*\}\s*$`).exec(text)?.[1];
  const first = new RegExp(String.raw`^\s*\{(?:\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*,)*\s*${id}`).exec(text)?.[1];
  const found = last ?? first;
  return found === undefined ? null : (JSON.parse(found) as string | number);
}
