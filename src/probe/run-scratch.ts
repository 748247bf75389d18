/**
 * Runs the scratch project with the ordinary `orbit run`, as a process of its own: what is measured is what a user gets.
 *
 * Owns its end: after the first attempt or the time limit the run is asked to stop, then made to.
 */
import { spawn } from 'node:child_process';
import { endProcessTree } from '../platform/process-tree.ts';
import { processIdentity } from '../platform/process.ts';
import { probeTask } from './scratch.ts';

export interface ScratchRun {
  /** The time limit ended it. */
  isLate: boolean;
  /** What the run itself complained of. */
  complaints: string;
}

export async function runScratch(order: {
  directory: string;
  agent: string;
  /** Program and arguments that start Orbit. */
  program: readonly [string, string];
  environment: Readonly<Record<string, string | undefined>>;
  timeoutMs: number;
  signal: AbortSignal;
}): Promise<ScratchRun> {
  const { directory, agent, program, environment, timeoutMs, signal } = order;
  const args = [program[1], 'run', probeTask.plan, '--agents', `${agent}:1`, '--json'];
  const child = spawn(program[0], args, {
    cwd: directory,
    env: ownSettingsOnly(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own group: a terminal's Ctrl-C comes to this process alone, which then ends the run in order.
    detached: true,
  });
  const identity = child.pid === undefined ? null : processIdentity(child.pid);
  let [complaints, isLate] = ['', false];
  const closed = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints = (complaints + text).slice(-4_000)));
  // Asked once to stop, and after a while once more, which ends agents by force; then it is ended itself.
  const stop = (): void => {
    if (timers.length > 1) return;
    child.kill('SIGTERM');
    timers.push(setTimeout(() => child.kill('SIGTERM'), patienceMs));
    timers.push(setTimeout(() => void kill(), 2 * patienceMs));
  };
  const kill = async (): Promise<void> => {
    if (identity !== null) await endProcessTree(identity, { marker: null, ownRoot: true, graceMs: 0 });
  };
  const timers = [
    setTimeout(() => {
      isLate = true;
      stop();
    }, timeoutMs),
  ];
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (lines.some(endsAttempt)) stop();
  });
  try {
    await closed;
    return { isLate, complaints };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

const patienceMs = 15_000;

/** One attempt is measured; whatever would come after it is not waited for. */
function endsAttempt(line: string): boolean {
  try {
    const { type } = JSON.parse(line) as { type?: string };
    return type === 'attempt-ended' || type === 'task-done';
  } catch {
    return false;
  }
}

/** Variables that stand for settings or for an attempt would make the scratch project another one. */
function ownSettingsOnly(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('ORBIT_'),
  );
  return Object.fromEntries(kept);
}
