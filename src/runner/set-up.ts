/**
 * Set-up: makes a fresh workspace ready to work in (P11).
 *
 * Owns the order of the set-up commands, which of them need not run, and the words for what failed. The files to bring along, and what an
 * earlier set-up made, are the workspace's part.
 */
import type { SetUpState } from '../workspace/workspace.ts';
import { runCheck } from './check.ts';
import type { SetUpPlan } from './set-up-plan.ts';

export interface SetUpOrder {
  /** Lines as in the settings, run in order until one fails. */
  plan: SetUpPlan;
  /** Of this directory; `null`: all lines run, and nothing is kept. */
  state: SetUpState | null;
  directory: string;
  environment: Readonly<Record<string, string>>;
  /** For each line. */
  timeoutMs: number;
  log: (text: string) => void;
  signal?: AbortSignal;
}

/** Runs what has to run of the set-up; answers why the directory is not ready, or `null` when it is. */
export async function runSetUp(order: SetUpOrder): Promise<string | null> {
  const { plan, state, log } = order;
  const commands = plan.kept?.commands ?? [];
  if (commands.length > 0 && state?.isDone === true) {
    log(`not run, for what it makes lies here already: ${commands.join(' && ')}\n`);
  } else if (commands.length > 0) {
    const fault = await runLines(order, commands);
    if (fault !== null) return fault;
    const why = state === null ? null : await state.keep();
    if (why !== null) log(`what the set-up made is not kept for other workspaces: ${why}\n`);
  }
  return runLines(order, plan.always);
}

async function runLines(order: SetUpOrder, lines: readonly string[]): Promise<string | null> {
  for (const command of lines) {
    order.log(`$ ${command}\n`);
    const { green, tail } = await runCheck({ ...order, command });
    if (!green)
      return `The set-up command "${command}" failed: ${tail.trim() === '' ? 'it printed nothing' : tail.trim()}`;
  }
  return null;
}
