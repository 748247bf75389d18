/**
 * A session with an agent that is a child process: what all adapters share.
 *
 * Owns the pipes from the first byte to the last: raw lines first, then what the adapter makes of them, then exactly one
 * `end` after the process is gone, even if something it left behind holds the pipes open. It must not know any agent's
 * language; an adapter brings that as functions.
 */
import type { Readable, Writable } from 'node:stream';
import { limits } from '../core/limits.ts';
import { OperationalError } from '../platform/error.ts';
import { endProcessTree, type ProcessMarker } from '../platform/process-tree.ts';
import {
  lookAtProcess,
  startProcess,
  type ProcessExit,
  type ProcessOrder,
  type StartedProcess,
} from '../platform/process.ts';
import type { AgentEvent, AgentSession, HintDelivery, RawLine } from './agent.ts';
import { eventQueue, type EventQueue } from './event-queue.ts';
import { lineSplitter, type Line } from './lines.ts';

export interface ChildAgent {
  process: ProcessOrder;
  /** Written to standard input at once; `close` ends the input after it. */
  input: { text: string; close: boolean };
  onRaw(line: RawLine): void;
  /** What a line means: no event, one or several. It MUST NOT throw. */
  interpret(line: Line, stream: 'out' | 'error'): readonly AgentEvent[];
  /** How to say something to the running agent; left out where it does not listen. The texts end in a newline. */
  talk?: { hint(text: string): string; delivery: HintDelivery; interrupt?: string };
  /** For protocols where what is said depends on what was heard; takes the place of `talk`. Called once, before any output. */
  converse?(mouth: Mouth): Conversation;
}

/** Orbit's side of a conversation with a running agent. */
export interface Mouth {
  /** Writes texts that end in a newline; `false` when the agent no longer listens or is far behind. */
  say(text: string): boolean;
  /** Puts an event of the adapter's own into the stream, after those of the lines read so far; nothing comes after `end`. */
  tell(event: AgentEvent): void;
  /** Whether the reader of the events is behind; whoever tells more than the lines give then waits. */
  isFull(): boolean;
  /** Settles when the process is gone. Never rejects. */
  gone: Promise<ProcessExit>;
}

/** What an adapter does in a conversation. None of it may throw. */
export interface Conversation {
  /** After the events of a line were told, and before the next line: the place for answers and requests. */
  heard?(events: readonly AgentEvent[], line: Line): void;
  hint(text: string): Promise<HintDelivery>;
  interrupt(): Promise<boolean>;
  /** Said before the agent's input is closed and it gets half of the grace to end by itself, its last words included. */
  farewell?(): void;
}

/** Starts the agent. What cannot be started is a session without a process, whose stream tells why and ends. */
export async function startChildSession(agent: ChildAgent): Promise<AgentSession> {
  const child = await startProcess(agent.process);
  if ('fault' in child) return sessionThatFailed(child.fault);
  const say = mouth(child, agent);
  const { queue, conversation } = listen(child, agent, say);
  if (agent.input.text !== '') say(agent.input.text);
  if (agent.input.close) child.stdin?.end();
  const marker = markerOf(agent.process.environment);
  return {
    process: child.identity,
    events: queue.events,
    hint: async (text) => conversation.hint(text),
    interrupt: async () => conversation.interrupt(),
    async stop(graceMs): Promise<void> {
      const leaveMs = conversation.farewell === undefined ? 0 : graceMs / 2;
      if (leaveMs > 0 && lookAtProcess(child.identity) !== 'gone') {
        conversation.farewell?.();
        child.stdin?.end();
        await exitWithin(child, leaveMs);
      }
      const end = await endProcessTree(child.identity, {
        marker,
        workspace: marker === null ? null : agent.process.cwd,
        graceMs: graceMs - leaveMs,
        ownRoot: true,
      });
      if (end.state !== 'gone')
        throw stillThere(
          child.identity.pid,
          end.survivors.map(({ pid }) => pid),
        );
    },
  };
}

/** A session with an agent that never ran: one error, one end. */
export function sessionThatFailed(fault: string): AgentSession {
  async function* events(): AsyncGenerator<AgentEvent> {
    yield { type: 'error', class: 'agent', text: fault, retryAfterMs: null, critical: true };
    yield { type: 'end', exitCode: null, signal: null };
  }
  return {
    process: null,
    events: events(),
    hint: async () => 'unsupported',
    interrupt: async () => false,
    stop: async () => undefined,
  };
}

/** Writes to the agent; answers `false` when it no longer listens or is far behind, so that nothing piles up here. */
function mouth(child: StartedProcess, agent: ChildAgent): (text: string) => boolean {
  const isOpen = (stdin: Writable): boolean => stdin.writable && stdin.writableLength < limits.lineBytesMax;
  return (text) => {
    if (child.stdin === null || !isOpen(child.stdin) || lookAtProcess(child.identity) === 'gone') return false;
    child.stdin.write(text);
    for (const line of linesOf(text)) agent.onRaw({ stream: 'in', ...line });
    return true;
  };
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const splitter = lineSplitter({ onLine: (line) => lines.push(line) });
  splitter.push(Buffer.from(text));
  splitter.end();
  return lines;
}

/** The conversation of an agent that is told the same whatever it said before. */
function plainTalk(agent: ChildAgent, say: (text: string) => boolean): Conversation {
  const { talk } = agent;
  return {
    hint: async (text) => (talk !== undefined && say(talk.hint(text)) ? talk.delivery : 'unsupported'),
    interrupt: async () => talk?.interrupt !== undefined && say(talk.interrupt),
  };
}

/** Pumps both pipes into a queue and closes it with `end` once the process is gone and its last words are read. */
function listen(
  child: StartedProcess,
  agent: ChildAgent,
  say: (text: string) => boolean,
): { queue: EventQueue; conversation: Conversation } {
  const pumps: Pump[] = [];
  const queue = eventQueue({
    bytesMax: limits.waitingEventsBytesMax,
    onRoom: () => {
      for (const one of pumps) one.goOn();
    },
  });
  const tell = (event: AgentEvent): void => queue.push(event);
  const conversation =
    agent.converse?.({ say, tell, isFull: () => queue.isFull(), gone: child.exit }) ?? plainTalk(agent, say);
  for (const [name, stream] of [['out', child.stdout] as const, ['error', child.stderr] as const]) {
    const onLine = (line: Line): void => {
      agent.onRaw({ stream: name, ...line });
      const events = agent.interpret(line, name);
      for (const event of events) queue.push(event);
      conversation.heard?.(events, line);
    };
    pumps.push(pump(stream, { onLine, isFull: () => queue.isFull() }));
  }
  void endAfter(child, pumps, queue);
  return { queue, conversation };
}

async function exitWithin(child: StartedProcess, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([child.exit, patience]);
  clearTimeout(timer);
}

async function endAfter(child: StartedProcess, pumps: readonly Pump[], queue: EventQueue): Promise<void> {
  const exit = await child.exit;
  await Promise.all(pumps.map(async (one) => one.drain()));
  queue.push({ type: 'end', ...exit });
  queue.close();
}

interface Pump {
  goOn(): void;
  /** Reads what is left after the process ended, but waits for nobody who merely inherited the pipe. Never rejects. */
  drain(): Promise<void>;
}

function pump(stream: Readable, options: { onLine: (line: Line) => void; isFull: () => boolean }): Pump {
  const splitter = lineSplitter({ onLine: options.onLine });
  let bytesLeft = Number.POSITIVE_INFINITY;
  let isHeldBack = false;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  stream.on('data', (chunk: Buffer) => {
    splitter.push(chunk);
    bytesLeft -= chunk.length;
    if (bytesLeft <= 0) finish();
    if (!options.isFull()) return;
    isHeldBack = true;
    stream.pause();
  });
  stream.once('close', finish);
  return {
    goOn(): void {
      isHeldBack = false;
      stream.resume();
    },
    async drain(): Promise<void> {
      bytesLeft = limits.pipeDrainBytesMax;
      // A reader that is slow costs no output: the time counts only while the pipe is read.
      const patience = setInterval(() => {
        if (!isHeldBack) finish();
      }, limits.pipeDrainMs);
      await finished;
      clearInterval(patience);
      stream.destroy();
      splitter.end();
    },
  };
}

function markerOf(environment: Readonly<Record<string, string>>): ProcessMarker | null {
  const { ORBIT_PROJECT: project, ORBIT_TASK: task, ORBIT_TOKEN: token } = environment;
  return project === undefined || task === undefined || token === undefined ? null : { project, task, token };
}

function stillThere(pid: number, survivors: readonly number[]): OperationalError {
  const who = survivors.length === 0 ? 'could not be looked for' : `still run: ${survivors.join(', ')}`;
  return new OperationalError('runner-failed', `Processes of the agent with process number ${pid} ${who}.`, {
    hint: 'They may wait for a disk or belong to another user; end them by hand, then try again.',
    retryable: true,
  });
}
