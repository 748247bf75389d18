/**
 * What the coordinator needs from outside, so that the same code runs on real processes and in the simulator.
 *
 * Owns the shapes only. `compose.ts` fills them with the real parts, `test/simulation` with simulated ones.
 */
import type { ApprovalPolicy } from '../core/approval.ts';
import type { Attempt } from '../core/attempt.ts';
import type { TaskKey } from '../core/id.ts';
import type { Finish, LandingMode } from '../core/pull-request.ts';
import type { AgentProfile } from '../core/rung.ts';
import type { Limits } from '../core/limits.ts';
import type { TrainRule } from '../core/train.ts';
import type { Machine } from '../core/machine-room.ts';
import type { Clock } from '../platform/clock.ts';
import type { Repository } from '../workspace/repository.ts';
import type { Workspaces } from '../workspace/workspace.ts';
import type { OldLogs } from './old-logs.ts';
import type { Store } from '../store/store.ts';
import type { ForgeAccess } from './pull-requests/access.ts';

/** `unknown`: the look failed or the process is on another machine; that proves nothing. */
export type RunnerLook = 'alive' | 'gone' | 'unknown';

/** Starts, sees and ends the runners of this machine. */
export interface RunnerHost {
  /** Starts the attempt's runner, detached. A second start of the same attempt must end by itself. */
  start(attempt: Attempt): Promise<void>;
  look(attempt: Attempt): Promise<RunnerLook>;
  /** `politely`: stop the agent, save its work, give the task back. `now`: end runner and agent and see them gone. */
  stop(attempt: Attempt, how: 'politely' | 'now'): Promise<void>;
  /** Removes what runners of ended attempts left of their own. Absent where they leave nothing. */
  sweep?: (isOver: (token: number) => Promise<boolean>) => Promise<void>;
  /** Runners started here that may still run; for waiting at shutdown. */
  running(): number;
  onExit(listener: () => void): void;
}

export interface CheckResult {
  green: boolean;
  /** False: it could not be started, so it says nothing about the work. */
  ran: boolean;
  /** The end of its output. */
  tail: string;
}

/** Runs checks for the landing queue in a checkout of its own. */
export interface CheckRunner {
  /** Makes the checkout usable: files to bring along, set-up commands. Answers why it could not, or `null`. */
  prepare(directory: string, signal?: AbortSignal): Promise<string | null>;
  /** Ends what checks of an earlier coordinator, which was killed, left running. Absent where there can be none. */
  endOrphans?: () => Promise<void>;
  /** @param signal ends it early; it then counts as not run. */
  run(check: string, directory: string, signal?: AbortSignal): Promise<CheckResult>;
}

export interface CoordinatorPorts {
  store: Store;
  repository: Repository;
  workspaces: Workspaces;
  runners: RunnerHost;
  checks: CheckRunner;
  /**
   * Whether the process that leads under this name is seen to be gone; then nobody waits for its lease. Absent where
   * processes cannot be looked at.
   */
  isGone?: (holder: string) => boolean;
  /** Agents that get no task, by name, with the reason. Absent where nobody checks agents. */
  barred?: () => Promise<ReadonlyMap<string, string>>;
  /** Logs of attempts that ended. Absent where they are nobody's concern. */
  oldLogs?: OldLogs;
  /** What the machine has left. Absent where that limits nothing. */
  machine?: () => Machine;
  /** Hides known secrets in what agents wrote before it reaches the store. Absent where none are known. */
  redact?: (text: string) => string;
  /** The forge that pull requests are opened on, and its repository. Absent where there is none. Throws what is wrong with it. */
  forge?: () => Promise<ForgeAccess>;
  clock: Clock;
  /** 0 to 1; jitter only. */
  random(): number;
  /** Writes the projections of a plan (progress file, ticks); never throws. */
  project(plan: string): Promise<void>;
  /** One line for people who look why something happened. */
  log(line: string): void;
}

export interface AgentSlots {
  /** Name in the settings; its workers are `<name>-1` … */
  name: string;
  slots: number;
  /** How its attempts are made, for the ladder; absent where nothing is known. */
  profile?: AgentProfile;
  /** Whose quota it uses; absent: nobody's. */
  account?: string;
  /** Memory that one attempt is expected to take; 0 or absent: it has no weight. */
  memoryMb?: number;
}

export interface CoordinatorSettings {
  /** Who leads: unique per process. */
  holder: string;
  host: string;
  pid: number;
  /** Plans this coordinator works on. */
  plans: readonly string[];
  agents: readonly AgentSlots[];
  /** Names of all agents that the settings know, whether or not this run has them. */
  known: readonly string[];
  /** Only this task is given out and waited for: a person runs one by hand (B10). */
  task?: TaskKey | undefined;
  /** Gives out nothing by itself, only what `orbit spawn` asks for; ends when that has ended. Absent: no. */
  onRequest?: boolean;
  /** Attempts at once over all agents; `null` = no limit besides the slots. */
  parallelMax: number | null;
  /** Paths that several attempts may write at once. */
  shared: readonly string[];
  /** Files that git ignores and checks need, copied into their checkouts. */
  bring: readonly string[];
  /** Checks every landing must pass, besides the plan's and the task's. */
  landingChecks: readonly string[];
  /** Ceiling for all workspaces together; `null` = none. */
  diskMaxBytes: number | null;
  /** How many trees the landing queue validates at once, of how many changes, and how often again. */
  train: TrainRule;
  /** Whether finished work is landed, by plans that say nothing else. */
  landing: boolean;
  /** When a person has to see finished work before it lands. */
  approval: ApprovalPolicy;
  /** How, by plans that say nothing else. Default: the queue. */
  landingMode?: LandingMode;
  /** Levels of unlanded work that may lie under a new attempt; of no matter where nothing lands by itself. */
  stackDepthMax: number;
  /** Whether the user's branch follows when everything has landed. */
  mergeOnComplete: boolean;
  /** What becomes of a finished plan that says nothing else. Default: nothing. */
  finish?: Finish;
  /** What a person at the keyboard wants; wins over the plan's own word. */
  finishByHand?: Finish | null;
  /** Whether `finish` goes on without a person's approval. */
  finishesItself?: boolean;
  /** Orbit merges pull requests of tasks that are green and not objected to. */
  mergesPullRequests?: boolean;
  /** Between two looks at the forge. */
  forgePollMs?: number;
  /** How long a commit without any check is waited for to get some. */
  forgeGraceMs?: number;
  /** A run with nothing else to do goes on following pull requests for so long. */
  forgeWaitMs?: number;
  /** So many failed attempts in a row over all tasks, and nothing more is given out. */
  failuresInRowMax: number;
  /** Budget of working time per task over all attempts. */
  budgetMs: number;
  limits: Limits;
}
