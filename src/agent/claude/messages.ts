/**
 * Messages in Claude Code's stream: what the model says and calls, and what it is given.
 *
 * They come whole, one line per block, with the same id for all blocks of one answer.
 */
import type { AgentEvent } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { fieldsIn, jsonOf, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import { isMain, type StreamState } from './stream-state.ts';
import { changedPath, toolKind } from './tools.ts';

/** Calls whose result is waited for; more than any agent has open at once. */
const callsMax = 1_000;

/** A line of type `assistant`. */
export function said(state: StreamState, fields: Fields): readonly AgentEvent[] {
  noteTime(state, fields);
  state.retry = null;
  state.stormMs = 0;
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

/** A line of type `user`, what the model is given: results of its calls, and echoes of what was said to it. */
export function heard(state: StreamState, fields: Fields): readonly AgentEvent[] {
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

function noteTime(state: StreamState, fields: Fields): void {
  const at = typeof fields['timestamp'] === 'string' ? Date.parse(fields['timestamp']) : Number.NaN;
  if (at > state.at) state.at = at;
}

/** The words of a message or of a tool's result: a text, or blocks of which some are text. */
function wordsOf(content: unknown): string {
  if (typeof content === 'string') return textIn(content) ?? '';
  const words = listIn(content).map((block) => textIn(fieldsIn(block)['text']) ?? '');
  return words.filter((text) => text !== '').join('\n');
}
