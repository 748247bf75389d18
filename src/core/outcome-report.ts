/**
 * Outcomes per adapter, model and rung, and what hints did (C14). Pure: counted from attempts and the log alone.
 *
 * Owns what counts as a hint that helped: progress, when neither the same rule spoke again nor any rule ended the attempt;
 * success, when that attempt was proven.
 */
import type { Attempt } from './attempt.ts';
import type { Event } from './event.ts';
import type { TaskKey } from './id.ts';
import type { Rung } from './rung.ts';

export interface OutcomeRow {
  /** `null`: run by a person, by hand. */
  adapter: string | null;
  /** As the program told, or the ladder asked; `null`: nobody told. */
  model: string | null;
  rung: Rung;
  attempts: number;
  done: number;
  /** Failed, crashed, lost, timed out, stalled. */
  failed: number;
  handedOver: number;
  /** Released or cancelled. */
  other: number;
  running: number;
  costUsd: number;
  tokens: number;
  minutes: number;
}

export interface HintRow {
  /** A rule of supervision, `person` or `completion`. */
  rule: string;
  hints: number;
  /** Did not reach the agent at all. */
  unsupported: number;
  progress: number;
  success: number;
}

export interface OutcomeReport {
  outcomes: readonly OutcomeRow[];
  hints: readonly HintRow[];
  /** Rules that ended attempts. */
  ended: readonly { rule: string; attempts: number }[];
  tasks: readonly { task: TaskKey; attempts: number; failed: number; costUsd: number; minutes: number }[];
}

/** @param events of the same tasks; those about hints are looked at. */
export function reportOutcomes(
  attempts: readonly Attempt[],
  events: readonly Pick<Event, 'seq' | 'body'>[],
  now: number,
): OutcomeReport {
  const outcomes = new Map<string, OutcomeRow>();
  const tasks = new Map<
    TaskKey,
    { task: TaskKey; attempts: number; failed: number; costUsd: number; minutes: number }
  >();
  const ended = new Map<string, number>();
  for (const attempt of attempts) {
    const minutes = ((attempt.endedAt ?? now) - attempt.startedAt) / 60_000;
    const { costUsd, tokens } = attempt.pulse;
    const row = rowOf(outcomes, attempt);
    const kind = kindOf(attempt);
    row.attempts += 1;
    row[kind] += 1;
    row.costUsd += costUsd;
    row.tokens += tokens;
    row.minutes += minutes;
    const { task } = attempt;
    const sum = tasks.get(task) ?? { task, attempts: 0, failed: 0, costUsd: 0, minutes: 0 };
    tasks.set(task, {
      task,
      attempts: sum.attempts + 1,
      failed: sum.failed + (kind === 'failed' ? 1 : 0),
      costUsd: sum.costUsd + costUsd,
      minutes: sum.minutes + minutes,
    });
    if (attempt.acted !== null) ended.set(attempt.acted.rule, (ended.get(attempt.acted.rule) ?? 0) + 1);
  }
  return {
    outcomes: [...outcomes.values()].sort((one, other) => compare(nameOf(one), nameOf(other))),
    hints: hintRows(attempts, events),
    ended: [...ended].map(([rule, count]) => ({ rule, attempts: count })).sort((a, b) => b.attempts - a.attempts),
    tasks: [...tasks.values()].sort((one, other) => other.attempts - one.attempts || compare(one.task, other.task)),
  };
}

type Kind = 'done' | 'failed' | 'handedOver' | 'other' | 'running';

function kindOf({ outcome }: Attempt): Kind {
  switch (outcome) {
    case null:
      return 'running';
    case 'done':
      return 'done';
    case 'handed-over':
      return 'handedOver';
    case 'released':
    case 'bounced':
    case 'cancelled':
      return 'other';
    case 'failed':
    case 'crashed':
    case 'lost':
    case 'timeout':
    case 'stalled':
      return 'failed';
  }
}

function rowOf(rows: Map<string, OutcomeRow>, attempt: Attempt): OutcomeRow {
  const { adapter, rung, pulse } = attempt;
  const model = pulse.model ?? attempt.model;
  const name = nameOf({ adapter, model, rung });
  const row = rows.get(name) ?? {
    adapter,
    model,
    rung,
    attempts: 0,
    done: 0,
    failed: 0,
    handedOver: 0,
    other: 0,
    running: 0,
    costUsd: 0,
    tokens: 0,
    minutes: 0,
  };
  rows.set(name, row);
  return row;
}

const rungOrder: readonly Rung[] = ['first', 'fresh', 'other', 'split', 'join', 'whole'];

function nameOf({ adapter, model, rung }: Pick<OutcomeRow, 'adapter' | 'model' | 'rung'>): string {
  return `${adapter ?? '~'} ${model ?? ''} ${rungOrder.indexOf(rung)}`;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function hintRows(attempts: readonly Attempt[], events: readonly Pick<Event, 'seq' | 'body'>[]): HintRow[] {
  const byToken = new Map(attempts.map((attempt) => [attempt.token, attempt]));
  const rows = new Map<string, HintRow>();
  const last = new Map<string, number>();
  const hints = events.flatMap(({ seq, body }) => (body.type === 'agent-hinted' ? [{ seq, ...body }] : []));
  for (const { seq, token, by, rule } of hints) last.set(`${token} ${rule ?? by}`, seq);
  for (const { seq, token, by, rule, delivery } of hints) {
    const name = rule ?? by;
    const row = rows.get(name) ?? { rule: name, hints: 0, unsupported: 0, progress: 0, success: 0 };
    rows.set(name, row);
    row.hints += 1;
    if (delivery === 'unsupported') row.unsupported += 1;
    const attempt = byToken.get(token);
    if (attempt === undefined || attempt.endedAt === null) continue;
    if (attempt.acted === null && last.get(`${token} ${name}`) === seq) row.progress += 1;
    if (attempt.outcome === 'done') row.success += 1;
  }
  return [...rows.values()].sort((one, other) => other.hints - one.hints || compare(one.rule, other.rule));
}
