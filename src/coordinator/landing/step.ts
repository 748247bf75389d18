/** What every part of landing is given, and what a step of it comes to. */
import type { TaskKey } from '../../core/id.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';
import type { CoordinatorState } from '../state.ts';

export interface LandingContext {
  ports: CoordinatorPorts;
  settings: CoordinatorSettings;
  state: CoordinatorState;
  /** Aborted when the process is about to end: a running check is ended with it. */
  signal?: AbortSignal | undefined;
}

/**
 * `idle`: nothing to land; `moved`: work went on; `again`: the world changed meanwhile, the next round looks anew;
 * `held`: something is in the way that Orbit cannot remove. It is tried again now and then, and a person is told. What holds
 * one task (`all` false) does not hold those behind it. What is `passing` may go away by itself: it is waited for.
 */
export type LandingStep =
  | { outcome: 'idle' }
  | { outcome: 'moved'; tasks: readonly TaskKey[] }
  | { outcome: 'again'; task: TaskKey; why: string }
  | { outcome: 'held'; task: TaskKey; why: string; all: boolean; passing?: boolean };
