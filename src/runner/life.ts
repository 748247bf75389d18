/**
 * The life of one attempt in this process: its seat, its logs, its beat, and the one signal that ends it.
 *
 * Owns what lives from the first step to the last. Invariant: one runner per attempt; a second start of the same one ends by
 * itself, because the first has taken the seat by creating a file that only one can create.
 */
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSession } from '../agent/agent.ts';
import type { Attempt, Pulse } from '../core/attempt.ts';
import { keyParts } from '../core/id.ts';
import type { Plan } from '../core/plan.ts';
import type { Task } from '../core/task.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { PortLease } from '../platform/port-lease.ts';
import { grantedSecrets } from '../platform/redact.ts';
import { startBeating, type Beating } from './beat.ts';
import type { CarryOver } from './carry-over.ts';
import { openLogs, type AttemptLogs } from './logs.ts';
import type { Ending, RunnerPorts } from './runner.ts';

/** How the attempt looks now; the beats carry it to the store. */
export type Vitals = Omit<Pulse, 'at' | 'expiresAt' | 'runner'>;

export interface Life {
  ports: RunnerPorts;
  attempt: Attempt;
  task: Task;
  plan: Plan;
  logs: AttemptLogs;
  vitals: Vitals;
  beating: Beating;
  /** Aborted with an {@link Ending} when the agent has to stop, whatever it is doing. */
  stop: AbortSignal;
  /** On the monotonic clock. */
  startedAt: number;
  /** When `task` was read, on the store's clock: what came later is news. */
  loadedAt: number;
  workspace: Workspace | null;
  /** Ports that it has for itself until it ends; `null` before they are taken. */
  leased: PortLease | null;
  /** The earlier attempt that it goes on from; `null` for a fresh start. */
  carried: CarryOver | null;
  session: AgentSession | null;
  /** Its agent's program can go on with a session in a new process. */
  canResume: boolean;
  leaveSeat(): void;
}

/** Takes the seat and starts the beat; answers why there is nothing to host instead. */
export async function beginLife(ports: RunnerPorts, token: number): Promise<Life | { fault: string }> {
  const attempt = await ports.store.attempt(token);
  if (attempt === null) return { fault: `there is no attempt ${token}` };
  if (attempt.endedAt !== null) return { fault: `attempt ${token} has ended already: ${attempt.outcome}` };
  if (attempt.byHand) return { fault: `attempt ${token} was claimed by hand: whoever claimed it runs its agent` };
  const loadedAt = ports.clock.now();
  const task = (await ports.store.task(attempt.task))?.task;
  const plan = await ports.store.plan(keyParts(attempt.task).plan);
  if (task === undefined || plan === null) return { fault: `the task ${attempt.task} of attempt ${token} is gone` };
  const seat = takeSeat(ports, attempt);
  if (seat === null) return { fault: `attempt ${token} has a runner already` };
  const now = (): number => ports.clock.now();
  const logs = openLogs({ directory: seat.directory, bytesMax: ports.limits.logBytesMax, now });
  // Before anything runs: set-up commands get them, too.
  logs.hide(grantedSecrets(ports.environment, ports.settings.environment));
  const vitals: Vitals = {
    step: 0,
    activeAt: now(),
    doing: 'starting',
    agent: null,
    tokens: 0,
    costUsd: 0,
    contextUsed: null,
    contextSize: null,
    todo: null,
    session: null,
    model: null,
  };
  const stop = new AbortController();
  const end = (ending: Ending): void => {
    if (stop.signal.aborted) return;
    logs.monitor(`stop: ${endingText(ending)}`);
    stop.abort(ending);
  };
  const obey = (): void => end(ports.release.reason as Ending);
  ports.release.addEventListener('abort', obey, { once: true });
  if (ports.release.aborted) obey();
  const { store, clock, limits, identity } = ports;
  const look = (): Omit<Pulse, 'at' | 'expiresAt'> => ({
    ...vitals,
    doing: logs.redact(vitals.doing),
    todo: vitals.todo === null ? null : { ...vitals.todo, now: logs.redact(vitals.todo.now) },
    runner: identity,
  });
  const beating = startBeating({ store, clock, token, limits, look, onLost: end, log: (line) => logs.monitor(line) });
  return {
    ports,
    attempt,
    task,
    plan,
    logs,
    vitals,
    beating,
    stop: stop.signal,
    startedAt: clock.monotonicMs(),
    loadedAt,
    workspace: null,
    leased: null,
    carried: null,
    session: null,
    canResume: false,
    leaveSeat() {
      ports.release.removeEventListener('abort', obey);
      seat.leave();
    },
  };
}

export function endingText(ending: Ending): string {
  switch (ending.as) {
    case 'done':
      return 'done';
    case 'failed':
      return `${ending.outcome}: ${ending.reason}`;
    case 'blocked':
      return `${ending.kind}: ${ending.reason}`;
    case 'handed-over':
      return `handed over (${ending.cause}): ${ending.reason}`;
    case 'released':
    case 'lost':
      return `${ending.as}: ${ending.reason}`;
  }
}

interface Seat {
  directory: string;
  leave(): void;
}

/** `null` when another runner of the same attempt has it. */
function takeSeat({ paths }: RunnerPorts, attempt: Attempt): Seat | null {
  const runs = join(paths.logs, 'run');
  mkdirSync(runs, { recursive: true, mode: 0o700 });
  const seats = join(paths.logs, 'runners');
  mkdirSync(seats, { recursive: true, mode: 0o700 });
  const seat = join(seats, String(attempt.token));
  try {
    closeSync(openSync(seat, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
  return { directory: makeFolder(runs, attempt), leave: () => rmSync(seat, { force: true }) };
}

/** `<timestamp>_<task>`; two plans may have a task of the same name claimed in the same millisecond, hence the second try. */
function makeFolder(runs: string, attempt: Attempt): string {
  const stamp = new Date(attempt.startedAt).toISOString().replaceAll(/[-:]/g, '');
  const directory = join(runs, `${stamp}_${keyParts(attempt.task).task}`);
  try {
    mkdirSync(directory, { mode: 0o700 });
    return directory;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    mkdirSync(`${directory}-${attempt.token}`, { mode: 0o700 });
    return `${directory}-${attempt.token}`;
  }
}
