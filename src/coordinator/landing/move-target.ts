/**
 * The one move of the target, and what is noted around it.
 *
 * Owns its order: the store notes the beginning, git moves target and landed mark in one transaction, the store notes the end.
 * Between beginning and end nobody can cancel or reopen the task, so that it lands once (I9). A beginning without an end is
 * resolved by git: the mark is on the target, or it is moved aside, and then whoever still tries that landing fails.
 */
import { keyParts } from '../../core/id.ts';
import type { Plan } from '../../core/plan.ts';
import { isRejection } from '../../core/rejection.ts';
import type { Task } from '../../core/task.ts';
import { assert, OperationalError } from '../../platform/error.ts';
import { epochOf, stillLeads } from '../lead.ts';
import type { CoordinatorPorts } from '../ports.ts';
import type { Candidate } from './candidate.ts';
import type { LandingContext, LandingStep } from './step.ts';

export interface Move {
  task: Task;
  /** The target's tip that the candidate stands on. */
  base: string;
  /** What the landed ref held before `base` was read. */
  mark: string | null;
  candidate: Candidate;
}

export async function moveTarget(
  context: LandingContext,
  plan: Plan,
  { task, base, mark, candidate }: Move,
): Promise<LandingStep> {
  const { ports, settings, state } = context;
  const { repository } = ports;
  const again = (why: string): LandingStep => ({ outcome: 'again', task: task.key, why });
  const obstacle = await obstacleOf(ports, plan.target);
  if (obstacle !== null) return { outcome: 'held', task: task.key, why: obstacle, all: true };
  const inTheWay = await fileInTheWay(ports, plan.target, { from: base, to: candidate.commit });
  if (inTheWay !== null) return { outcome: 'held', task: task.key, why: inTheWay, all: false };
  // I8, asserted at the moment of landing: what moves is what was checked.
  assert(
    (await repository.tree(candidate.commit)) === candidate.tree,
    `candidate ${candidate.commit} does not have the tree that was checked`,
  );
  if (!(await stillLeads(ports, settings, state))) return again('another coordinator leads now');
  const refusal = await noteBeginning(context, task, candidate.commit);
  if (refusal !== null) return again(refusal);
  const moved = await repository.moveRefs([
    { ref: plan.target, from: base, to: candidate.commit },
    { ref: landedRef(task), from: mark, to: candidate.commit },
  ]);
  if (!moved) return again(`${plan.target} moved meanwhile: the next round builds on its new tip`);
  const step = await settle(context, plan, { task, landedAs: candidate.commit });
  await refresh(context, plan.target, { from: base, to: candidate.commit });
  return step;
}

/** Why the target cannot be moved just now whatever lands on it, or `null`: somebody works on it in a checkout. */
export async function obstacleOf(
  ports: Pick<CoordinatorPorts, 'repository' | 'store'>,
  target: string,
): Promise<string | null> {
  const checkout = await ports.repository.checkedOut(target, await projections(ports));
  if (checkout?.dirty !== true) return null;
  return `${target} is checked out in ${checkout.directory} with changes of its own: commit or remove them`;
}

/** Plan files that Orbit ticks and writes beside: they change in the main checkout while work lands, and hold nothing. */
export async function projections({ store }: Pick<CoordinatorPorts, 'store'>): Promise<string[]> {
  const sources = (await store.plans()).flatMap(({ source }) => source ?? []);
  return sources.flatMap((source) => [source, source.replace(/[^/]*$/, '.progress.json')]);
}

/** Why the checkout of the target could not follow this landing, or `null`: a file of the user's would be overwritten. */
async function fileInTheWay(
  { repository }: Pick<CoordinatorPorts, 'repository'>,
  target: string,
  { from, to }: { from: string; to: string },
): Promise<string | null> {
  const checkout = await repository.checkedOut(target);
  if (checkout === null) return null;
  const fault = await repository.refreshFault(checkout.directory, from, to);
  return fault === null ? null : `${target} is checked out in ${checkout.directory}, and it cannot follow: ${fault}`;
}

/** The work has landed; a checkout of the target that cannot follow (a file that came between look and move) stays as it was. */
async function refresh(
  { ports }: LandingContext,
  target: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  const { repository } = ports;
  const checkout = await repository.checkedOut(target);
  if (checkout === null) return;
  try {
    await repository.refresh(checkout.directory, from, to);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    ports.log(`the checkout of ${target} in ${checkout.directory} was not brought up to date: ${error.message}`);
  }
}

/** Ends a landing that began and, as git says, did not happen. */
export async function takeBack(context: LandingContext, task: Task, mark: string | null): Promise<LandingStep> {
  const { repository, clock } = context.ports;
  const commit = task.landing?.commit ?? '';
  // Never on a target, and never twice the same: a late move that expects an earlier mark does not find it again.
  const aside = await repository.commit({
    tree: await repository.tree(commit),
    parents: [commit],
    message: 'Landing taken back\n',
    atMs: clock.now(),
  });
  const isAside = await repository.moveRefs([{ ref: landedRef(task), from: mark, to: aside }]);
  const refusal = isAside ? await noteBeginning(context, task, null) : 'its landing went on meanwhile';
  return {
    outcome: 'again',
    task: task.key,
    why: refusal ?? 'its last landing was interrupted before the target moved',
  };
}

export async function settle(
  { ports }: LandingContext,
  plan: Plan,
  { task, landedAs }: { task: Task; landedAs: string },
): Promise<LandingStep> {
  const commit = task.landing?.commit ?? landedAs;
  const tree = await ports.repository.tree(landedAs);
  // Not fenced: it tells what git has, whoever moved it.
  const answer = await ports.store.execute(
    task.key,
    { type: 'land', commit, landedAs, tree, target: plan.target },
    { actor: 'coordinator', now: ports.clock.now(), durable: true },
  );
  if (isRejection(answer) && answer.code !== 'already-done')
    return { outcome: 'again', task: task.key, why: answer.message };
  ports.log(`${keyParts(task.key).task}: landed on ${plan.target} as ${landedAs.slice(0, 12)}`);
  return { outcome: 'moved', task: task.key };
}

/** One ref for each attempt that landed: `refs/orbit/landed/<token>-<task>`. */
export function landedRef(task: Task): string {
  return `refs/orbit/landed/${task.evidence?.token ?? 0}-${task.id}`;
}

/** @param candidate where the target is about to move; `null`: it does not move after all. */
async function noteBeginning(
  { ports, state }: LandingContext,
  task: Task,
  candidate: string | null,
): Promise<string | null> {
  const answer = await ports.store.execute(
    task.key,
    { type: 'begin-landing', commit: task.landing?.commit ?? '', candidate },
    { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
  );
  return isRejection(answer) ? answer.message : null;
}
