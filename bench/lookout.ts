/**
 * The look-out over 64 branches of a repository with 5,000 files, by the coordinator's own `Lookout`: all pairs from nothing, and one
 * branch that moved. The limits are git's own processes for the same work, without Orbit around them.
 *
 * Branches change eight files each: most of their own, one shared by four of them at places far apart, so that 96 pairs have to be
 * merged and merge, and one pair in each such group of four that does not.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { openCoordinator } from '../src/compose-run.ts';
import type { LookoutContext } from '../src/coordinator/lookout/lookout.ts';
import { Lookout } from '../src/coordinator/lookout/lookout.ts';
import { lead } from '../src/coordinator/lead.ts';
import { newCoordinatorState } from '../src/coordinator/state.ts';
import { ensureTarget } from '../src/coordinator/landing/target.ts';
import { isRejection } from '../src/core/rejection.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { environmentOf } from './processes.ts';
import { applyDraft, draftTask, makeProject, type Project } from './project.ts';
import { filePath } from './repository.ts';
import { inRounds, timed } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'lookout', run };

const branches = 64;
const perGroup = 4;

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const [rounds, warmUp] = quick ? [3, 1] : [15, 2];
  using scratch = makeScratch();
  await using project = await makeProject({ directory: join(scratch.directory, 'project'), files: 5_000 });
  note(`lookout: making ${branches} branches`);
  writeBranches(
    project,
    Array.from({ length: branches }, (_, index) => index),
    0,
  );
  await startAll(project);
  const context = await lookoutContext(project);
  const { base } = project.repository;
  const kept = new Lookout(context);
  await kept.look();
  const found = (await project.context.store.conflicts()).length;
  if (found !== branches / perGroup) throw new Error(`${found} conflicts found, ${branches / perGroup} are there`);
  let turn = 0;
  const samples = await inRounds(
    { rounds, warmUp },
    {
      fromNothing: async () => timed(async () => new Lookout(context).look()),
      moved: async () => {
        turn += 1;
        writeBranches(project, [turn % branches], turn);
        return timed(async () => kept.look());
      },
      sets: () =>
        bare(
          project,
          'diff-tree',
          tipsOf(project).map((tip) => `${tree(project, base)} ${tree(project, tip)}`),
        ),
      overlapping: () =>
        bare(
          project,
          'merge-tree',
          pairsOf(tipsOf(project), (one, other) => group(one) === group(other)),
        ),
      all: () =>
        bare(
          project,
          'merge-tree',
          pairsOf(tipsOf(project), () => true),
        ),
      oneAgainstAll: () =>
        bare(
          project,
          'merge-tree',
          pairsOf(tipsOf(project), (one) => one === 0),
        ),
    },
  );
  return rowsOf(samples);
}

type Case = 'fromNothing' | 'moved' | 'sets' | 'overlapping' | 'all' | 'oneAgainstAll';

function rowsOf(samples: Readonly<Record<Case, number[]>>): Row[] {
  const floor = median(samples.sets) + median(samples.overlapping);
  return [
    {
      what: `conflict look-out, ${branches} branches, 5,000 files: from nothing`,
      measured: { value: median(samples.fromNothing), unit: 'ms' },
      limit: { value: floor, unit: 'ms', of: 'git: path sets, and merges of pairs that overlap' },
      goal: { of: 'ratio', most: 2 },
    },
    {
      what: '  one moved branch',
      measured: { value: median(samples.moved), unit: 'ms' },
      limit: { value: median(samples.oneAgainstAll), unit: 'ms', of: 'git: merges with all others' },
      goal: { of: 'measured', most: 250 },
    },
    {
      what: '  without the filter (to compare)',
      measured: { value: median(samples.all), unit: 'ms', of: 'git: merges of all pairs' },
      limit: { value: floor, unit: 'ms', of: 'git: path sets, and merges of pairs that overlap' },
    },
  ];
}

function group(index: number): number {
  return Math.floor(index / perGroup);
}

/** Moves these branches to a commit whose content depends on `turn`. */
function writeBranches({ repository }: Project, which: readonly number[], turn: number): void {
  const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const edited = (path: string, lines: readonly number[], mark: string): string => {
    const text = repository.git('show', `${repository.base}:${path}`).split('\n');
    for (const line of lines) text[line] = `export const edited${line} = '${mark}';`;
    return `M 100644 inline ${path}\n${data(`${text.join('\n')}\n`)}`;
  };
  const commits = which.map((index) => {
    const mark = `${index}-${turn}`;
    const own = Array.from({ length: 7 }, (_, at) => edited(filePath(index * 7 + at), [20], mark));
    // The last two of a group want the same line.
    const place = 5 + 10 * Math.min(index % perGroup, perGroup - 2);
    const shared = edited(filePath(4_000 + group(index)), [place], mark);
    const head = `commit refs/heads/work-${index}\ncommitter Ada <ada@example.org> ${1_790_000_000 + turn} +0000\n`;
    return `${head}${data(mark)}from ${repository.base}\n${own.join('')}${shared}`;
  });
  execFileSync('git', ['fast-import', '--quiet', '--force'], {
    cwd: repository.directory,
    env: environmentOf({}),
    input: `${commits.join('')}done\n`,
  });
}

/** One running attempt a branch. */
async function startAll({ context: { store }, repository }: Project): Promise<void> {
  const plan = await applyDraft(
    store,
    '001',
    Array.from({ length: branches }, (_, index) => draftTask(`T${String(index).padStart(2, '0')}`)),
  );
  for (let index = 0; index < branches; index += 1) {
    const now = Date.now();
    const claimed = await store.claim(
      {
        agent: `agent-${index}`,
        plan: plan.id,
        task: `001/T${String(index).padStart(2, '0')}`,
        byHand: false,
        leaseMs: 3_600_000,
        shared: [],
        base: repository.base,
        workspace: null,
        branch: `work-${index}`,
      },
      'coordinator',
      now,
    );
    if (isRejection(claimed)) throw new Error(claimed.message);
  }
}

async function lookoutContext({ context }: Project): Promise<LookoutContext> {
  const order = { plans: ['001'], agents: [], environment: environmentOf({}), log: () => undefined };
  const { ports, settings } = await openCoordinator(context, order);
  const state = newCoordinatorState();
  await lead(ports, settings, state);
  const plan = await context.store.plan('001');
  if (plan !== null) await ensureTarget(ports, plan);
  return { ports, settings: { ...settings, limits: { ...settings.limits, lookoutSettleMs: 0 } }, state };
}

function tipsOf({ repository }: Project): string[] {
  return repository
    .git('rev-parse', ...Array.from({ length: branches }, (_, index) => `refs/heads/work-${index}`))
    .split('\n');
}

const trees = new Map<string, string>();

function tree({ repository }: Project, commit: string): string {
  const known = trees.get(commit) ?? repository.git('rev-parse', `${commit}^{tree}`);
  trees.set(commit, known);
  return known;
}

function pairsOf(tips: readonly string[], wanted: (one: number, other: number) => boolean): string[] {
  return tips.flatMap((tip, one) =>
    tips.flatMap((against, other) => (other > one && wanted(one, other) ? [`${tip} ${against}`] : [])),
  );
}

const forms = {
  'diff-tree': ['diff-tree', '--stdin', '-r', '-t', '-z', '--raw', '--no-renames'],
  'merge-tree': ['merge-tree', '--write-tree', '-z', '--stdin'],
} as const;

/** One process of git for all lines, its objects thrown away as the look-out's are. */
function bare({ repository }: Project, form: keyof typeof forms, lines: readonly string[]): number {
  using scratch = makeScratch();
  const borrowed = {
    GIT_OBJECT_DIRECTORY: scratch.directory,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(repository.directory, '.git', 'objects'),
  };
  const start = performance.now();
  execFileSync('git', forms[form], {
    cwd: repository.directory,
    env: { ...environmentOf({}), ...borrowed },
    input: `${lines.join('\n')}\n`,
    maxBuffer: 2 ** 28,
  });
  return performance.now() - start;
}
