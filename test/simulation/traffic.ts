/**
 * Everything between a process and its ports: delays, faults, crash points.
 *
 * Owns which call fails and how. Each call on a port is a numbered point; the process may die or be stopped right before
 * it or right after it, the call may be refused (store busy, git locked), or its answer may be lost (commit unknown).
 */
import { OperationalError } from '../../src/platform/error.ts';
import type { Random } from './random.ts';
import type { SimProcess } from './world.ts';
import { wrapMethods } from './wrap-methods.ts';

export type CallFault =
  | 'crash-before'
  | 'crash-after'
  | 'stop-before'
  | 'stop-after'
  | 'busy'
  | 'unknown'
  | 'locked'
  | 'failed'
  | 'unsafe';

export interface CrashPoint {
  /** Counts the calls of all coordinators from 1. */
  call: number;
  when: 'before' | 'after';
}

export interface TrafficOptions {
  random: Random;
  /** Share of calls with a fault, while faults are on. */
  faultShare: number;
  crashPoints: readonly CrashPoint[];
  onFault(kind: CallFault, process: SimProcess, call: string): void;
}

/** What answers at once: no wait, no fault. */
const plainCalls = new Set(['watch', 'onExit', 'running', 'now', 'monotonicMs', 'sleep', 'fault']);
const readCalls =
  /^(plan|plans|task|taskKeys|tasks|ready|dependants|attempt|attempts|events|lastSeq|leader|verdict|messages|notes|conflicts|resolve|tree|isAncestor|mergeBase|changedPaths|subjects|merge|tryMerges|changes|pathSets|lineCounts|texts|patch|patches|parents|refs|checkedOut|currentBranch|listPaths|mendCheckouts|look|glance|list|kept)$/;

const readOnly: Map<string, boolean> = new Map();

/** Whether a call changes nothing; asked millions of times. */
function isReadCall(call: string): boolean {
  const known = readOnly.get(call);
  if (known !== undefined) return known;
  readOnly.set(call, readCalls.test(call));
  return readCalls.test(call);
}

export class Traffic {
  faultsOn = true;
  /** Calls of coordinators so far. */
  calls = 0;
  readonly #options: TrafficOptions;

  constructor(options: TrafficOptions) {
    this.#options = options;
  }

  /** The port as `process` sees it. */
  through<Port extends object>(name: 'store' | 'git' | 'host' | 'checks', port: Port, process: SimProcess): Port {
    return wrapMethods(port, (call, bound) => {
      if (plainCalls.has(call)) return bound;
      return (...args) => this.#call({ process, name, call }, () => bound(...args));
    });
  }

  async #call(at: { process: SimProcess; name: string; call: string }, run: () => Promise<unknown>): Promise<unknown> {
    const { process, name, call } = at;
    const { random } = this.#options;
    const isRead = isReadCall(call);
    const point = this.#crashPoint(process);
    // Most reads are not a place where others come between; some are.
    if (!isRead || point !== undefined || random.chance(0.2))
      await process.gate(random.chance(0.02) ? random.int(50, 2_000) : random.int(0, 20));
    const fault = point === undefined ? this.#fault(name, { isRead, process, call }) : (`crash-${point}` as const);
    if (fault === null) return run();
    this.#options.onFault(fault, process, `${name}.${call}`);
    switch (fault) {
      case 'crash-before':
        return this.#die(process);
      case 'crash-after': {
        const answer = await run();
        // Faults may have ended while the call took its time; numbered crash points have no such end.
        return this.faultsOn || point !== undefined ? this.#die(process) : answer;
      }
      case 'stop-before':
        await this.#pause(process);
        return run();
      case 'stop-after': {
        const answer = await run();
        await this.#pause(process);
        return answer;
      }
      case 'busy':
        throw new OperationalError('store-busy', 'the store is busy', { hint: 'try again', retryable: true });
      case 'locked':
        throw new OperationalError('git-locked', 'a ref is locked', { hint: 'try again', retryable: true });
      case 'failed':
        throw new OperationalError('git-failed', 'git ended with code 128', { hint: 'look at the repository' });
      case 'unsafe':
        throw new OperationalError('workspace-unsafe', 'the agent tampered with it', { hint: 'look at it' });
      case 'unknown':
        await run();
        throw new OperationalError('store-unavailable', 'the answer was lost', { hint: 'look', retryable: true });
    }
  }

  #crashPoint(process: SimProcess): CrashPoint['when'] | undefined {
    if (!process.name.startsWith('coordinator')) return undefined;
    this.calls += 1;
    return this.#options.crashPoints.find(({ call }) => call === this.calls)?.when;
  }

  #fault(
    name: string,
    { isRead, process, call }: { isRead: boolean; process: SimProcess; call: string },
  ): CallFault | null {
    const { random, faultShare } = this.#options;
    if (!this.faultsOn || !random.chance(isRead ? faultShare / 4 : faultShare)) return null;
    if (process.name.startsWith('person')) return name === 'store' && !isRead ? random.pick(['busy', 'unknown']) : null;
    const kinds = { 'crash-before': 3, 'crash-after': 3, 'stop-before': 2, 'stop-after': 2 };
    if (name === 'store')
      return random.weighted<CallFault>(isRead ? { ...kinds, busy: 4 } : { ...kinds, busy: 4, unknown: 6 });
    if (call === 'salvage' && random.chance(0.3)) return 'unsafe';
    if (name === 'git') return random.weighted<CallFault>(isRead ? kinds : { ...kinds, locked: 6, failed: 1 });
    return random.weighted<CallFault>(kinds);
  }

  #die(process: SimProcess): Promise<never> {
    process.kill();
    return new Promise(() => {});
  }

  /** Stops the process; somebody continues it much later, mostly after its leases ended. */
  async #pause(process: SimProcess): Promise<void> {
    if (!this.faultsOn) return;
    const { random } = this.#options;
    process.stop();
    process.world.after(random.int(2_000, 90_000), () => process.resume());
    await process.gate(0);
  }
}
