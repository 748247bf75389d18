/** How things stand in a project, in one look. Reads only. */
import { basename } from 'node:path';
import { version } from '../platform/version.ts';
import type { Context } from './context.ts';
import { countRecords, type Counts } from './count-tasks.ts';
import { leaderNow } from './leader-now.ts';
import { countInbox } from './list-inbox.ts';
import { syncPlans } from './sync-plan.ts';

export interface Overview {
  at: string;
  /** The last event that this look can have seen; whoever follows the log from there misses nothing. */
  seq: number;
  project: string;
  version: string;
  caller: { name: string; role: 'person' | 'observer' | 'attempt' };
  leader: { holder: string; expiresAt: string } | null;
  plans: readonly { plan: string; title: string; total: number; landed: number; paused: boolean }[];
  counts: Counts['byStatus'];
  agents: number;
  needsYou: number;
  costUsd: number;
}

/** @param role what the caller may do, where that is less than who they are. */
export async function lookAtOverview(
  context: Context,
  role: Overview['caller']['role'] = context.caller.kind,
): Promise<Overview> {
  const { store, clock, paths, caller } = context;
  // First: what is read after it may be newer, never older.
  const seq = await store.lastSeq();
  await syncPlans(context);
  const now = clock.now();
  const records = await store.tasks({}, now);
  const known = await store.plans();
  const counts = countRecords(records, known, now);
  const rows = new Map(counts.plans.map((row) => [row.plan, row]));
  const attempts = await store.attempts({});
  const leader = await leaderNow(context);
  const plans = known.map(({ id, title, paused }) => {
    const { total, landed } = rows.get(id) ?? { total: 0, landed: 0 };
    return { plan: id, title, total, landed, paused };
  });
  return {
    at: new Date(now).toISOString(),
    seq,
    project: basename(paths.top),
    version,
    caller: { name: caller.name, role },
    leader: leader === null ? null : { holder: leader.holder, expiresAt: new Date(leader.expiresAt).toISOString() },
    plans,
    counts: counts.byStatus,
    agents: attempts.filter(({ endedAt }) => endedAt === null).length,
    needsYou: await countInbox(context, records),
    costUsd: attempts.reduce((sum, { pulse }) => sum + pulse.costUsd, 0),
  };
}
