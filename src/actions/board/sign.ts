/** How a task's status is shown: by shape, letter and tone together, so that none of them has to be seen. */
import type { TaskStatus } from '../../core/status.ts';
import type { Part, Space, Tone } from './line.ts';

export interface Sign {
  letter: string;
  shape: string;
  /** Where the terminal shows ASCII alone. */
  ascii: string;
  tone: Tone;
}

/** In the order of a task's life. */
export const signs: Readonly<Record<TaskStatus, Sign>> = {
  landed: { letter: 'L', shape: '■', ascii: '#', tone: 'green' },
  landing: { letter: 'Q', shape: '▲', ascii: '^', tone: 'green' },
  done: { letter: 'D', shape: '◆', ascii: '+', tone: 'green' },
  running: { letter: 'A', shape: '►', ascii: '>', tone: 'yellow' },
  'needs-you': { letter: 'N', shape: '!', ascii: '!', tone: 'red' },
  waiting: { letter: 'W', shape: '○', ascii: '~', tone: 'yellow' },
  ready: { letter: 'R', shape: '◇', ascii: 'o', tone: 'blue' },
  blocked: { letter: 'B', shape: '□', ascii: '.', tone: 'dim' },
  cancelled: { letter: 'X', shape: '×', ascii: 'x', tone: 'dim' },
};

/** What the letters stand for. */
export const signWords: Readonly<Record<TaskStatus, string>> = {
  landed: 'landed',
  landing: 'queued to land',
  done: 'done: proven',
  running: 'an agent is at it',
  'needs-you': 'needs you',
  waiting: 'waits for a retry or a release',
  ready: 'ready',
  blocked: 'blocked by what it depends on',
  cancelled: 'cancelled',
};

/** `►A`. */
export function signOf(status: TaskStatus, { unicode }: Pick<Space, 'unicode'>): Part {
  const { shape, ascii, letter, tone } = signs[status];
  return { text: `${unicode ? shape : ascii}${letter}`, tone };
}
