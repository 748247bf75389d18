/**
 * Lines of a rollout as events: the record that Codex keeps of each thread (`~/.codex/sessions/…/rollout-….jsonl`), for replay.
 *
 * Calls and words are taken from what the model said and was given (`response_item`), which all versions write alike; usage and the
 * end of a turn from `event_msg`. Results carry a head that differs each time; without it equal results are equal.
 */
import type { AgentEvent, TurnEnd } from '../agent.ts';
import { amountIn, fieldsIn, fieldsOfLine, jsonOf, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import { bareCommand, commandKind } from './command-kind.ts';
import { faultEvent } from './fault.ts';
import { readCallItem, todoEvent } from './items.ts';
import { sumOf } from './notifications.ts';
import { beginTurn, endTurn, openThread, tellFault, type Reading } from './reading.ts';

const pathLengthMax = 4_096;
const pathsMax = 500;

/** Whether lines of this type are of a rollout. */
export function isRolloutType(type: string): boolean {
  return Object.hasOwn(readers, type);
}

/** Never throws, whatever the shape of the line. */
export function readRolloutLine(reading: Reading, type: string, line: Fields): AgentEvent[] {
  const at = Date.parse(textIn(line['timestamp']) ?? '');
  const now = Number.isNaN(at) ? null : at;
  return readers[type]?.(reading, fieldsIn(line['payload']), now) ?? [];
}

type Reader = (reading: Reading, payload: Fields, now: number | null) => AgentEvent[];

const readers: Readonly<Record<string, Reader>> = {
  session_meta: (reading, { id, cli_version: version }) => {
    reading.version = nameIn(version) ?? reading.version;
    const name = nameIn(id);
    return name === null ? [] : openThread(reading, name, null);
  },
  turn_context: (reading, { model }) =>
    reading.thread === null ? [] : openThread(reading, reading.thread, nameIn(model)),
  response_item: (reading, payload) => (itemReaders[nameIn(payload['type']) ?? ''] ?? nothing)(reading, payload, null),
  event_msg: (reading, payload, now) =>
    (messageReaders[nameIn(payload['type']) ?? ''] ?? nothing)(reading, payload, now),
  world_state: nothing,
  token_usage_record: nothing,
  compacted: nothing,
};

const itemReaders: Readonly<Record<string, Reader>> = {
  message: (reading, { role, content }) => {
    const text =
      textIn(
        listIn(content)
          .map((part) => textIn(fieldsIn(part)['text']) ?? '')
          .join('\n'),
      ) ?? '';
    if (role === 'assistant') {
      reading.lastMessage = text;
      return text.trim() === '' ? [] : [{ type: 'message', text }];
    }
    // What Codex itself puts into the user's mouth begins with a tag or a heading.
    if (role !== 'user' || text.trim() === '' || /^\s*(?:<|# AGENTS)/.test(text)) return [];
    reading.prompts.add(`${reading.prompts.size}`);
    return reading.prompts.size === 1 ? [] : [{ type: 'hint-seen', text }];
  },
  reasoning: (_reading, { summary }) => {
    const text = listIn(summary)
      .map((part) => textIn(fieldsIn(part)['text']) ?? '')
      .join('\n');
    return text.trim() === '' ? [] : [{ type: 'thought', text: textIn(text) ?? '' }];
  },
  function_call: (reading, { call_id: id, name, arguments: input }) => {
    const given = textIn(input) ?? '';
    const fields = fieldsOfLine({ text: typeof input === 'string' ? input : '', droppedBytes: 0 });
    if (name === 'update_plan') return [todoEvent(fields?.['plan'])];
    return call(reading, id, callOf(nameIn(name) ?? 'tool', fields, given));
  },
  custom_tool_call: (reading, { call_id: id, name, input }) => {
    const text = textIn(input) ?? '';
    const tool = nameIn(name) ?? 'tool';
    if (tool === 'apply_patch')
      return call(reading, id, { tool, input: jsonOf({ patch: text }), kind: 'edit', paths: pathsOf(text) });
    // What a script does shows as items of its own; it is told only if it fails.
    if (tool === 'exec') reading.scripts.set(nameIn(id) ?? '', text);
    return tool === 'exec' ? [] : call(reading, id, { tool, input: jsonOf({ input: text }) });
  },
  local_shell_call: (reading, { call_id: id, action }) => call(reading, id, callOf('shell', fieldsIn(action), '')),
  web_search_call: (reading, { id, action }) =>
    call(reading, id, { tool: 'web_search', input: jsonOf(action), kind: 'read' }),
  function_call_output: (reading, { call_id: id, output }) => result(reading, id, output),
  custom_tool_call_output: (reading, { call_id: id, output }) => result(reading, id, output),
};

const messageReaders: Readonly<Record<string, Reader>> = {
  task_started: (reading) => {
    beginTurn(reading);
    return [];
  },
  item_completed: (reading, { item }) => readCallItem(reading.calls, itemOf(fieldsIn(item)), 'completed') ?? [],
  token_count: (reading, { info }) => {
    const { total_token_usage: total, last_token_usage: last, model_context_window: size } = fieldsIn(info);
    const tokens = sumOf(fieldsIn(total), 'input_tokens', 'output_tokens');
    if (tokens === null) return [];
    reading.tokens = Math.max(reading.tokens, tokens);
    const contextUsed = amountIn(fieldsIn(last)['total_tokens']);
    return [{ type: 'usage', tokens: reading.tokens, contextUsed, contextSize: amountIn(size), costUsd: 0 }];
  },
  error: (reading, { message }, now) => tellFault(reading, faultEvent({ message, willRetry: false, now }), now),
  stream_error: (reading, { message }, now) => tellFault(reading, faultEvent({ message, willRetry: true, now }), now),
  task_complete: (reading, { error }, now) =>
    ended(reading, error === undefined || error === null ? 'completed' : 'failed', { error, now }),
  turn_aborted: (reading, _payload, now) => ended(reading, 'interrupted', { error: null, now }),
};

/** An item as app-server tells it: here names are in snake case, commands are lists and changes are named by their paths. */
function itemOf(item: Fields): Fields {
  const { type, command, changes, exit_code: exitCode, aggregated_output: aggregatedOutput } = item;
  const name = nameIn(type) ?? '';
  return {
    ...item,
    type: name.slice(0, 1).toLowerCase() + name.slice(1),
    command: Array.isArray(command) ? wordsOf(command) : command,
    changes: Object.entries(fieldsIn(changes)).map(([path, change]) => ({ path, kind: change, diff: jsonOf(change) })),
    exitCode,
    aggregatedOutput,
  };
}

/** The command that a shell of three words was started for, else all words. */
function wordsOf(command: readonly unknown[]): string {
  const words = command.filter((word) => typeof word === 'string');
  return words.length === 3 && /^-l?c$/.test(words[1] ?? '') ? (words[2] ?? '') : words.join(' ');
}

function ended(
  reading: Reading,
  status: TurnEnd,
  { error, now }: { error: unknown; now: number | null },
): AgentEvent[] {
  const { message, codex_error_info: word } = fieldsIn(error);
  const codexErrorInfo = textIn(word)?.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  return endTurn(reading, { status, error: { message, codexErrorInfo } }, now);
}

interface Call {
  tool: string;
  input: string;
  kind?: 'read' | 'edit' | 'run' | 'wait' | 'other';
  paths?: readonly string[];
}

/** `exec_command` and its forerunner `shell`, whose command is a list; patches were given to that one as well. */
function callOf(tool: string, fields: Fields | null, given: string): Call {
  const { cmd, command } = fields ?? {};
  const list = listIn(command).filter((word) => typeof word === 'string');
  if (list[0] === 'apply_patch')
    return { tool: 'apply_patch', input: jsonOf({ patch: list[1] }), kind: 'edit', paths: pathsOf(list[1] ?? '') };
  const line = textIn(cmd) ?? textIn(command) ?? textIn(wordsOf(list));
  if (line === null || line === '') return { tool, input: given };
  const bare = bareCommand(line);
  return { tool: 'shell', input: jsonOf({ command: bare }), kind: commandKind(bare, null) };
}

function call({ calls, patches }: Reading, id: unknown, { tool, input, kind, paths = [] }: Call): AgentEvent[] {
  const name = nameIn(id);
  if (name === null || calls.open.has(name) || calls.closed.has(name)) return [];
  calls.open.add(name);
  if (paths.length > 0) patches.set(name, paths);
  return [{ type: 'tool-call', id: name, tool, input, ...(kind === undefined ? {} : { kind }) }];
}

function result({ calls, patches, scripts }: Reading, id: unknown, output: unknown): AgentEvent[] {
  const name = nameIn(id);
  if (name === null) return [];
  const script = scripts.get(name);
  scripts.delete(name);
  if (script !== undefined) return failedScript(name, script, outputOf(output).whole);
  if (!calls.open.delete(name)) return [];
  calls.closed.add(name);
  const { whole, exitCode } = outputOf(output);
  const head = whole.slice(0, headLengthMax);
  const cut = head.indexOf(headEnd);
  const ok = (exitCode ?? 0) === 0 && !/^Script failed|^apply_patch verification failed/.test(head);
  const paths = ok ? (patches.get(name) ?? []) : [];
  patches.delete(name);
  const text = textIn(cut < 0 ? whole : whole.slice(cut + headEnd.length)) ?? '';
  return [
    { type: 'tool-result', id: name, ok, text, ...(exitCode === null ? {} : { exitCode }) },
    ...paths.map((path): AgentEvent => ({ type: 'file-change', path })),
  ];
}

function failedScript(id: string, script: string, whole: string): AgentEvent[] {
  if (!whole.startsWith('Script failed')) return [];
  const at = whole.indexOf(headEnd);
  return [
    { type: 'tool-call', id, tool: 'exec', input: jsonOf({ script }), kind: 'run' },
    { type: 'tool-result', id, ok: false, text: textIn(at < 0 ? whole : whole.slice(at + headEnd.length)) ?? '' },
  ];
}

/** Results begin with a head of their own: a number of the output, the time it took, the exit code. */
const headEnd = 'Output:\n';
const headLengthMax = 400;

/** A text, a list of texts, or, of older versions, a text that holds `{"output":…,"metadata":{"exit_code":…}}`. */
function outputOf(output: unknown): { whole: string; exitCode: number | null } {
  const text =
    typeof output === 'string'
      ? output
      : listIn(output)
          .map((part) => textIn(fieldsIn(part)['text']) ?? '')
          .join('');
  const old = fieldsOfLine({ text, droppedBytes: 0 });
  const { output: inner, metadata } = old ?? {};
  if (typeof inner === 'string') {
    const code = fieldsIn(metadata)['exit_code'];
    return { whole: inner, exitCode: Number.isInteger(code) ? (code as number) : null };
  }
  const exit = /(?:Process exited with code|Exit code:) (-?\d{1,9})\b/.exec(text.slice(0, headLengthMax))?.[1];
  return { whole: text, exitCode: exit === undefined ? null : Number(exit) };
}

function pathsOf(patch: string): string[] {
  const files = [...patch.matchAll(/^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm)];
  return files.slice(0, pathsMax).flatMap(([, path]) => nameIn(path, pathLengthMax) ?? []);
}

function nothing(): AgentEvent[] {
  return [];
}
