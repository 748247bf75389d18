/** The part of a transcript that the page holds: it grows at both ends. Pure. */
import type { z } from 'zod';
import type { transcript } from '../../../../src/api/contract/views.ts';

export type Page = z.infer<typeof transcript>;
export type Entry = Page['entries'][number];

export interface Held {
  readonly entries: readonly Entry[];
  /** Offset that the held part begins at; 0: the log's beginning. */
  readonly from: number;
  /** Where to read on. */
  readonly next: number;
  readonly more: boolean;
  readonly live: boolean;
}

/** How far back a look for earlier entries goes, in bytes: some hundred entries of an ordinary agent. */
const BACK_BYTES = 262_144;

/** @param asked the offset that was asked for; -1: the log's end, of which `limit` entries were asked for: fewer are all. */
export function firstHeld(page: Page, asked: number, limit: number): Held {
  const first = page.entries.length < limit ? 0 : (page.entries[0]?.line ?? 0);
  const from = asked >= 0 ? asked : first;
  return { entries: page.entries, from, next: page.next, more: page.more, live: page.live };
}

/** What comes after. */
export function withLater(held: Held, page: Page): Held {
  const { next, more, live } = page;
  if (page.entries.length === 0 && next === held.next && more === held.more && live === held.live) return held;
  return {
    ...held,
    entries: page.entries.length === 0 ? held.entries : [...held.entries, ...page.entries],
    next,
    more,
    live,
  };
}

/** Where to begin for what comes before; `undefined`: there is nothing. */
export function earlierFrom(held: Held, times = 1): number | undefined {
  return held.from <= 0 ? undefined : Math.max(0, held.from - BACK_BYTES * times);
}

/** What comes before, out of a page that was asked for from `asked` on: only what lies before the held part. */
export function withEarlier(held: Held, page: Page, asked: number): Held {
  const before = page.entries.filter(({ line }) => line < held.from);
  // It begins somewhere in a line unless it is the first: the page begins with the next whole one.
  const from = asked <= 0 ? 0 : (before[0]?.line ?? asked);
  return { ...held, entries: [...before, ...held.entries], from };
}

/** A name of an entry that stays: its line's offset, and which of that line's entries it is. */
export function namesOf(entries: readonly Entry[]): string[] {
  let [line, nth] = [-1, 0];
  return entries.map((entry) => {
    nth = entry.line === line ? nth + 1 : 0;
    line = entry.line;
    return nth === 0 ? `e${line}` : `e${line}.${nth}`;
  });
}

/** The offset in a name as {@link namesOf} gives it. */
export function offsetOf(name: string): number | undefined {
  const digits = /^e(\d+)(?:\.\d+)?$/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Kinds by what a person looks for. */
export const choices: Readonly<Record<string, (entry: Entry) => boolean>> = {
  all: () => true,
  words: ({ kind }) => ['message', 'text', 'report', 'turn-end', 'error', 'stdin', 'nudge', 'hint'].includes(kind),
  tools: ({ kind }) => kind.startsWith('tool-') || kind === 'file-change',
  problems: ({ kind, text }) =>
    kind === 'error' || kind === 'stderr' || kind === 'end' || (kind === 'tool-result' && text.startsWith('failed')),
};
