/**
 * Keeps a plan and its file together: a file that changed since it was last read is read again before anything is done.
 *
 * Owns when a file is read. The file is a proposal, the store the truth: a file that cannot be read stops nobody who works on a
 * plan known already.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nameFault } from '../core/id.ts';
import { UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';
import { keptStamp, planFile, takeStamp } from './plan-file.ts';

/** A change is told once, when it is read, to whoever reads it; a whole new plan may hold many doubts. */
const doubtsShown = 10;

/** Reads the plan's file if it changed, and tells what contradicts itself or the store, with file and line. Throws `UsageError` `bad-plan` for a faulty file of a plan not known yet. */
export async function syncPlan(context: Context, plan: string): Promise<void> {
  const stamp = keptStamp(context, plan);
  const source = stamp?.source ?? planFile(plan);
  const seen = takeStamp(context, source)?.seen ?? null;
  if (seen === null || seen === stamp?.seen) return;
  const { importPlan, tellFinding } = await import('./import-plan.ts');
  try {
    const read = await importPlan(context, { plan, file: join(context.paths.top, source), format: null });
    // Paths that no file has yet are no contradiction; whoever judges a plan (`orbit plan`) hears of them.
    const told = read.findings.filter(({ code }) => code !== 'scope-matches-nothing');
    for (const finding of told.slice(0, doubtsShown)) context.warn(tellFinding(read.file, finding));
    if (told.length > doubtsShown)
      context.warn(`${read.file}: ${told.length - doubtsShown} more; orbit plan ${plan} --check shows all`);
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
    if (takeStamp(context, planFile(plan)) === null) continue;
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

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
