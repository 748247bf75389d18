/**
 * An attempt's workspace: what `prepare` and `remove` take, against a plain `git worktree add` on the same repository.
 */
import { join } from 'node:path';
import { openWorkspaces } from '../src/workspace/git/git-workspaces.ts';
import { openRepository } from '../src/workspace/git/git-repository.ts';
import { availableParallelism } from 'node:os';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { runAlone } from './processes.ts';
import { generateRepository } from './repository.ts';
import { inRounds, timed } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'workspace', run };

const files = 5_000;

async function run({ quick }: MeasureOptions): Promise<Row[]> {
  using scratch = makeScratch();
  const repository = generateRepository({ directory: join(scratch.directory, 'project'), files });
  const cwd = repository.directory;
  const settings = { directory: '.worktrees', checkoutsAtOnceMax: availableParallelism() };
  const workspaces = await openWorkspaces(await openRepository(cwd), settings);
  const removals: number[] = [];
  let token = 0;
  const warmUp = 2;
  const samples = await inRounds(
    { rounds: quick ? 4 : 9, warmUp },
    {
      orbit: async (round) => {
        token += 1;
        const order = { task: '001/T001', token, base: repository.base, bring: [] } as const;
        let directory = '';
        const ms = await timed(async () => ({ directory } = await workspaces.prepare(order)));
        const removing = await timed(async () => {
          if (!(await workspaces.remove(order.task, token, directory))) throw new Error(`${directory} was not removed`);
        });
        if (round >= warmUp) removals.push(removing);
        return ms;
      },
      plain: (round) => {
        const directory = join(scratch.directory, `plain-${round}`);
        const { ms } = runAlone({
          command: 'git',
          args: ['worktree', 'add', '--quiet', '--detach', directory, 'main'],
          cwd,
        });
        repository.git('worktree', 'remove', '--force', directory);
        return ms;
      },
    },
  );
  const both = samples.orbit.map((ms, index) => ms + (removals[index] ?? 0));
  const limit = { value: median(samples.plain), unit: 'ms', of: 'git worktree add' } as const;
  return [
    {
      what: 'workspace of 5,000 files: prepare',
      measured: { value: median(samples.orbit), unit: 'ms' },
      limit,
      goal: { of: 'ratio', most: 0.1 },
    },
    { what: 'workspace of 5,000 files: prepare and remove', measured: { value: median(both), unit: 'ms' }, limit },
  ];
}
