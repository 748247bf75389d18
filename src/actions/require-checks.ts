/**
 * Finds checks that can never run before agents work for them, and says where each is written.
 *
 * Owns which checks are looked at: those of open tasks, of the plan, and of the settings.
 */
import type { Finding, Plan } from '../core/plan.ts';
import { hasEnded } from '../core/status.ts';
import { checkFault, type CheckPlace } from '../platform/check-fault.ts';
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
  const written = await readAgain(context, plan);
  const place = (check: string, id: string | null): string => {
    const found = written?.checks.find((one) => one.check === check && one.task === id) ?? null;
    if (written !== null && found !== null) return at(written.file, found.line);
    return id === null ? `plan ${planId}` : `task ${planId}/${id}`;
  };
  const all = [
    ...open.flatMap(({ task: one }) => one.checks.map((check) => ({ check, where: place(check, one.id) }))),
    ...plan.checks.map((check) => ({ check, where: place(check, null) })),
  ];
  return judge(all, await placeOf(context, path, plan));
}

/** Doubts about `landing.checks`, which every plan has to pass. */
export async function settingsDoubts(context: Context, path: string): Promise<CheckDoubt[]> {
  const { landing } = await context.settings();
  const written = landing.checks.map((check) => ({ check, where: 'landing.checks of the settings' }));
  return judge(written, await placeOf(context, path, null));
}

/** Doubts about a plan's file as findings: a plan may be written before what it needs is installed. */
export async function checkFindings(
  context: Context,
  { plan, checks }: Pick<Imported, 'plan' | 'checks'>,
  path: string,
): Promise<Finding[]> {
  const place = await placeOf(context, path, await context.store.plan(plan));
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

function judge(written: readonly { check: string; where: string }[], place: CheckPlace): CheckDoubt[] {
  const first = new Map(written.toReversed().map(({ check, where }) => [check, where]));
  return [...new Set(written.map(({ check }) => check))].flatMap((check) => {
    const fault = checkFault(check, place);
    return fault === null ? [] : [{ check, where: first.get(check) ?? '', ...fault }];
  });
}

async function placeOf(context: Context, path: string, plan: Plan | null): Promise<CheckPlace> {
  const { workspace } = await context.settings();
  return { path, hasSetUp: workspace.setup.length > 0, tree: await treeOf(context, plan), bring: workspace.bring };
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
