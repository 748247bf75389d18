/**
 * Commands to one task: what somebody wants to happen to it. `decide-task.ts` answers with events or a rejection.
 *
 * Owns their closed union. Limits and jitter are fields, because core has no randomness and no settings of its own.
 */
import type { HintBy, HintDelivery, Todo } from './attempt.ts';
import type { TaskKey } from './id.ts';
import type { JudgedBy } from './judged-by.ts';
import type { ScopeHolder, WideningRule } from './widening.ts';
import type { AgentProfile } from './rung.ts';
import type {
  ActedRule,
  ChosenStart,
  BuiltOn,
  Evidence,
  FailedOutcome,
  HandOverCause,
  InboxKind,
  Origin,
  PullRequestStatus,
  Task,
  TaskDefinition,
} from './task.ts';

/** How often and how long a task may be tried; see `limits.ts` for defaults and reasons. */
export interface RetryRule {
  attemptsMax: number;
  /** Working time over all attempts. */
  spentMsMax: number;
  retryDelayMs: number;
  /** 0 to 1, stretches the delay so that tasks failing together do not return together. */
  jitter: number;
  bouncesMax: number;
  /** Names of the agents that the settings know. */
  agents: readonly string[];
}

export type TaskCommand =
  | { type: 'create'; definition: TaskDefinition; origin?: Origin }
  | { type: 'change'; definition: TaskDefinition }
  | {
      type: 'claim';
      agent: string;
      byHand: boolean;
      leaseMs: number;
      base: string | null;
      workspace: string | null;
      branch: string | null;
      profile?: AgentProfile;
      /** No other agent could take it just now. */
      alone?: boolean;
    }
  | {
      type: 'prepare';
      token: number;
      branch: string;
      workspace: string;
      base: string;
      logs: string;
      start?: string;
      /** Unlanded work of others in `base`. */
      builtOn?: readonly BuiltOn[];
    }
  | { type: 'report'; token: number; commit: string | null; noChanges: string | null }
  /** The evidence was seen. `retry` is not needed: this ends the attempt well. */
  | {
      type: 'prove';
      token: number;
      evidence: Evidence;
      /** Why a person has to look at the work before it lands; absent where nobody has to. */
      approval?: string;
    }
  | {
      type: 'fail';
      token: number;
      outcome: FailedOutcome;
      reason: string;
      commit: string | null;
      rule: RetryRule;
      /** The rule of supervision that ended it, if one did. */
      acted?: ActedRule;
      /** What its agent said last. */
      notes?: string;
    }
  /** Ends an attempt whose lease ran out or whose runner is gone; a look at the process table was taken before. */
  | { type: 'expire'; token: number; runnerGone: boolean; reason: string; rule: RetryRule }
  /** Given back without blame (shutdown, a person's wish): the attempt is not counted against the budget. */
  | { type: 'release'; token: number; reason: string; commit: string | null }
  /** Ends without blame; the next attempt goes on from its work and notes. */
  | {
      type: 'hand-over';
      token: number;
      cause: HandOverCause;
      reason: string;
      notes: string | null;
      commit: string | null;
    }
  /** Other tasks come first: they become dependencies and the attempt ends without blame, both or neither. */
  | {
      type: 'block-on';
      token: number;
      needs: readonly TaskKey[];
      reason: string;
      commit: string | null;
    }
  /** Something was said to the running agent; `delivery` is how soon it reaches the model. Changes no fact. */
  | {
      type: 'hinted';
      token: number;
      by: HintBy;
      rule: string | null;
      text: string;
      delivery: HintDelivery;
      evidence: readonly string[];
    }
  /** The agent's own word on what it does now; `todo` null keeps the last one. Changes no fact. */
  | { type: 'tell-progress'; token: number; doing: string; todo: Todo | null }
  | { type: 'block'; token: number; kind: InboxKind; reason: string }
  | { type: 'escalate'; kind: InboxKind; reason: string }
  /** A person sends it round again: clears the inbox item and any waiting time, and grants attempts if the budget is used. */
  | { type: 'retry'; advice: string | null; attemptsGranted: number }
  | { type: 'hold'; why: string }
  | { type: 'unhold' }
  | { type: 'close'; as: 'completed' | 'cancelled'; why: string }
  | { type: 'reopen'; why: string }
  | { type: 'advise'; advice: string }
  /** A person chose what the next attempt starts from; `null` takes the choice back. */
  | { type: 'start-from'; start: ChosenStart | null }
  /** A person gives up kept work: told before its ref is deleted. Changes no fact. */
  | { type: 'purge'; ref: string; commit: string }
  | { type: 'queue-landing' }
  /** Just before the target moves; `candidate` null: it did not move after all. Until then or the landing nobody can cancel it. */
  /** `judgedBy`: by what the candidate was found good; `null` where nothing is about to move. */
  | { type: 'begin-landing'; commit: string; candidate: string | null; judgedBy: JudgedBy | null }
  /** What of the world keeps it from landing, as the queue found it; `null`: nothing any more. */
  | { type: 'note-held'; why: string | null }
  /** `judgedBy` of work that was found on the target without a beginning; absent: of a landing that began, or by a pull request. */
  | { type: 'land'; commit: string; landedAs: string; tree: string; target: string; judgedBy?: JudgedBy }
  /** `commit` is what was tried: a verdict on older work of the task says nothing about newer. It need not be queued yet. */
  | {
      type: 'bounce';
      commit: string;
      cause: 'conflict' | 'red' | 'scope' | 'review';
      reason: string;
      rule: RetryRule;
      /** By what a verdict called it red that took its time; absent: it was seen at once. */
      judgedBy?: JudgedBy;
    }
  /** All parts that it was split into failed: it goes on in one piece, with what became of them as advice. */
  | { type: 'take-whole'; parts: readonly TaskKey[]; advice: string }
  /** The running attempt is to hear that work in its base is no longer what it was. */
  | { type: 'tell-change'; token: number; dependency: TaskKey; commit: string; why: string }
  /** Proven work, put onto a base that changed: `from` is its commit until now. */
  | { type: 'restack'; from: string; commit: string; base: string; tree: string; builtOn: readonly BuiltOn[] }
  /** A person's word on finished work, for exactly the commit and tree that they saw. */
  | { type: 'approve'; commit: string; tree: string }
  /** A person sends finished work back to its agent; `commit` is what they saw. */
  | { type: 'reject'; commit: string; reason: string }
  /** Wishes for more paths: of an attempt (`token`), or a person's own (`null`). */
  | { type: 'widen'; token: number | null; entries: readonly string[]; why: string; rule: WideningRule }
  /** Grants the open wish if its paths are free by now; `byPerson`: its answer to a wish that waits for it. */
  | { type: 'grant-widening'; byPerson: boolean }
  | { type: 'deny-widening'; reason: string }
  | { type: 'set-pr'; number: number; status: PullRequestStatus }
  /** Its pull request counts no more; proven work goes the way of its plan. */
  | { type: 'drop-pr' };

/** What the store knows around the task at the moment of the decision, read in the same transaction. */
export interface Surroundings {
  now: number;
  /** Dependencies not met yet. */
  unmet: number;
  planPaused: boolean;
  /** Checks of the whole plan. */
  planChecks: readonly string[];
  /** The number that a claim gets: larger than every token given out before in this project (I3). */
  nextToken: number;
  /** End of the live claim's lease as of its last beat; `null` without a claim. */
  leaseEnd: number | null;
  /** Of the end of an attempt: see `split.ts`; absent where nothing was split. */
  split?: readonly Task[];
  /** Of a task that an attempt makes: who holds that attempt's task now, and how many tasks attempts at it have made. */
  maker?: { holder: number | null; made: number };
  /** The live attempt of another task that may write some path of `entries`, or `null`. Absent where no scope is decided on. */
  holderOf?: (entries: readonly string[]) => ScopeHolder | null;
}
