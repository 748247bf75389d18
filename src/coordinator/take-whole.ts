/**
 * Takes a split task whole when all its parts have failed, and a goal when all that planning agents made from it has (C11).
 *
 * Owns the order: the task is freed of its parts first, with their names in the event; then they are closed, their logs and work kept.
 * A crash in between leaves parts that the next look closes. Planning ends before its tasks begin, and what has landed is not taken
 * back, so a goal is taken whole by a task of its own; one that a crash left without its parts gets them at the next look.
 */
import { taskKey, type TaskKey } from '../core/id.ts';
import { isRejection } from '../core/rejection.ts';
import { hasEnded } from '../core/status.ts';
import type { Task } from '../core/task.ts';
import { isGoalLost, isPlannedGoal, isToTakeWhole, madeFor, partsOf, tellParts, wholeGoal } from '../core/whole.ts';
import { epochOf } from './lead.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';

interface Round {
  ports: CoordinatorPorts;
  settings: CoordinatorSettings;
  state: CoordinatorState;
}

/** How many tasks were taken whole or parts closed. */
export async function takeWhole(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<number> {
  const { store, clock } = ports;
  const parents = new Set<TaskKey>();
  for (const plan of settings.plans)
    for (const { task } of await store.tasks({ plan, status: ['needs-you'] }, clock.now()))
      if (task.origin !== null) parents.add(task.origin.task);
  let changed = 0;
  for (const key of parents) {
    const parent = (await store.task(key))?.task;
    if (parent === undefined) continue;
    const parts = partsOf(parent, await tasksOf(ports, parent.dependencies));
    if (parent.whole === undefined && isToTakeWhole(parent, parts) && !(await areNeeded(ports, parent, parts))) {
      changed += await takeInOnePiece({ ports, settings, state }, parent, parts);
    } else if (parent.whole !== undefined) changed += await closeParts(ports, state, parent);
  }
  // A goal is judged by all tasks, and only an event can change what comes out.
  const seq = await store.lastSeq();
  if (seq === state.goalsSeq) return changed;
  for (const goal of await goalsAbove(ports, parents)) changed += await takeGoal({ ports, settings, state }, goal);
  state.goalsSeq = seq;
  return changed;
}

/** The goals that these tasks were made for, by however many hands. */
async function goalsAbove({ store }: CoordinatorPorts, makers: ReadonlySet<TaskKey>): Promise<Task[]> {
  const goals: Task[] = [];
  // A set goes on with what is added to it meanwhile, and takes each once.
  const open = new Set(makers);
  for (const key of open) {
    const task = (await store.task(key))?.task;
    if (task === undefined) continue;
    if (task.origin !== null) open.add(task.origin.task);
    else if (isPlannedGoal(task)) goals.push(task);
  }
  return goals;
}

async function takeGoal(round: Round, goal: Task): Promise<number> {
  const { ports, settings, state } = round;
  const { store, clock } = ports;
  const definition = wholeGoal(goal);
  if (definition === null || !settings.plans.includes(goal.plan)) return 0;
  const key = taskKey(goal.plan, definition.id);
  const known = (await store.task(key))?.task;
  // Somebody's own task may have the name.
  if (known !== undefined && known.title !== definition.title) return 0;
  if (known?.whole !== undefined) return closeParts(ports, state, known);
  const all = (await store.tasks({}, clock.now())).map(({ task }) => task);
  const made = madeFor(goal, all);
  if (!isGoalLost(goal, made) || (await areNeeded(ports, goal, made))) return 0;
  if (known === undefined && isRejection(await execute(ports, state, key, { type: 'create', definition }))) return 0;
  const whole = known ?? (await store.task(key))?.task;
  if (whole === undefined) return 0;
  const open = made.filter((task) => !hasEnded(task));
  return takeInOnePiece(round, whole, open);
}

async function takeInOnePiece({ ports, settings, state }: Round, whole: Task, parts: readonly Task[]): Promise<number> {
  const command = {
    type: 'take-whole',
    parts: parts.map((part) => part.key),
    advice: tellParts(parts, Math.floor(settings.limits.reasonLengthMax / parts.length)),
  } as const;
  if (isRejection(await execute(ports, state, whole.key, command))) return 0;
  ports.log(`${whole.id}: all its parts failed, so one agent does it in one piece`);
  return 1 + (await closeParts(ports, state, { ...whole, whole: command.parts }));
}

/** Whether somebody else waits for a part: then a person decides. */
async function areNeeded({ store }: CoordinatorPorts, parent: Task, parts: readonly Task[]): Promise<boolean> {
  const family = new Set([parent.key, ...parts.map(({ key }) => key)]);
  for (const { key } of parts)
    for (const dependant of await store.dependants(key)) if (!family.has(dependant)) return true;
  return false;
}

async function closeParts(ports: CoordinatorPorts, state: CoordinatorState, { id, whole = [] }: Task): Promise<number> {
  let closed = 0;
  for (const part of await tasksOf(ports, whole)) {
    if (part.closed !== null) continue;
    const why = `all parts of ${id} failed; ${id} is done in one piece instead`;
    const answer = await execute(ports, state, part.key, { type: 'close', as: 'cancelled', why });
    if (!isRejection(answer)) closed += 1;
  }
  return closed;
}

async function tasksOf({ store }: CoordinatorPorts, keys: readonly TaskKey[]): Promise<Task[]> {
  const records = await Promise.all(keys.map(async (key) => store.task(key)));
  return records.flatMap((record) => (record === null ? [] : [record.task]));
}

type Execute = CoordinatorPorts['store']['execute'];

async function execute(
  { store, clock }: CoordinatorPorts,
  state: CoordinatorState,
  ...[key, command]: [Parameters<Execute>[0], Parameters<Execute>[1]]
): ReturnType<Execute> {
  return store.execute(key, command, { actor: 'coordinator', now: clock.now(), durable: true, epoch: epochOf(state) });
}
