/** The project as a picture for a terminal (E4), and when it was drawn. Reads only. */
import type { Context } from '../context.ts';
import { terminalText } from '../terminal-view.ts';

export interface TerminalOrder {
  plan: string | null;
  /** Width in characters. */
  columns: number;
}

export interface TerminalAnswer {
  text: string;
  observedAt: string;
}

/** Throws `UsageError` `unknown-plan`. */
export async function renderTerminal(context: Context, { plan, columns }: TerminalOrder): Promise<TerminalAnswer> {
  const text = await terminalText(context, { plan, columns, unicode: true });
  return { text, observedAt: new Date(context.clock.now()).toISOString() };
}
