/** Reads `gemini --output-format stream-json`, for replay of runs that others recorded. Pure, stateful. */
import type { AgentEvent, StreamReader } from '../agent.ts';
import { amountIn, fieldsIn, fieldsOfLine, nameIn, textIn, type Fields } from '../fields.ts';
import { errorOf, faultOfRejection } from './faults.ts';
import { nativeCalls, type NativeCalls } from './native-calls.ts';
import { wordCollector, type Words } from './words.ts';

export function geminiReader(now: () => number): StreamReader {
  const words = wordCollector();
  const calls = nativeCalls();
  const run = { hasLooped: false };
  return {
    read(line): readonly AgentEvent[] {
      const event = fieldsOfLine(line) ?? {};
      const events = read(event, { words, calls, run, now: now() });
      return isPiece(event) || events.length === 0 ? events : [...words.flush(), ...events];
    },
  };
}

interface State {
  words: Words;
  calls: NativeCalls;
  run: { hasLooped: boolean };
  now: number;
}

function isPiece(event: Fields): boolean {
  return event['type'] === 'message';
}

function read(event: Fields, { words, calls, run, now }: State): readonly AgentEvent[] {
  switch (event['type']) {
    case 'init': {
      const [id, model] = [nameIn(event['session_id']), nameIn(event['model'])];
      return id === null ? [] : [{ type: 'session', id, ...(model === null ? {} : { model }) }];
    }
    case 'message':
      return event['role'] === 'assistant' ? words.add('message', textIn(event['content']) ?? '') : [];
    case 'tool_use':
      return calls.call({ id: event['tool_id'], tool: event['tool_name'], input: event['parameters'] });
    case 'tool_result': {
      const error = textIn(fieldsIn(event['error'])['message']) ?? '';
      const text = textIn(event['output']) ?? error;
      return calls.result({ id: event['tool_id'], ok: event['status'] !== 'error', text });
    }
    case 'error': {
      const text = textIn(event['message']) ?? '';
      if (/loop detected/i.test(text)) run.hasLooped = true;
      return [{ type: 'error', class: 'agent', text, retryAfterMs: null, critical: false }];
    }
    case 'result':
      return [...usageOf(fieldsIn(event['stats'])), ...endOf(event, run, now)];
    default:
      return [{ type: 'unknown', name: nameIn(event['type']) ?? 'line' }];
  }
}

function usageOf(stats: Fields): AgentEvent[] {
  const tokens = amountIn(stats['total_tokens']) ?? 0;
  return tokens === 0 ? [] : [{ type: 'usage', tokens, contextUsed: null, contextSize: null, costUsd: 0 }];
}

/** A stopped loop is told as success; only the warning before it tells the truth. */
function endOf(event: Fields, run: { hasLooped: boolean }, now: number): AgentEvent[] {
  if (event['status'] !== 'error') {
    return [{ type: 'turn-end', reason: run.hasLooped ? 'limit' : 'completed', text: '' }];
  }
  const { message } = fieldsIn(event['error']);
  // `[API Error: {…}]`: the service's own answer stands inside.
  const inner = /^\[API Error: (.*)\]$/s.exec(textIn(message) ?? '')?.[1] ?? message;
  const error = errorOf(faultOfRejection({ message: inner }), now);
  return [error, { type: 'turn-end', reason: 'failed', text: error.text }];
}
