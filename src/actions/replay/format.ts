/**
 * Which program a recorded stream is of, by what its first lines look like.
 *
 * Owns the marks by which the formats are told apart: our own full log, the neutral format, and the raw streams of the agents
 * that Orbit drives. A mark is a field that no other format has in that place.
 */
import { readEventFields } from '../../agent/json-lines.ts';

export type Fields = Readonly<Record<string, unknown>>;

export type Format =
  /** `verbose.jsonl`; `adapter`: of the raw lines in it, as far as they tell; `hasEvents`: they stand in it interpreted, too. */
  | { kind: 'verbose'; adapter: string | null; hasEvents: boolean }
  | { kind: 'neutral' }
  | { kind: 'raw'; adapter: string };

/** `null`: nothing known. @param lines the first ones of the stream, those that are JSON objects. */
export function formatOf(lines: readonly Fields[]): Format | null {
  if (lines.some(isVerbose)) {
    const inner = lines.flatMap((line) => {
      const raw = line['stream'] === 'out' && typeof line['raw'] === 'string' ? parsed(line['raw']) : null;
      return raw === null ? [] : [raw];
    });
    const told = lines.map((line) => (isObject(line['run']) ? line['run']['adapter'] : undefined));
    const adapter = told.find((name) => typeof name === 'string');
    const hasEvents = lines.some((line) => isObject(line['event']) || isObject(line['run']));
    return { kind: 'verbose', adapter: adapter ?? adapterOfLines(inner), hasEvents };
  }
  const adapter = adapterOfLines(lines);
  if (adapter !== null) return { kind: 'raw', adapter };
  return lines.some(isNeutral) ? { kind: 'neutral' } : null;
}

function isVerbose(line: Fields): boolean {
  if (line['type'] !== undefined) return false;
  return typeof line['raw'] === 'string' || isObject(line['event']) || isObject(line['look']) || isObject(line['run']);
}

function isNeutral(line: Fields): boolean {
  return line['type'] === 'run' || neutralOnly.has(String(line['type'])) || readEventFields(line) !== null;
}

/** Types of the neutral format that no agent's own stream has in the same shape. */
const neutralOnly = new Set(['tool-call', 'tool-result', 'file-change', 'turn-end', 'hint-seen', 'tick', 'tree']);

type Mark = readonly [adapter: string, is: (line: Fields) => boolean];

const marks: readonly Mark[] = [
  ['acp', (line) => line['jsonrpc'] === '2.0' || 'sessionUpdate' in line],
  ['codex', (line) => typeof line['method'] === 'string' && /^(?:thread|turn|item|error)/.test(line['method'])],
  [
    'codex',
    (line) =>
      /^(?:thread\.started|turn\.(?:started|completed|failed)|item\.(?:started|updated|completed))$/.test(typeOf(line)),
  ],
  ['codex', (line) => /^(?:session_meta|response_item|event_msg)$/.test(typeOf(line)) && isObject(line['payload'])],
  ['opencode', (line) => typeof line['sessionID'] === 'string' && ('part' in line || typeOf(line) === 'error')],
  ['opencode', (line) => isObject(line['properties']) && /^[a-z]+(?:\.[a-z]+)+$/.test(typeOf(line))],
  [
    'copilot',
    (line) => isObject(line['data']) && /^(?:session|assistant|tool|model|user|hook)\.\w+$/.test(typeOf(line)),
  ],
  ['gemini', (line) => typeOf(line) === 'init' && 'session_id' in line],
  ['gemini', (line) => typeOf(line) === 'tool_use' && 'tool_name' in line],
  ['qwen', (line) => typeOf(line) === 'system' && 'qwen_code_version' in line],
  ['claude', (line) => typeOf(line) === 'system' && 'session_id' in line],
  ['claude', (line) => /^(?:assistant|user)$/.test(typeOf(line)) && isObject(line['message'])],
];

function adapterOfLines(lines: readonly Fields[]): string | null {
  for (const [adapter, is] of marks) if (lines.some(is)) return adapter;
  return null;
}

function typeOf(line: Fields): string {
  return typeof line['type'] === 'string' ? line['type'] : '';
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object on a line, or `null`. */
export function parsed(text: string): Fields | null {
  if (!/^\s*\{/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
