/**
 * Keeps a plan and its file together: a file that changed since it was last read is read again before anything is done.
 *
 * Owns the stamps (`<orbit>/plans/<plan>.json`: size and time of the file as read), so that a look costs one `stat`. The file is
 * a proposal, the store the truth: a file that cannot be read stops nobody who works on a plan known already.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nameFault } from '../core/id.ts';
import { UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';

/** Path of a plan's own file, relative to the top of the main checkout. */
export function planFile(plan: string): string {
  return `specs/${plan}/agent-tasks/layered-tasks.md`;
}

/** Reads the plan's file if it changed. Throws `UsageError` `bad-plan` for a faulty file of a plan not known yet. */
export async function syncPlan(context: Context, plan: string): Promise<void> {
  const stamp = keptStamp(context, plan);
  const source = stamp?.source ?? planFile(plan);
  const seen = look(join(context.paths.top, source));
  if (seen === null || seen === stamp?.seen) return;
  const { importPlan } = await import('./import-plan.ts');
  try {
    await importPlan(context, { plan, file: join(context.paths.top, source), format: null });
  } catch (error) {
    if (!(error instanceof UsageError) || (await context.store.plan(plan)) === null) throw error;
    context.warn(`orbit: ${source} was changed and cannot be read; going on with the plan as it was: ${error.message}`);
  }
}

/** Reads the files of plans read before that changed. */
export async function syncPlans(context: Context): Promise<void> {
  const stamps = list(join(context.paths.orbitDirectory, 'plans')).filter((name) => name.endsWith('.json'));
  if (stamps.length === 0) await discoverPlans(context);
  for (const name of stamps) await syncPlan(context, name.slice(0, -'.json'.length));
}

/** Reads plan files that were never read, because somebody asks for a task that nobody knows. `true` if one was read. */
export async function discoverPlans(context: Context): Promise<boolean> {
  let found = false;
  for (const plan of list(join(context.paths.top, 'specs'))) {
    if (nameFault(plan) !== null || keptStamp(context, plan) !== null) continue;
    if (look(join(context.paths.top, planFile(plan))) === null) continue;
    try {
      await syncPlan(context, plan);
      found = true;
    } catch (error) {
      // Nobody named this plan; whoever does gets the error.
      if (!(error instanceof UsageError)) throw error;
      context.warn(`orbit: plan ${plan} cannot be read: ${error.message}`);
    }
  }
  return found;
}

export interface Stamp {
  source: string;
  /** Size and time of the file. */
  seen: string;
}

/** How a plan's file looks now; taken before it is read, so that a change during the reading is seen next time. */
export function takeStamp(context: Pick<Context, 'paths'>, source: string): Stamp | null {
  const seen = look(join(context.paths.top, source));
  return seen === null ? null : { source, seen };
}

/** Notes that the file was read, or written by Orbit itself, as the stamp says. */
export function keepStamp(context: Pick<Context, 'paths'>, plan: string, stamp: Stamp): void {
  const file = stampFile(context, plan);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(stamp));
}

/** How the plan's file looked when it was last read; `null` if it never was. */
export function keptStamp(context: Pick<Context, 'paths'>, plan: string): Stamp | null {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(context, plan), 'utf8')) as Partial<Stamp>;
    return typeof stamp.source === 'string' && typeof stamp.seen === 'string' ? { source: stamp.source, seen: stamp.seen } : null;
  } catch {
    return null;
  }
}

function stampFile(context: Pick<Context, 'paths'>, plan: string): string {
  return join(context.paths.orbitDirectory, 'plans', `${plan}.json`);
}

/** Size and times of a file as text; `null` if it is not there. */
function look(path: string): string | null {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isFile() === true ? `${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino}` : null;
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
