/**
 * A call as supervision knows it: what it is, what it is for, and how long it may take.
 *
 * Owns the signature: two calls with the same one are the same try at the same thing. It is made of the tool and its
 * arguments in canonical form: keys sorted, volatile keys dropped (ids, times, descriptions, limits), paths relative to the
 * workspace, noise taken out. What the model thought or said beside it has no part in it.
 */
import type { CallKind } from './event.ts';
import { readShellCommand, withoutComments, type ShellCommand } from './shell-command.ts';
import { callShape, hashText, shortText, withoutIds } from './text-shape.ts';
import { bareName, commandOf, isBookkeeping, isHelper, isPoll, kindOf, type Fields } from './tool-name.ts';

export interface Call {
  /** Counts the calls of the attempt, from 1. */
  ordinal: number;
  id: string;
  tool: string;
  input: string;
  startedAt: number;
  kind: CallKind;
  /** It only keeps the agent's own books: its todo list, a note, a thought. */
  isBookkeeping: boolean;
  isTest: boolean;
  /** It asks how something is that goes on by itself. */
  isPoll: boolean;
  signature: number;
  /** The same without words that look like ids. */
  looseSignature: number;
  /** Milliseconds it was given by its own arguments, `null` if they say nothing. */
  limitMs: number | null;
  /** Milliseconds that it says it sleeps before or between what it does. */
  sleepMs: number;
  /** It builds or runs tests: such programs may be silent for long. */
  isLong: boolean;
  fields: Fields | null;
  command: string | null;
}

export interface CallFacts {
  ordinal: number;
  id: string;
  tool: string;
  input: string;
  kind: CallKind | undefined;
  at: number;
  /** Absolute path with a slash at its end; '' where it is not known. */
  workspace: string;
}

export function readCall(facts: CallFacts): Call {
  const { tool, input, workspace, ordinal, id, at } = facts;
  const fields = fieldsOf(input);
  const name = bareName(tool);
  const command = commandOf(name, fields, input);
  const shell = command === null ? null : readShellCommand(command);
  const form = fields === null ? textForm(input, workspace) : valueForm(fields, { workspace, depth: 0 });
  const kind = kindOf({ name, told: facts.kind, fields, shell });
  // Two edits that differ in a word are two edits.
  const loose = kind !== 'edit' && /\d/.test(form) ? withoutIds(form) : form;
  const signature = hashText(`${tool} ${form}`);
  return {
    ordinal,
    id,
    tool,
    input,
    startedAt: at,
    kind,
    isBookkeeping: isBookkeeping(name),
    isTest: shell?.isTest ?? false,
    isPoll: isPoll(name),
    signature,
    looseSignature: loose === form ? signature : hashText(`${tool} ${loose}`),
    limitMs: limitOf(fields, shell, name),
    sleepMs: (shell?.sleepS ?? 0) * 1_000,
    isLong: shell !== null && (shell.isTest || shell.isBuild),
    fields,
    command,
  };
}

const lineLength = 160;

/** The call for a person, on one line. */
export function callLine({ tool, command, input }: Call): string {
  return shortText(`${tool} ${command ?? input}`, lineLength);
}

/** The file that a call is about, relative to the workspace where it lies in it; `null` if its arguments name none. */
export function callPath({ fields }: Call, workspace: string): string | null {
  if (fields === null) return null;
  for (const key of pathKeys) {
    const path = fields[key];
    if (typeof path === 'string' && path !== '') return relativePath(path, workspace);
  }
  return null;
}

const pathKeys = ['file_path', 'filePath', 'path', 'absolute_path', 'filename', 'file', 'target_file', 'notebook_path'];

export function relativePath(path: string, workspace: string): string {
  const local = workspace !== '' && path.startsWith(workspace) ? path.slice(workspace.length) : path;
  return local.replace(/^(?:\.\/)+/, '');
}

/** Larger inputs are whole files; their text is compared as it is. */
const parsedLengthMax = 65_536;

function fieldsOf(input: string): Fields | null {
  if (input.charCodeAt(0) !== 0x7b || input.length > parsedLengthMax) return null;
  try {
    return JSON.parse(input) as Fields;
  } catch {
    return null;
  }
}

/** The longest that a single call is waited for, whatever it says. */
export const longestMs = 3_600_000;

function limitOf(fields: Fields | null, shell: ShellCommand | null, name: string): number | null {
  const told = fields === null ? 0 : limitTold(fields);
  const slept = shell === null ? 0 : Math.max(shell.sleepS, shell.limitS ?? 0) * 1_000;
  const most = Math.max(told, slept, isHelper(name) ? longestMs : 0);
  return most === 0 ? null : Math.min(most, longestMs);
}

const limitKeys = [
  'timeout_ms',
  'timeoutMs',
  'timeout',
  'timeout_s',
  'timeout_seconds',
  'timeout_secs',
  'yield_time_ms',
];

function limitTold(fields: Fields): number {
  for (const key of limitKeys) {
    const value = Number(fields[key] ?? Number.NaN);
    if (!Number.isFinite(value) || value <= 0) continue;
    // A bare `timeout` counts milliseconds with some agents and seconds with others; nobody means less than four seconds.
    return key.endsWith('s') && !/ms$/i.test(key)
      ? value * 1_000
      : key === 'timeout' && value < 4_000
        ? value * 1_000
        : value;
  }
  return 0;
}

const volatileKeys =
  /^(?:call_?id|tool_?call_?id|tool_?use_?id|request_?id|message_?id|trace_?id|span_?id|session_?id|turn_?id|wrapper_?id|nonce|uuid|timestamp|ts|created_?at|description|explanation|justification|rationale|thought|thoughts|thinking|intent|tool_?summary|security_risk|timeout|timeout_?ms|timeout_?s|timeout_?secs|timeout_?seconds|yield_time_ms|max_output_tokens|sandbox_permissions|dangerouslydisablesandbox)$/i;

const depthMax = 8;

/** The canonical form of an argument. */
function valueForm(value: unknown, place: { workspace: string; depth: number }): string {
  if (typeof value === 'string') return textForm(value, place.workspace);
  if (typeof value !== 'object' || value === null) return String(value);
  if (place.depth >= depthMax) return '…';
  const below = { workspace: place.workspace, depth: place.depth + 1 };
  if (Array.isArray(value)) return `[${value.map((one) => valueForm(one, below)).join(',')}]`;
  const fields = value as Fields;
  const keys = Object.keys(fields);
  const kept = keys.filter((key) => !volatileKeys.test(key));
  // A call whose arguments are all volatile by name says what it is by them.
  const named = kept.length === 0 ? keys : kept;
  const parts = named.sort().map((key) => `${key}:${valueForm(fields[key], below)}`);
  return `{${parts.join(',')}}`;
}

function textForm(text: string, workspace: string): string {
  const local = workspace !== '' && text.includes(workspace) ? text.replaceAll(workspace, '') : text;
  return callShape(withoutComments(local).trim());
}
