/** Owns the selections of a memory store that have an order or a rule of their own. */
import type { Attempt } from '../../core/attempt.ts';
import type { StackLook } from '../../core/early-start.ts';
import type { TaskKey } from '../../core/id.ts';
import { deriveStatus } from '../../core/status.ts';
import type { Task } from '../../core/task.ts';
import { metLevel, metLevelNeeded } from '../change.ts';
import { compareReady, wantedNames } from '../claim-choice.ts';
import type { AttemptQuery, Note, TaskQuery, TaskRecord } from '../store.ts';
import { wordsOf } from '../words.ts';
import type { TaskRow, Tables } from './tables.ts';

export function recordOf({ task, unmet, score }: TaskRow): TaskRecord {
  return { task, unmet, score };
}

/** Everything that could be claimed now, best first; scopes aside. */
export function readyRows(
  tables: Tables,
  { plan, agent }: { plan: string | null; agent: string | null },
  now: number,
): TaskRow[] {
  const names = agent === null ? null : wantedNames(agent);
  const found: TaskRow[] = [];
  for (const row of tables.tasks.values()) {
    const { task, unmet } = row;
    if (unmet > 0 || (plan !== null && task.plan !== plan) || (names !== null && !names.includes(task.agent))) continue;
    if (deriveStatus(task, unmet, now) !== 'ready' || tables.plans.get(task.plan)?.paused === true) continue;
    found.push(row);
  }
  return found.sort(compareReady);
}

/** The tasks that attempts at this one made. */
export function madeBy(tables: Tables, key: TaskKey): Task[] {
  return [...tables.tasks.values()].map(({ task }) => task).filter(({ origin }) => origin?.task === key);
}

export function selectAttempts(tables: Tables, { task, plan, live = false }: AttemptQuery): Attempt[] {
  return [...tables.attempts.values()].filter(
    (attempt) =>
      (task === undefined || attempt.task === task) &&
      (plan === undefined || attempt.task.startsWith(`${plan}/`)) &&
      (!live || attempt.endedAt === null),
  );
}

/** What lies under a task that could be claimed. */
export function stackRows(tables: Tables): StackLook {
  const rowOf = (key: TaskKey): Task | null => tables.tasks.get(key)?.task ?? null;
  return {
    unlanded: ({ dependencies }) =>
      [...new Set(dependencies)]
        .map(rowOf)
        .filter((task) => task !== null && metLevel(task) === metLevelNeeded('done')) as Task[],
    task: rowOf,
  };
}

/** In the order of plan and creation. */
export function selectTasks(tables: Tables, query: TaskQuery, now: number): TaskRow[] {
  const { plan, status, mayTake, limit = Number.POSITIVE_INFINITY } = query;
  const names = mayTake === undefined ? null : wantedNames(mayTake);
  const found: TaskRow[] = [];
  for (const row of tables.tasks.values()) {
    const { task, unmet } = row;
    if (plan !== undefined && task.plan !== plan) continue;
    if (names !== null && !names.includes(task.agent)) continue;
    if (status !== undefined && !status.includes(deriveStatus(task, unmet, now))) continue;
    found.push(row);
  }
  if (plan === undefined) found.sort((one, other) => compareText(one.task.plan, other.task.plan));
  return found.slice(0, limit);
}

/** The dependencies of a task as stored. */
export function needsOf(tables: Tables, key: TaskKey): readonly TaskKey[] {
  return tables.tasks.get(key)?.task.dependencies ?? [];
}

/** Those with most of the words first, the title counting double; newest first among equals and without words. */
export function findNotes(notes: readonly Note[], query: string): Note[] {
  const newest = notes.toReversed();
  const wanted = wordsOf(query);
  if (query.trim() === '') return newest;
  const rank = ({ title, text, paths }: Note): number => {
    const inTitle = wordsOf(title);
    const inText = wordsOf(`${text} ${paths.join(' ')}`);
    return wanted.reduce((sum, word) => sum + (inTitle.includes(word) ? 2 : 0) + (inText.includes(word) ? 1 : 0), 0);
  };
  const ranked = newest.map((note) => ({ note, points: rank(note) })).filter(({ points }) => points > 0);
  return ranked.sort((one, other) => other.points - one.points).map(({ note }) => note);
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
