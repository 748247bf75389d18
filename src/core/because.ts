/** Because: the shape of a reason, and what has to be known to give one. `why.ts` gives them. */
import type { Attempt } from './attempt.ts';
import type { ConflictSide } from './conflict.ts';
import type { StackWait } from './early-start.ts';
import type { TaskKey } from './id.ts';
import type { ScoreParts } from './order.ts';
import type { Plan } from './plan.ts';
import type { LandingMode } from './pull-request.ts';
import type { TaskStatus } from './status.ts';
import type { Task } from './task.ts';

/** Each reason's rule, named for scripts. */
export type WhyRule =
  | 'landed'
  | 'nothing-to-land'
  | 'pull-request-merged'
  | 'closed'
  | 'cancelled'
  | 'inbox'
  | 'running'
  | 'reported'
  | 'wishes-for-paths'
  | 'silent'
  | 'waits-to-land'
  | 'lands-after'
  | 'landing-held'
  | 'landing-off'
  | 'pull-request'
  | 'dependency'
  | 'dependency-cancelled'
  | 'dependency-missing'
  | 'stack-changed'
  | 'stack-depth'
  | 'lands-soon'
  | 'held'
  | 'retry-at'
  | 'plan-paused'
  | 'scope-held'
  | 'agent-not-running'
  | 'agent-barred'
  | 'no-free-slot'
  | 'machine-full'
  | 'account-parked'
  | 'kept-for-another'
  | 'no-coordinator'
  | 'on-request'
  | 'conflict'
  | 'ready';

export interface Because {
  rule: WhyRule;
  /** One sentence for people. */
  message: string;
  /** Milliseconds since 1970; `null` = not known, or since ever. */
  since: number | null;
  /** The agent, person, task or coordinator behind it. */
  holder: string | null;
  /** What would free it, with the command where there is one; `null` = nothing has to. */
  unblockedBy: string | null;
}

export interface WhyTask {
  task: Task;
  /** Dependencies not met yet. */
  unmet: number;
}

/** A live attempt's reservation. */
export interface HeldScope {
  task: TaskKey;
  agent: string;
  token: number;
  scope: readonly string[];
  since: number | null;
}

/** An agent's account rests because its quota is used up. */
export interface ParkedReason {
  account: string;
  since: number;
  until: number;
  reason: string;
}

/** A conflict seen ahead, from the task's side. */
export interface SeenConflict extends ConflictSide {
  /** Title of the other task; `null`: it is with the target. */
  title: string | null;
  /** Who works on the other task; `null` once it is done. */
  agent: string | null;
}

export interface WhyInput extends WhyTask {
  now: number;
  plan: Plan | null;
  /** The task's dependencies that the store has. Those met already are passed over. */
  dependencies: readonly WhyTask[];
  /** The task's live attempt, `null` without one. */
  attempt: Attempt | null;
  /** Every live reservation of the project; those that do not overlap are passed over. */
  held: readonly HeldScope[];
  /** Globs that several attempts may write at once. */
  shared: readonly string[];
  /** The coordinator that leads, `null` = none runs. */
  leader: { holder: string; since: number | null } | null;
  /** The agents that the coordinator can start, with their slots; `null` = not known. */
  agents: readonly { name: string; slots: number; busy: number; parked?: ParkedReason | null }[] | null;
  /** Why this machine has no room for another agent, by agent; absent = it has. */
  crowded?: ReadonlyMap<string, string>;
  /** All agents of the settings, with why they get no task (`null`: they may); absent = not known. */
  checked?: readonly { name: string; barred: string | null }[];
  /** Why unlanded work that it would be built on keeps it back; absent or `null` = it does not. */
  stack?: StackWait | null;
  /** How work of its plan lands. */
  landingMode: LandingMode;
  /** Why the landing queue cannot go on with this task for now, or `null`. */
  landingHeld: string | null;
  /** Conflicts seen ahead that are there now; absent = not known. */
  conflicts?: readonly SeenConflict[];
  /** From `core/order.ts`; `null` = not known. */
  score: ScoreParts | null;
}

export interface Why {
  status: TaskStatus;
  /** The most decisive first; never empty. */
  because: Because[];
}

/** A person holds the task back: from being taken, and from landing. */
export function holdReason({ key, hold }: Task): Because[] {
  if (hold === null) return [];
  const message = `${hold.by} holds ${key} back: ${hold.why}`;
  return [{ rule: 'held', message, since: hold.at, holder: hold.by, unblockedBy: `orbit resume ${key}` }];
}
