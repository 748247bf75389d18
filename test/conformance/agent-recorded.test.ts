/**
 * What every adapter's reader must do with recorded streams of its real program (test/support/recorded.ts).
 *
 * A folder of fixtures named like its adapter is all that a new adapter has to add. `ORBIT_WRITE_EXPECTED=claude` writes
 * what that reader makes of its recordings now; the difference is then read by a person before it is kept.
 */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentAdapter, AgentEvent } from '../../src/agent/agent.ts';
import { lineSplitter } from '../../src/agent/lines.ts';
import { adapterOf } from '../../src/compose.ts';
import { limits } from '../../src/core/limits.ts';
import { readAll, recordings, writeExpected, type RecordedLine, type Recording } from '../support/recorded.ts';

const all = recordings();
const adapters = new Map<string, AgentAdapter>();
for (const { adapter } of all) if (!adapters.has(adapter)) adapters.set(adapter, await adapterOf(adapter));

const readerOf = ({ adapter }: Recording): ReturnType<AgentAdapter['reader']> => {
  const known = adapters.get(adapter);
  if (known === undefined) throw new Error(`no adapter ${adapter}`);
  return known.reader();
};
const eventsOf = (recorded: Recording, lines = recorded.lines): AgentEvent[] => readAll(readerOf(recorded), lines);
const titleOf = ({ adapter, name }: Recording): string => `(${adapter}, ${name})`;

/** The least that must be there, so that a lost folder cannot pass. */
const RECORDINGS_MIN = 8;

test('P10 there are recorded streams', () => {
  expect(all.length).toBeGreaterThanOrEqual(RECORDINGS_MIN);
});

for (const recorded of all) {
  test(`P10 a recorded stream gives the events it gave when it was recorded ${titleOf(recorded)}`, () => {
    const events = eventsOf(recorded);
    const isWritten = process.env['ORBIT_WRITE_EXPECTED'] === recorded.adapter;
    if (isWritten) writeExpected(recorded, events);
    expect(isWritten ? null : recorded.expected).toEqual(isWritten ? null : events);
  });

  test(`P10 readers share nothing, and how the bytes come does not matter ${titleOf(recorded)}`, () => {
    const out = recorded.lines.filter(({ stream, droppedBytes }) => stream === 'out' && droppedBytes === undefined);
    const whole = eventsOf(recorded, out);
    const [first, second] = [readerOf(recorded), readerOf(recorded)];
    const heard: AgentEvent[] = [];
    const splitter = lineSplitter({
      onLine: (line) => {
        heard.push(...first.read(line, 'out'));
        second.read(line, 'out');
      },
    });
    const bytes = Buffer.from(out.map(({ raw }) => `${raw}\n`).join(''));
    for (let at = 0; at < bytes.length; at += 1_009) splitter.push(bytes.subarray(at, at + 1_009));
    splitter.end();
    expect(heard).toEqual(whole);
  });

  test(`P10 events are well formed and come in order ${titleOf(recorded)}`, () => {
    const events = eventsOf(recorded);
    expect(events.map(faultOf).filter(Boolean)).toEqual([]);
    expect(resultsWithoutCall(events)).toEqual([]);
    expect(idleTurnEnds(events)).toBe(0);
  });

  test(`C7 errors carry the weight that the ladder counts on ${titleOf(recorded)}`, () => {
    const critical = eventsOf(recorded).flatMap((event) => (event.type === 'error' && event.critical ? [event] : []));
    expect(critical.filter((error) => error.class === 'quota' || error.class === 'context')).toEqual([]);
    expect(critical.filter((error) => error.retrying === true)).toEqual([]);
  });

  test(`I20 no line harms the reader: cut, garbled, lost, doubled, out of order ${titleOf(recorded)}`, () => {
    fc.assert(
      fc.property(mutated(recorded.lines), (lines) => {
        const faults = eventsOf(recorded, lines).map(faultOf).filter(Boolean);
        expect(faults).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test(`I20 lines of unknown kinds change no other event ${titleOf(recorded)}`, () => {
    const strange = [
      '{"type":"never-heard-of","value":1}',
      '{"method":"never/heardOf","params":{}}',
      '{"a":[',
      '',
      '[]',
      '0',
    ];
    const lines = recorded.lines.flatMap((line, index): RecordedLine[] =>
      line.stream === 'out' ? [{ stream: 'out', raw: strange[index % strange.length] ?? '' }, line] : [line],
    );
    const known = (events: readonly AgentEvent[]): AgentEvent[] =>
      events.filter((event) => event.type !== 'unknown' && !(event.type === 'message' && strange.includes(event.text)));
    expect(known(eventsOf(recorded, lines))).toEqual(known(eventsOf(recorded)));
  });
}

function resultsWithoutCall(events: readonly AgentEvent[]): string[] {
  const called = new Set<string>();
  return events.flatMap((event) => {
    if (event.type === 'tool-call') called.add(event.id);
    return event.type === 'tool-result' && !called.has(event.id) ? [event.id] : [];
  });
}

/** Turn ends before which nothing was said or done and nothing went wrong: a turn ends once. */
function idleTurnEnds(events: readonly AgentEvent[]): number {
  let news = 0;
  let idle = 0;
  for (const { type } of events) {
    if (type === 'turn-end' && news === 0) idle += 1;
    news = type === 'turn-end' ? 0 : news + (type === 'usage' ? 0 : 1);
  }
  return idle;
}

/** The recording with a few accidents. */
function mutated(lines: readonly RecordedLine[]): fc.Arbitrary<RecordedLine[]> {
  const accident = fc.record({
    at: fc.nat(Math.max(0, lines.length - 1)),
    kind: fc.constantFrom('cut', 'garble', 'lose', 'double', 'swap', 'retype', 'insert'),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    text: fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('null', '{}', '"', '\u2028', '\uFFFD', '1e999', '{"type":null}'),
    ),
  });
  return fc.array(accident, { minLength: 1, maxLength: 12 }).map((accidents) => {
    const result = [...lines];
    for (const { at, kind, place, text } of accidents) {
      const line = result[at];
      if (line === undefined) continue;
      const cut = Math.floor(place * line.raw.length);
      const [before, after] = [line.raw.slice(0, cut), line.raw.slice(cut)];
      if (kind === 'cut') result[at] = { ...line, raw: before, droppedBytes: after.length };
      if (kind === 'garble') result[at] = { ...line, raw: before + text + after.slice(text.length) };
      if (kind === 'lose') result.splice(at, 1);
      if (kind === 'double') result.splice(at, 0, line);
      if (kind === 'insert') result.splice(at, 0, { stream: line.stream, raw: text });
      if (kind === 'retype') result[at] = { ...line, raw: retyped(line.raw, Math.floor(place * 40), text) };
      if (kind === 'swap') {
        const other = Math.floor(place * result.length);
        [result[at], result[other]] = [result[other] ?? line, line];
      }
    }
    return result;
  });
}

/** The same JSON with its `nth` value replaced by another: valid JSON of a wrong shape. */
function retyped(raw: string, nth: number, text: string): string {
  let count = 0;
  try {
    const other: unknown = JSON.parse(`[${text}]`);
    return JSON.stringify(JSON.parse(raw, (_key, value: unknown) => (count++ === nth ? other : value)));
  } catch {
    return raw;
  }
}

const textMax = limits.eventTextLengthMax + 64;

/** What is wrong with the shape of an event, or `null`. */
function faultOf(event: AgentEvent): string | null {
  if (event.type === 'end' || event.type === 'report') return `a reader does not tell ${event.type}`;
  const strings = Object.values(event).filter((value): value is string => typeof value === 'string');
  const bad = strings.find((text) => text.length > textMax || text.includes('\0') || !text.isWellFormed());
  if (bad !== undefined) return `bad text in ${event.type}: ${bad.slice(0, 80)}`;
  const numbers = Object.values(event).filter((value): value is number => typeof value === 'number');
  if (numbers.some((value) => !Number.isFinite(value) || (value < 0 && event.type !== 'tool-result')))
    return `bad number in ${JSON.stringify(event)}`;
  const missing = required[event.type].find((name) => !(name in event) || (event as Fields)[name] === undefined);
  if (missing !== undefined) return `${event.type} without ${missing}`;
  const wrong = required[event.type].find((name) => name in texts && typeof (event as Fields)[name] !== 'string');
  return wrong === undefined ? null : `${event.type}.${wrong} is no text`;
}

type Fields = Readonly<Record<string, unknown>>;

const texts: Fields = { id: 1, text: 1, tool: 1, input: 1, path: 1, class: 1, reason: 1, name: 1 };

const required: Readonly<Record<AgentEvent['type'], readonly string[]>> = {
  session: ['id'],
  message: ['text'],
  thought: ['text'],
  'tool-call': ['id', 'tool', 'input'],
  'tool-result': ['id', 'ok', 'text'],
  'file-change': ['path'],
  todo: ['items'],
  usage: ['tokens', 'contextUsed', 'contextSize', 'costUsd'],
  report: ['report'],
  error: ['class', 'text', 'retryAfterMs', 'critical'],
  'hint-seen': ['text'],
  'turn-end': ['reason', 'text'],
  unknown: ['name'],
  end: [],
};
