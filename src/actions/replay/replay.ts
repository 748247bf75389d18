/**
 * Replays a recorded run: the detectors see it as they would have seen it live, and every finding comes out with its evidence.
 *
 * Owns the course of one stream: telling its format, the passing of time between its lines, what would have been done about each
 * finding. Invariant: memory does not grow with the stream. After a finding that acts, the rest is judged as the next attempt.
 */
import type { StreamReader } from '../../agent/agent.ts';
import { lineSplitter, type Line } from '../../agent/lines.ts';
import type { Finding, Level, Rule, SupervisionEvent } from '../../core/supervision/event.ts';
import { Supervision } from '../../core/supervision/supervision.ts';
import type { Thresholds } from '../../core/supervision/thresholds.ts';
import { UsageError } from '../../platform/error.ts';
import { formatOf, parsed, type Fields, type Format } from './format.ts';
import { lineReader, type LineReader } from './read-line.ts';
import { termsOf, type Terms } from './terms.ts';

export interface ReplayOrder {
  /** For messages: a path, or `-`. */
  name: string;
  /** Adapter whose stream it is; `null`: found out from its first lines. */
  adapter: string | null;
  /** A new reader for the adapter of that name. Throws `UsageError` `unknown-agent`. */
  readerOf: (adapter: string) => Promise<StreamReader>;
  limits: Thresholds;
  /** The thresholds are others than those it ran under: looks of then do not fit what they ask for. */
  isChanged: boolean;
  onFinding: (found: Found) => void;
  warn: (text: string) => void;
}

export interface Found extends Finding {
  line: number;
  /** The time of day or date as recorded, `null` where lines have none. */
  time: string | null;
}

export interface ReplaySummary {
  name: string;
  format: string;
  lines: number;
  events: number;
  unknown: number;
  findings: Partial<Record<Rule, { hint: number; act: number }>>;
  verdict: 'none' | Level;
}

/** Lines by which the format is told. */
const headMax = 50;
/** Warnings about lines that are no part of the format. */
const warningsMax = 5;
/** Steps of time in a pause, and the most of them: a pause of a day tells no more than one of an hour. */
const tickMs = 1_000;
const ticksMax = 4_000;

/**
 * Reads the stream to its end. Throws `UsageError` `unknown-format` when nobody can say what it is, `bad-settings` for a header
 * that makes no sense.
 */
export async function replay(bytes: AsyncIterable<Uint8Array>, order: ReplayOrder): Promise<ReplaySummary> {
  const head: Line[] = [];
  let player: Player | null = null;
  const waiting: Line[] = [];
  const splitter = lineSplitter({ onLine: (line) => void (player === null ? waiting.push(line) : player.play(line)) });
  const open = async (): Promise<void> => {
    head.push(...waiting);
    player = await startPlayer(head, order);
    for (const line of head.splice(0)) player.play(line);
    waiting.length = 0;
  };
  for await (const chunk of bytes) {
    splitter.push(chunk);
    if (player === null && waiting.filter(({ text }) => text.trim() !== '').length >= headMax) await open();
  }
  splitter.end();
  if (player === null) await open();
  return (player as Player | null)?.summary() ?? emptySummary(order.name, 'none');
}

interface Player {
  play(line: Line): void;
  summary(): ReplaySummary;
}

async function startPlayer(head: readonly Line[], order: ReplayOrder): Promise<Player> {
  const format = tellFormat(head, order);
  const adapter = format.kind === 'neutral' ? null : format.adapter;
  const reader = adapter === null ? null : await order.readerOf(adapter);
  return playerOf(lineReader(format, reader), { ...order, format });
}

function tellFormat(head: readonly Line[], { name, adapter }: ReplayOrder): Format {
  const objects: Fields[] = head.map(({ text }) => parsed(text)).filter((fields) => fields !== null);
  const found = formatOf(objects);
  if (found?.kind === 'verbose') return adapter === null ? found : { ...found, adapter };
  if (adapter === 'command' || adapter === 'scripted') return { kind: 'neutral' };
  if (adapter !== null) return { kind: 'raw', adapter };
  if (found !== null) return found;
  const first = head.findIndex(({ text }) => text.trim() !== '');
  const where = first < 0 ? `${name} has no lines` : `${name}:${first + 1}: no known format of a recorded run`;
  throw new UsageError(
    'unknown-format',
    where,
    'see docs/supervision.md for the formats, or name the agent: --adapter claude',
  );
}

function playerOf(read: LineReader, order: ReplayOrder & { format: Format }): Player {
  const summary = emptySummary(order.name, formatName(order.format));
  let terms: Terms | null = null;
  let rules: Supervision | null = null;
  let at = 0;
  let isTimed = false;

  const begin = (): Supervision => {
    terms ??= termsOf(null, order);
    const { spentMs, ...rest } = terms.order;
    const timeOf = (time: number): string => (isTimed ? new Date(time).toISOString().slice(11, 19) : '');
    return new Supervision({ ...rest, startedAt: at - spentMs, timeOf });
  };
  const take = (event: SupervisionEvent): void => {
    const finding = (rules ??= begin()).take(event);
    if (finding === null) return;
    note(finding);
    if (finding.level === 'act') rules = null;
    else if (terms?.isTold === true) take({ type: 'told', at: event.at, rule: finding.rule });
  };
  const note = (finding: Finding): void => {
    const counts = (summary.findings[finding.rule] ??= { hint: 0, act: 0 });
    counts[finding.level] += 1;
    if (finding.level === 'act' || summary.verdict === 'none') summary.verdict = finding.level;
    order.onFinding({ ...finding, line: summary.lines, time: isTimed ? new Date(finding.at).toISOString() : null });
  };
  /** Lets the time pass until the next event. */
  const pass = (until: number): void => {
    const end = Math.min(until, at + tickMs * ticksMax);
    // After an end the next attempt begins with the next event.
    for (let now = at + tickMs; now < end; now += tickMs) {
      if (rules === null) return;
      take({ type: 'tick', at: now });
    }
  };
  return {
    play(line) {
      summary.lines += 1;
      const { events, run, unknown, fault, at: told } = read(line);
      if (fault !== null) warn(order, summary, fault);
      summary.unknown += unknown;
      if (told !== null && (told !== at || !isTimed)) {
        if (isTimed) pass(told);
        [at, isTimed] = [told, true];
      }
      if (run !== null) {
        terms = termsOf(run, order);
        rules = null;
      }
      for (const event of events) {
        summary.events += 1;
        take(event);
      }
    },
    summary() {
      if (rules !== null && isTimed) take({ type: 'tick', at });
      return summary;
    },
  };
}

function warn(
  { name, warn: say, format }: ReplayOrder & { format: Format },
  summary: ReplaySummary,
  fault: string,
): void {
  if (summary.unknown < warningsMax) say(`${name}:${summary.lines}: ${fault}; skipped (read as ${formatName(format)})`);
}

function formatName(format: Format): string {
  if (format.kind === 'neutral') return 'neutral';
  return format.kind === 'raw' ? format.adapter : `verbose${format.adapter === null ? '' : ` (${format.adapter})`}`;
}

function emptySummary(name: string, format: string): ReplaySummary {
  return { name, format, lines: 0, events: 0, unknown: 0, findings: {}, verdict: 'none' };
}
