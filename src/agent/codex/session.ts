/**
 * The conversation with `codex app-server`: one thread, its turns, and what is said in between.
 *
 * Owns which turn runs. A hint joins the running turn (`turn/steer`) or starts the next one; where Codex takes none for the moment
 * (it shortens the conversation, or reviews), it is kept for the end of the turn. Invariants: a start that gets no answer ends in an
 * error, never in silence; a hint that was accepted is not said twice; after a refused login nothing is tried again.
 */
import type { AgentEvent, AgentOrder, HintDelivery } from '../agent.ts';
import type { Conversation, Mouth } from '../child-session.ts';
import { eventText } from '../event-text.ts';
import { fieldsIn, nameIn, type Fields } from '../fields.ts';
import { limits } from '../../core/limits.ts';
import { answerTo } from './approvals.ts';
import { effortOf } from './home.ts';
import { requestsOver, type Reply, type Requests } from './requests.ts';

export interface Talk {
  order: Pick<AgentOrder, 'workspace' | 'prompt' | 'resume' | 'model' | 'thinking'>;
  mouth: Mouth;
  /** What the line that is being heard holds; `null` for no object. */
  line: () => Fields | null;
  /** How long an answer may take. */
  replyMs?: number;
}

/** Orbit's workspace is the boundary: Codex's own would keep it from committing in a linked worktree (docs/adapters.md). */
const permissions = { approvalPolicy: 'never', sandbox: 'danger-full-access' } as const;

/** What Codex does by itself in a directory that it trusts. Those of the repository it does not: see `home.ts`. */
const developerInstructions =
  'Before you begin, read AGENTS.md at the top of the working directory, or else CLAUDE.md, if there is one, and follow what it says.';

interface State {
  thread: string | null;
  /** The turn that runs. */
  turn: string | null;
  /** The turn that ended last: an answer that names it comes late, for lines are heard before answers are acted on. */
  ended: string | null;
  /** Hints for the next turn. */
  kept: string[];
}

/** Opens the thread and says the prompt; answers how to go on talking. */
export function converse({ order, mouth, line, replyMs = limits.agentReplyMs }: Talk): Conversation {
  const requests = requestsOver({ say: (text) => mouth.say(text), gone: mouth.gone, replyMs });
  const state: State = { thread: null, turn: null, ended: null, kept: [] };
  const begun = begin({ order, mouth, requests, state });
  const interrupt = async (): Promise<boolean> => {
    const { thread, turn } = state;
    if (thread === null || turn === null) return false;
    return 'result' in (await requests.ask('turn/interrupt', { threadId: thread, turnId: turn }));
  };
  return {
    heard(events): void {
      const said = line();
      if (said === null || requests.answered(said)) return;
      const answer = answerTo(said);
      if (answer !== null) return void mouth.say(answer);
      followTurn(state, said);
      // Codex would try a refused login five times more.
      if (events.some((event) => event.type === 'error' && event.class === 'login')) void interrupt();
      if (state.turn === null && state.kept.length > 0) {
        void startTurn({ order, requests, state }, state.kept.splice(0).join('\n\n'));
      }
    },
    async hint(text): Promise<HintDelivery> {
      await begun;
      return hint({ order, requests, state }, text);
    },
    interrupt,
    farewell: () => void interrupt(),
  };
}

interface Course {
  order: Talk['order'];
  requests: Requests;
  state: State;
}

async function begin({ mouth, ...course }: Course & { mouth: Mouth }): Promise<void> {
  const { order, requests, state } = course;
  const giveUp = (what: string, reply: Reply): void => mouth.tell(failedStart(what, reply));
  const clientInfo = { name: 'orbit', title: 'Orbit', version: '1' };
  const hello = await requests.ask('initialize', { clientInfo, capabilities: null });
  if (!('result' in hello)) return giveUp('did not begin', hello);
  requests.notify('initialized');
  const opened = await openThread(course, (why) =>
    mouth.tell(problem(`the earlier session cannot be taken up (${why}); a new one begins`, false)),
  );
  if (!('result' in opened)) return giveUp('opened no thread', opened);
  state.thread = nameIn(fieldsIn(opened.result['thread'])['id']);
  if (state.thread === null) return giveUp('opened no thread', { silence: 'its answer names none' });
  const started = await startTurn(course, order.prompt);
  if (!('result' in started)) giveUp('did not take the prompt', started);
}

async function openThread({ order, requests }: Course, onLost: (why: string) => void): Promise<Reply> {
  const { workspace: cwd, resume, model } = order;
  const params = { cwd, ...permissions, developerInstructions, ...(model === null ? {} : { model }) };
  if (resume !== null) {
    const resumed = await requests.ask('thread/resume', { ...params, threadId: resume, excludeTurns: true });
    if (!('refusal' in resumed)) return resumed;
    onLost(resumed.refusal);
  }
  return requests.ask('thread/start', params);
}

async function startTurn({ order, requests, state }: Course, text: string): Promise<Reply> {
  const effort = order.thinking === null ? {} : { effort: effortOf(order.thinking) };
  const reply = await requests.ask('turn/start', { threadId: state.thread, input: inputOf(text), ...effort });
  const begun = 'result' in reply ? nameIn(fieldsIn(reply.result['turn'])['id']) : null;
  if (begun !== null && begun !== state.ended) state.turn = begun;
  return reply;
}

async function hint(course: Course, text: string): Promise<HintDelivery> {
  const { requests, state } = course;
  const { thread, turn } = state;
  if (thread === null) return 'unsupported';
  if (turn !== null) {
    const reply = await requests.ask('turn/steer', { threadId: thread, expectedTurnId: turn, input: inputOf(text) });
    if ('result' in reply) return 'now';
    if ('silence' in reply) return 'unsupported';
    if (state.turn === turn) {
      state.kept.push(text);
      return 'next-turn';
    }
    // The turn ended while the hint was on its way: it begins the next one.
  }
  return 'result' in (await startTurn(course, text)) ? 'now' : 'unsupported';
}

/** Which turn of the main thread runs. */
function followTurn(state: State, { method, params }: Fields): void {
  if (method !== 'turn/started' && method !== 'turn/completed') return;
  const { threadId, turn } = fieldsIn(params);
  const id = nameIn(fieldsIn(turn)['id']);
  if (threadId !== state.thread || id === null) return;
  if (method === 'turn/started') {
    state.turn = id;
    return;
  }
  state.ended = id;
  if (state.turn === id) state.turn = null;
}

function inputOf(text: string): readonly Fields[] {
  return [{ type: 'text', text, text_elements: [] }];
}

function failedStart(what: string, reply: Reply): AgentEvent {
  const why = 'silence' in reply ? reply.silence : 'refusal' in reply ? reply.refusal : 'no reason';
  return problem(`codex app-server ${what}: ${why}`, true);
}

function problem(text: string, critical: boolean): AgentEvent {
  return { type: 'error', class: 'agent', text: eventText(text), retryAfterMs: null, critical };
}
