/** Which events are shown. Pure. */
import type { Event } from '../../../../src/api/contract.ts';

export interface EventFilter {
  /** Kinds; empty: all. */
  types: readonly string[];
  plan: string;
  /** Words that all stand in an event's actor, task, kind or data. */
  words: string;
}

/** The newest first. */
export function shownEvents(events: readonly Event[], { types, plan, words }: EventFilter): Event[] {
  const wanted = new Set(types);
  const all = words.toLowerCase().split(/\s+/).filter(Boolean);
  const shown: Event[] = [];
  for (let index = events.length - 1; index >= 0; index -= 1) {
    const event = events[index];
    if (event === undefined || (wanted.size > 0 && !wanted.has(event.type))) continue;
    if (plan !== '' && event.plan !== plan && event.plan !== null) continue;
    if (all.length > 0 && !holds(event, all)) continue;
    shown.push(event);
  }
  return shown;
}

function holds({ seq, actor, task, plan, type, attempt, data }: Event, words: readonly string[]): boolean {
  const head = `${seq} ${actor} ${plan ?? ''}/${task ?? ''} ${type} #${attempt ?? ''}`.toLowerCase();
  // Most words are found in the head; the data is large.
  const missing = words.filter((word) => !head.includes(word));
  if (missing.length === 0) return true;
  const rest = JSON.stringify(data).toLowerCase();
  return missing.every((word) => rest.includes(word));
}

/** Said elsewhere in the row, or nothing that a person reads. */
const hidden = new Set(['token', 'expiresAt', 'retryAt', 'workspace', 'logs']);

/** The plain values of an event, in a line; hashes as short as git tells them. */
export function inALine(data: Event['data']): string {
  return Object.entries(data)
    .filter(([name]) => !hidden.has(name))
    .flatMap(([name, value]) => {
      if (typeof value === 'string' && value !== '')
        return [name === 'reason' || name === 'why' ? value : `${name} ${shortened(value)}`];
      return typeof value === 'number' || typeof value === 'boolean' ? [`${name} ${String(value)}`] : [];
    })
    .join(', ');
}

function shortened(value: string): string {
  return /^[0-9a-f]{40,64}$/.test(value) ? value.slice(0, 10) : value;
}
