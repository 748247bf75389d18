/**
 * Reads the stream of Claude Code (`--output-format stream-json`), live or recorded.
 *
 * Pure but for what it remembers of the stream. Whole messages come after their parts, so parts only count as signs of life
 * and as usage; nothing is told twice. The order of keys varies and `type` can come last: a line is parsed, never matched.
 * Times are those that the stream tells, so that a recording reads the same tomorrow.
 */
import { limits } from '../../core/limits.ts';
import type { AgentEvent, StreamReader } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, fieldsOfLine, nameIn, type Fields } from '../fields.ts';
import type { Line } from '../lines.ts';
import { retryClass } from './fault-text.ts';
import { turnEvents } from './result.ts';
import { heard, said } from './messages.ts';
import { isMain, streamState, type StreamState } from './stream-state.ts';

/** Tries of the program itself, unless it was told to go on. */
const ownRetriesMax = 10;
/** A sign of life for so many parts of a message: about every ten seconds of a slow one. */
const partsPerSign = 25;

/** @param now used where a line tells no time of its own; without it, waiting times stay unknown there. */
export function claudeReader(now: () => number = () => 0): StreamReader {
  const stream = streamState(now);
  return {
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

/**
 * The program tries again by itself: for ever, as it is started here (`max_retries` 300), and with a refused login, too. Both
 * end here: a critical error makes the session interrupt the turn.
 */
function retried(state: StreamState, fields: Fields): readonly AgentEvent[] {
  const [status, attempt] = [amountIn(fields['error_status']), amountIn(fields['attempt']) ?? 1];
  const [kind, waitMs] = [retryClass(status), amountIn(fields['retry_delay_ms'])];
  const what = `${nameIn(fields['error']) ?? 'error'} (${status ?? 'no answer'})`;
  if (kind === 'network') state.stormMs += waitMs ?? 0;
  const isRefused = kind === 'login' && (attempt > 1 || !state.isRenewable);
  const isStorm = state.stormMs > limits.stormWaitMsMax && (amountIn(fields['max_retries']) ?? 0) > ownRetriesMax;
  if (!isRefused && !isStorm) {
    // During a long wait the program tells the same try again every half minute.
    const isNews = state.retry !== `${what} ${attempt}`;
    state.retry = `${what} ${attempt}`;
    if (!isNews) return [state.usage.now()];
    const text = `${what}, attempt ${attempt}`;
    return [{ type: 'error', class: kind, text, retryAfterMs: waitMs, critical: false, retrying: true }];
  }
  if (state.isFailed) return [];
  state.isFailed = true;
  const text = isRefused ? `the service refused the login: ${what}` : `the service fails again and again: ${what}`;
  return [{ type: 'error', class: kind, text, retryAfterMs: null, critical: true }];
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
  state.retry = null;
  state.stormMs = 0;
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

function spoken(line: Line): readonly AgentEvent[] {
  return line.text.trim() === '' ? [] : [{ type: 'message', text: eventText(line.text, line.droppedBytes) }];
}
