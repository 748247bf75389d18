/**
 * Many agents claim at the same moment: the slowest of 32 processes at once, and whether any two got the same task.
 */
import { join } from 'node:path';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { copyProgram, emptyNode, runTogether, type Ended } from './processes.ts';
import { looseTasks, makeProject, writePlan } from './project.ts';
import { inRounds } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { percentile } from './statistics.ts';

export const measure: Measure = { name: 'parallel-claims', run };

const atOnce = 32;
const planTasks = 60;

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const [rounds, warmUp] = [quick ? 4 : 20, 1];
  using scratch = makeScratch();
  const program = copyProgram(scratch.directory);
  await using project = await makeProject({ directory: join(scratch.directory, 'project'), files: 50 });
  for (let round = 0; round < rounds + warmUp; round += 1) await writePlan(project, `p${round}`, looseTasks(planTasks));
  const cwd = project.repository.directory;
  const empty: Ended[] = [];
  const claims: Ended[] = [];
  const tokens: string[] = [];
  const wait = (ended: readonly Ended[]): number => Math.max(...ended.map(({ ms }) => ms));
  await inRounds(
    { rounds, warmUp },
    {
      empty: async (round) => {
        const ended = await runTogether(Array.from({ length: atOnce }, () => emptyNode(cwd)));
        if (round >= warmUp) empty.push(...ended);
        return wait(ended);
      },
      claim: async (round) => {
        const order = (index: number): string[] => [
          program,
          'claim',
          '--agent',
          `agent-${index}`,
          '--plan',
          `p${round}`,
          '--json',
        ];
        const ended = await runTogether(
          Array.from({ length: atOnce }, (_, index) => ({ command: process.execPath, args: order(index), cwd })),
        );
        tokens.push(...ended.filter(({ exitCode }) => exitCode === 0).map(({ output }) => taskOf(output, round)));
        if (round >= warmUp) claims.push(...ended);
        return wait(ended);
      },
    },
  );
  const failed = claims.filter(({ exitCode }) => exitCode !== 0);
  for (const { output } of failed.slice(0, 3)) note(`parallel-claims: ${output.trim()}`);
  const p99 = (ended: readonly Ended[]): number =>
    percentile(
      ended.map(({ ms }) => ms),
      0.99,
    );
  return [
    {
      what: `orbit claim, ${atOnce} processes at once`,
      measured: { value: p99(claims), unit: 'ms', of: 'p99' },
      limit: { value: p99(empty), unit: 'ms', of: 'p99 of node -e 0' },
      goal: { of: 'ratio', most: 1.25 },
    },
    {
      what: '  tasks claimed twice',
      measured: { value: tokens.length - new Set(tokens).size, unit: '' },
      goal: { of: 'measured', most: 0 },
    },
    {
      what: '  claims that failed, busy store or other',
      measured: { value: failed.length, unit: '' },
      goal: { of: 'measured', most: 0 },
    },
  ];
}

function taskOf(output: string, round: number): string {
  return `p${round}/${(JSON.parse(output) as { task: string }).task}`;
}
