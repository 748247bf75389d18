/**
 * Reads a session in the Agent Client Protocol, version 1: JSON-RPC lines in both directions become events.
 *
 * Pure, stateful, one reader per stream; live sessions and replay use the same one. What Orbit said (`in`) tells which request an
 * answer belongs to; where a recording lacks it, the shape of the answer does. Invariant: a turn has ended when no prompt
 * is left unanswered, because some programs answer the first prompt early when a second one joins its turn.
 */
import type { AgentEvent, StreamReader, TurnEnd } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { fieldsIn, fieldsOfLine, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import { faultOfRejection, retryOnStandardError } from './faults.ts';
import { turnReader, type TurnReader } from './turn.ts';

type Line = Parameters<StreamReader['read']>[0];

export interface AcpReader extends StreamReader {
  /** `in`: a line that was said to the program. */
  read(line: Line, stream: 'out' | 'error' | 'in'): readonly AgentEvent[];
  /** Whether a prompt has no answer yet. */
  isBusy(): boolean;
}

export interface ReaderOptions {
  /** For lines that are no JSON-RPC: the program's own format, for replay. */
  native?: () => StreamReader;
  /** Milliseconds since 1970, for texts that name an hour. */
  now: () => number;
}

/** A request of Orbit's that has no answer yet. */
interface Asked {
  method: string;
  params: Fields;
}

/** Unanswered requests that are remembered: far more than a session ever has at once. */
const askedMax = 1_000;

export function acpReader({ native, now }: ReaderOptions): AcpReader {
  const asked = new Map<unknown, Asked>();
  const turn = turnReader(now);
  let other: StreamReader | undefined;
  const count = (methods: readonly string[]): number =>
    [...asked.values()].filter(({ method }) => methods.includes(method)).length;
  const isBusy = (): boolean => count(['session/prompt']) > 0;

  const ask = (message: Fields): readonly AgentEvent[] => {
    const method = textIn(message['method']) ?? '';
    const params = fieldsIn(message['params']);
    if (method === 'session/prompt') turn.begin(promptText(params), isBusy());
    if (message['id'] !== undefined && asked.size < askedMax) asked.set(message['id'], { method, params });
    return [];
  };
  const answer = (message: Fields): readonly AgentEvent[] => {
    const question = asked.get(message['id']);
    asked.delete(message['id']);
    const context = { question, isBusy: isBusy(), turn };
    return message['error'] === undefined ? accepted(message, context) : rejected(message, context);
  };
  return {
    isBusy,
    read(line, stream): readonly AgentEvent[] {
      const message = stream === 'error' ? null : fieldsOfLine(line);
      if (message === null && line.droppedBytes > 0 && /^\s*\{/.test(line.text)) return turn.cut(line.text);
      if (message === null) return stream === 'in' ? [] : plain(line, stream, now());
      const method = nameIn(message['method']);
      const isAnswer = method === null && 'id' in message && ('result' in message || 'error' in message);
      if (stream === 'in') return method === null ? [] : ask(message);
      if (method === 'session/update') {
        const update = fieldsIn(fieldsIn(message['params'])['update']);
        // History that is told once more is no news.
        return count(['session/load']) > 0 ? [] : turn.update(update);
      }
      if (isAnswer) return answer(message);
      if (method !== null) return said(message, method, ask);
      if (native === undefined || !('type' in message)) return [{ type: 'unknown', name: 'message' }];
      other ??= native();
      return other.read(line, 'out');
    },
  };
}

interface Context {
  question: Asked | undefined;
  /** A prompt is still unanswered. */
  isBusy: boolean;
  turn: TurnReader;
}

/** A line that is no JSON object: words of the program. */
function plain(line: Line, stream: 'out' | 'error', now: number): readonly AgentEvent[] {
  const retry = stream === 'error' ? retryOnStandardError(line.text, now) : null;
  if (retry !== null) return [retry];
  if (stream === 'error' && stackFrame.test(line.text)) return [];
  return line.text.trim() === '' ? [] : [{ type: 'message', text: eventText(line.text, line.droppedBytes) }];
}

/** The raw log has them; as words they would bury what the program says. */
const stackFrame = /^\s+at .*[:(].*\d\)?(?: \{)?$/;

/** A request or notification from the program, or a recording that has both directions in one stream. */
function said(message: Fields, method: string, ask: (message: Fields) => readonly AgentEvent[]): readonly AgentEvent[] {
  if (orbitsMethods.has(method)) return ask(message);
  return quietMethods.has(method) ? [] : [{ type: 'unknown', name: method }];
}

const orbitsMethods = new Set([
  'initialize',
  'authenticate',
  'session/new',
  'session/load',
  'session/resume',
  'session/prompt',
  'session/cancel',
  'session/set_mode',
  'session/set_model',
  'session/set_config_option',
  '_session/steering',
]);

/** Answered or ignored elsewhere; they tell nothing about the work. */
const quietMethods = new Set([
  'session/request_permission',
  'craft/drainMidTurnQueue',
  'qwen/notify/session/prompt-suggestion',
]);

function accepted(message: Fields, { question, isBusy, turn }: Context): readonly AgentEvent[] {
  const result = fieldsIn(message['result']);
  if ('agentCapabilities' in result || 'agentInfo' in result) turn.meet(fieldsIn(result['agentInfo']));
  const resumed = question?.method === 'session/load' || question?.method === 'session/resume';
  const session = nameIn(result['sessionId']) ?? (resumed ? nameIn(question.params['sessionId']) : null);
  if (session !== null) return [sessionEvent(session, result, turn.version())];
  if (typeof result['stopReason'] === 'string') return turn.answered(result, stopReasons[result['stopReason']], isBusy);
  if (result['outcome'] !== 'injected') return [];
  return [{ type: 'hint-seen', text: question === undefined ? '' : promptText(question.params) }];
}

const stopReasons: Readonly<Record<string, TurnEnd>> = {
  end_turn: 'completed',
  max_tokens: 'limit',
  max_turn_requests: 'limit',
  refusal: 'failed',
  cancelled: 'interrupted',
};

function rejected(message: Fields, { question, turn, isBusy }: Context): readonly AgentEvent[] {
  const fault = faultOfRejection(message['error']);
  switch (question?.method ?? 'session/prompt') {
    case 'session/prompt':
      return turn.rejected(fault, isBusy);
    case 'initialize':
    case 'authenticate':
    case 'session/new':
      return turn.rejected({ ...fault, text: `${question?.method} failed: ${fault.text}` }, false);
    case 'session/load':
    case 'session/resume':
      return [{ type: 'message', text: eventText(`The session could not be resumed: ${fault.text}`) }];
    default:
      return [{ type: 'message', text: eventText(`${question?.method} was refused: ${fault.text}`) }];
  }
}

function sessionEvent(id: string, result: Fields, version: string | null): AgentEvent {
  const options = listIn(result['configOptions']).map(fieldsIn);
  const { currentModelId, availableModels } = fieldsIn(result['models']);
  const current = listIn(availableModels)
    .map(fieldsIn)
    .find(({ modelId }) => modelId === currentModelId);
  // One program's ids hold more than the model; its names do not.
  const ownId = nameIn(currentModelId);
  const model =
    (ownId?.includes('|') === true ? nameIn(current?.['name']) : ownId) ??
    nameIn(options.find(({ category }) => category === 'model')?.['currentValue']);
  return {
    type: 'session',
    id,
    ...(model === null ? {} : { model }),
    ...(version === null ? {} : { version }),
  };
}

/** What a prompt says that is new: its last block, for the task may be told again before it. */
function promptText(params: Fields): string {
  return eventText(textIn(fieldsIn(listIn(params['prompt']).at(-1))['text']) ?? '');
}
