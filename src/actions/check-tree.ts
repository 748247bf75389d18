/**
 * Runs checks at exactly one tree, in a checkout of their own.
 *
 * Owns the rule that a verdict counts only for the tree it was taken at: an agent's workspace may hold files that no commit has, and a
 * check that changes files of the commit did not check it. Green verdicts are cached by tree and check; a red one is not reused, since
 * work that comes back with the same tree deserves a second look: the first may have been a flake.
 */
import { landingCheck } from '../core/landing.ts';
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import type { CheckSlot } from '../workspace/workspace.ts';

export interface CheckPorts {
  store: Pick<Store, 'verdict' | 'saveVerdict'>;
  clock: Pick<Clock, 'now'>;
  checks: {
    /** Makes the checkout usable; why it could not, or `null`. */
    prepare(directory: string, signal?: AbortSignal): Promise<string | null>;
    run(
      check: string,
      directory: string,
      signal?: AbortSignal,
    ): Promise<{ green: boolean; ran: boolean; tail: string }>;
  };
}

export interface CheckOrder {
  tree: string;
  checks: Iterable<string>;
  /** A checkout of a commit with that tree; asked for only if something has to be run. */
  checkout: () => Promise<CheckSlot>;
  /** Ends it early. */
  signal?: AbortSignal | undefined;
}

export type Checked =
  | { outcome: 'green'; ran: boolean }
  /** `changed`: files of the commit that the check changed; else it failed. */
  | { outcome: 'red'; check: string; tail: string; changed: readonly string[] }
  /** It could not be run, which says nothing about the tree. */
  | { outcome: 'unable'; reason: string }
  | { outcome: 'ended' };

export async function checkTree(ports: CheckPorts, order: CheckOrder): Promise<Checked> {
  const missing: string[] = [];
  for (const check of new Set(order.checks)) {
    if ((await ports.store.verdict(order.tree, landingCheck(check)))?.green !== true) missing.push(check);
  }
  return missing.length === 0 ? { outcome: 'green', ran: false } : runAll(ports, { ...order, checks: missing });
}

async function runAll(
  { store, clock, checks: runner }: CheckPorts,
  { tree, checks, checkout, signal }: CheckOrder,
): Promise<Checked> {
  const slot = await checkout();
  try {
    const fault = await runner.prepare(slot.directory, signal);
    if (fault !== null) return { outcome: 'unable', reason: fault };
    for (const check of checks) {
      if (signal?.aborted === true) return { outcome: 'ended' };
      const { green, tail, ran } = await runner.run(check, slot.directory, signal);
      if (!ran) return { outcome: 'unable', reason: `check "${check}" could not be run: ${tail}` };
      const changed = green ? await slot.changed() : [];
      if (changed.length > 0) return { outcome: 'red', check, tail, changed };
      await store.saveVerdict({ tree, check: landingCheck(check), green, tail, at: clock.now() });
      if (!green) return { outcome: 'red', check, tail, changed };
    }
    return { outcome: 'green', ran: true };
  } finally {
    await slot.release();
  }
}

/** Some paths in a sentence. */
export function someOf(paths: readonly string[]): string {
  return paths.slice(0, shownMax).join(', ');
}

const shownMax = 10;
