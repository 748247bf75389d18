/**
 * The simulated machine: one queue of what happens next, one clock, and processes that can be killed or stopped between
 * any two of their steps.
 *
 * Owns time and interleaving. Exactly one thing runs at a time: `step` takes the next item and waits until all that
 * follows from it has come to a gate again, so that a seed fixes every order.
 */
import type { Clock } from '../../src/platform/clock.ts';

interface Item {
  atMs: number;
  order: number;
  run(): void;
}

const wallStartMs = Date.UTC(2031, 0, 1);

export class World {
  timeMs = 0;
  /** Moved by clock faults; monotonic time never is. */
  wallOffsetMs = 0;
  steps = 0;
  readonly processes: Map<number, SimProcess> = new Map();
  readonly #queue: Item[] = [];
  #order = 0;
  #lastPid = 100;

  now(): number {
    return wallStartMs + this.timeMs + this.wallOffsetMs;
  }

  after(delayMs: number, run: () => void): void {
    this.#order += 1;
    push(this.#queue, { atMs: this.timeMs + Math.max(0, delayMs), order: this.#order, run });
  }

  /** Does the next thing; `false` when nothing is left to do. */
  async step(): Promise<boolean> {
    const item = pop(this.#queue);
    if (item === undefined) return false;
    this.timeMs = Math.max(this.timeMs, item.atMs);
    this.steps += 1;
    item.run();
    await settled();
    return true;
  }

  /** Starts a process; `main`'s rejection is its exit with an error. */
  spawn(name: string, main: (process: SimProcess) => Promise<void>): SimProcess {
    this.#lastPid += 1;
    const process = new SimProcess(this, this.#lastPid, name);
    this.processes.set(process.pid, process);
    this.after(0, () => {
      if (!process.alive) return;
      main(process).then(
        () => process.end(null),
        (error: unknown) => process.end(error),
      );
    });
    return process;
  }
}

/** All promise reactions have run when a macrotask does: nothing in here waits for real input or output. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

export class SimProcess {
  readonly world: World;
  readonly pid: number;
  readonly name: string;
  alive = true;
  endedMs: number | null = null;
  stopped = false;
  /** What its main function threw, `null` after a clean end or a kill. */
  error: unknown = null;
  readonly #held: (() => void)[] = [];
  readonly #listeners: (() => void)[] = [];

  constructor(world: World, pid: number, name: string) {
    this.world = world;
    this.pid = pid;
    this.name = name;
  }

  /** Waits `delayMs`; never returns in a dead process, and only after `resume` in a stopped one. */
  gate(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.world.after(delayMs, () => this.#go(resolve)));
  }

  /** Like `kill -9`: nothing of it runs any more, not even a `finally`. */
  kill(): void {
    this.end(null);
  }

  end(error: unknown): void {
    if (!this.alive) return;
    this.alive = false;
    this.endedMs = this.world.timeMs;
    this.error = error;
    this.#held.length = 0;
    for (const listener of this.#listeners) listener();
  }

  onEnd(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Like SIGSTOP. */
  stop(): void {
    this.stopped = true;
  }

  /** Like SIGCONT. */
  resume(): void {
    if (!this.stopped) return;
    this.stopped = false;
    for (const go of this.#held.splice(0)) this.world.after(0, () => this.#go(go));
  }

  get clock(): Clock {
    return {
      now: () => this.world.now(),
      monotonicMs: () => this.world.timeMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const wake = (): void => this.#go(resolve);
          this.world.after(ms, wake);
          if (signal?.aborted === true) this.world.after(0, wake);
          else signal?.addEventListener('abort', () => this.world.after(0, wake), { once: true });
        }),
    };
  }

  #go(resolve: () => void): void {
    if (!this.alive) return;
    if (this.stopped) this.#held.push(resolve);
    else resolve();
  }
}

function before(a: Item, b: Item): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Item[], item: Item): void {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above] as Item;
    if (!before(item, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = item;
}

function pop(heap: Item[]): Item | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && before(heap[below + 1] as Item, heap[below] as Item)) below += 1;
    if (!before(heap[below] as Item, last)) break;
    heap[at] = heap[below] as Item;
    at = below;
  }
  heap[at] = last;
  return first;
}
