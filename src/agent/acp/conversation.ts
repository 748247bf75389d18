/**
 * A session with an agent that speaks ACP: introduction, login, session, then prompt after prompt.
 *
 * Owns what is said and when. Invariant: nothing that is said by Orbit cancels a running turn by accident; what cannot be said to a
 * working agent waits for its turn's end. The start has a time limit; a prompt that is never answered is the coordinator's stall.
 */
import { limits } from '../../core/limits.ts';
import type { AgentEvent, AgentOrder, HintDelivery } from '../agent.ts';
import type { Conversation, Mouth } from '../child-session.ts';
import { fieldsIn, nameIn, type Fields } from '../fields.ts';
import type { Line } from '../lines.ts';
import { connectAcp, introduction, type AcpConnection } from './connection.ts';
import { errorOf, faultOfWords } from './faults.ts';
import type { Launch } from './launch.ts';
import type { AcpReader } from './reader.ts';
import { modelOption, modeToSet, traitsOf, type Traits } from './traits.ts';

export interface AcpTalk {
  conversation(mouth: Mouth): Conversation;
  /** The reader's events without turn ends that are none, because what waited is said at once. */
  interpret(line: Line, stream: 'out' | 'error'): readonly AgentEvent[];
}

interface State {
  connection: AcpConnection | null;
  /** `null` until there is a session; `false` when there never will be one. */
  session: string | null | false;
  traits: Traits;
  steers: boolean;
  /** Said by nobody yet, oldest first. */
  waiting: string[];
  /** A turn ended while hints waited. */
  isDue: boolean;
  /** The task, to be told again with the next prompt, for the agent may have forgotten it. */
  again: string | null;
}

/** Hints that may wait for a turn's end; more are a loop of whoever says them. */
const waitingMax = 32;

export function acpTalk(order: AgentOrder, launch: Launch, reader: AcpReader): AcpTalk {
  const state: State = {
    connection: null,
    session: null,
    traits: traitsOf({}),
    steers: false,
    waiting: [],
    isDue: false,
    again: null,
  };
  return {
    interpret: (line, stream) =>
      reader.read(line, stream).filter((event) => {
        if (event.type !== 'turn-end') return true;
        // A start that was refused is known before the refused request is.
        if (event.reason === 'failed') state.session ??= false;
        if (event.reason === 'failed' || state.waiting.length === 0) return true;
        state.isDue = true;
        return false;
      }),
    conversation: (mouth) =>
      converse({ order, launch, reader, state, mouth: { ...mouth, say: heardBy(reader, mouth) } }),
  };
}

/** What is said is read as well: it tells which request an answer belongs to. */
function heardBy(reader: AcpReader, mouth: Mouth): Mouth['say'] {
  return (text) => {
    if (!mouth.say(text)) return false;
    reader.read({ text: text.trimEnd(), droppedBytes: 0 }, 'in');
    return true;
  };
}

interface Parts {
  order: AgentOrder;
  launch: Launch;
  reader: AcpReader;
  state: State;
  mouth: Mouth;
}

function converse(parts: Parts): Conversation {
  const { order, mouth, state, reader } = parts;
  /** Lines that came before the library was loaded. */
  const early: Line[] = [];
  void begin(parts, early);
  void closeAtEnd(mouth, state);
  return {
    heard(_events, line): void {
      if (state.connection === null) early.push(line);
      else state.connection.heard(line);
      if (!state.isDue) return;
      state.isDue = false;
      prompt(state, state.waiting.splice(0).join('\n\n'));
    },
    hint: async (text) => hint(parts, text),
    interrupt: async () => {
      if (state.traits.forgetsEndedTurn && reader.isBusy()) state.again = order.prompt;
      return cancel(state, reader);
    },
    farewell: () => void cancel(state, reader),
  };
}

async function closeAtEnd(mouth: Mouth, state: State): Promise<void> {
  await mouth.gone;
  state.session = false;
  state.connection?.close();
}

/** From the introduction to the first prompt. Whatever fails is told as an event; never rejects. */
async function begin({ order, launch, state, mouth }: Parts, early: Line[]): Promise<void> {
  let doing = 'starting';
  try {
    const takeHints = (): readonly string[] => {
      const taken = state.traits.saysWhileBusy === 'fetch' ? state.waiting.splice(0) : [];
      for (const text of taken) mouth.tell({ type: 'hint-seen', text });
      return taken;
    };
    const connection = await connectAcp({ say: (text) => mouth.say(text), takeHints });
    state.connection = connection;
    for (const line of early.splice(0)) connection.heard(line);
    const ask = async (method: string, params: unknown): Promise<Fields> => {
      doing = method;
      return fieldsIn(await within(connection.agent.request(method, params), method));
    };
    const hello = await ask('initialize', introduction);
    state.traits = traitsOf(fieldsIn(hello['agentInfo']));
    state.steers = isSteerable(hello);
    if (hello['protocolVersion'] !== 1)
      throw new Error(`it speaks version ${String(hello['protocolVersion'])} of ACP, not 1`);
    const methodId = launch.loginMethod(order.environment);
    if (methodId !== null) await ask('authenticate', { methodId });
    const session = await openSession({ order, launch, ask, mouth, hello });
    await prepareSession(session, { order, state, ask });
    state.session = session.id;
    prompt(state, order.prompt);
  } catch (error) {
    state.session = false;
    // What the agent itself answered was told by the reader of its line.
    if (isRejection(error)) return;
    const fault = errorOf(
      faultOfWords(`${doing} failed: ${error instanceof Error ? error.message : String(error)}`),
      0,
    );
    mouth.tell(fault);
    mouth.tell({ type: 'turn-end', reason: 'failed', text: fault.text });
  }
}

type Ask = (method: string, params: unknown) => Promise<Fields>;

interface OpenSession {
  id: string;
  fields: Fields;
}

/** Goes on with the session of the order where the agent can, else begins a new one. */
async function openSession(parts: {
  order: AgentOrder;
  launch: Launch;
  ask: Ask;
  mouth: Mouth;
  hello: Fields;
}): Promise<OpenSession> {
  const { order, launch, ask, mouth, hello } = parts;
  const place = { cwd: order.workspace, mcpServers: launch.mcpByFlag ? [] : mcpServers(order) };
  const capabilities = fieldsIn(hello['agentCapabilities']);
  const canResume = fieldsIn(capabilities['sessionCapabilities'])['resume'] !== undefined;
  const method = canResume ? 'session/resume' : capabilities['loadSession'] === true ? 'session/load' : null;
  if (order.resume !== null && method !== null) {
    try {
      return { id: order.resume, fields: await ask(method, { ...place, sessionId: order.resume }) };
    } catch (error) {
      if (!isRejection(error)) throw error;
    }
  }
  if (order.resume !== null) {
    mouth.tell({ type: 'message', text: `Session ${order.resume} cannot be gone on with; a new one begins.` });
  }
  const fields = await ask('session/new', place);
  const id = nameIn(fields['sessionId']);
  if (id === null) throw new Error('the answer names no session');
  return { id, fields };
}

/** Mode and model of a session; an agent that refuses them works on as it is, and the reader tells. */
async function prepareSession(
  { id: sessionId, fields }: OpenSession,
  { order, state, ask }: { order: AgentOrder; state: State; ask: Ask },
): Promise<void> {
  const modeId = modeToSet(fields, state.traits);
  const option = order.model === null ? null : modelOption(fields, order.model);
  const wishes: [string, Fields][] = [];
  if (modeId !== null) wishes.push(['session/set_mode', { sessionId, modeId }]);
  if (option !== null) wishes.push(['session/set_config_option', { sessionId, ...option }]);
  for (const [method, params] of wishes) {
    try {
      await ask(method, params);
    } catch (error) {
      if (!isRejection(error)) throw error;
    }
  }
}

function mcpServers({ mcp }: AgentOrder): unknown[] {
  if (mcp === null) return [];
  const { name, command, args, environment } = mcp;
  const env = Object.entries(environment).map(([key, value]) => ({ name: key, value }));
  return [{ name, command, args, env }];
}

/** Begins a turn. Its answer, a rejection included, is the reader's. */
function prompt(state: State, text: string): boolean {
  const { connection, session } = state;
  if (connection === null || typeof session !== 'string') return false;
  const again = state.again === null ? [] : [`Your turn was ended. Your task, in case it is lost:\n\n${state.again}`];
  state.again = null;
  const blocks = [...again, text].map((words) => ({ type: 'text', text: words }));
  connection.agent.request('session/prompt', { sessionId: session, prompt: blocks }).catch(ignore);
  return true;
}

async function hint({ state, reader }: Parts, text: string): Promise<HintDelivery> {
  if (state.session === false) return 'unsupported';
  if (state.session === null) return wait(state, text);
  if (!reader.isBusy()) return prompt(state, text) ? 'now' : 'unsupported';
  if (state.steers) return (await steer(state, text)) ? 'now' : wait(state, text);
  if (state.traits.saysWhileBusy === 'join') return prompt(state, text) ? 'now' : 'unsupported';
  const delivery = wait(state, text);
  return delivery === 'next-turn' && state.traits.saysWhileBusy === 'fetch' ? 'now' : delivery;
}

function wait(state: State, text: string): HintDelivery {
  if (state.waiting.length >= waitingMax) return 'unsupported';
  state.waiting.push(text);
  return 'next-turn';
}

/** Says it into the running turn; `false`: the agent did not take it. */
async function steer({ connection, session }: State, text: string): Promise<boolean> {
  if (connection === null) return false;
  try {
    const params = { sessionId: session, prompt: [{ type: 'text', text }] };
    const answer = await within(connection.agent.request('_session/steering', params), '_session/steering');
    return fieldsIn(answer)['outcome'] === 'injected';
  } catch {
    return false;
  }
}

/** Ends the running turn; one that has ended needs nothing. */
function cancel({ connection, session }: State, reader: AcpReader): boolean {
  if (connection === null || typeof session !== 'string') return false;
  if (reader.isBusy()) connection.agent.notify('session/cancel', { sessionId: session }).catch(ignore);
  return true;
}

function isSteerable(hello: Fields): boolean {
  const places = [hello, fieldsIn(hello['agentCapabilities'])];
  return places.some((place) => fieldsIn(fieldsIn(place['_meta'])['steering'])['supported'] === true);
}

/** An answer that must come soon. Rejects with a sentence when it does not. */
async function within<T>(answer: Promise<T>, method: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_none, reject) => {
    const text = `no answer to ${method} within ${limits.acpAnswerMs / 1_000} s`;
    timer = setTimeout(() => reject(new Error(text)), limits.acpAnswerMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the agent answered with an error of the protocol, by its code. */
function isRejection(error: unknown): boolean {
  return error instanceof Error && Number.isInteger((error as { code?: unknown }).code);
}

function ignore(): void {
  // The reader of the agent's lines tells what became of it; a connection that closed is the end of the process.
}
