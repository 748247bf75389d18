/**
 * The json-lines protocol: how a program speaks Orbit's own vocabulary, one JSON object a line, both ways.
 *
 * Owns the reading, by hand and field by field: what a program prints is never trusted to have the shape it claims, and what
 * does not fit is no error but `null`. Normative text: docs/adapters.md.
 */
import type { AgentErrorClass, AgentEvent, StreamReader, ToolKind, TurnEnd } from './agent.ts';
import { eventText } from './event-text.ts';
import { cleanText, type Line } from './lines.ts';

/** Length of ids and tool names, number of todo items: far above what agents use, far below what hurts a screen. */
const nameLengthMax = 256;
const pathLengthMax = 4_096;
const todoItemsMax = 200;

const errorClasses: readonly string[] = [
  'quota',
  'login',
  'network',
  'context',
  'agent',
  'tool',
] satisfies AgentErrorClass[];
const toolKinds: readonly string[] = ['read', 'edit', 'run', 'wait', 'other'] satisfies ToolKind[];
const turnEnds: readonly string[] = ['completed', 'interrupted', 'failed', 'limit'] satisfies TurnEnd[];
const reports: readonly string[] = ['complete', 'failed', 'blocked', 'question'];

type Fields = Readonly<Record<string, unknown>>;

/** What a line says, or `null` if it is not an event a program may send (`end` is Orbit's own). */
export function readEventLine(line: Line): AgentEvent | null {
  if (line.droppedBytes > 0 || !/^\s*\{/.test(line.text)) return null;
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    return null;
  }
  return readEventFields(value as Fields);
}

/** The same of a line that was parsed already. */
export function readEventFields(fields: Fields): AgentEvent | null {
  const read =
    typeof fields['type'] === 'string' && Object.hasOwn(readers, fields['type']) ? readers[fields['type']] : null;
  return read?.(fields) ?? null;
}

/** A recorded stream of this protocol; lines that are no events are messages, as they are live. */
export function eventLineReader(): StreamReader {
  return {
    read: (line, stream) => [
      (stream === 'out' ? readEventLine(line) : null) ?? {
        type: 'message',
        text: eventText(line.text, line.droppedBytes),
      },
    ],
  };
}

/** The first line to the agent. */
export function promptLine(prompt: string, file: string): string {
  return `${JSON.stringify({ type: 'prompt', text: prompt, file })}\n`;
}

export function hintLine(hint: string): string {
  return `${JSON.stringify({ type: 'hint', text: hint })}\n`;
}

export const interruptLine: string = `${JSON.stringify({ type: 'interrupt' })}\n`;

const readers: Readonly<Record<string, (fields: Fields) => AgentEvent | null>> = {
  session: (fields) =>
    when(name(fields['id']), (id) => {
      const [model, version] = [name(fields['model']), name(fields['version'])];
      return { type: 'session', id, ...(model === null ? {} : { model }), ...(version === null ? {} : { version }) };
    }),
  message: (fields) => when(text(fields['text']), (words) => ({ type: 'message', text: words })),
  thought: (fields) => when(text(fields['text']), (words) => ({ type: 'thought', text: words })),
  'tool-call': (fields) => {
    const [id, tool] = [name(fields['id']), name(fields['tool'])];
    const input = text(fields['input'] ?? '');
    const { kind } = fields;
    if (id === null || tool === null || input === null) return null;
    return { type: 'tool-call', id, tool, input, ...(isToolKind(kind) ? { kind } : {}) };
  },
  'tool-result': (fields) => {
    const [id, words] = [name(fields['id']), text(fields['text'] ?? '')];
    const { ok, exitCode } = fields;
    if (id === null || words === null || typeof ok !== 'boolean') return null;
    return {
      type: 'tool-result',
      id,
      ok,
      text: words,
      ...(Number.isInteger(exitCode) ? { exitCode: exitCode as number } : {}),
    };
  },
  'file-change': (fields) => when(name(fields['path'], pathLengthMax), (path) => ({ type: 'file-change', path })),
  todo: (fields) => when(todoItems(fields['items']), (items) => ({ type: 'todo', items })),
  usage: (fields) => {
    const [tokens, costUsd] = [amount(fields['tokens'] ?? 0), amount(fields['costUsd'] ?? 0)];
    if (tokens === null || costUsd === null) return null;
    const [contextUsed, contextSize] = [amount(fields['contextUsed']), amount(fields['contextSize'])];
    return { type: 'usage', tokens, contextUsed, contextSize, costUsd };
  },
  report: (fields) => {
    const words = text(fields['text'] ?? '');
    const report = fields['report'];
    if (words === null || !isReport(report)) return null;
    return { type: 'report', report, text: words, noChanges: text(fields['noChanges']) };
  },
  error: (fields) => {
    const words = text(fields['text'] ?? '');
    if (words === null) return null;
    const kind = fields['class'];
    return {
      type: 'error',
      class: isErrorClass(kind) ? kind : 'agent',
      text: words,
      retryAfterMs: amount(fields['retryAfterMs']),
      critical: fields['critical'] === true,
      ...(fields['retrying'] === true ? { retrying: true } : {}),
    };
  },
  'hint-seen': (fields) => when(text(fields['text'] ?? ''), (words) => ({ type: 'hint-seen', text: words })),
  'turn-end': (fields) => {
    const [reason, words] = [fields['reason'] ?? 'completed', text(fields['text'] ?? '')];
    return words === null || !isTurnEnd(reason) ? null : { type: 'turn-end', reason, text: words };
  },
};

function when<Part>(part: Part | null, make: (part: Part) => AgentEvent): AgentEvent | null {
  return part === null ? null : make(part);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? eventText(cleanText(value)) : null;
}

function name(value: unknown, lengthMax = nameLengthMax): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= lengthMax ? cleanText(value) : null;
}

function amount(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

function todoItems(value: unknown): { text: string; done: boolean }[] | null {
  if (!Array.isArray(value)) return null;
  return value.slice(0, todoItemsMax).flatMap((item: unknown) => {
    const fields = (typeof item === 'object' && item !== null ? item : {}) as Fields;
    const words = text(fields['text']);
    return words === null ? [] : [{ text: words.slice(0, pathLengthMax), done: fields['done'] === true }];
  });
}

function isToolKind(value: unknown): value is ToolKind {
  return typeof value === 'string' && toolKinds.includes(value);
}

function isTurnEnd(value: unknown): value is TurnEnd {
  return typeof value === 'string' && turnEnds.includes(value);
}

function isErrorClass(value: unknown): value is AgentErrorClass {
  return typeof value === 'string' && errorClasses.includes(value);
}

function isReport(value: unknown): value is 'complete' | 'failed' | 'blocked' | 'question' {
  return typeof value === 'string' && reports.includes(value);
}
