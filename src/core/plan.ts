/**
 * The plan: a named set of tasks, as read from a file (`PlanDraft`) and as kept in the store (`Plan`).
 *
 * Owns both shapes. A draft carries where each thing was written, so that every complaint names file and line.
 */
import type { Finish, LandingMode } from './pull-request.ts';
import type { TaskDefinition } from './task.ts';

/** When a dependency counts as met: its work is proven on its branch (`done`), or it is on the target (`landed`). */
export type Unblock = 'done' | 'landed';

export interface Layer {
  number: number;
  title: string;
}

/** Where Orbit began to answer for a target: what lies below is not its work. */
export interface TargetStart {
  /** Full ref; a start counts for this target alone. */
  target: string;
  commit: string;
  /** A person looked at the branch as it was and took it; `false`: as it was found when the plan first used it. */
  accepted: boolean;
  at: number;
}

export interface Plan {
  id: string;
  title: string;
  /** Path of the plan's file relative to the repository's top, `null` for plans made by commands. */
  source: string | null;
  unblock: Unblock;
  /** `hard` makes each layer a barrier. */
  layers: 'hints' | 'hard';
  layerList: readonly Layer[];
  /** Commands that every landing of this plan must pass, besides the task's and the target's own. */
  checks: readonly string[];
  /** How its work lands; absent: as the settings say. */
  landing?: LandingMode;
  /** What becomes of it when all has landed; absent: as the settings say. */
  finish?: Finish;
  /** Full ref that its work lands on, for example `refs/heads/orbit/001`; with layer branches the last layer's. */
  target: string;
  /** Absent until the target is first used. */
  start?: TargetStart;
  /** Each layer lands on a branch of its own, see `layer-branch.ts`; absent: no. */
  layerBranches?: boolean;
  paused: boolean;
  /** Why nothing of it lands for now, by a person's word; absent: it does. */
  landingPaused?: string;
  createdAt: number;
}

/** What of a plan rests: giving out its work, or landing it. */
export interface PlanPause {
  paused: boolean;
  what: 'work' | 'landing';
  why: string;
}

/** A task as a file tells it. Dependencies are bare ids of the same plan, or `plan/task`. */
export interface TaskDraft extends Omit<TaskDefinition, 'dependencies'> {
  dependencies: readonly string[];
  /** The file's own tick: the author says it is finished. */
  ticked: boolean;
  /** Line of the file, counted from 1. */
  line: number;
}

export interface PlanDraft {
  title: string;
  unblock: Unblock | null;
  layers: 'hints' | 'hard' | null;
  layerList: readonly Layer[];
  checks: readonly string[];
  /** Absent: the file says nothing. */
  landing?: LandingMode;
  finish?: Finish;
  tasks: readonly TaskDraft[];
}

/** A complaint about a plan. `error` refuses the plan, `warning` lets it through and is shown. */
export interface Finding {
  severity: 'error' | 'warning';
  code: string;
  message: string;
  /** Line of the plan's file, counted from 1; `null` when no single line is to blame. */
  line: number | null;
  task: string | null;
}
