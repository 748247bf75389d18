/** The project's modules with how far each is (E11). Reads only. */
import { modulePriorityMs, modulesOf, type Module } from '../../core/module.ts';
import { deriveStatus, hasEnded } from '../../core/status.ts';
import type { TaskKey } from '../../core/id.ts';
import type { TaskRecord } from '../../store/store.ts';
import { UsageError } from '../../platform/error.ts';
import { nearest } from '../../platform/text.ts';
import type { Context } from '../context.ts';
import { syncPlans } from '../sync-plan.ts';

export interface ModuleView {
  module: string;
  scope: readonly string[];
  priority: number;
  dependencies: readonly string[];
  /** Modules among those whose work is not finished. */
  waitingFor: readonly string[];
  total: number;
  finished: number;
  running: number;
  ready: number;
}

/** Tasks and modules as they are at one moment. */
export interface ModuleMap {
  records: readonly TaskRecord[];
  views: readonly ModuleView[];
  moduleOf: (key: TaskKey) => string | null;
  tasksOf: (module: string) => ReadonlySet<TaskKey>;
  /** What the module's priority adds to a task's score, in milliseconds. */
  weightMs: (key: TaskKey) => number;
}

export async function projectModules(context: Context): Promise<ModuleMap> {
  await syncPlans(context);
  const now = context.clock.now();
  const { modules: named } = await context.settings();
  const records = await context.store.tasks({}, now);
  const modules = modulesOf(
    records.map(({ task }) => task),
    named,
  );
  const byKey = new Map(records.map((record) => [record.task.key, record]));
  const owner = new Map(modules.flatMap((module) => module.tasks.map((key) => [key, module] as const)));
  const finished = new Map(modules.map((module) => [module.name, isFinished(module, byKey)]));
  const isNamed = Object.keys(named).length > 0;
  return {
    records,
    views: modules.map((module) => viewModule(module, { byKey, finished, now })),
    moduleOf: (key) => owner.get(key)?.name ?? null,
    tasksOf: (name) => new Set(modules.find((module) => module.name === name)?.tasks),
    weightMs: (key) => {
      const module = owner.get(key);
      return module === undefined ? 0 : modulePriorityMs(module, isNamed);
    },
  };
}

/** Throws `UsageError` `unknown-module` that names the nearest. */
export function requireModule({ views }: ModuleMap, name: string): ModuleView {
  const found = views.find(({ module }) => module === name);
  if (found !== undefined) return found;
  const names = views.map(({ module }) => module);
  const near = nearest(name, names);
  throw new UsageError(
    'unknown-module',
    `there is no module ${JSON.stringify(name.slice(0, 80))}`,
    near !== null
      ? `did you mean ${near}?`
      : names.length === 0
        ? 'there is no task yet: orbit import'
        : `known: ${names.slice(0, 20).join(', ')}`,
  );
}

function isFinished({ tasks }: Module, byKey: ReadonlyMap<TaskKey, TaskRecord>): boolean {
  return tasks.every((key) => {
    const task = byKey.get(key)?.task;
    return task === undefined || task.evidence !== null || hasEnded(task);
  });
}

function viewModule(
  { name, scope, priority, dependencies, tasks }: Module,
  {
    byKey,
    finished,
    now,
  }: { byKey: ReadonlyMap<TaskKey, TaskRecord>; finished: ReadonlyMap<string, boolean>; now: number },
): ModuleView {
  const own = tasks.flatMap((key) => byKey.get(key) ?? []);
  const statuses = own.map(({ task, unmet }) => deriveStatus(task, unmet, now));
  const count = (...wanted: string[]): number => statuses.filter((status) => wanted.includes(status)).length;
  return {
    module: name,
    scope,
    priority,
    dependencies,
    waitingFor: dependencies.filter((other) => finished.get(other) === false),
    total: own.length,
    finished: count('done', 'landing', 'landed', 'cancelled'),
    running: count('running'),
    ready: count('ready'),
  };
}
