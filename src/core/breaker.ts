/**
 * The breaker: many failures in a row over all tasks mean that something is wrong with the surroundings (a broken agent, no
 * network, a red target), and every further attempt costs money for nothing.
 *
 * Pure. Counts from events alone.
 */
import type { EventBody } from './event.ts';

/** Failed attempts in a row after this event. Attempts that were given back or cancelled say nothing either way. */
export function failuresInRow(before: number, event: EventBody): number {
  if (event.type === 'task-done' || event.type === 'task-landed') return 0;
  if (event.type !== 'attempt-ended') return before;
  switch (event.outcome) {
    case 'failed':
    case 'crashed':
    case 'lost':
    case 'timeout':
    case 'stalled':
      return before + 1;
    case 'done':
    case 'bounced':
    case 'released':
    case 'handed-over':
    case 'cancelled':
      return before;
  }
}

/** Said when it stops a run. */
export function breakerText(failures: number): string {
  return `${failures} attempts failed in a row, over all tasks`;
}
