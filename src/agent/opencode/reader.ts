/**
 * The reader of OpenCode's streams: lines of `opencode serve`'s event stream and of `opencode run --format json` as events.
 *
 * Pure, for live sessions and replay alike: it looks at no clock and asks nobody. Owns what a session's events mean and where a
 * turn ends. One server may carry several sessions; the first that has no parent is the attempt's, its children are its
 * helpers, all others are somebody else's.
 */
import type { AgentEvent, StreamReader, TurnEnd } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, listIn, type Fields } from '../fields.ts';
import { cleanText } from '../lines.ts';
import { faultOf, retryEvent } from './fault.ts';
import { parseObject, textOf } from './fields.ts';
import { endDrafts, readDelta, readPart, todoEvent } from './parts.ts';
import { msBetween, newReading, openTurn, timeOfId, type Reading, type Turn } from './reading.ts';

/** The line by which a session tells the reader, and a later replay, how much the model's context holds. */
export const modelLineType = 'orbit.model';

/** What happened between Orbit and the server, for whoever reads the raw log. */
export const noteLineType = 'orbit.note';

/** Also tells whether a turn runs, as far as the lines read so far say. */
export interface OpenCodeReader extends StreamReader {
  isBusy(): boolean;
}

export function openCodeReader(): OpenCodeReader {
  const reading = newReading();
  return {
    isBusy: () => reading.turn.isOpen,
    read({ text, droppedBytes }, stream) {
      const told = eventText(text, droppedBytes);
      if (stream === 'error') return [{ type: 'message', text: told }];
      const line = text.replace(/^data:\s?/, '');
      if (line.trim() === '' || /^(event|id|retry)?:/.test(line) || line.startsWith('opencode server listening'))
        return [];
      if (droppedBytes > 0) return readCutLine(reading, line, told);
      const value = parseObject(line);
      if (value === null) return [{ type: 'message', text: told }];
      return readObject(reading, value);
    },
  };
}

function readObject(reading: Reading, value: Fields): readonly AgentEvent[] {
  const payload = fieldsIn(value['payload']);
  if (textOf(payload['type']) !== '') return readObject(reading, payload);
  const type = textOf(value['type']);
  if (typeof value['properties'] === 'object') return readServerEvent(reading, type, value);
  return readRunLine(reading, type, value);
}

/** News of the machinery around the session, of no meaning for the work: `server.heartbeat`, `plugin.added`, … */
const noise =
  /^(server|plugin|catalog|reference|integration|models-dev|file|lsp|mcp|project|vcs|installation|ide|tui|pty|worktree|workspace|command|account|skill|agent|config)\.|^session\.(next\.|diff$|deleted$)|^message\.(part\.)?removed$|\.(replied|rejected)$/;

function readServerEvent(reading: Reading, type: string, event: Fields): AgentEvent[] {
  const properties = fieldsIn(event['properties']);
  const info = fieldsIn(properties['info']);
  if (type === modelLineType) return learnSize(reading, properties);
  if (type === noteLineType || noise.test(type)) return [];
  const time = fieldsIn(info['time']);
  reading.now = amountIn(properties['time'] ?? time['updated'] ?? time['completed'] ?? time['created']) ?? reading.now;
  const id =
    textOf(properties['sessionID']) || textOf(info['sessionID']) || textOf(fieldsIn(properties['part'])['sessionID']);
  const whose = belong(reading, { id, type, info });
  if (whose === 'other') return [];
  const isChild = whose === 'child';
  switch (type) {
    case 'session.created':
    case 'session.updated':
      return isChild ? [] : tellSession(reading, fieldsIn(info['model']), textOf(info['version']));
    case 'message.updated':
      return readMessage(reading, info, isChild);
    case 'message.part.updated':
      return readPart(reading, fieldsIn(properties['part']), isChild);
    case 'message.part.delta':
      return readDelta(reading, properties, timeOfId(event['id']));
    case 'session.status':
      return readStatus(reading, fieldsIn(properties['status']), { isChild, at: timeOfId(event['id']) });
    case 'session.idle':
      return isChild ? [] : endTurn(reading);
    case 'session.error':
      return readError(reading, properties['error'], isChild);
    case 'session.compacted':
      return [];
    case 'todo.updated':
      return isChild ? [] : todoEvent(reading, listIn(properties['todos']));
    default:
      return [{ type: 'unknown', name: type.slice(0, 64) }];
  }
}

/** Helpers of one session; more are not listened to. */
const childrenMax = 1_000;

/** Whose session an event is about; the first one without a parent becomes the attempt's. */
function belong(
  reading: Reading,
  { id, type, info }: { id: string; type: string; info: Fields },
): 'own' | 'child' | 'other' {
  if (id === '' || id === reading.session) return 'own';
  if (reading.children.has(id)) return 'child';
  const parent = type.startsWith('session.') ? textOf(info['parentID']) : '';
  if (parent !== '') {
    const isKnown = parent === reading.session || reading.children.has(parent);
    if (!isKnown || reading.children.size >= childrenMax) return 'other';
    reading.children.add(id);
    return 'child';
  }
  if (reading.session !== null) return 'other';
  reading.session = id;
  return 'own';
}

function readMessage(reading: Reading, info: Fields, isChild: boolean): AgentEvent[] {
  const id = textOf(info['id']);
  if (info['role'] !== 'assistant') {
    reading.roles.set(id, { of: 'user' });
    return [];
  }
  const isNew = reading.roles.get(id) === undefined;
  reading.roles.set(id, { of: info['summary'] === true ? 'summary' : 'assistant' });
  if (isChild) return [];
  if (isNew) {
    for (const hint of reading.hints) hint.answer = id;
    if (fieldsIn(info['time'])['completed'] === undefined) openTurn(reading);
  }
  return tellSession(reading, { id: info['modelID'], providerID: info['providerID'] }, '');
}

function readStatus(
  reading: Reading,
  status: Fields,
  { isChild, at }: { isChild: boolean; at: number | null },
): AgentEvent[] {
  const next = amountIn(status['next']);
  switch (status['type']) {
    case 'busy':
      if (!isChild) openTurn(reading);
      return [];
    case 'retry':
      if (!isChild) openTurn(reading);
      return [retryEvent(status, next === null || at === null ? null : msBetween(at, next), reading.now)];
    case 'idle':
      return isChild ? [] : endTurn(reading);
    default:
      return [{ type: 'unknown', name: `status ${textOf(status['type']).slice(0, 64)}` }];
  }
}

function readError(reading: Reading, error: unknown, isChild: boolean): AgentEvent[] {
  const { turn } = reading;
  const fault = faultOf(error, reading.now);
  // A helper's end by an error is the outcome of its call.
  if (isChild) return [];
  if (fault.is === 'aborted') {
    turn.wasAborted = true;
    return [];
  }
  // The same error once more, now with the place in the program where it was thrown.
  if (turn.hasEnded && turn.failure !== null) return [];
  const text = fault.is === 'limit' ? fault.text : fault.event.text;
  turn.failure = text;
  if (fault.is === 'limit') {
    turn.hitLimit = true;
    return [];
  }
  if (turn.isOpen) return [fault.event];
  // Refused before it began: nothing follows.
  openTurn(reading);
  reading.turn.failure = text;
  return [fault.event, ...endTurn(reading)];
}

function endTurn(reading: Reading): AgentEvent[] {
  const { turn } = reading;
  if (!turn.isOpen) return [];
  const events = endDrafts(reading);
  turn.isOpen = false;
  turn.hasEnded = true;
  const { failure, lastWords } = turn;
  const reason = reasonOf(turn);
  events.push({ type: 'turn-end', reason, text: eventText(cleanText(failure ?? lastWords)) });
  return events;
}

/** One that was ended before a model began to answer says nothing of it: it only ends. */
function reasonOf({ wasAborted, hitLimit, failure, hasStep }: Turn): TurnEnd {
  if (wasAborted) return 'interrupted';
  if (hitLimit) return 'limit';
  if (failure !== null) return 'failed';
  return hasStep ? 'completed' : 'interrupted';
}

/** Tells the session, and once more when its model becomes known. */
function tellSession(reading: Reading, model: Fields, version: string): AgentEvent[] {
  const [provider, id] = [textOf(model['providerID']), textOf(model['id'])];
  const name = provider === '' || id === '' ? null : cleanText(`${provider}/${id}`).slice(0, 256);
  if (reading.session === null || name === null || name === reading.model) return [];
  reading.model = name;
  const told = { type: 'session' as const, id: cleanText(reading.session).slice(0, 256), model: name };
  return [version === '' ? told : { ...told, version: cleanText(version).slice(0, 64) }];
}

function learnSize(reading: Reading, properties: Fields): AgentEvent[] {
  const size = amountIn(properties['context']);
  reading.contextSize = size === 0 ? null : size;
  return [];
}

/** One line of `opencode run --format json`: no receipts, no retries, and a tool shows only when it is finished. */
function readRunLine(reading: Reading, type: string, line: Fields): AgentEvent[] {
  const session = textOf(line['sessionID']);
  if (session === '') return [{ type: 'unknown', name: type.slice(0, 64) || 'line without a type' }];
  reading.now = amountIn(line['timestamp']) ?? reading.now;
  const events: AgentEvent[] = [];
  if (reading.session === null) {
    reading.session = session;
    events.push({ type: 'session', id: cleanText(session).slice(0, 256) });
  }
  const part = fieldsIn(line['part']);
  switch (type) {
    case 'step_start':
    case 'text':
    case 'reasoning':
    case 'tool_use':
      openTurn(reading);
      return [...events, ...readPart(reading, part, false)];
    case 'step_finish':
      openTurn(reading);
      events.push(...readPart(reading, part, false));
      return part['reason'] === 'tool-calls' ? events : [...events, ...endTurn(reading)];
    case 'error':
      return [...events, ...readError(reading, line['error'], false), ...endTurn(reading)];
    default:
      return [...events, { type: 'unknown', name: type.slice(0, 64) }];
  }
}

/** A line that was too long to keep: the outcome of a call must not get lost with it, or the call would seem to run on. */
function readCutLine(reading: Reading, line: string, told: string): AgentEvent[] {
  const id = /"callID":"([^"]{1,256})"/.exec(line)?.[1];
  const status = /"state":\{(?:"metadata":.*?)?"status":"(completed|error)"/.exec(line)?.[1];
  if (id === undefined || status === undefined || reading.told.get(id) !== 'started') {
    return [{ type: 'unknown', name: 'line too long' }];
  }
  reading.told.set(id, 'done');
  return [{ type: 'tool-result', id, ok: status === 'completed', text: told }];
}
