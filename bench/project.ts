/**
 * Orbit projects for measures: a generated repository, `orbit init`, settings, plans made from generated drafts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../src/actions/context.ts';
import { importPlan } from '../src/actions/import-plan.ts';
import { initProject } from '../src/actions/init-project.ts';
import { openProject, openRepositoryForInit } from '../src/compose.ts';
import { scoreDraft } from '../src/core/order.ts';
import type { Plan, TaskDraft } from '../src/core/plan.ts';
import { isRejection } from '../src/core/rejection.ts';
import type { Store } from '../src/store/store.ts';
import { environmentOf } from './processes.ts';
import { generateRepository, type GeneratedRepository } from './repository.ts';

export interface Project extends AsyncDisposable {
  repository: GeneratedRepository;
  context: Context;
}

export interface ProjectOrder {
  directory: string;
  files: number;
  branches?: number;
  /** `orbit.config.json`. */
  settings?: object;
}

/** Makes the project and holds its store open, as a coordinator does. */
export async function makeProject(order: ProjectOrder): Promise<Project> {
  const repository = generateRepository(order);
  const { directory } = order;
  if (order.settings !== undefined) writeFileSync(join(directory, 'orbit.config.json'), JSON.stringify(order.settings));
  const environment = environmentOf({});
  const { paths, ...parts } = openRepositoryForInit({ directory, environment });
  await initProject(paths, { agentsFile: false, skill: false, path: '' }, parts);
  const context = await openProject({ directory, environment });
  return { repository, context, [Symbol.asyncDispose]: async () => context.store[Symbol.asyncDispose]() };
}

export interface PlanTask {
  id: string;
  needs?: readonly string[];
  files?: readonly string[];
}

/** Writes a plan's file where a person would have it, and reads it in. */
export async function writePlan(
  { context, repository }: Project,
  plan: string,
  tasks: readonly PlanTask[],
): Promise<void> {
  const file = join(repository.directory, `specs/${plan}/agent-tasks/layered-tasks.md`);
  const lines = tasks.flatMap(({ id, needs = [], files = [] }) => [
    `- [ ] ${id} Work on part ${id}`,
    `      Dependencies: ${needs.length === 0 ? 'None' : needs.join(', ')}`,
    ...(files.length === 0 ? [] : [`      Files: ${files.join(', ')}`]),
  ]);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, ['# A plan', '', '## Layer 1: All', '', ...lines, ''].join('\n'));
  await importPlan(context, { file, plan, format: 'layered-tasks' });
}

/** `count` tasks with no dependencies. */
export function looseTasks(count: number): PlanTask[] {
  return Array.from({ length: count }, (_, index) => ({ id: `T${String(index + 1).padStart(3, '0')}` }));
}

/** Puts a plan into a store without any file. */
export async function applyDraft(store: Store, id: string, tasks: readonly TaskDraft[]): Promise<Plan> {
  const draft = { title: id, unblock: null, layers: null, layerList: [], checks: [], tasks };
  const target = `refs/heads/orbit/${id}`;
  const plan: Plan = {
    id,
    title: id,
    source: null,
    unblock: 'done',
    layers: 'hints',
    layerList: [],
    checks: [],
    target,
    paused: false,
    createdAt: 0,
  };
  const applied = await store.applyPlan({ plan, draft, scores: scoreDraft(draft) }, 'bench', Date.now());
  if (isRejection(applied)) throw new Error(applied.message);
  return plan;
}

export function draftTask(id: string, fields: Partial<TaskDraft> = {}): TaskDraft {
  const plain = {
    title: `Work on part ${id}`,
    body: '',
    kind: 'implement',
    parent: null,
    layer: null,
    agent: null,
    priority: 0,
  } as const;
  return { id, ...plain, scope: [], checks: [], dependencies: [], estimateMs: null, ticked: false, line: 1, ...fields };
}
