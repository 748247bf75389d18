/**
 * Overlapping scopes of tasks that no dependency orders: they will run one after another, in an order nobody chose (C9).
 *
 * Owns that warning. It is one for each task, about the tasks before it in the file.
 */
import { ancestorsOf, type Graph } from './graph.ts';
import { meetingEntries } from './overlap.ts';
import type { Finding, TaskDraft } from './plan.ts';
import { tidyEntry } from './scope.ts';

/** Earlier users of one path that a task is compared with; a path with more is reported all the same. */
const usersMax = 20;

/** Steps along dependencies in one call; beyond it the rest of the plan goes without these warnings. */
const stepsMax = 2_000_000;

/** @param shared globs that several attempts may write at once. */
export function overlapFindings(
  tasks: readonly TaskDraft[],
  graph: Graph<string>,
  shared: readonly string[],
): Finding[] {
  const meeting = meetingEntries(
    tasks.flatMap((task) => task.scope),
    shared,
  );
  const users = new Map<string, TaskDraft[]>();
  const ordered = orderOf(graph);
  const findings: Finding[] = [];
  for (const task of tasks) {
    const clashes = new Map<TaskDraft, string>();
    const entries = new Set(task.scope.map(tidyEntry).filter((entry) => meeting.has(entry)));
    for (const entry of entries) {
      for (const other of meeting.get(entry) ?? []) {
        for (const user of users.get(other) ?? []) if (!clashes.has(user)) clashes.set(user, entry);
      }
    }
    const unordered = [...clashes].filter(([other]) => other.id !== task.id && !ordered(task.id, other.id));
    if (unordered.length > 0) findings.push(overlapFinding(task, unordered));
    for (const entry of entries) users.set(entry, [...(users.get(entry) ?? []), task].slice(-usersMax));
  }
  return findings;
}

/** Whether one of two tasks depends on the other, directly or through others. */
function orderOf(graph: Graph<string>): (a: string, b: string) => boolean {
  const below = new Map<string, ReadonlySet<string>>();
  let steps = 0;
  const ancestors = (name: string): ReadonlySet<string> => {
    const known = below.get(name) ?? ancestorsOf(graph, name);
    if (!below.has(name)) steps += known.size;
    below.set(name, known);
    return known;
  };
  return (a, b) => steps > stepsMax || ancestors(a).has(b) || ancestors(b).has(a);
}

function overlapFinding(task: TaskDraft, unordered: readonly (readonly [TaskDraft, string])[]): Finding {
  const names = unordered.slice(0, 5).map(([other]) => other.id);
  const more = unordered.length > names.length ? ` and ${unordered.length - names.length} more` : '';
  const path = unordered[0]?.[1] ?? '';
  const message = `${task.id} may write ${path} like ${names.join(', ')}${more} without depending on them: they will run one after another; add a dependency, split the path, or declare it shared`;
  return { severity: 'warning', code: 'scope-overlap', message, line: task.line, task: task.id };
}
