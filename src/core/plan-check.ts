/**
 * What is wrong or doubtful about a plan as drafted, whatever it was read from.
 *
 * Owns two sets of findings. Faults of structure refuse a plan: ids, dependencies, rings, layers. Doubts about its fit to
 * this repository and these agents are found against facts that the caller looked up. A reader of a format finds faults
 * of structure as well, with better lines; both use the same codes, so that doubles can be told by code, task and line.
 */
import { agentFamily } from './agent-name.ts';
import { barriersOf } from './barrier.ts';
import { findCycles, type Graph } from './graph.ts';
import { nameFault } from './id.ts';
import type { Finding, PlanDraft, TaskDraft } from './plan.ts';
import { overlapFindings } from './plan-overlap.ts';
import { pathFinder } from './path-finder.ts';

/** What is known around a plan; `null` = not known, so nothing is said about it. */
export interface PlanSurroundings {
  /** Names of the agents in the settings. */
  agents: readonly string[] | null;
  /** Files of the repository, relative to its top. */
  paths: readonly string[] | null;
  /** Globs that several attempts may write at once. */
  shared?: readonly string[];
}

/** All findings about a draft: faults of structure and doubts about its fit. */
export function validateDraft(draft: PlanDraft, around: PlanSurroundings): Finding[] {
  return joinFindings(draftFindings(draft), fitFindings(draft, around));
}

/** Puts findings of several checks together: the same complaint about the same task and line is kept once, by line. */
export function joinFindings(...lists: readonly (readonly Finding[])[]): Finding[] {
  const kept = new Map<string, Finding>();
  for (const finding of lists.flat()) {
    const name = `${finding.code} ${finding.task} ${finding.line}`;
    if (!kept.has(name)) kept.set(name, finding);
  }
  return [...kept.values()].toSorted((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0);
}

/** Faults of structure; each is an error. */
export function draftFindings(draft: PlanDraft): Finding[] {
  const first = new Map<string, TaskDraft>();
  const findings: Finding[] = [];
  for (const task of draft.tasks) {
    const fault = nameFault(task.id);
    const before = first.get(task.id);
    if (fault !== null)
      findings.push(error(task, 'bad-id', `the id ${JSON.stringify(task.id)} cannot be used: ${fault}`));
    if (before === undefined) first.set(task.id, task);
    else
      findings.push(
        error(task, 'duplicate-id', `${task.id} is used already in line ${before.line}; give one of them another id`),
      );
    if (task.layer !== null && (!Number.isSafeInteger(task.layer) || task.layer < 0)) {
      findings.push(error(task, 'bad-layer', `${task.id}: the layer ${task.layer} is not a whole number from 0 on`));
    }
  }
  for (const task of draft.tasks) findings.push(...dependencyFaults(task, first));
  return [...findings, ...cycleFaults(draft, first)];
}

function dependencyFaults(task: TaskDraft, known: ReadonlyMap<string, TaskDraft>): Finding[] {
  return [...new Set(task.dependencies)].flatMap((id) => {
    if (id === task.id) return [error(task, 'self-dependency', `${id} depends on itself; remove that dependency`)];
    // A task of another plan is looked up when the plan is stored.
    if (id.includes('/') || known.has(id)) return [];
    return [error(task, 'unknown-dependency', `${task.id} depends on ${id}, which is not in the plan`)];
  });
}

function cycleFaults(draft: PlanDraft, known: ReadonlyMap<string, TaskDraft>): Finding[] {
  return findCycles(graphOf(draft)).map((cycle) => {
    const task = known.get(cycle[0] ?? '');
    const shown = cycle.length > shownMax ? [...cycle.slice(0, shownMax), '…', ...cycle.slice(-1)] : cycle;
    const message = `${shown.join(' → ')}: each waits for the next, so none could start; remove one of these dependencies`;
    return { severity: 'error', code: 'cycle', message, line: task?.line ?? null, task: task?.id ?? null };
  });
}

/** Names in one message; a longer list helps nobody. */
const shownMax = 10;

/** The draft's dependencies with those of `layers: hard`, without the ones that a task has on itself. */
function graphOf({ tasks, layers }: PlanDraft): Graph<string> {
  const barrierBelow = barriersOf(tasks.map(({ id, layer }) => ({ key: `/${id}`, layer })));
  return new Map(
    tasks.map(({ id, layer, dependencies }) => {
      const barrier = layers === 'hard' ? barrierBelow(layer).map((key) => key.slice(1)) : [];
      return [id, [...new Set([...dependencies.filter((dependency) => dependency !== id), ...barrier])]];
    }),
  );
}

/** Doubts about how the plan fits what is there: agents that nobody runs, scopes without files, work that will queue. */
export function fitFindings(draft: PlanDraft, { agents, paths, shared = [] }: PlanSurroundings): Finding[] {
  const open = draft.tasks.filter((task) => !task.ticked);
  return [
    ...(agents === null ? [] : open.flatMap((task) => agentFault(task, new Set(agents)))),
    // An empty repository has no files to match: everything in it will be new.
    ...(paths === null || paths.length === 0 ? [] : scopeDoubts(open, paths)),
    ...overlapFindings(open, graphOf(draft), shared),
  ];
}

function agentFault(task: TaskDraft, agents: ReadonlySet<string>): Finding[] {
  if (task.agent === null || agents.has(task.agent) || agents.has(agentFamily(task.agent))) return [];
  const known = [...agents].slice(0, shownMax).join(', ');
  const message = `${task.id} wants @${task.agent}, which is not in the settings (${known || 'no agents'}); write @any or add the agent`;
  return [error(task, 'unknown-agent', message)];
}

function scopeDoubts(tasks: readonly TaskDraft[], paths: readonly string[]): Finding[] {
  const exists = pathFinder(paths);
  return tasks.flatMap((task) => {
    const missing = task.scope.filter((entry) => !exists(entry));
    if (missing.length === 0) return [];
    const message = `${task.id}: no file matches ${missing.slice(0, shownMax).join(', ')}; that is fine for files that the task creates`;
    return [{ severity: 'warning', code: 'scope-matches-nothing', message, line: task.line, task: task.id }];
  });
}

function error(task: TaskDraft, code: string, message: string): Finding {
  return { severity: 'error', code, message, line: task.line, task: task.id };
}
