/**
 * The end of a plan (`landing.approval: end`): a person has looked at what landed on its target, and their branch takes it over.
 *
 * Owns the word: only a person gives it (I17), and it is bound to the target's tip as it was looked at. It is noted before anything
 * moves, and what moved is noted after.
 */
import { branchRef } from '../core/branch-name.ts';
import { projectionPaths } from './projection-paths.ts';
import { planChecks } from './plan-checks.ts';
import { planOnOpenLine } from './plan-lines.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import type { Plan } from '../core/plan.ts';
import { hasEnded } from '../core/status.ts';
import { UsageError } from '../platform/error.ts';
import { requireTree } from './approve-task.ts';
import { refuseAgents } from './refuse-agents.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { foreignCommit } from './foreign-commit.ts';
import { short, takeOver, type TakenOver } from './take-over.ts';

export interface LandOrder {
  plan: string;
  /** Branch that takes the work over; `null`: the one that the main checkout is on. */
  into: string | null;
  /** The tree of the target's tip that the person saw, or its beginning; `null`: the present one. */
  tree: string | null;
  /** Also where tasks are still open. */
  soFar: boolean;
}

export interface LandAnswer extends TakenOver {
  plan: string;
  into: string;
}

/** Throws `UsageError`: `unknown-plan`, `detached-head`, `bad-id`, `bad-flag`. */
export async function landPlan(context: Context, order: LandOrder): Promise<LandAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'land plans');
  if (refusal !== null) return refusal;
  requireTree(order.tree);
  const named = order.into === null ? null : namedBranch(order.into);
  await requirePlan(context, order.plan);
  const { store, clock, caller } = context;
  const stored = await store.plan(order.plan);
  if (stored === null) throw new UsageError('unknown-plan', `there is no plan ${order.plan}`, 'orbit plan lists all');
  const plan = await planOnOpenLine(store, stored, clock.now());
  const repository = await context.repository();
  await repository.mendCheckouts();
  const tip = await repository.resolve(plan.target);
  const lost = await lostWork(context, plan, tip);
  if (lost !== null) return lost;
  if (tip === null) {
    return reject('not-done', `nothing of plan ${plan.id} has landed yet`, `orbit run ${plan.id}`);
  }
  const open = order.soFar ? null : await unfinished(context, plan.id);
  if (open !== null) return open;
  const tree = await repository.tree(tip);
  if (order.tree !== null && !tree.startsWith(order.tree)) {
    return reject(
      'tree-changed',
      `${short(plan.target)} has changed since: you speak of tree ${order.tree}, it is ${tree.slice(0, 12)} now`,
      `look at it again: git log --first-parent ${short(plan.target)}`,
    );
  }
  const branch = named ?? (await ownBranch(context));
  if (branch === plan.target) {
    return reject('already-done', `plan ${plan.id} lands on ${short(branch)} itself`, 'nothing to do');
  }
  const head = await repository.resolve(branch);
  if (head !== null && (await repository.isAncestor(tip, head))) {
    // A kill after the branch moved and before its checkout followed.
    const isOwnStep = head === tip || (await repository.parents(head))[1] === tip;
    if (isOwnStep) await repository.catchUp(branch, await projectionPaths(store));
    return reject('already-done', `${short(branch)} has all that landed on ${short(plan.target)}`, 'nothing to do');
  }
  const foreign = head === null ? null : await foreignCommit({ repository, store, clock }, { head, tip });
  if (foreign !== null && order.tree === null) {
    return reject(
      'foreign-commit',
      `${foreign.slice(0, 12)} on ${short(plan.target)} is not from Orbit, so nobody has looked at it`,
      `look at it: git show ${foreign.slice(0, 12)}; then orbit land ${plan.id} --tree ${tree.slice(0, 12)}`,
    );
  }
  await store.record(
    { type: 'plan-approved', id: plan.id, commit: tip, tree, into: branch },
    caller.actor,
    clock.now(),
  );
  const { landing, workspace } = await context.settings();
  const checks = await planChecks(store, plan, { landingChecks: landing.checks, now: clock.now() });
  const ports = { repository, store, clock, workspaces: context.workspaces, checks: await context.checks() };
  const taken = await takeOver(ports, { plan, branch, tip, checks, bring: workspace.bring });
  if (isRejection(taken)) return taken;
  const { commit } = taken;
  await store.record(
    { type: 'plan-merged', id: plan.id, into: branch, commit, tree: taken.tree },
    caller.actor,
    clock.now(),
  );
  return { plan: plan.id, into: short(branch), ...taken };
}

/** What landed and is not on the target any more, unless a person accepted that since. */
async function lostWork(context: Context, plan: Plan, tip: string | null): Promise<Rejection | null> {
  const { store, clock } = context;
  const repository = await context.repository();
  const since = plan.start?.accepted === true ? plan.start.at : 0;
  const landed = (await store.tasks({ plan: plan.id, status: ['landed'] }, clock.now())).flatMap(({ task }) => {
    const { landedAs = null, landedAt = null } = task.landing ?? {};
    return landedAs === null || landedAt === null || landedAt < since ? [] : [{ id: task.id, landedAs }];
  });
  const known = [];
  for (const one of landed) if ((await repository.resolve(one.landedAs)) !== null) known.push(one.landedAs);
  const held = tip === null ? new Set<string>() : await repository.contained([...new Set(known)], tip);
  const gone = landed.filter(({ landedAs }) => !held.has(landedAs)).map(({ id }) => id);
  if (gone.length === 0) return null;
  const what = tip === null ? 'is gone' : 'does not hold all that landed any more';
  const more = gone.length > 10 ? ` and ${gone.length - 10} more` : '';
  return reject(
    'target-moved',
    `${short(plan.target)} ${what}: ${gone.slice(0, 10).join(', ')}${more} landed there`,
    `orbit run ${plan.id} brings it back or says how; orbit resume ${plan.id} --accept-target takes it as it is`,
  );
}

async function unfinished(context: Context, plan: string): Promise<Rejection | null> {
  const records = await context.store.tasks({ plan }, context.clock.now());
  const open = records.filter(({ task }) => !hasEnded(task)).map(({ task }) => task.id);
  if (open.length === 0) return null;
  const more = open.length > 10 ? ` and ${open.length - 10} more` : '';
  return reject(
    'plan-unfinished',
    `${open.length} of ${records.length} tasks of plan ${plan} have not ended: ${open.slice(0, 10).join(', ')}${more}`,
    `orbit run ${plan} goes on with them; orbit land ${plan} --so-far takes over what has landed`,
  );
}

async function ownBranch(context: Context): Promise<string> {
  const branch = await (await context.repository()).currentBranch();
  if (branch !== null) return branch;
  throw new UsageError('detached-head', 'the main checkout is on no branch', 'name one: --into BRANCH');
}

function namedBranch(into: string): string {
  const branch = branchRef(into);
  if (branch !== null) return branch;
  throw new UsageError(
    'bad-flag',
    `--into ${JSON.stringify(into.slice(0, 80))} is not a branch`,
    'name one: --into main',
  );
}
