/**
 * The one move of the target, and what is noted around it.
 *
 * Owns its order: the store notes the beginning, git moves target and landed marks in one transaction, the store notes the end.
 * Between beginning and end nobody can cancel or reopen the tasks, so that each lands once (I9). A beginning without an end is
 * resolved by git: the mark is on the target, or it is moved aside, and then whoever still tries that landing fails.
 */
import { holdBranch, type BranchHold, type HoldFault, type Moved } from '../../actions/hold-branch.ts';
import { projectionPaths } from '../../actions/projection-paths.ts';
import { keyParts, type TaskKey } from '../../core/id.ts';
import { judgedBy, type JudgedBy } from '../../core/judged-by.ts';
import type { Plan } from '../../core/plan.ts';
import { isRejection } from '../../core/rejection.ts';
import type { Task } from '../../core/task.ts';
import { assert } from '../../platform/error.ts';
import type { BranchMove, Repository } from '../../workspace/repository.ts';
import { epochOf, stillLeads } from '../lead.ts';
import type { CoordinatorPorts } from '../ports.ts';
import { landSubject } from './candidate.ts';
import type { Car } from './chain.ts';
import { landedRef } from './landed-ref.ts';
import type { LandingContext, LandingStep } from './step.ts';

export interface Move {
  /** What lands, in the order of the chain: all of it or nothing. */
  cars: readonly Car[];
  /** The target's tip that the chain stands on. */
  base: string;
  /** What the landed ref of each task held before `base` was read. */
  marks: ReadonlyMap<TaskKey, string | null>;
}

export async function moveTarget(context: LandingContext, plan: Plan, move: Move): Promise<LandingStep> {
  const { ports, settings, state } = context;
  const { repository } = ports;
  const [first] = move.cars;
  assert(first !== undefined, 'a landing without work');
  const task = first.task.key;
  const again = (why: string): LandingStep => ({ outcome: 'again', task, why });
  const obstacle = await obstacleOf(ports, plan.target);
  if (obstacle !== null) return { outcome: 'held', task, why: obstacle, all: true };
  const { base, marks } = move;
  const final = await finalCommit(repository, move);
  // I8, asserted at the moment of landing: what moves is what was checked.
  const tree = await repository.tree(final);
  assert(tree === move.cars.at(-1)?.candidate.tree, `candidate ${final} does not have the tree that was checked`);
  if (!(await stillLeads(ports, settings, state))) return again('another coordinator leads now');
  const hold = await holdTarget(ports, { ref: plan.target, from: base, to: final });
  if ('kind' in hold) {
    const { kind, why } = hold;
    if (kind === 'moved') return again(why);
    return { outcome: 'held', task, why, all: kind !== 'in-the-way', passing: kind === 'locked' };
  }
  try {
    const refusal = await beginAll(context, plan, { cars: move.cars, candidate: final });
    if (refusal !== null) return again(refusal);
    // Git moves them one by one, and may be killed in between: marks without the target are taken back, but a target without its marks
    // would let restacked work land again.
    const moved = await hold.move(async () =>
      repository.moveRefs([
        ...move.cars.map((car) => ({ ref: landedRef(car.task), from: marks.get(car.task.key) ?? null, to: final })),
        { ref: plan.target, from: base, to: final },
      ]),
    );
    tellStale(ports, plan.target, moved);
    // What has begun is taken back by the next round.
    if (moved.outcome === 'in-the-way') return { outcome: 'held', task, why: moved.why, all: false, passing: true };
    if (moved.outcome === 'refused')
      return again(`${plan.target} moved meanwhile: the next round builds on its new tip`);
  } finally {
    await hold.release();
  }
  // Only now: until it is noted, a kill is followed by a look at this target, which mends what is held or half done there.
  return noteAll(context, plan, { cars: move.cars, final, tree });
}

async function noteAll(
  context: LandingContext,
  plan: Plan,
  { cars, final, tree }: { cars: readonly Car[]; final: string; tree: string },
): Promise<LandingStep> {
  let step: LandingStep = { outcome: 'moved', tasks: cars.map((car) => car.task.key) };
  for (const car of cars) {
    const noted = await noteLanded(context, plan, {
      task: car.task,
      landedAs: final,
      tree,
      isLast: car === cars.at(-1),
    });
    if (noted.outcome !== 'moved') step = noted;
  }
  return step;
}

/**
 * The commit that the target moves to: one first parent's step for all that lands together, with the validated tree. Its second parent is
 * the work itself, or the chain that merged one work upon the other.
 */
async function finalCommit(repository: Repository, { cars, base }: Move): Promise<string> {
  const last = cars.at(-1) as Car;
  const isAlone = cars.length === 1;
  const ids = cars.map((car) => keyParts(car.task.key).task);
  const trailers = cars.map(({ task }) => `Orbit-Task: ${task.key}\nOrbit-Attempt: ${task.evidence?.token ?? 0}\n`);
  const list = cars.map(({ task }) => `- ${keyParts(task.key).task}: ${task.title}\n`).join('');
  const subject = isAlone ? landSubject(last.task) : `Land ${shortList(ids)}`;
  return repository.commit({
    tree: last.candidate.tree,
    parents: [base, isAlone ? last.candidate.work : last.candidate.commit],
    message: `${subject}\n\n${isAlone ? '' : `${list}\n`}${trailers.join('')}`,
    // From the work itself, so that who begins the same landing anew makes the same commit.
    atMs: Math.max(...cars.map(({ task }) => task.evidence?.at ?? 0)),
  });
}

/** Ids in a commit's subject. */
const idsShown = 4;

function shortList(ids: readonly string[]): string {
  const shown = ids.slice(0, idsShown).join(', ');
  return ids.length > idsShown ? `${shown} and ${ids.length - idsShown} more` : shown;
}

/**
 * Notes the beginning of all or, if one of them may not land any more, of none. Answers why not. From there to the end nobody can edit
 * what they were judged by.
 */
async function beginAll(
  context: LandingContext,
  plan: Plan,
  { cars, candidate }: { cars: readonly Car[]; candidate: string },
): Promise<string | null> {
  const begun: Car[] = [];
  for (const car of cars) {
    const isLast = begun.length === cars.length - 1;
    const judged = { candidate, judgedBy: judgedBy(car.task, plan) };
    const refusal = await noteBeginning(context, car.task, { ...judged, isLast });
    if (refusal === null) begun.push(car);
    else {
      for (const other of begun) await noteBeginning(context, other.task, notBegun);
      return refusal;
    }
  }
  return null;
}

/** Why the target cannot be moved just now whatever lands on it, or `null`: somebody works on it in a checkout. */
export async function obstacleOf(
  ports: Pick<CoordinatorPorts, 'repository' | 'store' | 'clock'>,
  target: string,
): Promise<string | null> {
  const projections = await projectionPaths(ports.store);
  const checkout = await ports.repository.checkedOut(target, projections);
  if (checkout?.dirty !== true) return null;
  if ((await endsInLanding(ports, target)) && (await ports.repository.catchUp(target, projections))) return null;
  return `${target} is checked out in ${checkout.directory} with changes of its own: commit or remove them`;
}

/** Only Orbit's own last step may have been left half done by a kill of Orbit. */
async function endsInLanding(
  { repository, store, clock }: Pick<CoordinatorPorts, 'repository' | 'store' | 'clock'>,
  target: string,
): Promise<boolean> {
  const tip = await repository.resolve(target);
  const landed = await store.tasks({ status: ['landed'] }, clock.now());
  return landed.some(({ task }) => task.landing?.landedAs === tip);
}

/** Holds the target's checkout, if there is one, for this move; or says why the target cannot be moved just now. */
export async function holdTarget(
  ports: Pick<CoordinatorPorts, 'repository' | 'store'>,
  move: BranchMove,
): Promise<BranchHold | Pick<HoldFault, 'kind' | 'why'>> {
  const hold = await holdBranch(ports, move);
  if (!('kind' in hold)) return hold;
  const { kind, directory, why } = hold;
  const what = kind === 'in-the-way' ? `and it cannot follow: ${why}` : `and ${why}`;
  return { kind, why: `${move.ref} is checked out in ${directory}, ${what}` };
}

/** The move is what git says; a checkout that could not be brought to it stays as it was, and is a person's to mend. */
export function tellStale({ log }: Pick<CoordinatorPorts, 'log'>, target: string, moved: Moved): void {
  if (moved.outcome === 'in-the-way' || moved.stale === null) return;
  log(`the checkout of ${target} was not brought up to date: ${moved.stale}`);
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
  const refusal = isAside ? await noteBeginning(context, task, notBegun) : 'its landing went on meanwhile';
  return {
    outcome: 'again',
    task: task.key,
    why: refusal ?? 'its last landing was interrupted before the target moved',
  };
}

/**
 * Tells the store what git has.
 *
 * @param landed.tree of `landedAs`, where it is known. @param landed.isLast the write to wait for the disk with, which takes those before it along.
 * @param landed.judgedBy of a landing that nobody began: by what the work was found to be on the target whole.
 */
export async function noteLanded(
  { ports }: Pick<LandingContext, 'ports'>,
  plan: Plan,
  landed: { task: Task; landedAs: string; tree?: string; isLast?: boolean; judgedBy?: JudgedBy },
): Promise<LandingStep> {
  const { task, landedAs, isLast = true, judgedBy: by } = landed;
  const commit = task.landing?.commit ?? landedAs;
  const judged = by === undefined ? {} : { judgedBy: by };
  const tree = landed.tree ?? (await ports.repository.tree(landedAs));
  // Not fenced: it tells what git has, whoever moved it.
  const answer = await ports.store.execute(
    task.key,
    { type: 'land', commit, landedAs, tree, target: plan.target, ...judged },
    { actor: 'coordinator', now: ports.clock.now(), durable: isLast },
  );
  if (isRejection(answer) && answer.code !== 'already-done')
    return { outcome: 'again', task: task.key, why: answer.message };
  ports.log(`${keyParts(task.key).task}: landed on ${plan.target} as ${landedAs.slice(0, 12)}`);
  return { outcome: 'moved', tasks: [task.key] };
}

/** The target does not move after all. */
const notBegun = { candidate: null, judgedBy: null, isLast: true } as const;

/**
 * @param order.candidate where the target is about to move; `null`: it does not move after all.
 * @param order.isLast the write to wait for the disk with: it takes those before it along.
 */
async function noteBeginning(
  { ports, state }: LandingContext,
  task: Task,
  { candidate, judgedBy: by, isLast }: { candidate: string | null; judgedBy: JudgedBy | null; isLast: boolean },
): Promise<string | null> {
  const answer = await ports.store.execute(
    task.key,
    { type: 'begin-landing', commit: task.landing?.commit ?? '', candidate, judgedBy: by },
    { actor: 'coordinator', now: ports.clock.now(), durable: isLast, epoch: epochOf(state) },
  );
  return isRejection(answer) ? answer.message : null;
}
