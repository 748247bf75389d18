/**
 * Set-up: makes a fresh workspace ready to work in (P11).
 *
 * Owns the order of the set-up commands and the words for what failed. The files to bring along are the workspace's part.
 */
import { runCheck } from './check.ts';

export interface SetUpOrder {
  /** Lines as in the settings, run in order until one fails. */
  commands: readonly string[];
  directory: string;
  environment: Readonly<Record<string, string>>;
  /** For each line. */
  timeoutMs: number;
  log: (text: string) => void;
  signal?: AbortSignal;
}

/** Runs the set-up; answers why the directory is not ready, or `null` when it is. */
export async function runSetUp(order: SetUpOrder): Promise<string | null> {
  for (const command of order.commands) {
    order.log(`$ ${command}\n`);
    const { green, tail } = await runCheck({ ...order, command });
    if (!green)
      return `The set-up command "${command}" failed: ${tail.trim() === '' ? 'it printed nothing' : tail.trim()}`;
  }
  return null;
}
