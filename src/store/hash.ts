/**
 * The log's hash chain (I18): each event's hash covers the hash before it and its own line, so that an edit, a drop or a swap shows.
 *
 * Owns what is hashed. The line is canonical JSON of the event (keys sorted, no white space), so that anybody who has the
 * events, from any store, can recompute the chain.
 */
import type { Event } from '../core/event.ts';
import { sha256 } from '../platform/sha256.ts';

/** The log's end: number and hash of its last event. */
export interface LogHead {
  seq: number;
  hash: string;
}

export const emptyLog: LogHead = { seq: 0, hash: '' };

/** An event before it has its place in the log. */
export type OpenEvent = Omit<Event, 'seq' | 'hash'>;

/** Gives `open` the place after `head`. `data` is its body as canonical JSON, ready to be stored. */
export function sealEvent(head: LogHead, open: OpenEvent): { event: Event; data: string } {
  const seq = head.seq + 1;
  const data = canonicalJson(open.body);
  const { at, actor, actorSeq, plan, task, attempt, body } = open;
  const hash = digest(head.hash + lineOf({ ...open, seq }, data));
  return { event: { seq, at, actor, actorSeq, plan, task, attempt, body, hash }, data };
}

/** The number of the first of `events` (from the log's first on) that does not fit the chain ending in `head`, or `null`. */
export function firstMisfit(events: Iterable<Event>, head: LogHead): number | null {
  let previous = emptyLog;
  for (const event of events) {
    const { hash, ...rest } = event;
    const fits =
      event.seq === previous.seq + 1 && hash === digest(previous.hash + lineOf(rest, canonicalJson(rest.body)));
    if (!fits) return previous.seq + 1;
    previous = { seq: event.seq, hash };
  }
  if (previous.seq === head.seq && previous.hash === head.hash) return null;
  return Math.min(previous.seq, head.seq) + 1;
}

/** JSON with sorted keys and without white space: equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let text = '';
  for (const name of Object.keys(value).sort()) {
    const field = (value as Record<string, unknown>)[name];
    if (field !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}

/** The canonical JSON of the event without its hash; `data` is its body, made once. */
function lineOf(event: Omit<Event, 'hash'>, data: string): string {
  const { actor, actorSeq, at, attempt, plan, seq, task } = event;
  const actorText = JSON.stringify(actor);
  const rest = `"plan":${JSON.stringify(plan)},"seq":${seq},"task":${JSON.stringify(task)}`;
  return `{"actor":${actorText},"actorSeq":${actorSeq},"at":${at},"attempt":${attempt},"body":${data},${rest}}`;
}

/** From so many hashes on the native hash repays the 4.8 ms that loading it costs: it is some 5 µs faster each. */
const manyHashes = 1_000;
let hashes = 0;
let native: typeof sha256 | undefined;

function digest(text: string): string {
  hashes += 1;
  if (hashes === manyHashes) {
    const { hash } = process.getBuiltinModule('node:crypto');
    native = (input) => hash('sha256', input);
  }
  return native === undefined ? sha256(text) : native(text);
}
