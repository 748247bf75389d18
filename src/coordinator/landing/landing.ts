/**
 * Landing, first form: one task at a time, in dependency order.
 *
 * Owns the way of finished work onto the target. Invariants: the target moves only by compare-and-swap, to exactly the
 * tree whose checks passed (I8); it never goes back and a task lands once (I9); what happened is asked of git, not of a
 * report. It must not decide who lands next (`core/landing.ts`) nor run anything in an agent's directory.
 *
 * A speculative queue replaces `landNext` alone: queueing, candidate, validation and settling stay as they are.
 */
import { keyParts, type TaskKey } from '../../core/id.ts';
import { isSettled, landingOrder, toQueue } from '../../core/landing.ts';
import type { Plan } from '../../core/plan.ts';
import { isRejection } from '../../core/rejection.ts';
import type { Task } from '../../core/task.ts';
import { assert } from '../../platform/error.ts';
import type { CoordinatorState } from '../coordinator.ts';
import { stillLeads } from '../lead.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';
import { bounce } from './bounce.ts';
import { buildCandidate, type Candidate } from './candidate.ts';
import { targetTip } from './target.ts';
import { validate } from './validate.ts';

export interface LandingContext {
  ports: CoordinatorPorts;
  settings: CoordinatorSettings;
  state: CoordinatorState;
}

/**
 * `idle`: nothing to land; `moved`: work went on; `again`: the world changed meanwhile, the next round looks anew;
 * `held`: something is in the way that Orbit cannot remove. It is tried again now and then, and a person is told.
 */
export type LandingStep =
  | { outcome: 'idle' }
  | { outcome: 'moved'; task: TaskKey }
  | { outcome: 'again' | 'held'; task: TaskKey; why: string };

/** Takes one step for one plan: queues what is done, then lands or sends back the first of the queue. */
export async function landNext(context: LandingContext, plan: Plan): Promise<LandingStep> {
  const { ports } = context;
  await queueDone(context, plan.id);
  const waiting = (await ports.store.tasks({ plan: plan.id, status: ['landing'] }, ports.clock.now())).map((record) => record.task);
  const settled = await settledDependencies(context, waiting);
  const [first] = landingOrder(waiting, (key) => settled.has(key));
  if (first === undefined) return { outcome: 'idle' };
  return landOne(context, plan, first);
}

async function queueDone({ ports }: LandingContext, plan: string): Promise<void> {
  const now = ports.clock.now();
  const done = (await ports.store.tasks({ plan, status: ['done'] }, now)).map((record) => record.task);
  for (const task of toQueue(done)) {
    await ports.store.execute(task.key, { type: 'queue-landing' }, { actor: 'coordinator', now, durable: true });
  }
}

async function settledDependencies({ ports }: LandingContext, tasks: readonly Task[]): Promise<Set<TaskKey>> {
  const settled = new Set<TaskKey>();
  for (const key of new Set(tasks.flatMap((task) => task.dependencies))) {
    const record = await ports.store.task(key);
    if (record !== null && isSettled(record.task)) settled.add(key);
  }
  return settled;
}

async function landOne(context: LandingContext, plan: Plan, task: Task): Promise<LandingStep> {
  const { ports } = context;
  const base = await targetTip(ports.repository, plan.target);
  const landed = await landedAs(ports, plan.target, { base, task });
  if (landed !== null) return settle(context, plan, { task, landedAs: landed });
  const built = await buildCandidate(ports, { task, base });
  if (!built.ok) return bounce(context, task, built);
  const verdict = await validate(context, { plan, task, candidate: built.candidate });
  if (verdict.outcome === 'red') return bounce(context, task, { cause: 'red', reason: verdict.reason });
  if (verdict.outcome === 'unable') return { outcome: 'held', task: task.key, why: verdict.reason };
  return moveTarget(context, plan, { task, base, candidate: built.candidate });
}

/**
 * The commit on the target that carries this work, if an earlier round moved the target and died before it could say so.
 * Git is the truth: the landed ref is written in the same transaction as the target.
 */
async function landedAs({ repository }: CoordinatorPorts, target: string, at: { base: string; task: Task }): Promise<string | null> {
  const mark = await repository.resolve(landedRef(at.task));
  if (mark !== null && (await repository.isAncestor(mark, at.base))) return mark;
  const commit = at.task.landing?.commit;
  if (commit !== undefined && (await repository.isAncestor(commit, at.base))) return at.base;
  return null;
}

async function moveTarget(
  context: LandingContext,
  plan: Plan,
  { task, base, candidate }: { task: Task; base: string; candidate: Candidate },
): Promise<LandingStep> {
  const { ports, settings, state } = context;
  const { repository } = ports;
  const checkout = await repository.checkedOut(plan.target);
  if (checkout?.dirty === true) {
    return { outcome: 'held', task: task.key, why: `${plan.target} is checked out in ${checkout.directory} with changes of its own: commit or remove them` };
  }
  // I8, asserted at the moment of landing: what moves is what was checked.
  assert((await repository.tree(candidate.commit)) === candidate.tree, `candidate ${candidate.commit} does not have the tree that was checked`);
  if (!(await stillLeads(ports, settings, state))) return { outcome: 'again', task: task.key, why: 'another coordinator leads now' };
  const moved = await repository.moveRefs([
    { ref: plan.target, from: base, to: candidate.commit },
    { ref: landedRef(task), from: await repository.resolve(landedRef(task)), to: candidate.commit },
  ]);
  if (!moved) return { outcome: 'again', task: task.key, why: `${plan.target} moved meanwhile: the next round builds on its new tip` };
  if (checkout !== null) await repository.refresh(checkout.directory, base, candidate.commit);
  return settle(context, plan, { task, landedAs: candidate.commit });
}

async function settle({ ports }: LandingContext, plan: Plan, { task, landedAs }: { task: Task; landedAs: string }): Promise<LandingStep> {
  const commit = task.landing?.commit ?? landedAs;
  const tree = await ports.repository.tree(landedAs);
  const answer = await ports.store.execute(
    task.key,
    { type: 'land', commit, landedAs, tree, target: plan.target },
    { actor: 'coordinator', now: ports.clock.now(), durable: true },
  );
  if (isRejection(answer) && answer.code !== 'already-done') return { outcome: 'again', task: task.key, why: answer.message };
  ports.log(`${keyParts(task.key).task}: landed on ${plan.target} as ${landedAs.slice(0, 12)}`);
  return { outcome: 'moved', task: task.key };
}

/** One ref for each landed attempt: `refs/orbit/landed/<token>-<task>`. */
export function landedRef(task: Task): string {
  return `refs/orbit/landed/${task.evidence?.token ?? 0}-${task.id}`;
}
