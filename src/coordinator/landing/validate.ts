/** Validates one cut: every check of everything in it, green at exactly its tree. Owns what becomes of errors of the world. */
import { checkTree, someOf, type Checked } from '../../actions/check-tree.ts';
import { operational } from '../../platform/system-error.ts';
import type { CheckSlot } from '../../workspace/workspace.ts';
import type { LandingContext } from './step.ts';

export type Validation =
  | { outcome: 'green'; ran: boolean }
  | { outcome: 'red'; check: string; reason: string }
  /** It could not be run, which says nothing about the work; `again`: for now. */
  | { outcome: 'unable' | 'again'; reason: string };

export interface Order {
  commit: string;
  tree: string;
  checks: readonly string[];
  /** Aborted when nobody needs the verdict any more. */
  signal: AbortSignal;
}

export async function validate({ ports, settings }: LandingContext, order: Order): Promise<Validation> {
  const checkout = async (): Promise<CheckSlot> => ports.workspaces.checkout(order.commit, settings.bring);
  try {
    const checked = await checkTree(ports, { ...order, checkout });
    if (checked.outcome === 'ended') return { outcome: 'again', reason: 'it was ended' };
    return checked.outcome === 'red' ? redOf(checked) : checked;
  } catch (error) {
    const trouble = operational(error);
    if (trouble === null) throw error;
    return { outcome: trouble.retryable ? 'again' : 'unable', reason: `${trouble.message} (${trouble.hint})` };
  }
}

function redOf({ check, tail, changed }: Extract<Checked, { outcome: 'red' }>): Validation {
  const also = changed.length === 0 ? '' : `\nIt changes files of the commit: ${someOf(changed)}`;
  return {
    outcome: 'red',
    check,
    reason: `check "${check}" fails on the target with this work merged:\n${tail}${also}`,
  };
}
