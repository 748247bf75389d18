/**
 * Tool calls of an ACP session, from their first mention to their outcome.
 *
 * Owns what is known of calls that are still open. Programs tell a call piece by piece and each its own way: with an empty input that
 * an update completes, with a title in the place of an input, with live output under the name of content, and with an exit code in
 * one of half a dozen places or nowhere.
 */
import type { AgentEvent, ToolKind } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { fieldsIn, jsonOf, listIn, nameIn, textIn, type Fields } from '../fields.ts';

export interface ToolCalls {
  /** What a `tool_call` or `tool_call_update` says that is new. */
  read(update: Fields): readonly AgentEvent[];
  /** What can be told of a line that was too long: a command with a huge output has ended all the same. */
  cut(text: string): readonly AgentEvent[];
  /** Closes what is still open, because the turn is over and nothing more will be told of it. */
  close(): readonly AgentEvent[];
}

interface OpenCall {
  tool: string;
  kind: ToolKind;
  input: string;
  paths: Set<string>;
}

/** More calls than this are never open at once; a stream that opens more loses the oldest. */
const openMax = 256;
const pathLengthMax = 4_096;
/** Members that name a call stand before its output, in this much of the line. */
const cutHeadMax = 4_096;

export function toolCalls(): ToolCalls {
  const open = new Map<string, OpenCall>();
  /** The last ones that ended: what comes after is an echo. */
  const ended = new Set<string>();

  const end = (id: string): void => {
    open.delete(id);
    ended.add(id);
    trim(ended, openMax);
  };
  const read = (update: Fields): readonly AgentEvent[] => {
    const id = nameIn(update['toolCallId']);
    if (id === null || ended.has(id)) return [];
    const events: AgentEvent[] = [];
    const call = open.get(id) ?? { tool: '', kind: 'other', input: '', paths: new Set() };
    if (tellCall(call, update) || !open.has(id)) {
      const { tool, input, kind } = call;
      events.push({ type: 'tool-call', id, tool, input, kind });
    }
    open.set(id, call);
    trim(open, openMax);
    const { status } = update;
    if (status !== 'completed' && status !== 'failed') return events;
    if (status === 'completed') for (const path of call.paths) events.push({ type: 'file-change', path });
    events.push(resultOf(id, update, { ok: status === 'completed', kind: call.kind }));
    end(id);
    return events;
  };
  return {
    read,
    cut(text): readonly AgentEvent[] {
      const head = text.slice(0, cutHeadMax);
      const id = /"toolCallId":"([^"\\]{1,256})"/.exec(head)?.[1];
      const status = /"status":"(completed|failed)"/.exec(head)?.[1];
      return id === undefined || status === undefined || !open.has(id) ? [] : read({ toolCallId: id, status });
    },
    close(): readonly AgentEvent[] {
      const ids = [...open.keys()];
      for (const id of ids) end(id);
      return ids.map((id) => ({ type: 'tool-result', id, ok: false, text: 'no result: the turn ended' }));
    },
  };
}

/** Takes in what the update says of the call; `true` if its input became known. */
function tellCall(call: OpenCall, update: Fields): boolean {
  const title = textIn(update['title']) ?? '';
  if (typeof update['kind'] === 'string') call.kind = kinds[update['kind']] ?? 'other';
  if (call.tool === '') call.tool = toolName(update, title);
  for (const path of changedPaths(update, call.kind)) call.paths.add(path);
  const { rawInput } = update;
  const isEmpty = rawInput === null || rawInput === undefined || jsonOf(rawInput) === '{}';
  // An input that is there but empty is completed later; where there is none, the title is all that will be known.
  if (isEmpty && (call.input !== '' || rawInput !== undefined)) return false;
  const input = isEmpty
    ? (inputInContent(update) ?? title)
    : typeof rawInput === 'string'
      ? (textIn(rawInput) ?? '')
      : jsonOf(rawInput);
  if (input === call.input) return false;
  call.input = input;
  return true;
}

/** One program shows the arguments of an MCP tool as the content of the call that begins. */
function inputInContent(update: Fields): string | null {
  if (update['status'] === 'completed' || update['status'] === 'failed') return null;
  const text = textIn(fieldsIn(fieldsIn(listIn(update['content'])[0])['content'])['text']);
  return text?.startsWith('{') === true ? text : null;
}

const kinds: Readonly<Record<string, ToolKind>> = {
  read: 'read',
  search: 'read',
  fetch: 'read',
  edit: 'edit',
  delete: 'edit',
  move: 'edit',
  execute: 'run',
};

/** The tool's own name where the program tells it; ids such as `write_file__write_file_179…_0` hold it as well. */
function toolName(update: Fields, title: string): string {
  const meta = fieldsIn(update['_meta']);
  const own = nameIn(meta['toolName']) ?? nameIn(fieldsIn(meta['claudeCode'])['toolName']);
  const inId = /^(\w{1,64}?)__\1_/.exec(textIn(update['toolCallId']) ?? '')?.[1];
  const words = nameIn(update['kind']) ?? '';
  return own ?? inId ?? (words === '' || words === 'other' ? title.slice(0, 64).toWellFormed() || 'tool' : words);
}

/** Diffs tell paths; an edit without one may tell the places it works at. */
function changedPaths(update: Fields, kind: ToolKind): string[] {
  const diffs = listIn(update['content'])
    .map(fieldsIn)
    .filter(({ type }) => type === 'diff');
  const places = diffs.length > 0 ? diffs : kind === 'edit' ? listIn(update['locations']).map(fieldsIn) : [];
  return places.flatMap(({ path }) => nameIn(path, pathLengthMax) ?? []);
}

function resultOf(id: string, update: Fields, { ok, kind }: { ok: boolean; kind: ToolKind }): AgentEvent {
  const text = resultText(update);
  const exitCode = exitCodeOf(update, kind === 'run' ? text : '');
  return {
    type: 'tool-result',
    id,
    ok: ok && (exitCode ?? 0) === 0,
    text,
    ...(exitCode === null ? {} : { exitCode }),
  };
}

function resultText(update: Fields): string {
  const said = listIn(update['content']).flatMap((item) => textIn(fieldsIn(fieldsIn(item)['content'])['text']) ?? []);
  if (said.length > 0) return eventText(said.join('\n'));
  const { rawOutput } = update;
  const raw = fieldsIn(rawOutput);
  const places = [rawOutput, raw['formatted_output'], raw['output'], raw['content'], raw['text'], raw['message']];
  return places.map(textIn).find((text) => text !== null && text !== '') ?? '';
}

/** Each program has its own place for it; the words are Claude's and Qwen's. */
function exitCodeOf(update: Fields, text: string): number | null {
  const raw = fieldsIn(update['rawOutput']);
  const places = [
    raw['exit_code'],
    raw['exitCode'],
    fieldsIn(raw['metadata'])['exit'],
    ...listIn(raw['contents']).map((part) => fieldsIn(part)['exitCode']),
    fieldsIn(fieldsIn(update['_meta'])['terminal_exit'])['exit_code'],
  ];
  const told = places.find((place) => Number.isInteger(place));
  if (told !== undefined) return told as number;
  const words = /^Exit code:? (\d{1,3})\b/im.exec(text.slice(-4_096)) ?? /^Exit code:? (\d{1,3})\b/i.exec(text);
  return words === null ? null : Number(words[1]);
}

/** Drops the oldest entries beyond `max`. */
function trim(entries: Map<string, unknown> | Set<string>, max: number): void {
  for (const key of entries.keys()) {
    if (entries.size <= max) return;
    entries.delete(key);
  }
}
