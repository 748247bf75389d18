/** The settings of supervision: each threshold of `core/supervision/thresholds.ts` under its own name, and when a report says stuck. */
import { limits } from '../core/limits.ts';
import { thresholds, type Thresholds } from '../core/supervision/thresholds.ts';
import type { Keys } from './settings-kind.ts';

/** What each counts, by the name without `Hint` and `Act`. */
const counted: Readonly<Record<string, string>> = {
  sameResult: 'The same call with the same result, so often in a row',
  sameCall: 'The same call with any result, so often in a row',
  cycle: 'Periods of a cycle of two to five calls',
  sameMessage: 'The same message, so often in a row',
  sameError: 'The same error text, so often in a row',
  failedExits: 'Failed calls in a row, whatever the text',
  nothingNew: 'Calls in a row that changed nothing and brought nothing new',
  readsOnly: 'Calls that only read since a file was changed',
  fileReturns: "Times that a file's content came back to an earlier one",
  failingTests: 'Runs of the same tests without progress',
  outsideScope: "Files written outside the task's scope",
};

const others: Readonly<Partial<Record<keyof Thresholds, string>>> = {
  stallHintS: 'Seconds without a sign and with an idle process tree until it gets a hint.',
  stallActS: 'The same until the attempt is ended and the task tried again.',
  contextHintShare: 'Share of the context window in use at which the agent is told to come to an end.',
  contextActShare: 'The same at which it is asked to hand over to a fresh agent.',
  budgetHintShare: 'Share of a budget (cost, turns, time) at which the agent is told.',
  budgetLastHintShare: 'The same for the last time; at all of it the attempt ends.',
  hintsMax: 'Hints that one attempt may get of one family of rules.',
  pollS: 'The same question asked so many seconds apart is waiting, not looping.',
  toolGraceS: 'Seconds that a tool may take beyond the limit it was given.',
  toolS: 'Seconds that a tool without a limit may take where nobody can look at its processes, as in a recording.',
};

export const supervisionKeys: Keys = {
  ...Object.fromEntries(
    Object.entries(thresholds).map(([name, fallback]) => [
      name,
      { kind: 'number' as const, default: fallback, ...boundsOf(name), about: aboutOf(name) },
    ]),
  ),
  stuckS: {
    kind: 'number',
    default: limits.stuckMs / 1000,
    min: 1,
    about: 'Seconds without activity until a report calls a task stuck.',
  },
};

function boundsOf(name: string): { min: number; integer?: boolean } {
  if (name.endsWith('Share')) return { min: 0.01 };
  if (name === 'hintsMax' || name === 'toolGraceS' || name === 'pollS') return { min: 0 };
  return name.endsWith('S') ? { min: 1 } : { min: 1, integer: true };
}

function aboutOf(name: string): string {
  const other = others[name as keyof Thresholds];
  if (other !== undefined) return other;
  const isHint = name.endsWith('Hint');
  const what = counted[name.replace(/(?:Hint|Act)$/, '')] ?? name;
  return `${what}, until ${isHint ? 'the agent gets a hint' : 'the attempt ends'}.`;
}
