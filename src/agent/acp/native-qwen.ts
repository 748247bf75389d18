/** Reads `qwen -o stream-json`, which resembles Claude Code's lines, for replay of runs that others recorded. Pure, stateful. */
import type { AgentEvent, StreamReader } from '../agent.ts';
import { amountIn, fieldsIn, fieldsOfLine, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import { eventText } from '../event-text.ts';
import { errorOf, faultOfWords, isOwnLimit } from './faults.ts';
import { nativeCalls, type NativeCalls } from './native-calls.ts';

export function qwenReader(now: () => number): StreamReader {
  const calls = nativeCalls();
  const sums = { tokens: 0 };
  return {
    read(line): readonly AgentEvent[] {
      const event = fieldsOfLine(line) ?? {};
      switch (event['type']) {
        case 'system':
          return sessionOf(event);
        case 'assistant':
          return assistant(fieldsIn(event['message']), calls, sums);
        case 'user':
          return results(fieldsIn(event['message']), calls);
        case 'result':
          return endOf(event, now());
        case 'stream_event':
          return [];
        default:
          return [{ type: 'unknown', name: nameIn(event['type']) ?? 'line' }];
      }
    },
  };
}

function sessionOf(event: Fields): AgentEvent[] {
  const [id, model, version] = ['session_id', 'model', 'qwen_code_version'].map((name) => nameIn(event[name]));
  if (event['subtype'] !== 'init' || id === null || id === undefined) return [];
  return [{ type: 'session', id, ...(model ? { model } : {}), ...(version ? { version } : {}) }];
}

function assistant(message: Fields, calls: NativeCalls, sums: { tokens: number }): AgentEvent[] {
  const events = listIn(message['content'])
    .map(fieldsIn)
    .flatMap((block): readonly AgentEvent[] => {
      const text = textIn(block['text']) ?? textIn(block['thinking']) ?? '';
      if (block['type'] === 'tool_use')
        return calls.call({ id: block['id'], tool: block['name'], input: block['input'] });
      if (text === '') return [];
      return [{ type: block['type'] === 'thinking' ? 'thought' : 'message', text }];
    });
  const usage = fieldsIn(message['usage']);
  const used = amountIn(usage['input_tokens']) ?? 0;
  const tokens = amountIn(usage['total_tokens']) ?? used + (amountIn(usage['output_tokens']) ?? 0);
  if (tokens === 0) return events;
  sums.tokens += tokens;
  return [...events, { type: 'usage', tokens: sums.tokens, contextUsed: used, contextSize: null, costUsd: 0 }];
}

function results(message: Fields, calls: NativeCalls): AgentEvent[] {
  return listIn(message['content'])
    .map(fieldsIn)
    .filter(({ type }) => type === 'tool_result')
    .flatMap(({ tool_use_id: id, is_error: isError, content }) => {
      const parts = listIn(content).flatMap((part) => textIn(fieldsIn(part)['text']) ?? []);
      return calls.result({ id, ok: isError !== true, text: textIn(content) ?? eventText(parts.join('\n')) });
    });
}

/** Errors stand in the result, or only in its text. */
function endOf(event: Fields, now: number): AgentEvent[] {
  const { error } = event;
  const words = textIn(fieldsIn(error)['message']) ?? textIn(error) ?? textIn(event['result']) ?? '';
  if (event['is_error'] !== true)
    return [{ type: 'turn-end', reason: 'completed', text: words.slice(0, 500).toWellFormed() }];
  const fault = faultOfWords(words === '' ? 'the run ended with an error' : words);
  if (isOwnLimit(fault)) return [{ type: 'turn-end', reason: 'limit', text: words.slice(0, 500).toWellFormed() }];
  const told = errorOf(fault, now);
  return [told, { type: 'turn-end', reason: 'failed', text: told.text }];
}
