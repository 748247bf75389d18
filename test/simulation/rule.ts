/** The shape of an invariant, and what several of them read off a task. */
import type { Event } from '../../src/core/event.ts';
import { keyParts, type TaskKey } from '../../src/core/id.ts';
import type { Task } from '../../src/core/task.ts';
import type { Part } from './machine.ts';
import type { Simulation } from './simulation.ts';
import type { Directory } from './workspaces.ts';

export type Fault = string | null;

export interface TargetMove {
  from: string;
  to: string;
  by: string;
}

export interface Invariant {
  id: string;
  /** With the rows of the feature list that it proves. */
  title: string;
  /** Before the event is folded into the history. */
  onEvent?(sim: Simulation, event: Event): Fault;
  /** Before Orbit moves the target. */
  onMove?(sim: Simulation, move: TargetMove): Fault;
  /** Before a directory goes. */
  onRemove?(sim: Simulation, directory: Directory): Fault;
  /** Before a coordinator ends a runner by force. */
  onKill?(sim: Simulation, part: Part, by: string): Fault;
  /** Every so many steps, and at the end. */
  onCompare?(sim: Simulation): Promise<Fault>;
  /** Half a minute after nothing moves any more. */
  atQuiet?(sim: Simulation): Promise<Fault>;
}

export function isLanded({ landing, evidence }: Task): boolean {
  return landing?.state === 'landed' || (evidence !== null && evidence.commit === null);
}

export function isMet(task: Task | undefined, unblock: 'done' | 'landed'): boolean {
  if (task === undefined) return false;
  if (task.closed !== null) return task.closed.as === 'completed';
  return isLanded(task) || (unblock === 'done' && task.evidence !== null);
}

export function unblockOf({ plans }: Simulation['history'], key: TaskKey): 'done' | 'landed' {
  return plans.get(keyParts(key).plan)?.unblock ?? 'landed';
}
