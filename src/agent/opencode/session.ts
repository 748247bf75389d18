/**
 * A session with OpenCode: its server as the child process, and the conversation with it.
 *
 * Owns the choice of the port, which is chosen here because the server's own choice is the same for all of them. A server that
 * finds its port taken after all makes room for another one; whoever reads the events never sees that.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { limits } from '../../core/limits.ts';
import type { AgentEvent, AgentOrder, AgentSession } from '../agent.ts';
import { sessionThatFailed, startChildSession } from '../child-session.ts';
import { writeConfiguration } from './configuration.ts';
import { converse, type ServerConversation } from './conversation.ts';
import { openCodeReader } from './reader.ts';

type ServerEnd = Extract<AgentEvent, { type: 'end' }>;

interface StartedServer {
  session: AgentSession;
  conversation: ServerConversation | null;
  /** It ended because somebody else had its port. */
  isClash: () => boolean;
}

/** @param program absolute path of OpenCode's program, and its leading arguments */
export async function startOpenCode(order: AgentOrder, program: readonly string[]): Promise<AgentSession> {
  const configured = writeConfiguration(order);
  if ('fault' in configured) return sessionThatFailed(configured.fault);
  const { environment, giveBack } = configured;
  const start = async (): Promise<StartedServer> => startServer(order, program, environment);
  let current = await start();
  let isStopped = false;
  const hasAnotherTry = (ports: number): boolean => current.isClash() && ports < limits.serverPortsMax && !isStopped;
  async function* events(): AsyncGenerator<AgentEvent> {
    for (let ports = 1; ; ports += 1) {
      for await (const event of current.session.events) {
        if (event.type === 'end') giveBack();
        if (event.type !== 'end') yield event;
        else if (!hasAnotherTry(ports)) yield* lastOf(current, event);
      }
      if (!hasAnotherTry(ports)) return;
      current = await start();
      if (isStopped) await current.session.stop(0);
    }
  }
  return {
    get process() {
      return current.session.process;
    },
    events: events(),
    hint: async (text) => current.session.hint(text),
    interrupt: async () => current.session.interrupt(),
    async stop(graceMs): Promise<void> {
      isStopped = true;
      if (graceMs > 0) await current.conversation?.abort();
      await current.session.stop(graceMs);
      giveBack();
    },
  };
}

/** What is told at the very end: how the server was lost, if it was, and that it is gone. */
function lastOf({ conversation, isClash }: StartedServer, end: ServerEnd): readonly AgentEvent[] {
  if (!isClash()) return [...(conversation?.lastEvents(end) ?? []), end];
  const text = `OpenCode's server found ${limits.serverPortsMax} ports taken that were free a moment before.`;
  return [{ type: 'error', class: 'agent', text, retryAfterMs: null, critical: true }, end];
}

async function startServer(
  order: AgentOrder,
  [command = '', ...leading]: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<StartedServer> {
  const server = { port: await freePort(), password: randomBytes(24).toString('base64url') };
  const reader = openCodeReader();
  let isClash = false;
  let hasStarted = false;
  let conversation: ServerConversation | null = null;
  const session = await startChildSession({
    process: {
      command,
      args: [...leading, 'serve', '--hostname', '127.0.0.1', '--port', String(server.port)],
      cwd: order.workspace,
      environment: { ...environment, OPENCODE_SERVER_PASSWORD: server.password },
      stdin: 'ignore',
    },
    input: { text: '', close: false },
    onRaw: (line) => order.onRaw(line),
    interpret(line, stream): readonly AgentEvent[] {
      hasStarted ||= line.text.startsWith('opencode server listening');
      // All that a server says of a port that is taken.
      isClash ||= !hasStarted && /\bServeError\b|EADDRINUSE|address already in use/i.test(line.text);
      return reader.read(line, stream);
    },
    converse(mouth) {
      conversation = converse({
        order,
        server,
        mouth,
        reader,
        end: () => void session.stop(0).catch(() => undefined),
      });
      return conversation;
    },
  });
  return { session, conversation, isClash: () => isClash };
}

/** A port that nobody has at this moment; 0, the server's own choice, where none can be asked for. */
async function freePort(): Promise<number> {
  return new Promise((answer) => {
    const probe = createServer();
    probe.once('error', () => answer(0));
    probe.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => answer(port));
    });
  });
}
