/**
 * Landing finished branches, checks aside: the coordinator's own `landRound`, against as many bare `git merge-tree` processes.
 *
 * Both sides take the branches in blocks, block by block in random order, because a landing changes the target for good. The
 * bare merges go onto the target as it is at that moment, so that git has the same work to do.
 */
import { join } from 'node:path';
import { openCoordinator } from '../src/compose-run.ts';
import { newCoordinatorState } from '../src/coordinator/state.ts';
import { landRound } from '../src/coordinator/landing/landing.ts';
import type { LandingContext } from '../src/coordinator/landing/step.ts';
import { ensureTarget } from '../src/coordinator/landing/target.ts';
import { lead } from '../src/coordinator/lead.ts';
import type { Plan } from '../src/core/plan.ts';
import { isRejection } from '../src/core/rejection.ts';
import { programsStarted, startCounting, type Counts } from './counters.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { environmentOf, runAlone } from './processes.ts';
import { applyDraft, draftTask, makeProject, type Project } from './project.ts';
import { filePath } from './repository.ts';
import { inRounds, timed } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'landing', run };

const blockSize = 20;

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const [rounds, warmUp] = quick ? [2, 1] : [5, 1];
  // Before anything waits for questions.
  const countsOf = startCounting();
  const branches = (rounds + warmUp) * blockSize;
  using scratch = makeScratch();
  await using project = await makeProject({ directory: join(scratch.directory, 'project'), files: 2_000, branches });
  const { repository } = project;
  note(`landing: ${branches} tasks in blocks of ${blockSize}`);
  const plan = await makePlan(project);
  const context = await landingContext(project);
  await ensureTarget(context.ports, plan);
  const counted: Counts[] = [];
  const samples = await inRounds(
    { rounds, warmUp },
    {
      land: async (round) => {
        await finishBlock(project, plan, round);
        countsOf();
        const ms = await timed(async () => landAll(context, plan));
        if (round >= warmUp) counted.push(countsOf());
        return ms;
      },
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
  note(`landing: started git ${programsStarted()}`);
  const landed = repository.git('for-each-ref', '--format=x', 'refs/orbit/landed/').split('\n').length;
  if (landed !== branches) throw new Error(`${landed} of ${branches} branches have landed`);
  return [
    {
      what: 'landing a clean branch, 2,000 files, no checks',
      measured: { value: median(samples.land) / blockSize, unit: 'ms' },
      limit: { value: median(samples.merge) / blockSize, unit: 'ms', of: 'a git merge-tree process' },
      goal: { of: 'ratio', most: 1.25 },
    },
    ...countRows(counted),
  ];
}

async function landAll(context: LandingContext, plan: Plan): Promise<void> {
  for (;;) {
    const step = await landRound(context, plan);
    if (step.outcome === 'idle') return;
    if (step.outcome !== 'moved') throw new Error(`a clean branch did not land: ${JSON.stringify(step)}`);
  }
}

async function makePlan({ context: { store }, repository }: Project): Promise<Plan> {
  const scopeOf = (index: number): string[] => [
    filePath(2 * index),
    filePath(2 * index + 1),
    `src/new/file-${index + 1}.ts`,
  ];
  const tasks = repository.branches.map((_, index) => draftTask(`T${index + 1}`, { scope: scopeOf(index) }));
  return applyDraft(store, '001', tasks);
}

/** Per branch: what the time above goes into. */
function countRows(counted: readonly Counts[]): Row[] {
  const each = (of: (counts: Counts) => number): number =>
    Math.round((median(counted.map((counts) => of(counts))) / blockSize) * 100) / 100;
  return [
    { what: '  processes of git', measured: { value: each((counts) => counts.processes), unit: '' } },
    { what: '  questions to a waiting cat-file', measured: { value: each((counts) => counts.questions), unit: '' } },
    { what: '  commits of the store', measured: { value: each((counts) => counts.commits), unit: '' } },
    { what: '  those that wait for the disk', measured: { value: each((counts) => counts.durableCommits), unit: '' } },
  ];
}

/** The tasks of a block, one a branch, done as their runners would have left them. */
async function finishBlock({ context: { store }, repository }: Project, plan: Plan, round: number): Promise<void> {
  for (let index = round * blockSize; index < (round + 1) * blockSize; index += 1) {
    const commit = repository.branches[index] ?? '';
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
}

async function landingContext({ context }: Project): Promise<LandingContext> {
  const order = { plans: ['001'], agents: [], environment: environmentOf({}), log: () => undefined };
  const { ports, settings } = await openCoordinator(context, order);
  const state = newCoordinatorState();
  await lead(ports, settings, state);
  return { ports, settings, state };
}
