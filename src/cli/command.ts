/**
 * A command of the command line: what it is called with and what it answers.
 *
 * Owns the shape that every file of `commands/` fills. A command reads its input, calls one action and puts the answer into
 * words; no rule of the domain lives here.
 */
import type { Context } from '../actions/context.ts';
import type { Rejection } from '../core/rejection.ts';

export interface Flag {
  kind: 'text' | 'number' | 'switch' | 'texts';
  /** Of a number: it must be whole and not below this. */
  least?: number;
  /** What stands for the value in the help: NAME, PLAN. */
  value?: string;
  about: string;
}

export type Flags = Readonly<Record<string, Flag>>;

export interface Command {
  summary: string;
  /** Lines after `orbit`, such as `claim --agent NAME`. */
  usage: readonly string[];
  /** Each a whole line and what it does. */
  examples: readonly (readonly [line: string, meaning: string])[];
  flags: Flags;
  /** How many words it takes besides its flags. */
  words: { min: number; max: number; names: string };
  run: (input: Input, around: Around) => Promise<Answer | Rejection>;
}

/** What the caller wrote behind the verb. */
export interface Input {
  words: readonly string[];
  /** Behind `--`. */
  rest: readonly string[];
  text: (flag: string) => string | null;
  number: (flag: string) => number | null;
  has: (flag: string) => boolean;
  texts: (flag: string) => readonly string[];
}

/** What a command finds around it. */
export interface Around {
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
  json: boolean;
  quiet: boolean;
  /** All verbs, for those that speak about verbs. */
  verbs: Readonly<Record<string, { group: string | null; load: () => Promise<Command> }>>;
  /** Opens the project that the caller stands in; throws `UsageError`. */
  project: () => Promise<Context>;
  /** Writes now; for commands that answer bit by bit. */
  write: (text: string) => void;
  /** Words for a person, on standard error. */
  warn: (text: string) => void;
}

export interface Answer {
  /** For `--json`. `null`: everything was written already. */
  data: unknown;
  /** For people; without the last line feed. */
  text: string;
  exitCode?: number;
}
