/**
 * Modules: parts of the work with a name, a priority and modules that come before (E11).
 *
 * Owns which tasks belong to which module. The settings may name modules by their paths; where they name none, a plan's features,
 * else its layers, else the folders of its scopes are its modules.
 */
import type { TaskKey } from './id.ts';
import { limits } from './limits.ts';
import { scopesOverlap, tidyEntry } from './scope.ts';
import type { Task } from './task.ts';

/** A module as the settings name it. */
export interface ModuleSetting {
  /** Path globs; a task whose scope meets them belongs to it. */
  scope: readonly string[];
  /** Larger is sooner; 0 is normal. */
  priority: number;
  /** Modules whose work has to be finished first. */
  dependencies: readonly string[];
}

export interface Module extends ModuleSetting {
  name: string;
  tasks: readonly TaskKey[];
}

export type ModuleTask = Pick<Task, 'key' | 'id' | 'plan' | 'parent' | 'layer' | 'scope' | 'priority' | 'dependencies'>;

/** Where tasks go that fit no module of the settings. */
const otherWork = 'other';

/** Modules in the order of their priority, then of their first task. Every task belongs to one of them. */
export function modulesOf(tasks: readonly ModuleTask[], named: Readonly<Record<string, ModuleSetting>>): Module[] {
  const modules = Object.keys(named).length > 0 ? namedModules(tasks, named) : derivedModules(tasks);
  return modules.toSorted((one, other) => other.priority - one.priority);
}

function namedModules(tasks: readonly ModuleTask[], named: Readonly<Record<string, ModuleSetting>>): Module[] {
  const groups = Map.groupBy(tasks, ({ scope }) => {
    const fits = Object.entries(named).find(([, module]) => scopesOverlap(module.scope, scope, []));
    return fits?.[0] ?? otherWork;
  });
  const modules = Object.entries(named).map(([name, setting]) => ({
    name,
    scope: setting.scope,
    priority: setting.priority,
    dependencies: setting.dependencies,
    tasks: keysOf(groups.get(name) ?? []),
  }));
  const rest = named[otherWork] === undefined ? (groups.get(otherWork) ?? []) : [];
  if (rest.length === 0) return modules;
  return [...modules, { name: otherWork, scope: scopeOf(rest), priority: 0, dependencies: [], tasks: keysOf(rest) }];
}

function derivedModules(tasks: readonly ModuleTask[]): Module[] {
  const byPlan = [...Map.groupBy(tasks, ({ plan }) => plan).values()];
  const nameOf = new Map(byPlan.flatMap((own) => moduleNames(own)));
  const groups = Map.groupBy(tasks, ({ key }) => nameOf.get(key) ?? otherWork);
  return [...groups].map(([name, own]) => {
    const before = own.flatMap(({ dependencies }) => dependencies.map((key) => nameOf.get(key)));
    const dependencies = [...new Set(before)].filter((other) => other !== undefined && other !== name);
    const priority = own.reduce((most, task) => Math.max(most, task.priority), Number.NEGATIVE_INFINITY);
    return { name, scope: scopeOf(own), priority, dependencies: dependencies as string[], tasks: keysOf(own) };
  });
}

/** Of one plan's tasks: `001/F1` for a feature, else `001/layer-2`, else `001/src`, or `001/other`. */
function moduleNames(tasks: readonly ModuleTask[]): [TaskKey, string][] {
  const features = new Set(tasks.flatMap(({ parent }) => parent ?? []));
  const hasLayers = new Set(tasks.map(({ layer }) => layer)).size > 1;
  const nameOf = ({ id, parent, layer, scope }: ModuleTask): string => {
    if (features.size > 0) return parent ?? (features.has(id) ? id : otherWork);
    if (hasLayers) return layer === null ? otherWork : `layer-${layer}`;
    return /^[\w.-]+/.exec(tidyEntry(scope[0] ?? ''))?.[0] ?? otherWork;
  };
  return tasks.map((task) => [task.key, `${task.plan}/${nameOf(task)}`]);
}

function scopeOf(tasks: readonly ModuleTask[]): string[] {
  return [...new Set(tasks.flatMap(({ scope }) => scope))];
}

function keysOf(tasks: readonly ModuleTask[]): TaskKey[] {
  return tasks.map(({ key }) => key);
}

/**
 * What a module's place adds to the score of its tasks, in milliseconds as all parts of a score. Derived modules add nothing: their
 * priority is their tasks' own and stands in the score already.
 */
export function modulePriorityMs({ priority }: ModuleSetting, isNamed: boolean): number {
  return isNamed ? priority * limits.priorityPointMs : 0;
}
