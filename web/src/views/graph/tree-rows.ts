/** The graph as rows of a tree table: groups, their tasks, and on demand what each of them needs. Pure. */
import type { Task } from '../../../../src/api/contract.ts';
import { groupOf, groupStatus, groupTitle, keyFrom, type Grouping } from './fold.ts';

export interface TreeRow {
  /** Unique: a task that is needed by several stands below each of them. */
  id: string;
  level: number;
  task: Task | null;
  title: string;
  status: Task['status'];
  /** Of how many the group's tasks are landed; tasks: needs met of all needs. */
  done: number;
  total: number;
  /** `null`: nothing below it. */
  open: boolean | null;
  position: number;
  siblings: number;
}

/** What needs what is followed this deep at most; the same task may stand in many places. */
const depthMax = 6;

/** @param toggled rows that are not as they are at first: groups with open work are open, all else is closed. */
export function treeRows(tasks: readonly Task[], by: Grouping, toggled: ReadonlySet<string>): TreeRow[] {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const groups = [...Map.groupBy(tasks, (task) => groupOf(task, by))].toSorted(([a], [b]) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const rows: TreeRow[] = [];
  for (const [position, [group, own]] of groups.entries()) {
    const id = `group:${group}`;
    const landed = own.filter(({ status }) => status === 'landed').length;
    const isOpenFirst = own.some(({ status }) => status !== 'landed' && status !== 'cancelled');
    const isOpen = toggled.has(id) !== isOpenFirst;
    rows.push({
      id,
      level: 1,
      task: null,
      title: groupTitle(group, by),
      status: groupStatus(own),
      done: landed,
      total: own.length,
      open: isOpen,
      position: position + 1,
      siblings: groups.length,
    });
    if (isOpen) addTasks(rows, own, { above: id, level: 2, byKey, toggled });
  }
  return rows;
}

interface Place {
  above: string;
  level: number;
  byKey: ReadonlyMap<string, Task>;
  toggled: ReadonlySet<string>;
}

function addTasks(rows: TreeRow[], tasks: readonly Task[], place: Place): void {
  for (const [index, task] of tasks.entries()) {
    const id = `${place.above}>${task.key}`;
    const needs = task.dependencies.flatMap((need) => place.byKey.get(keyFrom(task.plan, need)) ?? []);
    const isOpen = place.toggled.has(id);
    rows.push({
      id,
      level: place.level,
      task,
      title: task.title,
      status: task.status,
      done: task.dependencies.length - task.waitingFor.length,
      total: task.dependencies.length,
      open: needs.length === 0 || place.level > depthMax ? null : isOpen,
      position: index + 1,
      siblings: tasks.length,
    });
    if (isOpen && needs.length > 0 && place.level <= depthMax)
      addTasks(rows, needs, { ...place, above: id, level: place.level + 1 });
  }
}
