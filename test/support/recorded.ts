/**
 * Recorded streams of real agents' programs: `test/conformance/fixtures/<adapter>/<name>.jsonl`, in the form of an attempt's
 * `verbose.jsonl` (`{"stream":"out","raw":"…"}` a line), with what the adapter's reader makes of them beside it as
 * `<name>.events.jsonl`. Machine paths and ids that differ from run to run are scrubbed when a stream is recorded.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentEvent, RawLine, StreamReader } from '../../src/agent/agent.ts';

export interface RecordedLine {
  stream: RawLine['stream'];
  raw: string;
  droppedBytes?: number;
}

export interface Recording {
  adapter: string;
  name: string;
  lines: readonly RecordedLine[];
  /** What the reader made of it when it was recorded; `null` until then. */
  expected: readonly AgentEvent[] | null;
  expectedFile: string;
}

const folder = fileURLToPath(new URL('../conformance/fixtures', import.meta.url));

/** All recordings, by adapter and name. */
export function recordings(): Recording[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: adapter }) =>
      readdirSync(join(folder, adapter))
        .filter((file) => file.endsWith('.jsonl') && !file.endsWith('.events.jsonl'))
        .sort()
        .map((file) => recording(adapter, file.slice(0, -'.jsonl'.length))),
    );
}

function recording(adapter: string, name: string): Recording {
  const expectedFile = join(folder, adapter, `${name}.events.jsonl`);
  return {
    adapter,
    name,
    lines: jsonLines(join(folder, adapter, `${name}.jsonl`)) as RecordedLine[],
    expected: existsSync(expectedFile) ? (jsonLines(expectedFile) as AgentEvent[]) : null,
    expectedFile,
  };
}

/** What a reader makes of recorded lines; what was said to the program is not its business. */
export function readAll(reader: StreamReader, lines: readonly RecordedLine[]): AgentEvent[] {
  return lines.flatMap(({ stream, raw, droppedBytes = 0 }) =>
    stream === 'in' ? [] : [...reader.read({ text: raw, droppedBytes }, stream)],
  );
}

/** Writes a recording. @param places paths of this machine and what stands for them, longest first. */
export function writeRecording(
  name: { adapter: string; name: string },
  lines: readonly RecordedLine[],
  places: Readonly<Record<string, string>>,
): void {
  const file = join(folder, name.adapter, `${name.name}.jsonl`);
  mkdirSync(dirname(file), { recursive: true });
  const scrub = scrubber(places);
  writeFileSync(file, lines.map((line) => `${JSON.stringify({ ...line, raw: scrub(line.raw) })}\n`).join(''));
}

export function writeExpected({ expectedFile }: Recording, events: readonly AgentEvent[]): void {
  writeFileSync(expectedFile, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

/** Replaces paths, then ids in the form of a UUID by numbers in the order of their appearance, so that equal ones stay equal. */
function scrubber(places: Readonly<Record<string, string>>): (text: string) => string {
  const ids = new Map<string, string>();
  const nameOf = (id: string): string => {
    const known = ids.get(id) ?? `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}`;
    ids.set(id, known);
    return known;
  };
  return (text) => {
    const placed = Object.entries(places).reduce((rest, [path, name]) => rest.replaceAll(path, name), text);
    return placed.replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, nameOf);
  };
}

function jsonLines(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
