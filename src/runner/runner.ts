/**
 * The runner: the small detached process that hosts one attempt.
 *
 * Owns the agent's process, its pipes, its logs and the beat of its claim, from the claim to the outcome; `attempt.ts` is its
 * contents page. Invariants: it stops its agent before anybody else may get the task (self-stop on the monotonic clock); it
 * saves the agent's work before it says anything about it; once the claim is lost it writes nothing more to the store (I2).
 * It must not decide what follows from an outcome (that is core's) nor give out work (the coordinator's).
 */
import type { AgentAdapter } from '../agent/agent.ts';
import type { ProcessIdentity } from '../core/attempt.ts';
import type { AttemptOutcome, Evidence, HandOverCause, InboxKind } from '../core/task.ts';
import { limits, type Limits } from '../core/limits.ts';
import type { Clock } from '../platform/clock.ts';
import type { Settings } from '../platform/settings.ts';
import type { Store } from '../store/store.ts';
import type { Repository } from '../workspace/repository.ts';
import type { Workspaces } from '../workspace/workspace.ts';

/** What a runner needs from outside; `compose.ts` fills it. */
export interface RunnerPorts {
  store: Store;
  workspaces: Workspaces;
  repository: Repository;
  /** The adapter of that name; throws `UsageError` when there is none. */
  adapter(name: string): Promise<AgentAdapter>;
  clock: Clock;
  settings: Settings;
  /** Made by {@link limitsOf}. */
  limits: Limits;
  paths: RunnerPaths;
  /** Program and leading arguments that start Orbit: what agents reach its tools with. */
  program: readonly [string, string];
  /** This process, for the beats. */
  identity: ProcessIdentity | null;
  /** What children may inherit from, usually `process.env`. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Who git says the user is, or `null` when nobody told it; asked by running git's own look-up. */
  gitIdentity(): Promise<{ name: string; email: string } | null>;
  /** 0 to 1; jitter only. */
  random: () => number;
  /** Aborted when the attempt has to end now; its reason is an {@link Ending}, `released` for SIGTERM. */
  release: AbortSignal;
  /** One line for whoever started the runner; the attempt's own story is in its logs. */
  log: (line: string) => void;
}

export interface RunnerPaths {
  /** Top of the main checkout: ORBIT_PROJECT, prompts and relative paths of the settings. */
  project: string;
  /** Orbit's own directory of the project; homes of agents are below `homes/`. */
  orbit: string;
  /** Orbit's log directory; runs are below `run/`. */
  logs: string;
  /** Folder with the launchers `orbit` and `orbit-agent`, put first on the PATH. */
  shims: string;
  /** File with what capabilities are made with. */
  key: string;
}

/** How an attempt ends. */
export type Ending =
  /** `approval`: why a person has to look at it before it lands; absent or `null` where nobody has to. */
  | { as: 'done'; evidence: Evidence; approval?: string | null }
  | {
      as: 'failed';
      outcome: Extract<AttemptOutcome, 'failed' | 'crashed' | 'timeout' | 'stalled' | 'lost'>;
      reason: string;
      /** The rule of supervision that ended it, and what it saw. */
      rule?: string;
      evidence?: readonly string[];
      /** What the agent said last, where the reason does not tell it. */
      notes?: string;
    }
  /** Given back without blame. */
  | { as: 'released'; reason: string }
  /**
   * Ended without blame by something that is not the agent's fault, or by its wish: the next attempt goes on from its work and
   * notes. `quota` parks the account until then; `until` is in milliseconds since 1970, `null` where nobody told.
   */
  | {
      as: 'handed-over';
      cause: HandOverCause;
      reason: string;
      notes: string | null;
      quota: { account: string; until: number | null } | null;
      /** Bars the agent of that name in the settings, for a person has to log it in; `reason` says how. */
      bars?: { agent: string; reason: string };
    }
  /** The agent needs a person. */
  | { as: 'blocked'; kind: InboxKind; reason: string }
  /** The claim is somebody else's or nobody's now: nothing is written. */
  | { as: 'lost'; reason: string };

export function isEnding(value: object): value is Ending {
  return 'as' in value;
}

/** The limits with what the settings change of them. */
export function limitsOf(settings: Settings): Limits {
  return {
    ...limits,
    heartbeatIntervalMs: settings.heartbeatIntervalMs,
    heartbeatTimeoutMs: settings.heartbeatTimeoutMs,
    silenceHintMs: settings.supervision.stallHintS * 1_000,
    silenceMs: settings.supervision.stallActS * 1_000,
    checkTimeoutMs: settings.checkTimeoutS * 1_000,
    attemptsMax: settings.budget.attempts,
    retryDelayMs: settings.retryDelayMs,
  };
}
