/**
 * Finds checks that can never run before agents work for them, and says where each is written.
 *
 * Owns which checks are looked at: those of open tasks, of the plan, and of the settings.
 */
import type { Finding, Plan } from '../core/plan.ts';
import { hasEnded } from '../core/status.ts';
import { checkFault, type CheckFault, type CheckPlace } from '../platform/check-fault.ts';
import { OperationalError, UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';
import { importPlan, type Imported, type WrittenCheck } from './import-plan.ts';

export interface CheckDoubt {
  check: string;
  /** `file:line`, a task, or the settings' key. */
  where: string;
  why: string;
  certain: boolean;
}

/** What to do about any of them. */
export const checkAdvice =
  "install the program, correct the check where it is written, or let workspace.setup install it; sh -c '…' runs a line of shell";

/**
 * Refuses a plan with a check that can never run; others that may fail are told through `say`.
 * Throws `UsageError` `bad-check`. @param order.path the PATH that checks are run with. @param order.task only this one's checks.
 */
export async function requireChecks(
  context: Context,
  planId: string,
  order: { path: string; task: string | null; say: (text: string) => void },
): Promise<void> {
  refuse(await checkDoubts(context, planId, order), order.say);
}

/** The same for the checks of the settings. Throws `UsageError` `bad-check`. */
export async function requireSettingsChecks(
  context: Context,
  { path, say }: { path: string; say: (text: string) => void },
): Promise<void> {
  refuse(await settingsDoubts(context, path), say);
}

function refuse(doubts: readonly CheckDoubt[], say: (text: string) => void): void {
  const certain = doubts.filter((doubt) => doubt.certain);
  if (certain.length > 0) throw new UsageError('bad-check', tell(certain).join('\n'), checkAdvice);
  for (const line of tell(doubts)) say(`warning: ${line}`);
}

/** Doubts about all checks that the rest of a plan has to pass, each check once. */
export async function checkDoubts(
  context: Context,
  planId: string,
  { path, task }: { path: string; task: string | null },
): Promise<CheckDoubt[]> {
  const plan = await context.store.plan(planId);
  const records = await context.store.tasks({ plan: planId }, context.clock.now());
  const open = records.filter(({ task: one }) => !hasEnded(one) && (task === null || one.key === task));
  if (plan === null || open.length === 0) return [];
  const all = [
    ...open.flatMap(({ task: one }) => one.checks.map((check) => ({ check, task: one.id }))),
    ...plan.checks.map((check) => ({ check, task: null })),
  ];
  const doubts = judge(all, await placeOf(context, { path, plan, checks: all }));
  // The file is read again only where its lines are told.
  const written = doubts.length === 0 ? null : await readAgain(context, plan);
  return doubts.map(({ task: id, ...doubt }) => {
    const found = written?.checks.find((one) => one.check === doubt.check && one.task === id) ?? null;
    if (written !== null && found !== null) return { ...doubt, where: at(written.file, found.line) };
    return { ...doubt, where: id === null ? `plan ${planId}` : `task ${planId}/${id}` };
  });
}

/** Doubts about `landing.checks`, which every plan has to pass. */
export async function settingsDoubts(context: Context, path: string): Promise<CheckDoubt[]> {
  const { landing } = await context.settings();
  const checks = landing.checks.map((check) => ({ check }));
  const doubts = judge(checks, await placeOf(context, { path, plan: null, checks }));
  return doubts.map((doubt) => ({ ...doubt, where: 'landing.checks of the settings' }));
}

/** Doubts about a plan's file as findings: a plan may be written before what it needs is installed. */
export async function checkFindings(
  context: Context,
  { plan, checks }: Pick<Imported, 'plan' | 'checks'>,
  path: string,
): Promise<Finding[]> {
  const place = await placeOf(context, { path, plan: await context.store.plan(plan), checks });
  return checks.flatMap(({ check, task, line }) => {
    const fault = checkFault(check, place);
    if (fault === null) return [];
    const message = `check ${JSON.stringify(check)} ${outcome(fault.certain)}: ${fault.why}`;
    return [{ severity: 'warning', code: findingCode, message, line, task } as const];
  });
}

/** One line for each doubt, the first ones. */
export function tell(doubts: readonly CheckDoubt[]): string[] {
  const lines = doubts
    .slice(0, shownMax)
    .map(({ check, where, why, certain }) => `${where}: check ${JSON.stringify(check)} ${outcome(certain)}: ${why}`);
  return doubts.length > shownMax ? [...lines, `and ${doubts.length - shownMax} more`] : lines;
}

const shownMax = 10;

const findingCode = 'check-cannot-run';

function outcome(certain: boolean): string {
  return certain ? 'can never run' : 'cannot run as things are';
}

/** The first of each check that has a fault, with it. */
function judge<Written extends { check: string }>(
  written: readonly Written[],
  place: CheckPlace,
): (Written & CheckFault)[] {
  const first = new Map(written.toReversed().map((one) => [one.check, one]));
  return [...new Set(written.map(({ check }) => check))].flatMap((check) => {
    const [fault, one] = [checkFault(check, place), first.get(check)];
    return fault === null || one === undefined ? [] : [{ ...one, ...fault }];
  });
}

/** @param order.checks tell whether git has to list the tree: only a path in one of them is looked up there. */
async function placeOf(
  context: Context,
  { path, plan, checks }: { path: string; plan: Plan | null; checks: readonly { check: string }[] },
): Promise<CheckPlace> {
  const { workspace } = await context.settings();
  const tree = checks.some(({ check }) => check.includes('/')) ? await treeOf(context, plan) : null;
  return { path, hasSetUp: workspace.setup.length > 0, tree, bring: workspace.bring };
}

/** A target that is not there yet begins at HEAD; `null` where git does not answer. */
async function treeOf(context: Context, plan: Plan | null): Promise<ReadonlySet<string> | null> {
  try {
    const repository = await context.repository();
    const tip = plan === null ? null : await repository.resolve(plan.target);
    return new Set(await repository.listPaths(tip ?? 'HEAD'));
  } catch (error) {
    if (error instanceof OperationalError) return null;
    throw error;
  }
}

async function readAgain(
  context: Context,
  { id, source }: Plan,
): Promise<{ file: string; checks: readonly WrittenCheck[] } | null> {
  if (source === null) return null;
  try {
    return await importPlan(context, { plan: id, file: source, format: null, dryRun: true });
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function at(file: string, line: number | null): string {
  return line === null ? file : `${file}:${line}`;
}
