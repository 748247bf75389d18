/**
 * Bars on lanes: a lane per agent, a bar per attempt, and what a task waited for before, between and after them. Pure.
 *
 * Owns how a wait is told apart: queued (all it needs was there, no agent yet), a person, another attempt, landing.
 */
import type { Task } from '../../../../src/api/contract.ts';
import { keyFrom } from '../graph/fold.ts';

/** Of the API's time line, as far as lanes need it. Times are ISO 8601. */
export interface TimedTask {
  task: string;
  title: string;
  onChain: boolean;
  doneAt: string | null;
  landedAt: string | null;
  attempts: readonly { token: number; agent: string; from: string; to: string; outcome: string | null }[];
}

export type WaitKind = 'queued' | 'person' | 'retry' | 'landing';

/** Times are epoch ms. */
export interface Span {
  task: string;
  title: string;
  from: number;
  to: number;
  onChain: boolean;
}
export interface Bar extends Span {
  token: number;
  /** `null`: it runs. */
  outcome: string | null;
}
export interface Wait extends Span {
  kind: WaitKind;
}
export interface Lane {
  agent: string;
  /** Rows in which no two bars meet: an agent with several slots has several. */
  rows: readonly { bars: readonly Bar[]; waits: readonly Wait[] }[];
}

/** Waits for a person, by task id: from when to when. */
export type PersonWaits = ReadonlyMap<string, readonly { from: number; to: number }[]>;

export interface Look {
  plan: string;
  /** Epoch ms. */
  now: number;
  tasks: readonly Task[];
  persons: PersonWaits;
}

/** Lanes in the order of their first bars. */
export function lanesOf(timed: readonly TimedTask[], look: Look): Lane[] {
  const entries = timed.flatMap((one) => partsOf(one, timed, look));
  const byAgent = Map.groupBy(
    entries.toSorted((a, b) => a.bar.from - b.bar.from || a.bar.token - b.bar.token),
    ({ agent }) => agent,
  );
  return [...byAgent].map(([agent, own]) => ({ agent, rows: packed(own) }));
}

interface Part {
  agent: string;
  bar: Bar;
  waits: Wait[];
}

function partsOf(one: TimedTask, timed: readonly TimedTask[], look: Look): Part[] {
  const base = { task: one.task, title: one.title, onChain: one.onChain };
  const persons = look.persons.get(one.task) ?? [];
  const bars = one.attempts.map(({ token, agent, from, to, outcome }) => ({
    agent,
    bar: { ...base, token, outcome, from: Date.parse(from), to: outcome === null ? look.now : Date.parse(to) },
  }));
  return bars.map(({ agent, bar }, index) => {
    const waits: Wait[] = [];
    const before = bars[index - 1]?.bar;
    const readyAt = before === undefined ? readySince(one, timed, look) : before.to;
    if (readyAt !== null && readyAt < bar.from)
      waits.push(
        ...split({ ...base, from: readyAt, to: bar.from }, persons, before === undefined ? 'queued' : 'retry'),
      );
    if (index === bars.length - 1) waits.push(...tail(one, { base, last: bar, persons, now: look.now }));
    return { agent, bar, waits };
  });
}

/** When all that it needs was proven; the plan's beginning for a task without needs, `null` when nobody knows. */
function readySince(one: TimedTask, timed: readonly TimedTask[], { plan, tasks }: Look): number | null {
  const own = tasks.find(({ id, plan: of }) => id === one.task && of === plan);
  if (own === undefined) return null;
  const needs = new Set(own.dependencies.map((need) => keyFrom(plan, need)));
  const done = timed.flatMap(({ task, doneAt }) => (needs.has(`${plan}/${task}`) ? [doneAt] : []));
  const known = done.filter((at) => at !== null);
  if (needs.size === 0) return firstOf(timed);
  return known.length < needs.size ? null : Math.max(...known.map((at) => Date.parse(at)));
}

function firstOf(timed: readonly TimedTask[]): number | null {
  const starts = timed.flatMap(({ attempts }) => attempts.map(({ from }) => Date.parse(from)));
  return starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b));
}

interface Tail {
  base: Omit<Span, 'from' | 'to'>;
  last: Bar;
  persons: readonly { from: number; to: number }[];
  now: number;
}

/** After the last attempt: landing, or a person who has not answered. */
function tail({ doneAt, landedAt }: TimedTask, { base, last, persons, now }: Tail): Wait[] {
  if (last.outcome === null) return [];
  if (doneAt !== null) {
    const to = landedAt === null ? now : Date.parse(landedAt);
    return last.to < to ? split({ ...base, from: last.to, to }, persons, 'landing') : [];
  }
  return persons.flatMap(({ from, to }) =>
    to > last.to ? [{ ...base, kind: 'person' as const, from: Math.max(from, last.to), to }] : [],
  );
}

/** The span in pieces: a person's where one was waited for, the rest of the kind given. */
function split(span: Span, persons: readonly { from: number; to: number }[], kind: WaitKind): Wait[] {
  const pieces: Wait[] = [];
  let at = span.from;
  for (const { from, to } of persons) {
    const start = Math.max(at, from);
    const end = Math.min(span.to, to);
    if (start >= end) continue;
    if (at < start) pieces.push({ ...span, kind, from: at, to: start });
    pieces.push({ ...span, kind: 'person', from: start, to: end });
    at = end;
  }
  return at < span.to ? [...pieces, { ...span, kind, from: at }] : pieces;
}

/** Bars that overlap go into further rows; waits never push anything away, they are drawn behind. */
function packed(parts: readonly Part[]): Lane['rows'] {
  const rows: { bars: Bar[]; waits: Wait[]; end: number }[] = [];
  for (const { bar, waits } of parts) {
    let row = rows.find(({ end }) => end <= bar.from);
    if (row === undefined) {
      row = { bars: [], waits: [], end: 0 };
      rows.push(row);
    }
    row.bars.push(bar);
    row.waits.push(...waits);
    row.end = bar.to;
  }
  return rows.map(({ bars, waits }) => ({ bars, waits }));
}
