/**
 * The target's history against the recorded verdicts (I8): every step with its tree, its tasks, and what each check said of exactly
 * that tree. Reads only; git tells the steps, the store the verdicts.
 */
import type { Event } from '../core/event.ts';
import { landingCheck } from '../core/landing.ts';
import { landsOn } from '../core/layer-branch.ts';
import type { Plan } from '../core/plan.ts';
import type { Task } from '../core/task.ts';
import type { Repository } from '../workspace/repository.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { planLines } from './plan-lines.ts';

export interface TargetStep {
  commit: string;
  tree: string;
  /** First parent: the target before it. */
  before: string | null;
  /** Tasks that landed by it; none: nobody but git knows this commit. */
  tasks: readonly string[];
  checks: readonly { check: string; green: boolean | null; at: string | null }[];
  /** Every check has a green verdict at this tree; `null`: there is no check. Never of what somebody else put there, unless accepted. */
  proven: boolean | null;
  /** Who took the target as it was, with this step on it that is no landing, and when; `null`: nobody did, or it is a landing. */
  accepted: Acceptance | null;
}

export interface Acceptance {
  by: string;
  at: string;
}

/** What the log tells of the branches that a plan stands on. */
interface TargetPast {
  /** Where Orbit found the first of them; what is below is nobody's landing. `null`: not told. */
  begin: string | null;
  /** By the commit that was the tip. */
  accepted: ReadonlyMap<string, Acceptance>;
}

/**
 * Steps shown: newer ones first, to where the first landing stands, or to where Orbit found the branch.
 *
 * @param stepsMax the newest so many; default: all.
 */
export async function auditTarget(
  context: Context,
  planId: string,
  stepsMax: number = Number.POSITIVE_INFINITY,
): Promise<TargetStep[]> {
  await requirePlan(context, planId);
  const stored = await context.store.plan(planId);
  if (stored === null) return [];
  const lines = await planLines(context.store, stored, context.clock.now());
  const [target = stored.target] = lines;
  const plan = { ...stored, target };
  const { landing } = await context.settings();
  const repository = await context.repository();
  const tip = await repository.resolve(plan.target);
  const records = await context.store.tasks({ plan: plan.id, status: ['landed'] }, context.clock.now());
  const byCommit = Map.groupBy(
    records.map(({ task }) => task).filter((task) => (task.landing?.landedAs ?? null) !== null),
    (task) => task.landing?.landedAs ?? '',
  );
  const steps: TargetStep[] = [];
  const past = await pastOf(context, lines);
  let open = byCommit.size;
  let acceptance: Acceptance | null = null;
  for (let commit = tip; commit !== null && commit !== past.begin && open > 0 && steps.length < stepsMax;) {
    const tasks = byCommit.get(commit) ?? [];
    if (tasks.length > 0) open -= 1;
    // Who takes a tip takes what it stands on. Of several the first: it is the one that let this step in.
    acceptance = past.accepted.get(commit) ?? acceptance;
    const checks = [...new Set([...tasks.flatMap((task) => task.checks), ...plan.checks, ...landing.checks])];
    const accepted = tasks.length === 0 ? acceptance : null;
    const step: TargetStep = await stepAt(context, repository, { commit, tasks, checks, accepted });
    steps.push(step);
    commit = step.before;
  }
  return steps;
}

async function stepAt(
  { store }: Context,
  repository: Repository,
  order: { commit: string; tasks: readonly Task[]; checks: readonly string[]; accepted: Acceptance | null },
): Promise<TargetStep> {
  const { commit, tasks, checks, accepted } = order;
  const tree = await repository.tree(commit);
  const verdicts = [];
  for (const check of checks) {
    const verdict = await store.verdict(tree, landingCheck(check));
    const at = verdict === null ? null : iso(verdict.at);
    verdicts.push({ check, green: verdict?.green ?? null, at });
  }
  const [before = null] = await repository.parents(commit);
  const isGreen = verdicts.every(({ green }) => green === true);
  const isForeign = tasks.length === 0 && accepted === null;
  const proven = isForeign ? false : verdicts.length === 0 ? null : isGreen;
  return { commit, tree, before, tasks: tasks.map(({ id }) => id).toSorted(), checks: verdicts, proven, accepted };
}

/** @param lines full refs, that of the open layer first. */
async function pastOf({ store }: Context, lines: readonly string[]): Promise<TargetPast> {
  const accepted = new Map<string, Acceptance>();
  const first = lines.at(-1);
  let begin: { commit: string; seq: number } | null = null;
  // Several plans may land on one target; the word of one counts for all.
  const plans = (await store.plans()).filter((plan) => lines.some((line) => landsOn(plan, line)));
  for (const plan of plans) {
    for await (const { seq, body, actor, at } of eventsOf(store, plan)) {
      if (body.type !== 'target-started' || !lines.includes(body.target)) continue;
      if (body.accepted) accepted.set(body.commit, earlier(accepted.get(body.commit), { by: actor, at: iso(at) }));
      else if (body.target === first && seq < (begin?.seq ?? Infinity)) begin = { commit: body.commit, seq };
    }
  }
  return { begin: begin?.commit ?? null, accepted };
}

function earlier(known: Acceptance | undefined, found: Acceptance): Acceptance {
  return known !== undefined && known.at <= found.at ? known : found;
}

async function* eventsOf(store: Context['store'], { id }: Plan): AsyncGenerator<Event> {
  for (let since = 0; ;) {
    const events = await store.events({ since, plan: id, limit: pageLength });
    yield* events;
    since = events.at(-1)?.seq ?? since;
    if (events.length < pageLength) return;
  }
}

const pageLength = 1_000;

function iso(at: number): string {
  return new Date(at).toISOString();
}
