/**
 * What one coordinator process remembers between ticks. Nothing here is truth: whoever starts with an empty one finds the
 * rest in the store, in git and in the process table.
 */
import type { Attempt } from '../core/attempt.ts';
import { LandingPace } from '../core/landing-pace.ts';
import type { Leadership } from '../store/store.ts';
import type { CoordinatorSettings } from './ports.ts';
import { newRequests, type Requests } from './requests.ts';

export interface CoordinatorState {
  leadership: Leadership | null;
  /** Tokens whose runner this process has started, and when, on the monotonic clock. */
  started: Map<number, number>;
  clock: ClockWatch | null;
  /** What ended attempts left, by token. */
  leftovers: Map<number, Leftover>;
  /** Up to which event the order of work is up to date, and when it may be made again, on the monotonic clock. */
  ranked: { seq: number; againMs: number };
  /** Up to which event unlanded work was compared with what it is built on, and when to look again, on the monotonic clock. */
  restacked: { seq: number; againMs: number };
  /** Up to which event goals were looked at; -1: never. */
  goalsSeq: number;
  /** How fast the landing queue is, and up to which event that was read. */
  pace: { watch: LandingPace; seq: number };
  /** Disk use of the workspaces at the last look, and when to look again, on the monotonic clock. */
  disk: { bytes: number; againMs: number; /** When space may be freed on a full disk again. */ freeAgainMs: number };
  /** Why the machine has no room for another agent, `null` where it has; see `machine-room.ts`. */
  crowded: string | null;
  /** Targets as they were in order last, and accepted ones whose checks were red, by ref. */
  targets: Map<string, SeenTarget>;
  refusedStarts: Map<string, RefusedStart>;
  /** What people asked of whoever leads. */
  requests: Requests;
  /** Set by shutdown: nothing new is given out. */
  draining: boolean;
}

/** The last look at both clocks. */
export interface ClockWatch {
  wallMs: number;
  monotonicMs: number;
  /** Leases are not looked at before this wall time. */
  graceUntil: number;
}

/** Since when an ended attempt's directory was seen, on the monotonic clock. */
export interface Leftover {
  sinceMs: number;
  /** When clearing it up failed last. It is tried again slowly; nobody waits for it. */
  failedMs: number | null;
}

/** A target's tip that was in order, as this process saw it last. */
export interface SeenTarget {
  tip: string;
  /** Events up to here were read before the look. */
  seq: number;
  /** Since which start: when a person accepts another one, what was seen before counts no more. */
  startAt: number;
}

/** What was red, at which start, and when it was, on the monotonic clock. */
export interface RefusedStart {
  startAt: number;
  why: string;
  atMs: number;
}

export function newCoordinatorState(): CoordinatorState {
  return {
    leadership: null,
    started: new Map(),
    clock: null,
    leftovers: new Map(),
    ranked: { seq: -1, againMs: 0 },
    restacked: { seq: -1, againMs: 0 },
    goalsSeq: -1,
    disk: { bytes: 0, againMs: 0, freeAgainMs: 0 },
    pace: { watch: new LandingPace(), seq: -1 },
    crowded: null,
    targets: new Map(),
    refusedStarts: new Map(),
    requests: newRequests(),
    draining: false,
  };
}

/** Attempts of this coordinator's plans that have a runner. */
export function isOurs(attempt: Attempt, settings: CoordinatorSettings): boolean {
  return !attempt.byHand && settings.plans.some((plan) => attempt.task.startsWith(`${plan}/`));
}
