/**
 * What a coordinator costs while fifty agents think: memory and processor time of a real `orbit run`, from the kernel's own books.
 *
 * Agents are `sleep`. The runners' memory is shown beside it, because a machine pays for both.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Store } from '../src/store/store.ts';
import { processesOf, startRun } from './live-run.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { copyProgram, environmentOf } from './processes.ts';
import { looseTasks, makeProject, writePlan } from './project.ts';
import { atEnd, makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'quiet-agents', run };

const startMsMax = 180_000;
/** Length of one kernel tick in `/proc/<pid>/stat`; 100 a second on every Linux that Node runs on. */
const tickMs = 10;

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  if (process.platform !== 'linux') throw new Error('it reads /proc, which only Linux has');
  const [agents, windowMs] = quick ? [10, 5_000] : [50, 15_000];
  using scratch = makeScratch();
  const program = copyProgram(scratch.directory);
  const settings = { agents: { quiet: { adapter: 'command', command: ['sleep', '600'], slots: agents } } };
  await using project = await makeProject({ directory: join(scratch.directory, 'project'), files: 50, settings });
  await writePlan(project, '001', looseTasks(agents));
  const empty = await emptyMemoryMb();
  const running = startRun(project, program, '001');
  try {
    note(`quiet-agents: starting ${agents} agents`);
    await untilStarted(project.context.store, agents);
    const runners = (await processesOf(project.context.store)).flatMap(({ runner }) =>
      runner === null ? [] : [runner.pid],
    );
    // Starting leaves garbage and late timers behind; a minute's first seconds are not its price.
    await wait(windowMs / 3);
    const before = usedMs(running.pid);
    const runnersBefore = runners.reduce((sum, pid) => sum + usedMs(pid), 0);
    const start = performance.now();
    await wait(windowMs);
    const elapsed = performance.now() - start;
    const share = ((usedMs(running.pid) - before) / elapsed) * 100;
    const runnersShare = ((runners.reduce((sum, pid) => sum + usedMs(pid), 0) - runnersBefore) / elapsed) * 100;
    const limit = { value: empty, unit: 'MB', of: 'an idle node' } as const;
    const peak = memoryMb(running.pid, 'VmHWM');
    return [
      {
        what: `coordinator with ${agents} quiet agents, memory at most`,
        measured: { value: peak, unit: 'MB' },
        limit,
        goal: { of: 'measured', most: 300, below: true },
      },
      {
        what: `coordinator with ${agents} quiet agents, of one core`,
        measured: { value: share, unit: '%' },
        goal: { of: 'measured', most: 5, below: true },
      },
      {
        what: '  each of their runners, memory',
        measured: { value: median(runners.map((pid) => memoryMb(pid, 'VmRSS'))), unit: 'MB' },
        limit,
      },
      { what: `  all ${runners.length} runners, of one core`, measured: { value: runnersShare, unit: '%' } },
    ];
  } finally {
    note('quiet-agents: stopping');
    await running.stop();
  }
}

/** Looks now and then: beats ring no bell. */
async function untilStarted(store: Store, agents: number): Promise<void> {
  for (const deadline = performance.now() + startMsMax; ; await wait(200)) {
    const started = (await processesOf(store)).filter(({ agent }) => agent !== null).length;
    if (started === agents) return;
    if (performance.now() > deadline) throw new Error(`${started} of ${agents} agents started within ${startMsMax} ms`);
  }
}

async function emptyMemoryMb(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1e9)'], {
    env: environmentOf({}),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  using _child = atEnd(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return memoryMb(child.pid ?? 0, 'VmRSS');
}

function memoryMb(pid: number, name: 'VmHWM' | 'VmRSS'): number {
  const kb = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}

/** Processor time in user and kernel mode since the start; the fields after the name, which may hold spaces (proc_pid_stat(5)). */
function usedMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}
