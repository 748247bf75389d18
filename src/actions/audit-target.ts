/**
 * The target's history against the recorded verdicts (I8): every step with its tree, its tasks, and what each check said of exactly
 * that tree. Reads only; git tells the steps, the store the verdicts.
 */
import { landingCheck } from '../core/landing.ts';
import type { Task } from '../core/task.ts';
import type { Repository } from '../workspace/repository.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { planOnOpenLine } from './plan-lines.ts';

export interface TargetStep {
  commit: string;
  tree: string;
  /** First parent: the target before it. */
  before: string | null;
  /** Tasks that landed by it; none: nobody but git knows this commit. */
  tasks: readonly string[];
  checks: readonly { check: string; green: boolean | null; at: string | null }[];
  /** Every check has a green verdict at this tree; `null`: there is no check. */
  proven: boolean | null;
}

/** Steps shown: newer ones first, to where the first landing stands. */
export async function auditTarget(context: Context, planId: string): Promise<TargetStep[]> {
  await requirePlan(context, planId);
  const stored = await context.store.plan(planId);
  if (stored === null) return [];
  const plan = await planOnOpenLine(context.store, stored, context.clock.now());
  const { landing } = await context.settings();
  const repository = await context.repository();
  const tip = await repository.resolve(plan.target);
  const records = await context.store.tasks({ plan: plan.id, status: ['landed'] }, context.clock.now());
  const byCommit = Map.groupBy(
    records.map(({ task }) => task).filter((task) => (task.landing?.landedAs ?? null) !== null),
    (task) => task.landing?.landedAs ?? '',
  );
  const steps: TargetStep[] = [];
  let open = byCommit.size;
  for (let commit = tip; commit !== null && open > 0;) {
    const tasks = byCommit.get(commit) ?? [];
    if (tasks.length > 0) open -= 1;
    const checks = [...new Set([...tasks.flatMap((task) => task.checks), ...plan.checks, ...landing.checks])];
    const step: TargetStep = await stepAt(context, repository, { commit, tasks, checks });
    steps.push(step);
    commit = step.before;
  }
  return steps;
}

async function stepAt(
  { store }: Context,
  repository: Repository,
  { commit, tasks, checks }: { commit: string; tasks: readonly Task[]; checks: readonly string[] },
): Promise<TargetStep> {
  const tree = await repository.tree(commit);
  const verdicts = [];
  for (const check of checks) {
    const verdict = await store.verdict(tree, landingCheck(check));
    const at = verdict === null ? null : new Date(verdict.at).toISOString();
    verdicts.push({ check, green: verdict?.green ?? null, at });
  }
  const [before = null] = await repository.parents(commit);
  const isGreen = verdicts.every(({ green }) => green === true);
  const proven = tasks.length === 0 ? false : verdicts.length === 0 ? null : isGreen;
  return { commit, tree, before, tasks: tasks.map(({ id }) => id).toSorted(), checks: verdicts, proven };
}
