/**
 * A graph with some groups of tasks folded into one node each. Pure.
 *
 * Owns which group a task belongs to and what becomes of the edges: those inside a folded group vanish, several between the same two
 * become one.
 */
import type { Task, TaskStatus } from '../../../../src/api/contract.ts';
import { plain } from '../../parts/plain.ts';

export type Grouping = 'layer' | 'plan' | 'agent' | 'kind';
export const groupings: readonly Grouping[] = ['layer', 'plan', 'agent', 'kind'];

export interface GraphNode {
  key: string;
  title: string;
  band: number | null;
  needs: readonly string[];
  /** `null`: a folded group. */
  task: Task | null;
  group: { id: string; tasks: readonly Task[] } | null;
}

/** The name of the group that a task is in, for the eye and the address. */
export function groupOf(task: Task, by: Grouping): string {
  if (by === 'layer') return task.layer === null ? 'none' : String(task.layer);
  return by === 'plan' ? task.plan : by === 'agent' ? (task.holder ?? task.agent ?? 'any') : task.kind;
}

/** The full key of what a task names: its own plan's ids are short. */
export function keyFrom(plan: string, dependency: string): string {
  return dependency.includes('/') ? dependency : `${plan}/${dependency}`;
}

export function foldedGraph(tasks: readonly Task[], by: Grouping, folded: ReadonlySet<string>): GraphNode[] {
  const home = new Map<string, string>();
  const members = new Map<string, Task[]>();
  for (const task of tasks) {
    const group = groupOf(task, by);
    if (!folded.has(group)) {
      home.set(task.key, task.key);
      continue;
    }
    home.set(task.key, groupKey(group));
    members.set(group, [...(members.get(group) ?? []), task]);
  }
  const needsOf = (task: Task): string[] => task.dependencies.map((one) => keyFrom(task.plan, one));
  const single = tasks
    .filter((task) => !folded.has(groupOf(task, by)))
    .map((task) => ({
      key: task.key,
      title: plain(task.title),
      band: task.layer,
      needs: distinct(needsOf(task).map((need) => home.get(need) ?? need)),
      task,
      group: null,
    }));
  const groups = [...members].map(([id, own]) => ({
    key: groupKey(id),
    title: groupTitle(id, by),
    band: own.reduce<number | null>((low, { layer }) => (layer === null ? low : Math.min(low ?? layer, layer)), null),
    needs: distinct(own.flatMap(needsOf).map((need) => home.get(need) ?? need)).filter((need) => need !== groupKey(id)),
    task: null,
    group: { id, tasks: own },
  }));
  return [...single, ...groups];
}

function groupKey(group: string): string {
  return `group:${group}`;
}

export function groupTitle(group: string, by: Grouping): string {
  if (group === 'none') return 'No layer';
  return by === 'layer'
    ? `Layer ${group}`
    : by === 'plan'
      ? `Plan ${group}`
      : by === 'agent'
        ? `Agent ${group}`
        : group;
}

/** A group's own status: what a person must see first. */
export function groupStatus(tasks: readonly Task[]): TaskStatus {
  const own = new Set(tasks.map(({ status }) => status));
  const first: readonly TaskStatus[] = ['needs-you', 'running', 'landing', 'done', 'ready', 'waiting', 'blocked'];
  return first.find((status) => own.has(status)) ?? (own.has('landed') ? 'landed' : 'cancelled');
}

function distinct(keys: readonly string[]): string[] {
  return [...new Set(keys)];
}
