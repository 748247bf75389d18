/**
 * What a program tells while it works at a prompt, and how that turn ended.
 *
 * Pure, stateful. Invariant: a stop reason is not believed alone. `end_turn` also comes after errors that stand as words in the
 * answer, and after turns without one answer of a model.
 */
import type { AgentEvent, TurnEnd } from '../agent.ts';
import { fieldsIn, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import { classOf, errorOf, faultOfRejection, faultOfWords, isOwnLimit, retryOf, type Fault } from './faults.ts';
import { toolCalls, type ToolCalls } from './tool-calls.ts';
import { usageCount, type Usage } from './usage.ts';
import { wordCollector, type Words } from './words.ts';

export interface TurnReader {
  /** Who the program says it is. */
  meet(agentInfo: Fields): void;
  version(): string | null;
  /** A prompt was sent. @param joins while another one is unanswered. */
  begin(prompt: string, joins: boolean): void;
  /** The `update` of a `session/update`. */
  update(update: Fields): readonly AgentEvent[];
  /** A line that was too long to be kept whole. */
  cut(text: string): readonly AgentEvent[];
  /** A prompt was answered. @param isBusy another one is unanswered, so that the turn goes on. */
  answered(result: Fields, stop: TurnEnd | undefined, isBusy: boolean): readonly AgentEvent[];
  rejected(fault: Fault, isBusy: boolean): readonly AgentEvent[];
}

interface Turn {
  /** Signs that a model answered: words, thoughts, tool calls. */
  answers: number;
  /** What the program said went wrong, if nothing came after it. */
  fault: Fault | null;
  /** The hint that this turn began with; seen by the model when it answers. */
  hint: string | null;
}

/** Programs whose usage in the answer to a prompt counts from the session's start (measured). */
const sessionUsage = new Set(['Copilot']);

interface State {
  words: Words;
  tools: ToolCalls;
  usage: Usage;
  agent: { name: string; version: string | null; prompts: number };
  turn: Turn;
  now: () => number;
}

export function turnReader(now: () => number): TurnReader {
  const state: State = {
    words: wordCollector(),
    tools: toolCalls(),
    usage: usageCount(),
    agent: { name: '', version: null, prompts: 0 },
    turn: newTurn(null),
    now,
  };
  const { agent, words, tools } = state;
  return {
    meet(info): void {
      agent.name = nameIn(info['name']) ?? agent.name;
      agent.version = nameIn(info['version']) ?? agent.version;
    },
    version: () => agent.version,
    begin(prompt, joins): void {
      // Only a prompt that starts a turn of its own can be told to have been read by what the model does next.
      if (!joins) state.turn = newTurn(agent.prompts > 0 ? prompt : null);
      agent.prompts += 1;
    },
    update: (update) => readUpdate(state, update),
    cut: (text) => [{ type: 'unknown', name: 'a line that was cut' }, ...tools.cut(text)],
    answered: (result, stop, isBusy) => answered(state, result, { stop, isBusy }),
    rejected(fault, isBusy): readonly AgentEvent[] {
      const before = words.flush();
      if (isOwnLimit(fault)) return [...before, ...end(state, { reason: 'limit', text: fault.text })];
      return isBusy ? [...before, retryOf(fault, now())] : [...before, ...fail(state, fault)];
    },
  };
}

function readUpdate(state: State, update: Fields): readonly AgentEvent[] {
  const name = nameIn(update['sessionUpdate']) ?? 'without a name';
  switch (name) {
    case 'agent_message_chunk':
      return readChunk(state, 'message', update);
    case 'agent_thought_chunk':
      return readChunk(state, 'thought', update);
    case 'tool_call':
    case 'tool_call_update': {
      const events = state.tools.read(update);
      return events.length === 0 ? [] : heardModel(state, [...state.words.flush(), ...events]);
    }
    case 'plan':
      return [{ type: 'todo', items: planItems(update) }];
    case 'usage_update':
      return state.usage.context(update);
    case 'session_info_update':
      return infoError(state, update);
    default:
      return quietUpdates.has(name) ? [] : [{ type: 'unknown', name: `session/update ${name}` }];
  }
}

function readChunk(state: State, kind: 'message' | 'thought', update: Fields): readonly AgentEvent[] {
  const { words, usage } = state;
  const text = textIn(fieldsIn(update['content'])['text']) ?? '';
  const counted = usage.call(fieldsIn(update['_meta']));
  if (text === '') return counted;
  if (kind === 'message') {
    if (retrying.test(text)) return [...words.flush(), retryOf(faultOfWords(text), state.now())];
    const fault = errorInWords(text, state.turn.answers);
    if (fault !== null) {
      state.turn = { ...state.turn, fault };
      return words.flush();
    }
  }
  return [...heardModel(state, words.add(kind, text)), ...counted];
}

/** Something of the model: the hint that the turn began with was read, and what went wrong before was overcome. */
function heardModel(state: State, events: readonly AgentEvent[]): readonly AgentEvent[] {
  const { hint, answers } = state.turn;
  state.turn = { answers: answers + 1, fault: null, hint: null };
  return hint === null ? events : [{ type: 'hint-seen', text: hint }, ...events];
}

/** Codex tells its errors here: while it tries again, and when it gave up before an `end_turn`. */
function infoError(state: State, update: Fields): readonly AgentEvent[] {
  const { error } = fieldsIn(fieldsIn(update['_meta'])['codex']);
  const fields = fieldsIn(error);
  if (error === undefined || error === null) return [];
  const kind = textIn(fields['codexErrorInfo']) ?? Object.keys(fieldsIn(fields['codexErrorInfo']))[0] ?? '';
  const fault = { ...faultOfRejection(error), kind };
  if (fields['willRetry'] === true) return [retryOf(fault, state.now())];
  state.turn = { ...state.turn, fault };
  return [];
}

function answered(
  state: State,
  result: Fields,
  { stop, isBusy }: { stop: TurnEnd | undefined; isBusy: boolean },
): readonly AgentEvent[] {
  const { words, usage, agent, turn } = state;
  const before = [...words.flush(), ...usage.reply(result, sessionUsage.has(agent.name))];
  if (isBusy) return before;
  const told = textIn(result['stopReason']) ?? '';
  if (stop === undefined) {
    return [...before, ...end(state, { reason: 'failed', text: `unknown stop reason ${told}` })];
  }
  if (stop !== 'completed') return [...before, ...end(state, { reason: stop, text: `stop reason ${told}` })];
  if (turn.fault !== null) return [...before, ...fail(state, turn.fault)];
  if (turn.answers === 0) {
    return [...before, ...fail(state, faultOfWords('The turn ended without an answer of the model.'))];
  }
  return [...before, ...end(state, { reason: 'completed', text: words.last() })];
}

function fail(state: State, fault: Fault): readonly AgentEvent[] {
  const error = errorOf(fault, state.now());
  return end(state, { reason: 'failed', text: error.text, error });
}

function end(
  state: State,
  { reason, text, error }: { reason: TurnEnd; text: string; error?: AgentEvent },
): readonly AgentEvent[] {
  state.turn = newTurn(null);
  return [...state.tools.close(), ...(error === undefined ? [] : [error]), { type: 'turn-end', reason, text }];
}

function newTurn(hint: string | null): Turn {
  return { answers: 0, fault: null, hint };
}

/** As Copilot says it while it tries again. */
const retrying = /^Info: .{0,200}\bRetrying\b/;

/**
 * An error that stands as words where the answer should be. A model may begin a sentence like that, too: it counts only where it is
 * all there is, or where its words are those of a service that failed.
 */
function errorInWords(text: string, answers: number): Fault | null {
  if (!text.startsWith('Error: ')) return null;
  const fault = faultOfWords(text.slice('Error: '.length));
  return answers === 0 || fault.status !== null || classOf(fault) !== null ? fault : null;
}

/** They tell what could be done, or what Orbit said itself. */
const quietUpdates = new Set([
  'available_commands_update',
  'config_option_update',
  'current_mode_update',
  'user_message_chunk',
  'notice',
  'compaction_update',
  'compaction_summary_chunk',
]);

/** Number of todo items and length of one: far above what agents write, far below what hurts a screen. */
const itemsMax = 200;
const itemLengthMax = 4_096;

function planItems(update: Fields): { text: string; done: boolean }[] {
  return listIn(update['entries'])
    .slice(0, itemsMax)
    .map(fieldsIn)
    .map(({ content, status }) => ({
      text: (textIn(content) ?? '').slice(0, itemLengthMax).toWellFormed(),
      done: status === 'completed',
    }));
}
