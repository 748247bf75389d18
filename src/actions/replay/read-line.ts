/**
 * From the lines of a recording to what supervision is told.
 *
 * Owns the reading of each format, line by line in bounded memory, and the times: where lines have none, the last known one holds.
 */
import type { AgentEvent, StreamReader } from '../../agent/agent.ts';
import { readEventFields } from '../../agent/json-lines.ts';
import { signOf } from '../../agent/sign.ts';
import type { SupervisionEvent } from '../../core/supervision/event.ts';
import { isObject, parsed, type Fields, type Format } from './format.ts';

export interface ReadLine {
  events: readonly SupervisionEvent[];
  /** A header: the terms of the run. */
  run: Fields | null;
  /** Events or lines that nobody could interpret. */
  unknown: number;
  /** Why the line is no part of the format, `null` if it is. */
  fault: string | null;
  /** Milliseconds since 1970, `null` where neither this line nor one before tells. */
  at: number | null;
}

export type LineReader = (line: { text: string; droppedBytes: number }) => ReadLine;

export function lineReader(format: Format, reader: StreamReader | null): LineReader {
  let at: number | null = null;
  const clock = (fields: Fields | null): number => {
    const told = fields === null ? null : timeIn(fields);
    // Times that go back are those of lines that were written late.
    if (told !== null) at = at === null ? told : Math.max(at, told);
    return at ?? 0;
  };
  const answer = (part: Partial<ReadLine>): ReadLine => ({
    events: [],
    run: null,
    unknown: 0,
    fault: null,
    ...part,
    at,
  });
  const raw = (line: { text: string; droppedBytes: number }, stream: string): readonly AgentEvent[] =>
    reader === null ? [] : reader.read(line, stream as 'out');
  const signs = (events: readonly AgentEvent[], now: number): Partial<ReadLine> => ({
    events: events.map((event) => signOf(event, now)).filter((event) => event !== null),
    unknown: events.filter(({ type }) => type === 'unknown').length,
  });
  const verbose = verboseLine({ raw, signs }, format.kind === 'verbose' && format.hasEvents);
  const calls: Calls = { made: 0, last: '' };
  return (line) => {
    if (line.text.trim() === '') return answer({});
    if (format.kind === 'raw') {
      const now = clock(/"(?:timestamp|at|emittedAtMs)"/.test(line.text.slice(0, 65_536)) ? parsed(line.text) : null);
      return answer(signs(raw(line, 'out'), now));
    }
    if (line.droppedBytes > 0) return answer({ unknown: 1, fault: 'the line is longer than 1 MiB' });
    const fields = parsed(line.text);
    if (fields === null) return answer({ unknown: 1, fault: 'not a JSON object' });
    const now = clock(fields);
    return answer(format.kind === 'verbose' ? verbose(fields, now) : neutralLine(fields, now, calls));
  };
}

/** Names for calls that have none: the last one is what a result without a name belongs to. */
interface Calls {
  made: number;
  last: string;
}

interface Tools {
  raw: (line: { text: string; droppedBytes: number }, stream: string) => readonly AgentEvent[];
  signs: (events: readonly AgentEvent[], now: number) => Partial<ReadLine>;
}

/** Our full log: interpreted events, raw lines, and looks. Where it has events, of the raw lines only messages are missing in it. */
function verboseLine({ raw, signs }: Tools, hasEvents: boolean): (fields: Fields, now: number) => Partial<ReadLine> {
  return (fields, now) => {
    if (isObject(fields['run'])) return { run: fields['run'] };
    if (isObject(fields['event'])) {
      const event = readEventFields(fields['event']);
      if (event !== null) return signs([event], now);
      return fields['event']['type'] === 'end' || fields['event']['type'] === 'unknown' ? {} : { unknown: 1 };
    }
    if (isObject(fields['look'])) {
      const look = lookOf(fields['look'], now);
      return look === null ? { unknown: 1 } : { events: [look] };
    }
    if (typeof fields['raw'] !== 'string') return { unknown: 1, fault: 'neither an event, nor raw text, nor a look' };
    const droppedBytes = typeof fields['droppedBytes'] === 'number' ? fields['droppedBytes'] : 0;
    const events = raw({ text: fields['raw'], droppedBytes }, String(fields['stream']));
    const found = signs(hasEvents ? events.filter(({ type }) => type === 'message') : events, now);
    return { ...found, unknown: hasEvents ? 0 : (found.unknown ?? 0) };
  };
}

/** The neutral format: docs/adapters.md's events with a time, and what only a recording has. */
function neutralLine(fields: Fields, now: number, calls: Calls): Partial<ReadLine> {
  if (fields['type'] === 'run') return { run: fields };
  const look = lookOf(fields, now);
  if (look !== null) return { events: [look] };
  if (fields['type'] === 'end' || fields['type'] === 'prompt') return {};
  const event = readEventFields(completed(fields, calls));
  if (event === null)
    return { unknown: 1, fault: `no event of this format: type ${JSON.stringify(fields['type'] ?? null)}` };
  const sign = signOf(event, now);
  return { events: sign === null ? [] : [sign] };
}

/** What others leave out or write as an object is filled in: an input that is no text, a call without an id, a result without a verdict. */
function completed(fields: Fields, calls: Calls): Fields {
  const { type } = fields;
  if (type === 'tool-call') {
    const { input } = fields;
    const id = idIn(fields) ?? `call ${(calls.made += 1)}`;
    calls.last = id;
    if (typeof input === 'string' && id === fields['id']) return fields;
    return { ...fields, id, input: typeof input === 'string' ? input : JSON.stringify(input ?? '') };
  }
  if (type === 'tool-result') {
    const { exitCode, ok, text } = fields;
    if (typeof ok === 'boolean' && typeof text === 'string' && typeof fields['id'] === 'string') return fields;
    return {
      ...fields,
      id: idIn(fields) ?? calls.last,
      ok: typeof ok === 'boolean' ? ok : typeof exitCode !== 'number' || exitCode === 0,
      text: typeof text === 'string' ? text : text === undefined || text === null ? '' : JSON.stringify(text),
    };
  }
  return fields;
}

function idIn({ id }: Fields): string | null {
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' && id !== '' ? id : null;
}

function lookOf(fields: Fields, at: number): SupervisionEvent | null {
  switch (fields['type']) {
    case 'tick':
      return { at, type: 'tick' };
    case 'tree':
      return { at, type: 'tree', busy: typeof fields['busy'] === 'boolean' ? fields['busy'] : null };
    case 'workspace': {
      const { fingerprint } = fields;
      const isStale = fields['isStale'] === true;
      return { at, type: 'workspace', fingerprint: typeof fingerprint === 'string' ? fingerprint : null, isStale };
    }
    case 'told':
      return { at, type: 'told', rule: (typeof fields['rule'] === 'string' ? fields['rule'] : null) as null };
    case 'judging':
      return { at, type: 'judging', isOn: fields['isOn'] === true };
    case 'scope': {
      const { scope } = fields;
      const isScope = Array.isArray(scope) && scope.every((entry) => typeof entry === 'string');
      return isScope ? { at, type: 'scope', scope } : null;
    }
    default:
      return null;
  }
}

const timeKeys = ['at', 'timestamp', 'emittedAtMs', 'ts', 'time'];

/** Milliseconds since 1970: a number of milliseconds or seconds, or a text as in ISO 8601. */
function timeIn(fields: Fields): number | null {
  for (const key of timeKeys) {
    const value = fields[key];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    if (typeof value !== 'string') continue;
    const ms = Date.parse(value);
    if (Number.isFinite(ms)) return ms;
  }
  return null;
}
