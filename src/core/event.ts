/**
 * Events: the lines of the append-only log.
 *
 * Owns their closed union. Everything that changes a task or plan is one of these; replaying them in order gives the
 * stored state (I6). Beats and step counters are not here: they are volatile, live in the attempt's row and die with it.
 */
import type { TaskKey } from './id.ts';
import type { Plan } from './plan.ts';
import type { HintBy, HintDelivery, Todo } from './attempt.ts';
import type { Course, NextRung } from './rung.ts';
import type { SpawnAnswer, SpawnRequest } from './spawn.ts';
import type {
  ActedRule,
  AttemptOutcome,
  ChosenStart,
  BuiltOn,
  Evidence,
  HandOverCause,
  InboxKind,
  Origin,
  PullRequestStatus,
  TaskDefinition,
} from './task.ts';

export type TaskEventBody =
  | { type: 'task-created'; definition: TaskDefinition; origin?: Origin }
  | { type: 'task-changed'; definition: TaskDefinition }
  | {
      type: 'task-claimed';
      agent: string;
      token: number;
      byHand: boolean;
      expiresAt: number;
      base: string | null;
      workspace: string | null;
      branch: string | null;
      /** Where it stands on the ladder, and how it is made. Absent in logs of earlier programs. */
      course?: Course;
    }
  | {
      type: 'attempt-prepared';
      token: number;
      branch: string;
      workspace: string;
      base: string;
      logs: string;
      /** Where its directory began, if not at the base. */
      start?: string;
      /** Unlanded work of others in its base; absent where there is none, and in logs of earlier programs. */
      builtOn?: readonly BuiltOn[];
    }
  | { type: 'completion-reported'; token: number; commit: string | null; noChanges: string | null }
  | { type: 'task-done'; evidence: Evidence }
  | {
      type: 'attempt-ended';
      token: number;
      outcome: AttemptOutcome;
      reason: string;
      retryAt: number | null;
      spentMs: number;
      commit: string | null;
      /** What is different about the next attempt; absent where nothing is. */
      next?: NextRung;
      /** The rule of supervision that ended it; absent where none did. */
      acted?: ActedRule;
      /** Of `handed-over` alone: why. */
      cause?: HandOverCause;
      /** The agent's notes for who goes on, or what it said last. */
      notes?: string;
    }
  | {
      type: 'agent-hinted';
      token: number;
      by: HintBy;
      rule: string | null;
      text: string;
      delivery: HintDelivery;
      evidence: readonly string[];
    }
  | { type: 'progress-told'; token: number; doing: string; todo: Todo | null }
  | { type: 'task-made-whole'; parts: readonly TaskKey[]; advice: string }
  | { type: 'base-changed'; token: number; dependency: TaskKey; commit: string; why: string }
  | { type: 'late-result-kept'; token: number; commit: string | null; reason: string }
  | { type: 'task-escalated'; kind: InboxKind; reason: string; token: number | null }
  | { type: 'task-retried'; advice: string | null; attemptsGranted: number }
  | { type: 'task-held'; why: string }
  | { type: 'task-unheld' }
  | { type: 'task-closed'; as: 'completed' | 'cancelled'; why: string }
  | { type: 'task-reopened'; why: string }
  | { type: 'task-advised'; advice: string }
  | { type: 'start-chosen'; start: ChosenStart | null }
  | { type: 'work-purged'; ref: string; commit: string }
  | { type: 'landing-queued'; commit: string }
  | { type: 'landing-begun'; commit: string; candidate: string | null }
  | { type: 'landing-held'; why: string | null }
  | { type: 'task-landed'; commit: string; landedAs: string; tree: string; target: string }
  | {
      type: 'landing-bounced';
      token: number;
      cause: 'conflict' | 'red' | 'scope' | 'review' | 'rejected';
      reason: string;
      retryAt: number | null;
    }
  | { type: 'work-approved'; commit: string; tree: string; base: string | null }
  /** Paths came to the scope; `token` null: by a person's own wish. */
  | { type: 'scope-widened'; token: number | null; entries: readonly string[]; why: string; byPerson: boolean }
  /** An attempt wishes for paths; `holder`: the task that has them, `null`: a person decides. */
  | { type: 'widening-waits'; token: number; entries: readonly string[]; why: string; holder: TaskKey | null }
  | { type: 'widening-denied'; token: number; entries: readonly string[]; reason: string }
  | {
      type: 'work-restacked';
      token: number;
      from: string;
      commit: string;
      base: string;
      tree: string;
      builtOn: readonly BuiltOn[];
    }
  | { type: 'pr-changed'; number: number; status: PullRequestStatus }
  | { type: 'pr-dropped' };

export type PlanEventBody =
  | { type: 'plan-created'; plan: Plan }
  | { type: 'plan-changed'; plan: Plan }
  /** `what` absent: giving out its work. */
  | { type: 'plan-paused'; why: string; what?: 'landing' }
  | { type: 'plan-resumed'; what?: 'landing' }
  | { type: 'target-started'; target: string; commit: string; accepted: boolean };

export type ProjectEventBody =
  | { type: 'coordinator-started'; epoch: number; host: string; pid: number }
  | { type: 'coordinator-stopped'; epoch: number; why: string }
  | { type: 'clock-jumped'; gapMs: number }
  /** A person asks all coordinators of the project to give out nothing new, to stop their agents politely and to end. */
  | { type: 'shutdown-asked'; why: string }
  /** A person asks the coordinator that leads for an agent, and its answer. */
  | { type: 'spawn-asked'; request: SpawnRequest }
  | { type: 'spawn-answered'; answer: SpawnAnswer }
  /** A person ends an attempt: its work is saved, its task goes back to the queue or is held. */
  | { type: 'termination-asked'; token: number; after: 'requeue' | 'hold'; why: string }
  | { type: 'account-parked'; account: string; until: number; reason: string; known: boolean; times: number }
  | { type: 'account-unparked'; account: string; why: string }
  | { type: 'message-sent'; id: string; from: string; to: string }
  /** Whom they were sent to has read them. */
  | { type: 'message-acknowledged'; ids: readonly string[]; to: string }
  /** A person took the tip of the plan's target as finished, for a branch of theirs. */
  | { type: 'plan-approved'; id: string; commit: string; tree: string; into: string }
  | { type: 'plan-merged'; id: string; into: string; commit: string; tree: string }
  | { type: 'finding-noted'; id: string; kind: string }
  /** Work of the event's task and of `other` (`null`: what is on the target) was found in conflict before it lands. */
  | { type: 'conflict-seen'; other: TaskKey | null; paths: readonly string[] }
  | { type: 'conflict-gone'; other: TaskKey | null };

export type EventBody = TaskEventBody | PlanEventBody | ProjectEventBody;

/** One stored line. `data` is the body without its type. */
export interface Event {
  /** Place in the project's log: 1, 2, 3 … without a gap. */
  seq: number;
  at: number;
  actor: string;
  /** Place among the actor's own events, without a gap (C3). */
  actorSeq: number;
  plan: string | null;
  task: TaskKey | null;
  /** The attempt's token, when the event belongs to one. */
  attempt: number | null;
  body: EventBody;
  /** SHA-256 over the line before it and this one, in hexadecimal (I18). */
  hash: string;
}
