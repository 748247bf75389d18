/**
 * Writes what people and other programs read of a plan: `.progress.json` (A2) and the ticks in `layered-tasks.md` (A3).
 *
 * Owns these two projections. They are made from the store after each change by whoever made it; a coordinator that leads does
 * it for all. Invariant: the last file written is never older than the store, without any lock: whoever wrote looks at the log
 * again after the rename, and writes again if it moved meanwhile.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plan } from '../core/plan.ts';
import { meetsDependency } from '../core/status.ts';
import { OperationalError } from '../platform/error.ts';
import { replaceFile } from '../platform/replace-file.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { leaderNow } from './leader-now.ts';
import { keepStamp, keptStamp, planFile, takeStamp } from './plan-file.ts';

export type ProjectionContext = Pick<Context, 'paths' | 'store' | 'clock' | 'settings' | 'warn'>;

/**
 * After a change: leaves the writing to a coordinator that leads. Never throws; a file that cannot be written is told.
 * @param change a claim finishes nothing, so that no box has to be looked at.
 */
export async function projectProgress(
  context: ProjectionContext,
  plan: string,
  change: 'any' | 'claim' = 'any',
): Promise<void> {
  if ((await leaderNow(context)) !== null) return;
  await writeProjections(context, plan, change);
}

/** Writes both files now. Never throws. */
export async function writeProjections(
  context: ProjectionContext,
  planId: string,
  change: 'any' | 'claim' = 'any',
): Promise<void> {
  try {
    for (let seq = -1; ;) {
      const before = await context.store.lastSeq();
      if (before === seq) return;
      seq = before;
      const plan = await context.store.plan(planId);
      if (plan === null) return;
      const file = progressFile(context, plan);
      if (file === null) return;
      const records = await context.store.tasks({ plan: planId }, context.clock.now());
      await writeProgressFile(context, { plan, records, file });
      if (change !== 'claim' && (await context.settings()).plan.tick) await writeTicksOf(context, plan, records);
    }
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    context.warn(`orbit: the change is stored, but ${error.message}`);
  }
}

/** Only for plans that live in a file: a plan made by commands has no folder of its own. */
function progressFile({ paths }: ProjectionContext, plan: Plan): string | null {
  const folder = dirname(join(paths.top, planFile(plan.id)));
  return plan.source !== null || existsSync(folder) ? join(folder, '.progress.json') : null;
}

async function writeProgressFile(
  context: ProjectionContext,
  { plan, records, file }: { plan: Plan; records: readonly TaskRecord[]; file: string },
): Promise<void> {
  const { writeProgress } = await import('../formats/progress.ts');
  const text = writeProgress({ plan, tasks: records, now: context.clock.now() });
  replaceFile(file, text);
}

/** Ticks what is complete, unticks what was taken back. A file that somebody changed since it was read is left alone. */
async function writeTicksOf(context: ProjectionContext, plan: Plan, records: readonly TaskRecord[]): Promise<void> {
  if (plan.source === null || !plan.source.endsWith('.md')) return;
  const path = join(context.paths.top, plan.source);
  const changes = new Map(records.map(({ task }) => [task.id, meetsDependency(task, 'done')]));
  const { writeTicks } = await import('../formats/edit-layered-tasks.ts');
  for (;;) {
    const stamp = takeStamp(context, plan.source);
    // Somebody edited it: their ticks count and must be read before any is taken back.
    if (stamp === null || keptStamp(context, plan.id)?.seen !== stamp.seen) return;
    const text = readFileSync(path, 'utf8');
    const ticked = writeTicks(text, changes);
    if (ticked === text) return;
    const isSame = (): boolean => takeStamp(context, stamp.source)?.seen === stamp.seen;
    if (!replaceFile(path, ticked, isSame)) continue;
    const now = takeStamp(context, plan.source);
    if (now !== null) keepStamp(context, plan.id, now);
    return;
  }
}
