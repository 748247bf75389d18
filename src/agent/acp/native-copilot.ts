/** Reads `copilot --output-format json`, for replay of runs that others recorded. Pure, stateful. */
import type { AgentEvent, StreamReader } from '../agent.ts';
import { amountIn, fieldsIn, fieldsOfLine, nameIn, textIn, type Fields } from '../fields.ts';
import { errorOf, retryOf, type Fault } from './faults.ts';
import { nativeCalls, type NativeCalls } from './native-calls.ts';

export function copilotReader(now: () => number): StreamReader {
  const state: State = { calls: nativeCalls(), failure: null, error: null, now: 0 };
  return {
    read(line): readonly AgentEvent[] {
      const event = fieldsOfLine(line) ?? {};
      state.now = now();
      return read(nameIn(event['type']) ?? 'line', event, state);
    },
  };
}

interface State {
  calls: NativeCalls;
  /** The last model call, if it failed. */
  failure: Fault | null;
  /** The error that ended the run. */
  error: string | null;
  now: number;
}

function read(type: string, event: Fields, state: State): readonly AgentEvent[] {
  const data = fieldsIn(event['data']);
  switch (type) {
    case 'assistant.message':
      return says(data);
    case 'tool.execution_start':
      return state.calls.call({ id: data['toolCallId'], tool: data['toolName'], input: data['arguments'] });
    case 'tool.execution_complete':
      return [...completed(data, state), ...contextOf(data)];
    case 'model.call_failure':
      state.failure = failureOf(data);
      return [];
    case 'assistant.turn_retry':
      return [retryOf(state.failure ?? { text: textIn(data['reason']) ?? '', status: null, kind: '' }, state.now)];
    case 'session.error': {
      const error = errorOf(failureOf(data), state.now);
      state.error = error.text;
      return [error];
    }
    case 'result':
      return endOf(event, state);
    default:
      return quiet.some((prefix) => type.startsWith(prefix)) ? [] : [{ type: 'unknown', name: type }];
  }
}

/** What comes in pieces and again as a whole, or tells of the program alone. */
const quiet: readonly string[] = [
  'session.',
  'user.message',
  'assistant.message_',
  'assistant.reasoning',
  'assistant.tool_call_delta',
  'assistant.turn_',
  'assistant.idle',
  'assistant.usage',
  'model.call_',
  'tool.execution_partial_result',
  'tool.shell_output',
];

function says(data: Fields): AgentEvent[] {
  const [thought, text] = [textIn(data['reasoningText']) ?? '', textIn(data['content']) ?? ''];
  return [
    ...(thought.trim() === '' ? [] : [{ type: 'thought', text: thought } as const]),
    ...(text.trim() === '' ? [] : [{ type: 'message', text } as const]),
  ];
}

function completed(data: Fields, { calls }: State): readonly AgentEvent[] {
  const [result, error] = [fieldsIn(data['result']), fieldsIn(data['error'])];
  return calls.result({
    id: data['toolCallId'],
    ok: data['success'] !== false,
    text: textIn(result['content']) ?? textIn(error['message']) ?? '',
    exitCode: fieldsIn(data['shellExecution'])['exitCode'],
  });
}

/** Context is told with the outcome of tools; tokens are told nowhere. */
function contextOf(data: Fields): AgentEvent[] {
  const metrics = fieldsIn(fieldsIn(data['toolTelemetry'])['metrics']);
  const contextUsed = amountIn(metrics['context_current_tokens']);
  const contextSize = amountIn(metrics['context_token_limit']);
  return contextUsed === null ? [] : [{ type: 'usage', tokens: 0, contextUsed, contextSize, costUsd: 0 }];
}

function failureOf(data: Fields): Fault {
  return {
    text: textIn(data['message']) ?? textIn(data['errorMessage']) ?? 'the model did not answer',
    status: amountIn(data['statusCode']),
    kind: textIn(data['errorType']) ?? '',
  };
}

/** The exit code is 0 also where nothing was done; that an error ended the run is told before. */
function endOf(event: Fields, { error }: State): AgentEvent[] {
  const id = nameIn(event['sessionId']);
  const failed = error !== null || (amountIn(event['exitCode']) ?? 0) > 0;
  return [
    ...(id === null ? [] : [{ type: 'session', id } as const]),
    { type: 'turn-end', reason: failed ? 'failed' : 'completed', text: error ?? '' },
  ];
}
