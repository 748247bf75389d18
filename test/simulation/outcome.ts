/** What a run is given and what it answers. */
import type { Event } from '../../src/core/event.ts';
import type { Store } from '../../src/store/store.ts';
import type { Repository } from '../../src/workspace/repository.ts';
import type { History } from './history.ts';
import type { Scenario } from './scenario.ts';
import type { CrashPoint } from './traffic.ts';
import type { Directories, SimWorkspaces } from './workspaces.ts';

/** Deliberately broken parts, to see that an invariant notices. */
export interface Mutant {
  store?(store: Store): Store;
  repository?(repository: Repository): Repository;
  workspaces?(workspaces: SimWorkspaces, directories: Directories): SimWorkspaces;
  hostLies?: boolean;
  hostTrustsChild?: boolean;
  /** Says green without a look. */
  checksLie?: boolean;
}

export interface RunOptions {
  /** More steps than this are a failure to come to rest. */
  stepsMax?: number;
  scenario?: Scenario;
  crashPoints?: readonly CrashPoint[];
  mutant?: Mutant;
  trace?(line: string): void;
}

export interface Violation {
  invariant: string;
  message: string;
}

export interface Outcome {
  seed: number;
  violation: Violation | null;
  steps: number;
  /** Simulated time. */
  elapsedMs: number;
  events: number;
  lastHash: string;
  faults: ReadonlyMap<string, number>;
  reached: ReadonlyMap<string, number>;
  lastEvents: readonly string[];
  /** Numbered calls of coordinators. */
  calls: number;
}

/** One line for people. */
export function describe({ seq, actor, task, attempt, body }: Event): string {
  return `#${seq} ${actor} ${task ?? ''} ${attempt ?? ''} ${JSON.stringify(body)}`.slice(0, 400);
}

/** What was thrown, with where it came from. */
export function tellError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error);
}

/** The tasks that neither ended nor wait for a person, with what they wait for. */
export function whatIsOpen({ tasks }: History): string {
  const open = [...tasks.values()].filter(
    (task) => task.closed === null && task.landing?.state !== 'landed' && task.inbox === null,
  );
  const tell = ({ key, claim, retryAt, landing }: (typeof open)[number]): string =>
    `${key} ${JSON.stringify({ token: claim?.token, retryAt, landing })}`;
  return open.map(tell).join('; ');
}
