/**
 * Runners of this machine: detached processes that outlive the coordinator.
 *
 * Owns starting, seeing and ending them. A runner started here reports its exit at once; one started by an earlier
 * coordinator is looked up by pid and start stamp.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Attempt, ProcessIdentity } from '../core/attempt.ts';
import { keyParts } from '../core/id.ts';
import { limits } from '../core/limits.ts';
import { OperationalError } from '../platform/error.ts';
import { sweepPorts } from '../platform/port-lease.ts';
import { lookAtProcess, processIdentity } from '../platform/process.ts';
import { endProcessTree } from '../platform/process-tree.ts';
import type { RunnerHost, RunnerLook } from './ports.ts';
import { removePrivateLeftovers, type PrivatePlaces } from './private-leftovers.ts';

export interface LocalRunnersOptions {
  /** Program and leading arguments that start `orbit`. */
  program: readonly string[];
  /** Top of the main checkout: the runners' current directory. */
  top: string;
  environment: Readonly<Record<string, string>>;
  /** Folder where a running runner keeps a file named by its token; one that was killed leaves it. */
  seats: string;
  /** Where attempts have directories of their own. */
  privatePlaces?: readonly PrivatePlaces[];
  /** Where the ports of attempts are noted; see `platform/port-lease.ts`. */
  portFolder?: string;
  /** File that a runner's own complaints go to, before it has a log folder. */
  complaints: string;
  stopGraceMs: number;
}

interface Child {
  process: ChildProcess;
  identity: ProcessIdentity | null;
  /** On the monotonic clock; `null` while it runs. */
  endedMs: number | null;
}

export class LocalRunners implements RunnerHost {
  readonly #options: LocalRunnersOptions;
  readonly #children = new Map<number, Child>();
  readonly #asked = new Set<number>();
  #listener: () => void = () => {};

  constructor(options: LocalRunnersOptions) {
    this.#options = options;
  }

  async start(attempt: Attempt): Promise<void> {
    const [command, ...args] = this.#options.program;
    if (command === undefined)
      throw new OperationalError('runner-failed', 'no program to start runners with', { hint: 'orbit doctor' });
    mkdirSync(dirname(this.#options.complaints), { recursive: true });
    const complaints = openSync(this.#options.complaints, 'a');
    try {
      const child = spawn(command, [...args, 'runner', String(attempt.token)], {
        cwd: this.#options.top,
        env: { ...this.#options.environment },
        stdio: ['ignore', 'ignore', complaints],
        detached: true,
      });
      const identity = child.pid === undefined ? null : processIdentity(child.pid);
      const entry: Child = { process: child, identity, endedMs: child.pid === undefined ? performance.now() : null };
      this.#children.set(attempt.token, entry);
      const ended = (): void => {
        entry.endedMs ??= performance.now();
        this.#listener();
      };
      child.once('exit', ended);
      child.once('error', ended);
      child.unref();
    } finally {
      closeSync(complaints);
    }
  }

  async look(attempt: Attempt): Promise<RunnerLook> {
    const entry = this.#children.get(attempt.token);
    const { runner } = attempt.pulse;
    // Who beats is the runner, whoever else was started: a second one ends by itself where the first has the seat.
    if (runner !== null && !isSame(runner, entry?.identity ?? null)) return lookAtProcess(runner);
    if (entry === undefined) return 'unknown';
    if (entry.endedMs === null) return 'alive';
    // Ended without a beat: it died, or another has the seat and is about to beat.
    const isFresh = runner === null && performance.now() - entry.endedMs < limits.heartbeatIntervalMs;
    return isFresh ? 'unknown' : 'gone';
  }

  async stop(attempt: Attempt, how: 'politely' | 'now'): Promise<void> {
    const own = this.#children.get(attempt.token)?.identity ?? null;
    const runner = attempt.pulse.runner ?? own;
    if (how === 'politely') {
      // Not before its first beat: until then it may not listen yet, and a signal would end it without a word.
      if (attempt.pulse.runner === null || this.#asked.has(attempt.token)) return;
      // Once: a second signal would not make it faster, and the runner may be saving work.
      this.#asked.add(attempt.token);
      if (lookAtProcess(attempt.pulse.runner) === 'alive') process.kill(attempt.pulse.runner.pid, 'SIGTERM');
      return;
    }
    const { task } = keyParts(attempt.task);
    const marker = { project: this.#options.top, task, token: String(attempt.token) };
    const ownRoot = this.#children.has(attempt.token);
    // The runner first, so that it cannot start or report anything while its agent ends.
    if (runner !== null)
      await endProcessTree(runner, { marker: null, ownRoot: ownRoot && isSame(runner, own), graceMs: 0 });
    if (own !== null && !isSame(own, runner)) await endProcessTree(own, { marker: null, ownRoot, graceMs: 0 });
    const agent = attempt.pulse.agent ?? runner;
    const workspace = attempt.byHand ? null : attempt.workspace;
    if (agent !== null) await endProcessTree(agent, { marker, workspace, graceMs: this.#options.stopGraceMs });
  }

  async sweep(isOver: (token: number) => Promise<boolean>): Promise<void> {
    const { seats, privatePlaces = [], portFolder } = this.#options;
    if (portFolder !== undefined) await sweepPorts(portFolder);
    await removePrivateLeftovers([{ folder: seats, prefix: '' }, ...privatePlaces], isOver);
  }

  running(): number {
    return [...this.#children.values()].filter((entry) => entry.endedMs === null).length;
  }

  onExit(listener: () => void): void {
    this.#listener = listener;
  }
}

function isSame(one: ProcessIdentity, other: ProcessIdentity | null): boolean {
  return other !== null && one.host === other.host && one.pid === other.pid && one.startedAt === other.startedAt;
}
