/**
 * An Orbit project as actions see it: a real repository, its store in SQLite, and a clock that stands still. Nothing of Orbit is
 * replaced but the clock.
 */
import { mkdirSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { Context } from '../../src/actions/context.ts';
import { openProject, openRepositoryForInit } from '../../src/compose.ts';
import type { TaskCommand } from '../../src/core/command.ts';
import { taskKey } from '../../src/core/id.ts';
import type { TaskDraft } from '../../src/core/plan.ts';
import { accepted, asking, draftTask, evidenceOf, load, start } from '../conformance/store-fixture.ts';
import { fakeClock, type FakeClock } from './fake-clock.ts';
import { makeRepository, type TestRepository } from './repository.ts';

export interface ProjectStage {
  made: TestRepository;
  /** As a person's; its clock is `clock`. */
  context: Context;
  clock: FakeClock;
  /** What people were warned of. */
  warnings: string[];
  /** Loads tasks as a plan, `001` by default. */
  load: (tasks: readonly (string | TaskDraft)[], plan?: string) => Promise<void>;
  /** Claims a task; its token. */
  claim: (id: string, agent?: string, plan?: string) => Promise<number>;
  /** Claims a task and proves it with a commit; with `approval` it waits for a person's word. */
  prove: (
    id: string,
    work: { commit: string; base: string | null; plan?: string; approval?: string },
  ) => Promise<number>;
  execute: (id: string, command: TaskCommand, plan?: string) => Promise<void>;
}

export async function projectStage(
  order: { files?: Record<string, string>; settings?: object } = {},
): Promise<ProjectStage> {
  const settings = order.settings === undefined ? {} : { 'orbit.config.json': JSON.stringify(order.settings) };
  const made = makeRepository({ files: { 'README.md': 'A project.\n', ...order.files, ...settings } });
  onTestFinished(() => made.dispose());
  const opening = { directory: made.directory, environment: { USER: 'tester', PATH: process.env['PATH'] ?? '' } };
  const { paths, createStore } = openRepositoryForInit(opening);
  mkdirSync(paths.orbitDirectory, { recursive: true });
  await createStore();
  const warnings: string[] = [];
  const opened = await openProject({ ...opening, warn: (text) => void warnings.push(text) });
  onTestFinished(async () => opened.store[Symbol.asyncDispose]());
  const clock = fakeClock(start);
  const context: Context = { ...opened, clock };
  const { store } = context;
  const claim: ProjectStage['claim'] = async (id, agent = 'a-1', plan = '001') => {
    const request = asking(agent, { task: taskKey(plan, id), branch: `orbit/${plan}/${id}` });
    return accepted(await store.claim(request, agent, clock.now())).token;
  };
  const execute: ProjectStage['execute'] = async (id, command, plan = '001') => {
    const by = { actor: 'a-1', now: clock.now(), durable: false };
    accepted(await store.execute(taskKey(plan, id), command, by));
  };
  return {
    made,
    context,
    clock,
    warnings,
    claim,
    execute,
    load: async (tasks, plan = '001') => {
      const drafts = tasks.map((task) => (typeof task === 'string' ? draftTask(task) : task));
      await load(store, drafts, { plan, now: clock.now() });
    },
    prove: async (id, { commit, base, plan = '001', approval }) => {
      const token = await claim(id, 'a-1', plan);
      const tree = made.git('rev-parse', `${commit}^{tree}`);
      const evidence = evidenceOf(token, { commit, base, tree, agent: 'a-1', at: clock.now() });
      await execute(id, { type: 'prove', token, evidence, ...(approval === undefined ? {} : { approval }) }, plan);
      return token;
    },
  };
}
