/**
 * Landing finished branches, checks aside: the coordinator's own `landNext`, against as many bare `git merge-tree` processes.
 *
 * Both sides take the branches in blocks, block by block in random order, because a landing changes the target for good. The
 * bare merges go onto the target as it is at that moment, so that git has the same work to do.
 */
import { join } from 'node:path';
import { openCoordinator } from '../src/compose-run.ts';
import { newCoordinatorState } from '../src/coordinator/state.ts';
import { landNext } from '../src/coordinator/landing/landing.ts';
import type { LandingContext } from '../src/coordinator/landing/step.ts';
import { ensureTarget } from '../src/coordinator/landing/target.ts';
import { lead } from '../src/coordinator/lead.ts';
import type { Plan } from '../src/core/plan.ts';
import { isRejection } from '../src/core/rejection.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { environmentOf, runAlone } from './processes.ts';
import { applyDraft, draftTask, makeProject, type Project } from './project.ts';
import { filePath } from './repository.ts';
import { inRounds, timed } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'landing', run };

const blockSize = 5;

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const [rounds, warmUp] = quick ? [5, 1] : [20, 1];
  const branches = (rounds + warmUp) * blockSize;
  using scratch = makeScratch();
  await using project = await makeProject({ directory: join(scratch.directory, 'project'), files: 2_000, branches });
  const { repository } = project;
  note(`landing: finishing ${branches} tasks`);
  const plan = await finishAll(project);
  const context = await landingContext(project);
  await ensureTarget(context.ports, plan);
  const samples = await inRounds(
    { rounds, warmUp },
    {
      land: async () =>
        timed(async () => {
          for (let at = 0; at < blockSize; at += 1) {
            const step = await landNext(context, plan);
            if (step.outcome !== 'moved') throw new Error(`a clean branch did not land: ${JSON.stringify(step)}`);
          }
        }),
      merge: (round) => {
        const target = repository.git('rev-parse', plan.target);
        const tips = repository.branches.slice(round * blockSize, (round + 1) * blockSize);
        const args = (tip: string): string[] => ['merge-tree', '--write-tree', target, tip];
        return tips.reduce(
          (ms, tip) => ms + runAlone({ command: 'git', args: args(tip), cwd: repository.directory }).ms,
          0,
        );
      },
    },
  );
  const landed = repository.git('rev-list', '--count', '--first-parent', `${repository.base}..${plan.target}`);
  if (Number(landed) !== branches) throw new Error(`${landed} of ${branches} branches are on the target`);
  return [
    {
      what: 'landing a clean branch, 2,000 files, no checks',
      measured: { value: median(samples.land) / blockSize, unit: 'ms' },
      limit: { value: median(samples.merge) / blockSize, unit: 'ms', of: 'a git merge-tree process' },
      goal: { of: 'ratio', most: 1.25 },
    },
  ];
}

/** One task a branch, done as a runner would have left it. */
async function finishAll({ context: { store }, repository }: Project): Promise<Plan> {
  const scopeOf = (index: number): string[] => [
    filePath(2 * index),
    filePath(2 * index + 1),
    `src/new/file-${index + 1}.ts`,
  ];
  const tasks = repository.branches.map((_, index) => draftTask(`T${index + 1}`, { scope: scopeOf(index) }));
  const plan = await applyDraft(store, '001', tasks);
  for (const [index, commit] of repository.branches.entries()) {
    const now = Date.now();
    const agent = `agent-${index}`;
    const claimed = await store.claim(
      {
        agent,
        plan: plan.id,
        task: `001/T${index + 1}`,
        byHand: false,
        leaseMs: 60_000,
        shared: [],
        base: repository.base,
        workspace: null,
        branch: null,
      },
      'coordinator',
      now,
    );
    if (isRejection(claimed)) throw new Error(claimed.message);
    const { token, task } = claimed;
    const tree = repository.git('rev-parse', `${commit}^{tree}`);
    const evidence = {
      token,
      agent,
      commit,
      base: repository.base,
      tree,
      branch: null,
      commits: 1,
      files: 3,
      checks: [],
      noChanges: null,
      at: now,
    };
    const proven = await store.execute(
      task.key,
      { type: 'prove', token, evidence },
      { actor: agent, now, durable: false },
    );
    if (isRejection(proven)) throw new Error(proven.message);
  }
  return plan;
}

async function landingContext({ context }: Project): Promise<LandingContext> {
  const order = { plans: ['001'], agents: [], environment: environmentOf({}), log: () => undefined };
  const { ports, settings } = await openCoordinator(context, order);
  const state = newCoordinatorState();
  await lead(ports, settings, state);
  return { ports, settings, state };
}
