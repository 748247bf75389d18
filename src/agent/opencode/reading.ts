/**
 * What is known of a stream while it is read: the state between two lines.
 *
 * Owns no rule. The rules are in `reader.ts` (events of the server), `parts.ts` (parts of messages) and `fault.ts` (errors).
 */
import { recent, type Recent } from './recent.ts';

export interface Reading {
  /** The session of the attempt; sessions of its helpers (the `task` tool) are in `children`. */
  session: string | null;
  children: Set<string>;
  /** As told with the session, so that news are told once more. */
  model: string | null;
  contextSize: number | null;
  /** The latest time of day that the stream told, in milliseconds since 1970. */
  now: number | null;
  /** Whose message it is: parts do not tell. */
  roles: Recent<Role>;
  /** Parts and calls that were told already. */
  told: Recent<'started' | 'done'>;
  /** Texts that are still being written. */
  drafts: Recent<Draft>;
  turn: Turn;
  /** The first words of the session's user are its prompt, later ones are hints. */
  isPrompted: boolean;
  /** Words that no model call has begun with yet. */
  hints: Hint[];
  usage: { tokens: number; costUsd: number; contextUsed: number | null };
  /** Files told in the step that runs: the summary at its end names them again. */
  files: Set<string>;
  /** The list as told last. */
  todo: string;
}

export interface Role {
  of: 'user' | 'assistant' | 'summary';
}

export interface Draft {
  as: 'message' | 'thought';
  /** What was not told yet. */
  text: string;
  toldLength: number;
  /** When the first piece that was not told came, by the stream's own clock; `null` if it has none. */
  since: number | null;
}

export interface Hint {
  text: string;
  /** The answer that took it in, once there is one. */
  answer: string | null;
}

export interface Turn {
  isOpen: boolean;
  /** It ended and no other one began. */
  hasEnded: boolean;
  wasAborted: boolean;
  /** A model call began to answer. */
  hasStep: boolean;
  /** The error that ended it, unless a later step got over it. */
  failure: string | null;
  /** The last step stopped at a limit of the model's output. */
  hitLimit: boolean;
  lastWords: string;
}

export function newReading(): Reading {
  return {
    session: null,
    children: new Set(),
    model: null,
    contextSize: null,
    now: null,
    roles: recent(),
    told: recent(),
    drafts: recent(),
    turn: newTurn(),
    isPrompted: false,
    hints: [],
    usage: { tokens: 0, costUsd: 0, contextUsed: null },
    files: new Set(),
    todo: '',
  };
}

/** A turn runs: what ended before is over. */
export function openTurn(reading: Reading): void {
  if (!reading.turn.isOpen) reading.turn = { ...newTurn(), isOpen: true };
}

function newTurn(): Turn {
  return {
    isOpen: false,
    hasEnded: false,
    wasAborted: false,
    hasStep: false,
    failure: null,
    hitLimit: false,
    lastWords: '',
  };
}

/**
 * Milliseconds by the stream's own clock, from an event's id: the upper 36 bits of its first 12 digits, so they come round
 * every two years. Only differences mean anything; {@link msBetween} takes them.
 */
export function timeOfId(id: unknown): number | null {
  const digits = typeof id === 'string' ? /^[a-z]+_([0-9a-f]{12})/.exec(id)?.[1] : undefined;
  return digits === undefined ? null : Math.floor(Number.parseInt(digits, 16) / 4_096);
}

/** From one time to another, either of which may have come round; negative ones are 0. */
export function msBetween(from: number, to: number): number {
  const round = 2 ** 36;
  const ms = (((to - from) % round) + round) % round;
  return ms > round / 2 ? 0 : ms;
}
