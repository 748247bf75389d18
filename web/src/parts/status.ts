/** What a status looks like: a shape, a word and a colour, so that none of them is needed alone. */
import type { TaskStatus } from '../../../src/api/contract.ts';

export interface Look {
  readonly shape: string;
  readonly word: string;
  /** A colour of the theme. */
  readonly color: string;
}

/** In the order in which they ask for attention. */
export const statusLooks: Readonly<Record<TaskStatus, Look>> = {
  'needs-you': { shape: '▲', word: 'needs you', color: 'orange' },
  running: { shape: '◐', word: 'running', color: 'blue' },
  landing: { shape: '↧', word: 'landing', color: 'violet' },
  done: { shape: '◉', word: 'done', color: 'teal' },
  ready: { shape: '○', word: 'ready', color: 'cyan' },
  waiting: { shape: '◷', word: 'waiting', color: 'yellow' },
  blocked: { shape: '▫', word: 'blocked', color: 'gray' },
  landed: { shape: '✓', word: 'landed', color: 'green' },
  cancelled: { shape: '✕', word: 'cancelled', color: 'gray' },
};

const agentLooks: Readonly<Record<string, Look>> = {
  working: { shape: '●', word: 'working', color: 'blue' },
  silent: { shape: '◌', word: 'silent', color: 'yellow' },
  lost: { shape: '✕', word: 'lost', color: 'red' },
};

const outcomeLooks: Readonly<Record<string, Look>> = {
  running: { shape: '◐', word: 'running', color: 'blue' },
  done: { shape: '✓', word: 'done', color: 'green' },
  failed: { shape: '✕', word: 'failed', color: 'red' },
  crashed: { shape: '✕', word: 'crashed', color: 'red' },
  stalled: { shape: '◌', word: 'stalled', color: 'red' },
  lost: { shape: '?', word: 'lost', color: 'red' },
  timeout: { shape: '◷', word: 'out of time', color: 'red' },
  bounced: { shape: '↩', word: 'bounced', color: 'orange' },
  released: { shape: '⇢', word: 'given back', color: 'gray' },
  'handed-over': { shape: '⇢', word: 'handed over', color: 'gray' },
  cancelled: { shape: '✕', word: 'cancelled', color: 'gray' },
};

/** The look of a status of a task, of an agent, or of an attempt's outcome; one that is not known says its own word. */
export function lookOf(status: string, of: 'task' | 'agent' | 'outcome' = 'task'): Look {
  const looks: Readonly<Record<string, Look>> = { task: statusLooks, agent: agentLooks, outcome: outcomeLooks }[of];
  return looks[status] ?? { shape: '·', word: status, color: 'gray' };
}
