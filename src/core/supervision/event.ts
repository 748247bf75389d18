/**
 * What supervision is told of a running agent, whoever tells it: a runner as it happens, or a recording long after.
 *
 * Owns the vocabulary that the detectors read. It is the agent's own, less what says nothing about how it is doing, plus what
 * was seen from outside: looks at its processes and its workspace, words given to it, the passing of time.
 */

/** What a call is for. */
export type CallKind = 'read' | 'edit' | 'run' | 'wait' | 'other';

export type ErrorClass = 'quota' | 'login' | 'network' | 'context' | 'agent' | 'tool';

export type SupervisionEvent = {
  /** Milliseconds of one clock that never goes back. */
  at: number;
} & (
  | { type: 'call'; id: string; tool: string; input: string; kind?: CallKind | undefined }
  | { type: 'result'; id: string; ok: boolean; text: string; exitCode?: number | undefined }
  | { type: 'file-change'; path: string }
  | { type: 'message'; text: string }
  | { type: 'usage'; contextUsed: number | null; contextSize: number | null; costUsd: number }
  | {
      type: 'error';
      class: ErrorClass;
      text: string;
      retryAfterMs: number | null;
      critical: boolean;
      retrying: boolean;
    }
  | { type: 'turn-end' }
  /** Any other sign of life: a thought, its todo list, a session that began. */
  | { type: 'activity' }
  /** A hint reached the agent's program, because of the rule named; `null`: words of somebody else. */
  | { type: 'told'; rule: Rule | null }
  /** The model was given a hint. */
  | { type: 'hint-seen' }
  /** The evidence for its report is being looked at, or no more: it waits, and what it does meanwhile is no way of working. */
  | { type: 'judging'; isOn: boolean }
  /** A look at its processes: did they do anything since the last one? `null`: nobody could tell. */
  | { type: 'tree'; busy: boolean | null }
  /**
   * A look at its workspace: the same text means the same content. `null`: nobody could tell. `isStale`: steps ended while it was
   * being taken, so that it may show what they did.
   */
  | { type: 'workspace'; fingerprint: string | null; isStale?: boolean }
  /** The task's scope is another from now on. */
  | { type: 'scope'; scope: readonly string[] }
  /** Nothing happened; only the time is told. */
  | { type: 'tick' }
);

/** Every rule by its name, in the order in which they are asked: what is certain before what is likely. */
export const rules = [
  'critical-error',
  'quota',
  'context',
  'cost',
  'turns',
  'time',
  'same-error',
  'same-result',
  'same-call',
  'cycle',
  'same-message',
  'failed-exits',
  'file-returns',
  'failing-tests',
  'nothing-new',
  'reads-only',
  'outside-scope',
  'tests-touched',
  'silence',
] as const;

export type Rule = (typeof rules)[number];

/** Rules of one family share their hints: an agent is not told the same thing in five ways. */
export type Family =
  | 'end'
  | 'context'
  | 'cost'
  | 'turns'
  | 'time'
  | 'loop'
  | 'error'
  | 'progress'
  | 'scope'
  | 'silence';

export const families: Readonly<Record<Rule, Family>> = {
  'critical-error': 'end',
  quota: 'end',
  context: 'context',
  cost: 'cost',
  turns: 'turns',
  time: 'time',
  'same-result': 'loop',
  'same-error': 'error',
  'same-call': 'loop',
  cycle: 'loop',
  'same-message': 'loop',
  'failed-exits': 'error',
  'file-returns': 'progress',
  'failing-tests': 'progress',
  'nothing-new': 'progress',
  'reads-only': 'progress',
  'outside-scope': 'scope',
  'tests-touched': 'scope',
  silence: 'silence',
};

/** `hint`: the agent is told; `act`: the attempt ends, by one way or another. */
export type Level = 'hint' | 'act';

/** What a rule found. */
export interface Finding {
  rule: Rule;
  level: Level;
  at: number;
  /** How often, or how much in the unit of the rule. */
  count: number;
  /** Lines for a person: what was done, how often, what came of it, first and last time. */
  evidence: readonly string[];
  /** To the agent, where it is a hint; the reason in one sentence, where it acts. */
  text: string;
}
