/**
 * The attempt: one try at one task by one agent.
 *
 * Owns its shape. The first part follows from events (`evolve-attempt.ts`); `pulse` is volatile, written by beats only,
 * and says how the attempt looked when last seen.
 */
import type { TaskKey } from './id.ts';
import type { Rung } from './rung.ts';
import type { Thinking } from './thinking.ts';
import type { ActedRule, AttemptOutcome, BuiltOn, HandOverCause } from './task.ts';

/** A process that can be told from a later one with the same number. */
export interface ProcessIdentity {
  host: string;
  pid: number;
  /** The kernel's own start stamp as text; pid and stamp together never repeat on one boot. */
  startedAt: string;
}

export interface Pulse {
  at: number;
  /** The lease runs out then unless beaten again. */
  expiresAt: number;
  /** Events of the agent seen so far. */
  step: number;
  /** When the agent last gave a sign of its own (not the runner's beat). */
  activeAt: number;
  /** One line: what it does now. */
  doing: string;
  runner: ProcessIdentity | null;
  agent: ProcessIdentity | null;
  tokens: number;
  costUsd: number;
  /** Tokens in the model's context, and how many fit; `null` where the agent does not tell. */
  contextUsed: number | null;
  contextSize: number | null;
  /** The agent's own todo list (D11), `null` until it makes one. */
  todo: Todo | null;
  /** The agent's name for its session: a later attempt may go on with it. */
  session: string | null;
  model: string | null;
}

/** An agent's todo list in short; `now`: the first that is not done. */
export interface Todo {
  done: number;
  total: number;
  now: string;
}

/** Who said something to a running agent: its rules, a person, the answer to its own report, or the look-out for conflicts. */
export type HintBy = 'supervision' | 'person' | 'completion' | 'look-out';

/** How soon a hint reaches the model. */
export type HintDelivery = 'now' | 'next-turn' | 'unsupported';

export interface Attempt {
  token: number;
  task: TaskKey;
  agent: string;
  byHand: boolean;
  rung: Rung;
  /** What drives it; `null` where a person runs it. */
  adapter: string | null;
  /** Asked for by the ladder; `null`: the settings' or the program's own. */
  model: string | null;
  thinking: Thinking | null;
  startedAt: number;
  branch: string | null;
  workspace: string | null;
  /** What its work is measured against. */
  base: string | null;
  /** Unlanded work of others in its base; absent: none, or nobody recorded it. */
  builtOn?: readonly BuiltOn[];
  /** Where its directory began: the base, or that with the work of an earlier attempt. */
  start: string | null;
  /** Folder with output.log, verbose.jsonl and monitor.log. */
  logs: string | null;
  endedAt: number | null;
  outcome: AttemptOutcome | null;
  reason: string | null;
  /** The rule of supervision that ended it. */
  acted: ActedRule | null;
  /** Why it was handed over, and its notes for who goes on; of one that failed, what it said last. */
  cause: HandOverCause | null;
  notes: string | null;
  /** The commit its work was found at, finished or not. */
  commit: string | null;
  pulse: Pulse;
}
