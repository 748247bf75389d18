/**
 * A real `orbit run` beside this process: started, watched through the store, and ended with all that it started.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Attempt, ProcessIdentity } from '../src/core/attempt.ts';
import { lookAtProcess } from '../src/platform/process.ts';
import type { Store } from '../src/store/store.ts';
import { environmentOf } from './processes.ts';
import type { Project } from './project.ts';
import { atEnd } from './scratch.ts';

export interface LiveRun {
  pid: number;
  /** Resolves when the run ends by itself. Throws unless it exits with 0. */
  ended(): Promise<void>;
  /** Asks it to stop, waits, and makes sure that no runner and no agent is left. */
  stop(): Promise<void>;
}

/** A run that does not stop when it is asked to. */
const stopMsMax = 120_000;

export function startRun({ context, repository }: Project, program: string, plan: string): LiveRun {
  const child = spawn(process.execPath, [program, 'run', plan, '--json'], {
    cwd: repository.directory,
    env: environmentOf({}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('orbit run could not be started');
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const emergency = atEnd(() => child.kill('SIGKILL'));
  return {
    pid,
    async ended() {
      const [code] = await exit;
      emergency[Symbol.dispose]();
      if (code !== 0) throw new Error(`orbit run ended with ${code}: ${complaints}`);
    },
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), stopMsMax);
      await exit;
      clearTimeout(late);
      emergency[Symbol.dispose]();
      await endLeftovers(context.store);
    },
  };
}

/** Processes of attempts, as their runners last said. */
export async function processesOf(
  store: Store,
): Promise<{ runner: ProcessIdentity | null; agent: ProcessIdentity | null }[]> {
  return (await store.attempts({})).map(({ pulse }: Attempt) => ({ runner: pulse.runner, agent: pulse.agent }));
}

async function endLeftovers(store: Store): Promise<void> {
  const all = (await processesOf(store)).flatMap(({ runner, agent }) => [runner, agent]);
  for (const identity of all) {
    if (identity !== null && lookAtProcess(identity) === 'alive') process.kill(identity.pid, 'SIGKILL');
  }
}
