/**
 * Lines of an attempt's logs as people read them: time, kind and what happened, on one line each.
 *
 * Pure but for the reader it is given. What a line of `verbose.jsonl` holds was written by an agent's program: nothing here
 * trusts its shape, and what cannot be read is shown as it is.
 */
import type { StreamReader } from '../agent/agent.ts';
import { oneLine } from '../platform/text.ts';

export interface LogEntry {
  /** Milliseconds since 1970; `null` where the line tells none. */
  at: number | null;
  kind: string;
  text: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** @param reader of the agent's raw stream, for its messages, which the log keeps as raw lines alone; `null` = not known. */
export function entriesOf(line: string, reader: StreamReader | null): LogEntry[] {
  const fields = objectIn(line);
  if (fields === null) return line.trim() === '' ? [] : [{ at: null, kind: 'unknown', text: line }];
  const at = timeOf(fields['at']);
  const { event, raw } = fields;
  if (isObject(event)) return [{ at, kind: textOf(event['type']) || 'unknown', text: wordsOf(event) }];
  if (typeof raw === 'string') return rawEntries(fields, raw, { at, reader });
  const rest = Object.entries(fields).filter(([name]) => name !== 'at');
  const [first] = rest;
  const [kind, value] = first ?? ['unknown', null];
  return [{ at, kind, text: isObject(value) ? pairs(value) : JSON.stringify(value ?? null) }];
}

/** A line of `monitor.log`: its time, then what supervision saw or did. */
export function monitorTime(line: string): number | null {
  return timeOf(/^\S+/.exec(line)?.[0]);
}

const streamKinds: Readonly<Record<string, string>> = { out: 'stdout', error: 'stderr', in: 'stdin' };

function rawEntries(
  fields: Fields,
  raw: string,
  { at, reader }: { at: number | null; reader: StreamReader | null },
): LogEntry[] {
  const stream = textOf(fields['stream']);
  const dropped = typeof fields['droppedBytes'] === 'number' ? fields['droppedBytes'] : 0;
  const note = dropped > 0 ? ` [${dropped} bytes dropped]` : '';
  const entry = { at, kind: streamKinds[stream] ?? 'unknown', text: raw + note };
  if (stream === 'in' || reader === null) return [entry];
  const events = reader.read({ text: raw, droppedBytes: dropped }, stream === 'error' ? 'error' : 'out');
  const messages = events.flatMap((each) => (each.type === 'message' ? [each.text] : []));
  return [entry, ...messages.map((text) => ({ at, kind: 'message', text }))];
}

/** What an event tells, without its kind. */
function wordsOf(event: Fields): string {
  const { type, text } = event;
  switch (type) {
    case 'session':
      return [textOf(event['id']), textOf(event['model']), textOf(event['version'])].filter(Boolean).join(' ');
    case 'tool-call':
      return `${textOf(event['tool'])} ${textOf(event['input'])}`;
    case 'tool-result': {
      const code = typeof event['exitCode'] === 'number' ? `exit ${event['exitCode']} ` : '';
      return `${event['ok'] === false ? 'failed ' : ''}${code}${textOf(text)}`;
    }
    case 'file-change':
      return textOf(event['path']);
    case 'usage':
      return usageWords(event);
    case 'todo':
      return todoWords(event['items']);
    case 'error': {
      const after =
        typeof event['retryAfterMs'] === 'number' ? `, again in ${Math.round(event['retryAfterMs'] / 1000)} s` : '';
      return `${event['critical'] === true ? 'critical, ' : ''}${textOf(event['class'])}${after}: ${textOf(text)}`;
    }
    case 'report':
      return `${textOf(event['report'])} ${textOf(text)}`;
    case 'turn-end':
      return `${textOf(event['reason'])} ${textOf(text)}`;
    case 'unknown':
      return textOf(event['name']);
    case 'end':
      return event['signal'] === null || event['signal'] === undefined
        ? `exit code ${String(event['exitCode'])}`
        : `ended by ${textOf(event['signal'])}`;
    default:
      return typeof text === 'string' ? text : pairs(event);
  }
}

function usageWords(event: Fields): string {
  const { tokens, contextUsed, contextSize, costUsd } = event;
  const share =
    typeof contextUsed === 'number' && typeof contextSize === 'number' && contextSize > 0
      ? `, context ${Math.round((contextUsed / contextSize) * 100)} %`
      : '';
  const cost = typeof costUsd === 'number' && costUsd > 0 ? `, $${costUsd.toFixed(2)}` : '';
  return `${String(tokens)} tokens${share}${cost}`;
}

function todoWords(items: unknown): string {
  const all = Array.isArray(items) ? items.filter(isObject) : [];
  const next = all.find(({ done }) => done !== true);
  return `${all.filter(({ done }) => done === true).length}/${all.length} ${textOf(next?.['text'])}`;
}

function pairs(fields: Fields): string {
  return Object.entries(fields)
    .filter(([name]) => name !== 'type')
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}

function objectIn(line: string): Fields | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function timeOf(value: unknown): number | null {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}

/** `10:03:07 tool-call    Bash npm test`, cut to fit. */
export function entryLine({ at, kind, text }: LogEntry, width: number): string {
  const time = at === null ? '--:--:--' : new Date(at).toISOString().slice(11, 19);
  return `${time} ${kind.padEnd(kindWidth)} ${oneLine(text, Math.max(20, width - kindWidth - 10))}`.trimEnd();
}

const kindWidth = 11;
