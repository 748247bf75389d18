/**
 * The conversation with one `opencode serve`: a session, its prompt, hints, and every event until the server is gone.
 *
 * Owns what Orbit says to the server and when. Invariant: a turn that began comes to an end in the stream, whatever happens to
 * the server: its own end, or an error that says how it was lost.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { limits } from '../../core/limits.ts';
import type { AgentEvent, AgentOrder, HintDelivery } from '../agent.ts';
import type { ProcessExit } from '../../platform/process.ts';
import type { Conversation, Mouth } from '../child-session.ts';
import type { Line } from '../lines.ts';
import { ask, openEvents, tellAnswer, type EventStream, type ServerAddress } from './client.ts';
import { parseObject, textOf } from './fields.ts';
import { missedLines, missedMessagesMax } from './missed.ts';
import { readModels, type ModelName, type Models } from './models.ts';
import { learnModels, openSession } from './opening.ts';
import { modelLineType, noteLineType, type OpenCodeReader } from './reader.ts';

export interface ConversationOrder {
  order: AgentOrder;
  server: ServerAddress;
  mouth: Mouth;
  /** Reads the server's own output too, so that there is one state. */
  reader: OpenCodeReader;
  /** Ends the server where it can no longer be talked to. */
  end(): void;
}

export interface ServerConversation extends Conversation {
  /** Ends the running turn, for a stop: the server's last words then still come. */
  abort(): Promise<void>;
  /** What is to be told of the server's end, after its last words: an error, if it had work to do. */
  lastEvents(end: ProcessExit): readonly AgentEvent[];
}

interface Talk extends ConversationOrder {
  session: string | null;
  models: Models;
  model: ModelName | null;
  stream: EventStream | null;
  /** Words were accepted and no turn was seen to begin since. */
  isAwaiting: boolean;
  /** Settles when the prompt's turn was seen to begin: words said before might come first. */
  taken: PromiseWithResolvers<void>;
  /** The server ended before Orbit wanted it to, in the middle of its work or not. */
  lost: { wasBusy: boolean } | null;
  /** Nothing more is to be said: it ended, is to end, or was given up. */
  isOver: boolean;
}

/** Begins when the server says where it listens. */
export function converse(given: ConversationOrder): ServerConversation {
  const talk: Talk = {
    ...given,
    session: null,
    models: readModels(''),
    model: null,
    stream: null,
    isAwaiting: false,
    taken: Promise.withResolvers(),
    lost: null,
    isOver: false,
  };
  const listening = Promise.withResolvers<boolean>();
  let isPlaced = false;
  const begun = begin(talk, listening.promise);
  void endWithServer(talk, () => listening.resolve(false));
  return {
    heard(_events, line): void {
      const port = /^opencode server listening on http:\/\/127\.0\.0\.1:(\d{1,5})/.exec(line.text)?.[1];
      // Plugins and tools of the repository print there, too: what comes later must not lead the password elsewhere.
      if (port === undefined || isPlaced) return;
      isPlaced = true;
      talk.server.port = Number(port);
      listening.resolve(true);
    },
    hint: async (text) => ((await begun) ? say(talk, text) : 'unsupported'),
    interrupt: async () => (await begun) && abort(talk, limits.serverAnswerMs),
    async abort(): Promise<void> {
      const wasBusy = isBusy(talk);
      talk.isOver = true;
      if (wasBusy) await abort(talk, abortWaitMs);
    },
    lastEvents({ exitCode, signal }) {
      const how = signal === null ? `with exit code ${exitCode ?? 'unknown'}` : `by ${signal}`;
      if (talk.lost?.wasBusy !== true) return [];
      return [critical(`OpenCode's server ended ${how} in the middle of its work.`)];
    },
  };
}

async function endWithServer(talk: Talk, onGone: () => void): Promise<void> {
  await talk.mouth.gone;
  onGone();
  talk.stream?.close();
  if (!talk.isOver) talk.lost = { wasBusy: isBusy(talk) || talk.session === null };
  talk.isOver = true;
}

/** Before its end a server gets so long to stop its turn: it answers within milliseconds if it is well. */
const abortWaitMs = 1_000;

/** Up to the prompt; `false` if it did not come so far. Never rejects. */
async function begin(talk: Talk, listening: Promise<boolean>): Promise<boolean> {
  const isListening = await Promise.race([listening, delay(limits.serverStartMs, null, { ref: false })]);
  if (isListening === null) giveUp(talk, `did not say where it listens within ${limits.serverStartMs} ms`);
  if (isListening !== true || talk.isOver) return false;
  const fault = (await openStream(talk)) ?? (await open(talk));
  if (fault !== null) {
    giveUp(talk, fault);
    return false;
  }
  void keepStream(talk);
  if ((await say(talk, talk.order.prompt)) === 'unsupported') {
    giveUp(talk, 'did not take the prompt');
    return false;
  }
  const late = delay(limits.serverAnswerMs, null, { ref: false });
  const taken = await Promise.race([talk.taken.promise, talk.mouth.gone, late]);
  if (taken === null) giveUp(talk, `took the prompt and told nothing of it for ${limits.serverAnswerMs} ms`);
  return !talk.isOver;
}

async function open(talk: Talk): Promise<string | null> {
  const opened = await openSession(talk.server, talk.order);
  if ('fault' in opened) return opened.fault;
  talk.session = opened.session;
  const learned = await learnModels(talk.server, talk.order.model);
  if ('fault' in learned) return learned.fault;
  talk.models = learned.models;
  talk.model = learned.model;
  return null;
}

async function openStream(talk: Talk): Promise<string | null> {
  const opened = await openEvents(talk.server, {
    onLine: (line) => {
      if (line.text !== '' || line.droppedBytes > 0) take(talk, line);
    },
    isFull: () => talk.mouth.isFull(),
  });
  if ('fault' in opened) return opened.fault;
  talk.stream = opened.stream;
  return null;
}

async function say(talk: Talk, text: string): Promise<HintDelivery> {
  const { session, model, order, models } = talk;
  if (session === null || talk.isOver) return 'unsupported';
  const variant = model === null || order.thinking === null ? null : models.variantFor(model, order.thinking);
  const body = {
    parts: [{ type: 'text', text }],
    ...(model === null ? {} : { model }),
    ...(variant === null ? {} : { variant }),
  };
  order.onRaw({ stream: 'in', text: JSON.stringify(body), droppedBytes: 0 });
  talk.isAwaiting = true;
  const answer = await ask(talk.server, { method: 'POST', path: `/session/${session}/prompt_async`, body });
  if (!('fault' in answer) && answer.status === 204) return 'now';
  talk.isAwaiting = false;
  note(talk, `the server did not take it: ${tellAnswer(answer)}`);
  return 'unsupported';
}

async function abort(talk: Talk, timeoutMs: number): Promise<boolean> {
  if (talk.session === null) return false;
  const answer = await ask(talk.server, { method: 'POST', path: `/session/${talk.session}/abort`, timeoutMs });
  return !('fault' in answer) && answer.status === 200;
}

/** Takes a line of the stream in: first as it is, then what it means, then what has to be done about it. */
function take(talk: Talk, line: Line): void {
  talk.order.onRaw({ stream: 'out', ...line });
  for (const event of talk.reader.read(line, 'out')) {
    talk.mouth.tell(event);
    if (event.type === 'turn-end') settle(talk);
    if (event.type === 'session' && event.model !== undefined) tellSize(talk, event.model);
    if (isFinal(event) && talk.reader.isBusy()) void abort(talk, limits.serverAnswerMs);
  }
  if (talk.reader.isBusy()) settle(talk);
  if (line.text.includes('.asked"')) void refuse(talk, line.text);
}

function settle(talk: Talk): void {
  talk.isAwaiting = false;
  talk.taken.resolve();
}

/** A refused login never passes by itself. */
function isFinal(event: AgentEvent): boolean {
  return event.type === 'error' && event.class === 'login' && event.critical;
}

function tellSize(talk: Talk, name: string): void {
  const model = talk.models.find(name);
  const context = model === null ? null : talk.models.contextOf(model);
  if (context === null) return;
  take(talk, { text: JSON.stringify({ type: modelLineType, properties: { model: name, context } }), droppedBytes: 0 });
}

/** Nobody sits there to be asked: what the settings did not settle is allowed once, and questions are sent back. */
async function refuse(talk: Talk, text: string): Promise<void> {
  const event = parseObject(text.replace(/^data:\s?/, ''));
  const properties = event?.['properties'];
  const id = typeof properties === 'object' && properties !== null && 'id' in properties ? textOf(properties.id) : '';
  if (!/^[a-z]+_\w+$/.test(id)) return;
  if (event?.['type'] === 'permission.asked') {
    await ask(talk.server, { method: 'POST', path: `/permission/${id}/reply`, body: { reply: 'once' } });
  }
  if (event?.['type'] === 'question.asked') {
    await ask(talk.server, { method: 'POST', path: `/question/${id}/reject` });
  }
}

/** Takes a broken stream up again, with what was missed meanwhile, until the server is gone or beyond reach. */
async function keepStream(talk: Talk): Promise<void> {
  for (;;) {
    const why = (await talk.stream?.broken) ?? 'it was never open';
    if (talk.isOver) return;
    note(talk, `the stream of events broke: ${why}`);
    if (!(await takeUp(talk))) return giveUp(talk, `can no longer be reached (${why})`);
  }
}

async function takeUp(talk: Talk): Promise<boolean> {
  for (let tries = 0; tries < limits.serverReturnsMax; tries += 1) {
    await Promise.race([delay(250 * 2 ** tries, null, { ref: false }), talk.mouth.gone]);
    // Its end is told by whoever waits for that.
    if (talk.isOver) return true;
    const began = performance.now();
    if ((await openStream(talk)) === null) {
      await takeMissed(talk);
      return true;
    }
    // A server that refuses may come to itself; one that lets everybody wait hangs.
    if (performance.now() - began >= limits.serverAnswerMs) return talk.isOver;
  }
  return talk.isOver;
}

async function takeMissed(talk: Talk): Promise<void> {
  const { session, server } = talk;
  if (session === null) return;
  const path = `/session/${session}/message?limit=${missedMessagesMax}`;
  const messages = await ask(server, { method: 'GET', path });
  const states = await ask(server, { method: 'GET', path: '/session/status' });
  if ('fault' in messages || 'fault' in states || states.status !== 200) return;
  for (const text of missedLines(session, messages.body, states.body)) take(talk, { text, droppedBytes: 0 });
}

function giveUp(talk: Talk, why: string): void {
  if (talk.isOver) return;
  talk.isOver = true;
  talk.mouth.tell(critical(`OpenCode's server ${why}.`));
  talk.end();
}

function isBusy(talk: Talk): boolean {
  return talk.isAwaiting || talk.reader.isBusy();
}

/** For the raw log alone. */
function note(talk: Talk, text: string): void {
  const line = JSON.stringify({ type: noteLineType, properties: { text } });
  talk.order.onRaw({ stream: 'out', text: line, droppedBytes: 0 });
}

function critical(text: string): AgentEvent {
  return { type: 'error', class: 'agent', text, retryAfterMs: null, critical: true };
}
