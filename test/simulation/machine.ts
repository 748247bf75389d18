/**
 * The processes of the simulated machine that belong to attempts, and the runner host that a coordinator drives them with.
 *
 * Owns which process works for which attempt. The host answers as the real one does: from its own children where it
 * started them, else from the process table.
 */
import type { Attempt, ProcessIdentity } from '../../src/core/attempt.ts';
import type { RunnerHost, RunnerLook } from '../../src/coordinator/ports.ts';
import type { SimProcess, World } from './world.ts';

export interface Part {
  role: 'runner' | 'agent';
  token: number;
  process: SimProcess;
  /** Neither looks nor kills reach it, as if it ran behind a wall; only its own rules end it. */
  unreachable: boolean;
  /** SIGTERM. */
  release: AbortController;
}

export class Machine {
  readonly world: World;
  readonly parts: Map<number, Part> = new Map();
  /** One runner per attempt: the seat stays taken when its runner is killed. */
  readonly seats: Set<number> = new Set();
  onKill: (part: Part, by: string) => void = () => {};
  launch: (token: number) => Part = () => {
    throw new Error('nobody launches runners');
  };

  constructor(world: World) {
    this.world = world;
  }

  add(part: Part): void {
    this.parts.set(part.process.pid, part);
  }

  living(token?: number): Part[] {
    return [...this.parts.values()].filter(
      (part) => part.process.alive && (token === undefined || part.token === token),
    );
  }
}

export function identityOf(process: SimProcess): ProcessIdentity {
  return { host: 'sim', pid: process.pid, startedAt: String(process.pid) };
}

export interface HostOptions {
  /** The coordinator. */
  by: string;
  /** Whether this look fails. */
  lookFails(): boolean;
  /** Time between two beats. */
  beatMs: number;
  /** Mutant: takes the exit of a second runner for that of the first. */
  trustsChild?: boolean;
  /** Mutant: tells runners gone that live. */
  lies?: boolean;
}

export class SimRunnerHost implements RunnerHost {
  readonly #machine: Machine;
  readonly #options: HostOptions;
  readonly #children = new Map<number, Part>();
  #listener: () => void = () => {};

  constructor(machine: Machine, options: HostOptions) {
    this.#machine = machine;
    this.#options = options;
  }

  async start(attempt: Attempt): Promise<void> {
    const part = this.#machine.launch(attempt.token);
    this.#children.set(attempt.token, part);
    part.process.onEnd(() => this.#machine.world.after(1, () => this.#listener()));
  }

  async look(attempt: Attempt): Promise<RunnerLook> {
    if (this.#options.lookFails()) return 'unknown';
    const { runner } = attempt.pulse;
    const child = this.#children.get(attempt.token);
    // Who beats is the runner, whoever else was started: a second one ends by itself where the first has the seat.
    if (this.#options.trustsChild === true && child !== undefined) return child.process.alive ? 'alive' : 'gone';
    const isOther = runner !== null && runner.pid !== child?.process.pid;
    const part = isOther ? this.#machine.parts.get(runner.pid) : child;
    if (part === undefined || part.unreachable) return 'unknown';
    const { endedMs } = part.process;
    if (runner === null && endedMs !== null && this.#machine.world.timeMs - endedMs < this.#options.beatMs)
      return 'unknown';
    if (this.#options.lies === true && part.process.alive && runner !== null) return 'gone';
    return part.process.alive ? 'alive' : 'gone';
  }

  async stop(attempt: Attempt, how: 'politely' | 'now'): Promise<void> {
    const parts = this.#machine.living(attempt.token).filter((part) => !part.unreachable);
    if (how === 'politely') {
      for (const part of parts)
        if (part.role === 'runner') part.release.abort({ as: 'released', reason: 'the run was stopped' });
      return;
    }
    // The runner that beats and the one started here are known by their numbers, agents by their mark; a runner that another
    // coordinator has started meanwhile is not seen.
    const known = new Set([attempt.pulse.runner?.pid, this.#children.get(attempt.token)?.process.pid]);
    const ended = parts.filter(({ role, process }) => role === 'agent' || known.has(process.pid));
    for (const part of ended) this.#machine.onKill(part, this.#options.by);
    for (const part of ended) part.process.kill();
  }

  running(): number {
    return [...this.#children.values()].filter((part) => part.process.alive).length;
  }

  onExit(listener: () => void): void {
    this.#listener = listener;
  }
}
