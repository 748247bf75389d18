/**
 * Reads the stream of Claude Code (`--output-format stream-json`), live or recorded.
 *
 * Pure but for what it remembers of the stream. Whole messages come after their parts, so parts only count as signs of life
 * and as usage; nothing is told twice. The order of keys varies and `type` can come last: a line is parsed, never matched.
 * Times are those that the stream tells, so that a recording reads the same tomorrow.
 */
import type { AgentEvent, StreamReader } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, fieldsOfLine, jsonOf, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import type { Line } from '../lines.ts';
import { retryClass } from './fault-text.ts';
import { turnEvents } from './result.ts';
import { changedPath, todoList, toolKind } from './tools.ts';
import { usageSoFar } from './usage.ts';

/** Calls whose result is waited for; more than any agent has open at once. */
const callsMax = 1_000;
/** A sign of life for so many parts of a message: about every ten seconds of a slow one. */
const partsPerSign = 25;

export interface ClaudeReader extends StreamReader {
  /** Of the session, once it is known. */
  session(): string | null;
}

/** @param now used where a line tells no time of its own; without it, waiting times stay unknown there. */
export function claudeReader(now: () => number = () => 0): ClaudeReader {
  const stream = streamState(now);
  return {
    session: () => stream.session,
    read(line, name): readonly AgentEvent[] {
      if (name === 'error') return spoken(line);
      const fields = fieldsOfLine(line);
      if (fields === null) return line.droppedBytes > 0 ? [{ type: 'unknown', name: 'cut line' }] : spoken(line);
      const type = nameIn(fields['type']) ?? 'nothing';
      const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
      if (read !== undefined) return read(stream, fields);
      return silent.has(type) ? [] : [{ type: 'unknown', name: type }];
    },
  };
}

/** Lines that say nothing an orchestrator needs. */
const silent = new Set([
  'keep_alive',
  'auth_status',
  'tool_progress',
  'tool_use_summary',
  'prompt_suggestion',
  'command_lifecycle',
  'control_cancel_request',
  'streamlined_text',
]);

const silentNews = new Set([
  'status',
  'thinking_tokens',
  'compact_boundary',
  'session_state_changed',
  'task_started',
  'task_progress',
  'task_updated',
  'task_notification',
  'permission_denied',
  'hook_started',
  'hook_progress',
  'hook_response',
]);

interface Call {
  tool: string;
  input: Fields;
}

interface StreamState {
  session: string | null;
  model: string | null;
  /** The login can be renewed by the program itself, so that a first refusal may be an old token. */
  isRenewable: boolean;
  /** The first message echoed is the prompt; those after it are hints. */
  isPromptSeen: boolean;
  /** A critical error was told in this turn. */
  isFailed: boolean;
  resetAt: number | null;
  parts: number;
  /** Parts of messages come, and with them what each call used in the end. */
  hasParts: boolean;
  lastMessage: string | null;
  at: number;
  calls: Map<string, Call>;
  todo: ReturnType<typeof todoList>;
  usage: ReturnType<typeof usageSoFar>;
  now(): number;
}

function streamState(now: () => number): StreamState {
  const state: StreamState = {
    session: null,
    model: null,
    isRenewable: false,
    isPromptSeen: false,
    isFailed: false,
    resetAt: null,
    parts: 0,
    hasParts: false,
    lastMessage: null,
    at: 0,
    calls: new Map(),
    todo: todoList(),
    usage: usageSoFar(() => state.model),
    now: () => Math.max(state.at, now()),
  };
  return state;
}

const readers: Readonly<Record<string, (state: StreamState, fields: Fields) => readonly AgentEvent[]>> = {
  system: news,
  assistant: said,
  user: heard,
  stream_event: part,
  result: turnOver,
  control_response: answered,
  rate_limit_event: limited,
};

function news(state: StreamState, fields: Fields): readonly AgentEvent[] {
  const subtype = nameIn(fields['subtype']) ?? 'nothing';
  if (subtype === 'init') return begun(state, fields);
  if (subtype === 'api_retry') return retried(state, fields);
  return silentNews.has(subtype) ? [] : [{ type: 'unknown', name: `system/${subtype}` }];
}

/** Comes again with each turn; told once. */
function begun(state: StreamState, fields: Fields): readonly AgentEvent[] {
  const [id, model, version] = ['session_id', 'model', 'claude_code_version'].map((name) => nameIn(fields[name]));
  state.isRenewable = fields['apiKeySource'] === 'none';
  if (id === null || id === undefined || (id === state.session && model === state.model)) return [];
  state.session = id;
  state.model = model ?? null;
  return [{ type: 'session', id, ...(model ? { model } : {}), ...(version ? { version } : {}) }];
}

/** The program tries again by itself, refused logins included; those are final. */
function retried(state: StreamState, fields: Fields): readonly AgentEvent[] {
  const [status, attempt] = [amountIn(fields['error_status']), amountIn(fields['attempt']) ?? 1];
  const kind = retryClass(status);
  const isFinal = kind === 'login' && (attempt > 1 || !state.isRenewable);
  if (isFinal && state.isFailed) return [];
  state.isFailed ||= isFinal;
  const what = `${nameIn(fields['error']) ?? 'error'} (${status ?? 'no answer'})`;
  return [
    {
      type: 'error',
      class: kind,
      text: isFinal ? `the service refused the login: ${what}` : `${what}, attempt ${attempt}`,
      retryAfterMs: isFinal ? null : amountIn(fields['retry_delay_ms']),
      critical: isFinal,
      ...(isFinal ? {} : { retrying: true }),
    },
  ];
}

function said(state: StreamState, fields: Fields): readonly AgentEvent[] {
  noteTime(state, fields);
  const message = fieldsIn(fields['message']);
  // The program's own words about an error; the end of the turn tells the same.
  if (message['model'] === '<synthetic>' || fields['is_api_error_message'] === true) return [];
  const events = listIn(message['content']).flatMap((block) => blockEvents(state, fieldsIn(block)));
  const id = nameIn(message['id']);
  if (state.hasParts || id === null || id === state.lastMessage) return events;
  state.lastMessage = id;
  return [...events, state.usage.call(fieldsIn(message['usage']), isMain(fields))];
}

function blockEvents(state: StreamState, block: Fields): readonly AgentEvent[] {
  switch (block['type']) {
    case 'text':
      return worded('message', textIn(block['text']));
    case 'thinking':
      return worded('thought', textIn(block['thinking']));
    case 'redacted_thinking':
      return [];
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return called(state, block);
    default:
      return [{ type: 'unknown', name: `assistant/${nameIn(block['type']) ?? 'nothing'}` }];
  }
}

function worded(type: 'message' | 'thought', text: string | null): readonly AgentEvent[] {
  return text === null || text.trim() === '' ? [] : [{ type, text }];
}

function called(state: StreamState, block: Fields): readonly AgentEvent[] {
  const [id, tool, input] = [nameIn(block['id']), nameIn(block['name']), fieldsIn(block['input'])];
  if (id === null || tool === null) return [{ type: 'unknown', name: 'assistant/tool_use' }];
  if (state.calls.size < callsMax) state.calls.set(id, { tool, input });
  const todo = state.todo.called(tool, input);
  const call: AgentEvent = { type: 'tool-call', id, tool, input: jsonOf(input), kind: toolKind(tool, input) };
  return todo === null ? [call] : [call, todo];
}

/** What the model is given: results of its calls, and echoes of what was said to it. */
function heard(state: StreamState, fields: Fields): readonly AgentEvent[] {
  noteTime(state, fields);
  const { content } = fieldsIn(fields['message']);
  if (fields['isReplay'] === true) {
    const isHint = state.isPromptSeen;
    state.isPromptSeen = true;
    return isHint ? [{ type: 'hint-seen', text: eventText(wordsOf(content)) }] : [];
  }
  return listIn(content)
    .map(fieldsIn)
    .filter((block) => block['type'] === 'tool_result')
    .flatMap((block) => resultEvents(state, block, fields['tool_use_result']));
}

function resultEvents(state: StreamState, block: Fields, detail: unknown): readonly AgentEvent[] {
  const id = nameIn(block['tool_use_id']);
  if (id === null) return [{ type: 'unknown', name: 'user/tool_result' }];
  const ok = block['is_error'] !== true;
  const text = eventText(wordsOf(block['content']));
  const code = ok ? undefined : /^(?:Error: )?Exit code (\d{1,3})\b/.exec(text)?.[1];
  const events: AgentEvent[] = [
    { type: 'tool-result', id, ok, text, ...(code === undefined ? {} : { exitCode: Number(code) }) },
  ];
  const call = state.calls.get(id);
  state.calls.delete(id);
  if (call === undefined || !ok) return events;
  const path = changedPath(call.tool, call.input);
  if (path !== null) events.push({ type: 'file-change', path });
  const todo = state.todo.succeeded(call.tool, call.input, detail);
  if (todo !== null) events.push(todo);
  return events;
}

/** A part of a message on its way: what a call used comes with the last one. */
function part(state: StreamState, fields: Fields): readonly AgentEvent[] {
  const event = fieldsIn(fields['event']);
  state.hasParts = true;
  if (event['type'] === 'message_delta') return [state.usage.call(fieldsIn(event['usage']), isMain(fields))];
  if (event['type'] !== 'content_block_delta') return [];
  state.parts += 1;
  return state.parts % partsPerSign === 0 ? [state.usage.now()] : [];
}

function turnOver(state: StreamState, fields: Fields): readonly AgentEvent[] {
  const usage = state.usage.totals(fieldsIn(fields['modelUsage']), fields['total_cost_usd']);
  const facts = { clock: { now: state.now() }, isTold: state.isFailed, resetAt: state.resetAt };
  const events = turnEvents(fields, facts);
  state.isFailed = false;
  state.resetAt = null;
  return [usage, ...events];
}

/** An answer to `get_usage`; answers to other requests say nothing. */
function answered(state: StreamState, fields: Fields): readonly AgentEvent[] {
  const session = fieldsIn(fieldsIn(fieldsIn(fields['response'])['response'])['session']);
  if (!('model_usage' in session)) return [];
  return [state.usage.totals(fieldsIn(session['model_usage']), session['total_cost_usd'])];
}

/** A limit of the account, with the time of its end in seconds; the error itself comes with the end of the turn. */
function limited(state: StreamState, fields: Fields): readonly AgentEvent[] {
  const info = fieldsIn(fields['rate_limit_info']);
  const resetsAt = amountIn(info['resetsAt']);
  if (info['status'] === 'rejected' && resetsAt !== null) state.resetAt = resetsAt * 1_000;
  return [];
}

function noteTime(state: StreamState, fields: Fields): void {
  const at = typeof fields['timestamp'] === 'string' ? Date.parse(fields['timestamp']) : Number.NaN;
  if (at > state.at) state.at = at;
}

function isMain(fields: Fields): boolean {
  return typeof fields['parent_tool_use_id'] !== 'string';
}

/** The words of a message or of a tool's result: a text, or blocks of which some are text. */
function wordsOf(content: unknown): string {
  if (typeof content === 'string') return textIn(content) ?? '';
  const words = listIn(content).map((block) => textIn(fieldsIn(block)['text']) ?? '');
  return words.filter((text) => text !== '').join('\n');
}

function spoken(line: Line): readonly AgentEvent[] {
  return line.text.trim() === '' ? [] : [{ type: 'message', text: eventText(line.text, line.droppedBytes) }];
}
