/**
 * What is remembered of one stream of Codex, and the events that both of its forms have in common: thread, items, faults, end.
 *
 * Invariant: an error that ends a turn is told once, and a turn ends once.
 */
import type { AgentEvent, TurnEnd } from '../agent.ts';
import { fieldsIn, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import { newDrafts, restOfDraft, type Drafts } from './drafts.ts';
import { faultEvent, type ErrorEvent } from './fault.ts';
import { newRetries, noteRetry, type Retries } from './retries.ts';
import { endCalls, newCalls, readCallItem, todoEvent, typeOf, type ItemStage, type OpenCalls } from './items.ts';

export interface Reading {
  calls: OpenCalls;
  drafts: Drafts;
  /** Files that a patch changes if it succeeds, by call; only rollouts tell both apart. */
  patches: Map<string, readonly string[]>;
  /** Scripts that run, by call; only rollouts tell them. */
  scripts: Map<string, string>;
  thread: string | null;
  model: string | null;
  version: string | null;
  /** Tokens spent, by the highest total told: at the context limit Codex tells none. */
  tokens: number;
  /** Messages of the user so far: the first is the prompt, later ones are hints. */
  prompts: Set<string>;
  lastMessage: string;
  /** The error that ends the running turn, once it was told. */
  failure: ErrorEvent | null;
  retries: Retries;
  /** The last line on standard error was of Codex's log. */
  isLogging: boolean;
  /** When the fullest usage window is over, in milliseconds since 1970. */
  windowEndsAt: number | null;
}

export function newReading(): Reading {
  return {
    calls: newCalls(),
    drafts: newDrafts(),
    patches: new Map(),
    scripts: new Map(),
    thread: null,
    model: null,
    version: null,
    tokens: 0,
    prompts: new Set(),
    lastMessage: '',
    failure: null,
    retries: newRetries(),
    isLogging: false,
    windowEndsAt: null,
  };
}

/** The thread has a name now, or another model. */
export function openThread(reading: Reading, id: string, model: string | null): AgentEvent[] {
  if (reading.thread === id && (model === null || model === reading.model)) return [];
  reading.thread = id;
  reading.model = model ?? reading.model;
  const { version } = reading;
  return [
    {
      type: 'session',
      id,
      ...(reading.model === null ? {} : { model: reading.model }),
      ...(version === null ? {} : { version }),
    },
  ];
}

/** What an item says at one stage of its life. @param at `isHelper`: it is of a thread that Codex started for itself. */
export function readItem(reading: Reading, item: Fields, at: { stage: ItemStage; isHelper: boolean }): AgentEvent[] {
  const { stage, isHelper } = at;
  const call = readCallItem(reading.calls, item, stage);
  if (call !== null) return call;
  const type = typeOf(item);
  if (type === 'todoList') return isHelper ? [] : [todoEvent(item['items'])];
  if (type === 'userMessage') return isHelper ? [] : readPrompt(reading, item);
  if (wordless.has(type) || (isHelper && type in wordsOfItem)) return [];
  const words = Object.hasOwn(wordsOfItem, type) ? wordsOfItem[type] : undefined;
  if (words === undefined) return stage === 'started' ? [{ type: 'unknown', name: `item ${type.slice(0, 64)}` }] : [];
  if (stage !== 'completed') return [];
  const text = textIn(words(item)) ?? '';
  if (type === 'agentMessage') reading.lastMessage = text;
  const rest = restOfDraft(reading.drafts, nameIn(item['id']) ?? '', text);
  return rest.trim() === '' ? [] : [{ type: type === 'reasoning' ? 'thought' : 'message', text: rest }];
}

const wordsOfItem: Readonly<Record<string, (item: Fields) => unknown>> = {
  agentMessage: (item) => item['text'],
  contextCompaction: () => 'Codex shortens the conversation to make room.',
  plan: (item) => item['text'],
  // An item of type `error` is a warning, for example that nothing is known of a model.
  error: (item) => item['message'],
  reasoning: (item) => {
    const summary = listIn(item['summary']);
    const parts = summary.length > 0 ? summary : listIn(item['content']);
    return parts.length > 0 ? parts.filter((part) => typeof part === 'string').join('\n') : item['text'];
  },
};

const wordless: ReadonlySet<string> = new Set([
  'enteredReviewMode',
  'exitedReviewMode',
  'functionCallOutput',
  'hookPrompt',
  'subAgentActivity',
]);

/** The first words of a user are the prompt; later ones are the receipt of a hint. They come when the model gets them. */
function readPrompt({ prompts, calls }: Reading, item: Fields): AgentEvent[] {
  const id = nameIn(item['id']) ?? `without id ${prompts.size}`;
  if (prompts.has(id)) return [];
  prompts.add(id);
  if (prompts.size === 1) return [];
  const texts = listIn(item['content']).map((part) => textIn(fieldsIn(part)['text']) ?? '');
  return [...endCalls(calls, 'a hint came first'), { type: 'hint-seen', text: textIn(texts.join('\n')) ?? '' }];
}

/** The end of a turn, as app-server tells it. @param now milliseconds since 1970 by the stream's clock, if it has one. */
export function endTurn(reading: Reading, turn: Fields, now: number | null): AgentEvent[] {
  const { message, codexErrorInfo: info, additionalDetails: details } = fieldsIn(turn['error']);
  const events = endCalls(reading.calls);
  if (turn['status'] === 'failed' && reading.failure === null) {
    events.push(...tellFault(reading, faultEvent({ message, info, details, willRetry: false, now }), now));
  }
  const { failure, lastMessage } = reading;
  beginTurn(reading);
  // A turn whose login was refused was interrupted by Orbit: the refusal is its end.
  const failed = turn['status'] === 'failed' || failure?.class === 'login';
  const isLimit = info === 'sessionBudgetExceeded';
  const reason: TurnEnd = isLimit
    ? 'limit'
    : failed
      ? 'failed'
      : turn['status'] === 'interrupted'
        ? 'interrupted'
        : 'completed';
  return [...events, { type: 'turn-end', reason, text: failed ? (failure?.text ?? '') : lastMessage }];
}

export function beginTurn(reading: Reading): void {
  reading.failure = null;
  reading.lastMessage = '';
  reading.retries = newRetries();
}

/** Tells an error unless it says again what was told. */
export function tellFault(reading: Reading, fault: ErrorEvent, now: number | null): AgentEvent[] {
  // Whatever is tried after a refused login says the same.
  if (reading.failure?.class === 'login') return [];
  if (fault.retrying === true) return [noteRetry(reading.retries, fault)];
  const { windowEndsAt } = reading;
  const isUntimed = fault.class === 'quota' && fault.retryAfterMs === null;
  const told =
    isUntimed && windowEndsAt !== null && now !== null
      ? { ...fault, retryAfterMs: Math.max(0, windowEndsAt - now) }
      : fault;
  // What a request of Orbit's was answered ends no turn.
  if (told.critical || told.class === 'quota' || told.class === 'context') reading.failure = told;
  return [told];
}
