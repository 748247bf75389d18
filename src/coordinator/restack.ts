/**
 * Keeps unlanded work on what it is built on (A10): tells running attempts of a base that changed, and puts proven work onto the
 * corrected one.
 *
 * Owns the order: built in the object database, pinned by a ref of its own, then noted in the store; the old commit keeps its ref.
 * No branch and no directory is touched, so no agent at work sees anything move. It compares at every look, so what a crash left
 * undone is done by the next one, with the same commits.
 */
import { planLines } from '../actions/plan-lines.ts';
import { keyParts, type TaskKey } from '../core/id.ts';
import { restackedRefs } from '../core/kept-refs.ts';
import type { Plan } from '../core/plan.ts';
import { isRejection } from '../core/rejection.ts';
import { changesToTell, isToRestack, partsOfNewBase, stackOrder, type TaskLook } from '../core/stack.ts';
import type { Evidence, Task } from '../core/task.ts';
import { joinHeads, tipOf, unlandedHeads, type Head } from '../workspace/unlanded.ts';
import type { LandingContext } from './landing/step.ts';
import { epochOf } from './lead.ts';
import { pin } from './pin.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { sendBackConflict } from './restack-conflict.ts';
import type { CoordinatorState } from './state.ts';

/** How many attempts were told and tasks put onto a new base or sent back. Looks only when something has happened since. */
export async function restackMoved(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<number> {
  const startedMs = ports.clock.monotonicMs();
  const seq = await ports.store.lastSeq();
  if (seq === state.restacked.seq || startedMs < state.restacked.againMs) return 0;
  let changed = 0;
  for (const id of settings.plans) {
    const plan = await ports.store.plan(id);
    if (plan !== null) changed += await tendPlan({ ports, settings, state }, plan);
  }
  const endedMs = ports.clock.monotonicMs();
  state.restacked = { seq, againMs: endedMs + (endedMs - startedMs) / settings.limits.rankShare };
  return changed;
}

async function tendPlan(context: LandingContext, plan: Plan): Promise<number> {
  const { store, clock } = context.ports;
  const open = await store.tasks({ plan: plan.id, status: ['running', 'done', 'landing'] }, clock.now());
  const built = open.flatMap(({ task }) => (basisOf(task).length > 0 ? [task] : []));
  if (built.length === 0) return 0;
  const known = await knownTasks(context, built);
  const look: TaskLook = (key) => known.get(key) ?? null;
  let changed = 0;
  for (const task of built) changed += await tellRunning(context, task, look);
  for (const { key } of stackOrder(built)) {
    const task = look(key);
    if (task === null || !isToRestack(task, look)) continue;
    if (await restack(context, plan, { task, look })) changed += 1;
    // Those above it compare with what it is now.
    const after = await store.task(key);
    if (after !== null) known.set(key, after.task);
  }
  return changed;
}

function basisOf({ claim, evidence }: Task): readonly unknown[] {
  return claim?.builtOn ?? evidence?.builtOn ?? [];
}

/** The tasks themselves, and all that they need or are built on. */
async function knownTasks({ ports }: LandingContext, tasks: readonly Task[]): Promise<Map<TaskKey, Task>> {
  const known = new Map(tasks.map((task) => [task.key, task]));
  for (const { claim, evidence, dependencies } of tasks) {
    const below = [...(claim?.builtOn ?? []), ...(evidence?.builtOn ?? [])].map(({ task }) => task);
    for (const key of [...below, ...dependencies]) {
      if (known.has(key)) continue;
      const record = await ports.store.task(key);
      if (record !== null) known.set(key, record.task);
    }
  }
  return known;
}

/** The attempt's runner says it to its agent; the store's record makes it once, whoever leads. */
async function tellRunning({ ports, state }: LandingContext, task: Task, look: TaskLook): Promise<number> {
  let told = 0;
  for (const { task: dependency, commit, why } of changesToTell(task, look)) {
    const token = task.claim?.token ?? 0;
    const answer = await ports.store.execute(
      task.key,
      { type: 'tell-change', token, dependency, commit, why },
      { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
    );
    if (!isRejection(answer)) told += 1;
  }
  return told;
}

async function restack(
  context: LandingContext,
  plan: Plan,
  { task, look }: { task: Task; look: TaskLook },
): Promise<boolean> {
  const { ports, state } = context;
  const { repository } = ports;
  const { commit: from, base, token } = task.evidence as Evidence & { commit: string; base: string };
  if ((await repository.resolve(from)) === null || (await repository.resolve(base)) === null) return false;
  const message = `${task.title}\n`;
  const parts = partsOfNewBase(task, look);
  const needed = parts.filter(({ key }) => task.dependencies.includes(key));
  let fresh = await newBase(context, plan, parts);
  let replay = fresh === null ? null : await repository.replay({ from: base, to: from, onto: fresh.commit, message });
  // Neighbours are no reason to send it back: where it does not fit with them, it is put onto what it needs alone.
  if (replay?.clean !== true && needed.length < parts.length) {
    fresh = await newBase(context, plan, needed);
    replay = fresh === null ? null : await repository.replay({ from: base, to: from, onto: fresh.commit, message });
  }
  if (fresh === null || replay === null) return false;
  if (!replay.clean) return sendBackConflict(context, task, { replay, onto: fresh.commit });
  const ref = `${restackedRefs(task.key)}${token}-${replay.commit.slice(0, 12)}`;
  if (!(await pin(ports, ref, replay.commit))) return false;
  const builtOn = fresh.heads.map(({ task: key, commit }) => ({ task: key, commit }));
  const { commit, tree } = replay;
  const answer = await ports.store.execute(
    task.key,
    { type: 'restack', from, commit, base: fresh.commit, tree, builtOn },
    { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
  );
  if (isRejection(answer)) return false;
  const below = builtOn.map((part) => `${keyParts(part.task).task} at ${part.commit.slice(0, 12)}`).join(', ');
  ports.log(
    `${task.id}: put onto ${below === '' ? plan.target : below}: ${from.slice(0, 12)} became ${commit.slice(0, 12)}`,
  );
  return true;
}

/** The target with the parts in it; `null` while they do not fit together: then one of them has to land first. */
async function newBase(
  { ports }: LandingContext,
  plan: Plan,
  parts: readonly Task[],
): Promise<{ commit: string; heads: readonly Head[] } | null> {
  const { repository, store, clock } = ports;
  const tip = await tipOf(repository, await planLines(store, plan, clock.now()));
  if (tip === null) return null;
  const heads = await unlandedHeads(repository, parts, tip);
  if ('missing' in heads) return null;
  const joined = await joinHeads(repository, tip, heads);
  return 'conflict' in joined ? null : { commit: joined.commit, heads };
}
