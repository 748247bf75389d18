/** The board as plain text, for whoever cannot look at a terminal: agents over MCP, the API, a pipe. Reads only. */
import { boardLines } from './board/board.ts';
import { plainText } from './board/line.ts';
import type { Context } from './context.ts';
import { lookAround } from './look-around.ts';

export interface TerminalOrder {
  /** `null`: all plans. */
  plan: string | null;
  /** Cells of a line; at least {@link columnsMin} are used. */
  columns: number;
  /** Lines in all; absent: as many as it takes. */
  rows?: number;
  /** `false`: ASCII alone. */
  unicode: boolean;
}

/** Narrower than this nothing can be told. */
const columnsMin = 20;

/** Lines with line feeds between, none at the end. Throws `UsageError` `unknown-plan`, `bad-id`. */
export async function terminalText(context: Context, { plan, columns, rows, unicode }: TerminalOrder): Promise<string> {
  const size = { columns: Math.max(columnsMin, Math.floor(columns)), rows: Math.max(1, rows ?? Infinity), unicode };
  const lines = boardLines(await lookAround(context, plan), size).slice(0, size.rows);
  return lines.map((line) => plainText(line).trimEnd()).join('\n');
}
