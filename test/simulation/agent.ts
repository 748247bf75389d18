/**
 * Agents as small state machines: good ones, and all the ways in which they fail.
 *
 * An agent writes and commits in its workspace and says how it went by its exit. What it says is a claim.
 */
import { OperationalError } from '../../src/platform/error.ts';
import { areas, filePath, pathsInScope, sharedPath, type Behaviour } from './scenario.ts';
import type { Random } from './random.ts';
import type { SimProcess } from './world.ts';
import type { Directories } from './workspaces.ts';

export interface AgentJob {
  directory: string;
  task: string;
  token: number;
  scope: readonly string[];
  behaviour: Behaviour;
  /** Told what was missing: a second or third go in the same workspace. */
  mending: boolean;
  directories: Directories;
  random: Random;
}

export interface AgentWord {
  exitCode: number;
  report: { noChanges: string | null } | null;
  asks: string | null;
  givesUp: string | null;
  /** What it ran into, told as its program tells it. */
  wall: 'quota' | 'context' | null;
  /** Another task has to come first. */
  blocks: boolean;
}

/** Fills `word` as it goes; a killed agent leaves it as it was. */
export async function agentMain(process: SimProcess, job: AgentJob, word: AgentWord): Promise<void> {
  try {
    if (job.mending) await mend(process, job);
    else await work(process, job, word);
    if (job.behaviour === 'crashes' && !job.mending) return;
    if (word.asks === null && word.givesUp === null && word.wall === null && !word.blocks) {
      word.report = { noChanges: job.behaviour === 'no-changes' ? 'there was nothing to change' : null };
    }
    word.exitCode = 0;
  } catch (error) {
    // Its directory went away under it: it fails, as any program would.
    if (!(error instanceof OperationalError)) throw error;
  }
}

async function work(process: SimProcess, job: AgentJob, word: AgentWord): Promise<void> {
  const { behaviour, random } = job;
  const rounds = behaviour === 'slow' ? random.int(6, 12) : random.int(1, 3);
  if (behaviour === 'lies' || behaviour === 'no-changes') return process.gate(random.int(1_000, 8_000));
  for (let round = 1; round <= rounds; round += 1) {
    await process.gate(random.int(500, 8_000));
    change(job, pathFor(job));
    if (behaviour === 'hangs' && round === rounds) await process.gate(3_600_000);
    if (behaviour === 'crashes' && round === rounds) return;
    await process.gate(random.int(100, 2_000));
    if (random.chance(0.7) || round === rounds) commit(process, job, behaviour === 'amends' && random.chance(0.6));
  }
  if (behaviour === 'quota' || behaviour === 'context') word.wall = behaviour;
  if (behaviour === 'blocks') word.blocks = true;
  if (word.wall !== null || word.blocks) {
    if (random.chance(0.6)) change(job, pathFor(job));
    return;
  }
  if (behaviour === 'asks') word.asks = 'which of the two?';
  if (behaviour === 'gives-up') word.givesUp = 'it cannot be done';
  if (behaviour === 'out-of-scope' || behaviour === 'never-mends') {
    change(job, outsidePath(job));
    commit(process, job, false);
  }
  if (behaviour === 'dirty') change(job, pathFor(job));
}

/** Takes back what is out of scope, commits what is not, and changes something, so that a red check gets another tree. */
async function mend(process: SimProcess, job: AgentJob): Promise<void> {
  await process.gate(job.random.int(500, 5_000));
  if (job.behaviour === 'never-mends' || job.behaviour === 'lies') return;
  if (job.behaviour === 'out-of-scope') {
    const path = outsidePath(job);
    job.directories.write(job.directory, path, `original ${path}`);
  }
  change(job, pathFor(job));
  commit(process, job, false);
}

function change(job: AgentJob, path: string): void {
  const before = job.directories.files(job.directory).get(path) ?? '';
  const mark = `${job.task}-${job.token}.${job.random.int(0, 999)}`;
  job.directories.write(
    job.directory,
    path,
    path === sharedPath || job.random.chance(0.8) ? mark : `${before} ${mark}`.slice(-60),
  );
}

function commit(process: SimProcess, job: AgentJob, amend: boolean): void {
  job.directories.commit(job.directory, { message: `work on ${job.task}`, atMs: process.world.now(), amend });
}

function pathFor({ scope, random }: AgentJob): string {
  const own = pathsInScope(scope);
  // Shared paths may be written by every task.
  if (random.chance(0.05)) return sharedPath;
  return own.length > 0 ? random.pick(own) : filePath(random, random.pick(areas));
}

function outsidePath({ scope }: AgentJob): string {
  const own = pathsInScope(scope);
  return areas.map((area) => `${area}/file0.txt`).find((path) => !own.includes(path)) ?? 'outside.txt';
}
