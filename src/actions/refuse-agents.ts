/**
 * Refuses what no agent may do, also where it passes for a person (I17).
 *
 * Owns by what an agent is known that shows no token: its capability, where it stands, and what it descends from. It reads the store
 * and the process table, so only verbs of people ask. A failed look refuses nobody. Every capability is that of one attempt; a role
 * with rights of its own would be let through here, by what its capability says.
 */
import { realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { sep } from 'node:path';
import type { Attempt } from '../core/attempt.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import { readAncestors } from '../platform/process-table.ts';
import { refuseAttempts } from './caller.ts';
import type { Context } from './context.ts';

/** The refusal, or `null` for a person. */
export async function refuseAgents(
  { caller, store }: Pick<Context, 'caller' | 'store'>,
  what: string,
): Promise<Rejection | null> {
  if (caller.kind === 'attempt') return refuseAttempts(caller, what);
  const own = 'a person does that, in a shell of their own';
  if (caller.capability !== null) return reject('not-yours', `an agent may not ${what}`, own);
  const attempts = await store.attempts({});
  const here = canonical(process.cwd());
  const inside = attempts.find((attempt) => isHostedAt(attempt, here));
  if (inside !== undefined) {
    const where = `this directory is the workspace of attempt ${inside.token} at ${inside.task}, which runs`;
    return reject('not-yours', `an agent may not ${what}: ${where}`, `${own}, outside of that workspace`);
  }
  // Of ended attempts too: an agent lives on for a moment after its work was taken.
  const above = new Set(readAncestors(process.pid).map(({ pid, startedAt }) => `${hostname()} ${pid} ${startedAt}`));
  const root = attempts.find(({ pulse: { runner } }) => runner !== null && above.has(nameOf(runner)));
  if (root === undefined) return null;
  return reject('not-yours', `an agent may not ${what}: the runner of attempt ${root.token} started this process`, own);
}

/** A person may stand in what they claimed by hand. */
function isHostedAt({ endedAt, byHand, workspace }: Attempt, here: string): boolean {
  if (endedAt !== null || byHand || workspace === null) return false;
  const place = canonical(workspace);
  return here === place || here.startsWith(place + sep);
}

function nameOf({ host, pid, startedAt }: { host: string; pid: number; startedAt: string }): string {
  return `${host} ${pid} ${startedAt}`;
}

function canonical(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}
