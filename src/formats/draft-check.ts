/**
 * Draft check: what can be wrong with tasks and their edges, whatever file they came from.
 *
 * Owns the findings about the graph: rings, parents, layers and ticks that contradict the edges.
 */
import type { Finding, TaskDraft } from '../core/plan.ts';
import { errorAt, excerpt, warningAt } from './format.ts';
import { findRings } from './ring.ts';

/** @param tasks with unique ids, and dependencies that are ids among them or of other plans. */
export function checkDraft(tasks: readonly TaskDraft[]): Finding[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return [
    ...tasks.flatMap((task) => checkTask(task, byId)),
    ...ringFindings(byId, 'cycle', (task) => task.dependencies),
    ...ringFindings(byId, 'parent-cycle', (task) => (task.parent === null ? [] : [task.parent])),
  ];
}

/** Of tasks with the same id only the first stays; the others are told. */
export function firstOfEachId<T extends { draft: TaskDraft }>(
  tasks: readonly T[],
  findings: Finding[],
): Map<string, T> {
  const byId = new Map<string, T>();
  for (const task of tasks) {
    const { id, line } = task.draft;
    const first = byId.get(id);
    if (first === undefined) {
      byId.set(id, task);
      continue;
    }
    const message = `${excerpt(id)} is used twice, first in line ${first.draft.line}: give one of the two another id`;
    findings.push(errorAt({ line, task: id }, 'duplicate-id', message));
  }
  return byId;
}

type Tasks = ReadonlyMap<string, TaskDraft>;

function checkTask(task: TaskDraft, byId: Tasks): Finding[] {
  const findings: Finding[] = [];
  const place = { line: task.line, task: task.id };
  if (task.parent !== null && !byId.has(task.parent)) {
    const message = `${task.id}: its parent ${excerpt(task.parent)} is not in this plan`;
    findings.push(warningAt(place, 'unknown-parent', message));
  }
  for (const id of task.dependencies) {
    const dependency = byId.get(id);
    if (dependency === undefined) continue;
    if (task.layer !== null && dependency.layer !== null && dependency.layer > task.layer) {
      const message = `${task.id} of layer ${task.layer} depends on ${id} of the later layer ${dependency.layer}: move one of them`;
      findings.push(warningAt(place, 'later-layer', message));
    }
    if (task.ticked && !dependency.ticked) {
      const message = `${task.id} is ticked, but ${id} (line ${dependency.line}), which it depends on, is open`;
      findings.push(warningAt(place, 'ticked-too-early', message));
    }
  }
  return findings;
}

function ringFindings(
  byId: Tasks,
  code: 'cycle' | 'parent-cycle',
  next: (task: TaskDraft) => readonly string[],
): Finding[] {
  const tasks = [...byId.values()];
  const place = new Map(tasks.map((task, index) => [task.id, index]));
  const edges = tasks.map((task) => next(task).flatMap((id) => place.get(id) ?? []));
  return findRings(edges).map((ring) => {
    const ids = ring.map((index) => tasks[index]?.id ?? '');
    const path = [...ids, ids[0]];
    const shown = path.length > 12 ? [...path.slice(0, 10), '…', path.at(-1)] : path;
    const verb = code === 'cycle' ? 'wait for each other' : "are each other's parents";
    const line = tasks[ring[0] ?? 0]?.line ?? null;
    return errorAt(
      { line, task: ids[0] ?? null },
      code,
      `these tasks ${verb}: ${shown.join(' → ')}; take one of the edges out`,
    );
  });
}
