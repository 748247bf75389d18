/**
 * Merges what a plan's file says into the tasks that the store knows (A3).
 *
 * Owns who wins. The file proposes: it makes tasks, changes those not begun, and ticks those that somebody did by hand.
 * The store keeps what happened: work that runs or is done is not redefined under the feet of its agent, and nothing is
 * taken back or removed because a line is missing. Invariant: merging the same file again gives no command, and no
 * finding that the merge before did not give.
 */
import type { TaskCommand } from './command.ts';
import { barriersOf } from './barrier.ts';
import { findCycles } from './graph.ts';
import { keyParts, taskKey, type TaskKey } from './id.ts';
import type { Finding, Plan, PlanDraft, TaskDraft } from './plan.ts';
import { hasEnded } from './status.ts';
import type { Task, TaskDefinition } from './task.ts';

export interface PlanMerge {
  /** In this order: creations as the file lists them, changes, closings. Empty when a finding is an error. */
  commands: readonly { key: TaskKey; command: TaskCommand }[];
  findings: readonly Finding[];
}

/** Why a task is closed whose box somebody ticked by hand. */
const tickedInFile = 'ticked in the file';

/** What of a task may change at any time: words and order, nothing that its work was judged by. */
const softFields = ['title', 'body', 'priority', 'estimateMs'] as const;
const hardFields = ['kind', 'parent', 'layer', 'agent', 'scope', 'checks'] as const;

/** @param current all tasks of the plan in the store. */
export function mergeDraft({
  plan,
  current,
  draft,
}: {
  plan: Plan;
  current: readonly Task[];
  draft: PlanDraft;
}): PlanMerge {
  const stored = new Map(current.map((task) => [task.key, task]));
  const wanted = readDraft(plan, draft);
  if ((draft.layers ?? plan.layers) === 'hard') addBarriers(wanted, current);
  const steps = [...wanted.values()].map((one) => mergeTask(one, stored.get(one.key) ?? null));
  const findings = [
    ...steps.flatMap((step) => step.findings),
    ...missing(current, wanted),
    ...graphFaults(wanted, stored),
  ];
  if (findings.some((finding) => finding.severity === 'error')) return { commands: [], findings };
  const commands = (['create', 'change', 'close'] as const).flatMap((type) =>
    steps.flatMap(({ key, commands: all }) =>
      all.filter((one) => one.type === type).map((command) => ({ key, command })),
    ),
  );
  return { commands, findings };
}

/** A task as the file wants it. */
interface WantedTask {
  key: TaskKey;
  draft: TaskDraft;
  /** Dependencies that the file names. */
  named: ReadonlySet<TaskKey>;
  /** Dependencies by way of `layers: hard`. */
  barrier: ReadonlySet<TaskKey>;
}

/** Tasks of the store that the file does not list hold the layers above them back like all others. */
function addBarriers(wanted: Map<TaskKey, WantedTask>, current: readonly Task[]): void {
  const cancelled = new Set(current.filter((task) => task.closed?.as === 'cancelled').map((task) => task.key));
  const listed = [...wanted.values()].map(({ key, draft }) => ({ key, layer: draft.layer }));
  const counted = [...listed, ...current.filter((task) => !wanted.has(task.key))];
  const barrierBelow = barriersOf(counted.filter((task) => !cancelled.has(task.key)));
  for (const one of wanted.values()) one.barrier = new Set(barrierBelow(one.draft.layer));
}

/** The first of several tasks with one id counts; the format's reader complains about the others. */
function readDraft(plan: Plan, draft: PlanDraft): Map<TaskKey, WantedTask> {
  const wanted = new Map<TaskKey, WantedTask>();
  for (const task of draft.tasks) {
    const key = taskKey(plan.id, task.id);
    if (wanted.has(key)) continue;
    const named = new Set(task.dependencies.map((id) => (isKey(id) ? id : taskKey(plan.id, id))));
    wanted.set(key, { key, draft: task, named, barrier: new Set() });
  }
  return wanted;
}

function isKey(id: string): id is TaskKey {
  return id.includes('/');
}

interface Step {
  key: TaskKey;
  commands: TaskCommand[];
  findings: Finding[];
}

function mergeTask(wanted: WantedTask, task: Task | null): Step {
  const { key } = wanted;
  const draft = task === null ? wanted.draft : { ...wanted.draft, scope: scopeKept(wanted.draft, task) };
  const definition = definitionOf({ ...wanted, draft });
  if (task === null) {
    const close: TaskCommand[] = draft.ticked ? [{ type: 'close', as: 'completed', why: tickedInFile }] : [];
    return { key, commands: [{ type: 'create', definition }, ...close], findings: [] };
  }
  const tick = mergeTick(draft, task);
  const changed = isBegun(task) ? changeOfBegun({ ...wanted, draft }, task) : changeOfOpen(definition, task);
  return { key, commands: [...changed.commands, ...tick.commands], findings: [...changed.findings, ...tick.findings] };
}

/** What came to the scope by a wish stays, though the file does not know of it. */
function scopeKept({ scope }: TaskDraft, { widened }: Task): readonly string[] {
  if (scope.length === 0) return scope;
  return [...scope, ...widened.map(({ entry }) => entry).filter((entry) => !scope.includes(entry))];
}

/** Its work runs, is done or has ended: only words and order may change. */
function isBegun(task: Task): boolean {
  return task.claim !== null || task.evidence !== null || hasEnded(task);
}

function definitionOf({ draft, named, barrier }: WantedTask): TaskDefinition {
  const { ticked: _ticked, line: _line, ...definition } = draft;
  return { ...definition, dependencies: [...new Set([...named, ...barrier])] };
}

function changeOfOpen(definition: TaskDefinition, task: Task): Omit<Step, 'key'> {
  const same =
    [...softFields, ...hardFields].every((field) => isSame(definition[field], task[field])) &&
    isSameSet(definition.dependencies, task.dependencies);
  return { commands: same ? [] : [{ type: 'change', definition }], findings: [] };
}

function changeOfBegun(wanted: WantedTask, task: Task): Omit<Step, 'key'> {
  const { draft } = wanted;
  const refused: string[] = hardFields.filter((field) => !isSame(draft[field], task[field]));
  if (dependenciesDiffer(wanted, task)) refused.push('dependencies');
  const findings: Finding[] = [];
  if (refused.length > 0) {
    const state = task.claim === null ? 'is done' : `is being worked on by ${task.claim.agent}`;
    const message = `${draft.id} ${state}, so its ${refused.join(', ')} stay as they were; for new work write a new task`;
    findings.push(warning(draft, 'contradiction', message));
  }
  if (softFields.every((field) => draft[field] === task[field])) return { commands: [], findings };
  const { id, kind, parent, layer, agent, scope, checks, dependencies } = task;
  const { title, body, priority, estimateMs } = draft;
  const definition = { id, kind, parent, layer, agent, scope, checks, dependencies, title, body, priority, estimateMs };
  return { commands: [{ type: 'change', definition }], findings };
}

/** Barriers do not count: a task that has begun has passed them. */
function dependenciesDiffer({ named, barrier }: WantedTask, task: Task): boolean {
  const stored = new Set(task.dependencies);
  if ([...named].some((key) => !stored.has(key))) return true;
  return barrier.size === 0 && stored.size > named.size;
}

/** The tick is a proposal of a person who did the work by hand; a running attempt is not ended by it. */
function mergeTick(draft: TaskDraft, task: Task): Omit<Step, 'key'> {
  const nothing = { commands: [], findings: [] };
  const { closed, claim } = task;
  if (!draft.ticked) {
    // A tick that Orbit has yet to write is no contradiction; one that was there and went away is.
    if (closed?.as !== 'completed' || closed.why !== tickedInFile) return nothing;
    const message = `${draft.id} was ticked before and is no longer; it stays completed (orbit reopen ${task.key})`;
    return { commands: [], findings: [warning(draft, 'contradiction', message)] };
  }
  if (closed?.as === 'cancelled') {
    const message = `${draft.id} is ticked, but it was cancelled: ${closed.why}; it stays cancelled (orbit reopen ${task.key})`;
    return { commands: [], findings: [warning(draft, 'contradiction', message)] };
  }
  if (claim !== null) {
    const message = `${draft.id} is ticked, but ${claim.agent} is working on it (attempt ${claim.token}); it stays running (orbit close ${task.key})`;
    return { commands: [], findings: [warning(draft, 'contradiction', message)] };
  }
  if (hasEnded(task) || task.evidence !== null) return nothing;
  return { commands: [{ type: 'close', as: 'completed', why: tickedInFile }], findings: [] };
}

/** Tasks that the file no longer lists. Those without a layer, where the file has layers, were made by commands. */
function missing(current: readonly Task[], wanted: ReadonlyMap<TaskKey, WantedTask>): Finding[] {
  const isLayered = [...wanted.values()].some(({ draft }) => draft.layer !== null);
  return current
    .filter((task) => !wanted.has(task.key) && !isBegun(task) && (task.layer !== null || !isLayered))
    .map(({ id, key }) => ({
      severity: 'warning',
      code: 'missing-task',
      message: `${id} is in the plan but not in its file; it is kept (orbit cancel ${key} drops it)`,
      line: null,
      task: id,
    }));
}

/** Checks the graph as it would be: what the file wants where that counts, what the store has elsewhere. */
function graphFaults(wanted: ReadonlyMap<TaskKey, WantedTask>, stored: ReadonlyMap<TaskKey, Task>): Finding[] {
  const graph = new Map<TaskKey, readonly TaskKey[]>();
  for (const [key, task] of stored) graph.set(key, task.dependencies);
  for (const [key, one] of wanted) {
    const task = stored.get(key);
    if (task === undefined || !isBegun(task)) graph.set(key, [...one.named, ...one.barrier]);
  }
  const cycles = findCycles(graph).map((cycle): Finding => {
    const at = cycle.map((key) => wanted.get(key)?.draft).find((draft) => draft !== undefined);
    const path = cycle.map((key) => wanted.get(key)?.draft.id ?? stored.get(key)?.id ?? key);
    const message = `${path.join(' → ')}: each waits for the next, so none could start; remove one of these dependencies`;
    return { severity: 'error', code: 'cycle', message, line: at?.line ?? null, task: at?.id ?? null };
  });
  return [...unknownDependencies(wanted, graph), ...cycles];
}

/** Of this plan only; whether another plan has a task is for the store to say. */
function unknownDependencies(
  wanted: ReadonlyMap<TaskKey, WantedTask>,
  graph: ReadonlyMap<TaskKey, unknown>,
): Finding[] {
  return [...wanted.values()].flatMap(({ key: own, draft, named }) =>
    [...named]
      .filter((key) => keyParts(key).plan === keyParts(own).plan && !graph.has(key))
      .map((key): Finding => {
        const message = `${draft.id} depends on ${keyParts(key).task}, which is neither in the file nor in the plan`;
        return { severity: 'error', code: 'unknown-dependency', message, line: draft.line, task: draft.id };
      }),
  );
}

function warning(draft: TaskDraft, code: string, message: string): Finding {
  return { severity: 'warning', code, message, line: draft.line, task: draft.id };
}

function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(a);
  return left.size === new Set(b).size && b.every((item) => left.has(item));
}
