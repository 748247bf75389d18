/**
 * The connection to an agent: requests and their answers, by the protocol's own library.
 *
 * The library gets whole, bounded lines that hold a JSON-RPC message it can use, and nothing else (I20): answers to what was asked, and
 * the agent's requests. What the agent does comes as notifications, and those are the reader's, which takes whatever shape they have.
 */
import type { AnyMessage, ClientContext, PermissionOption } from '@agentclientprotocol/sdk';
import { fieldsOfLine, type Fields } from '../fields.ts';
import type { Line } from '../lines.ts';
import { version } from '../../platform/version.ts';

export interface AcpConnection {
  /** For requests and notifications to the agent. */
  agent: Pick<ClientContext, 'request' | 'notify'>;
  /** Takes in a line of the agent's standard output. */
  heard(line: Line): void;
  close(): void;
}

export interface ConnectionOrder {
  /** Writes a line to the agent; `false` when it no longer listens. */
  say(text: string): boolean;
  /** Hints that wait for the running turn, for an agent that comes to fetch them; they count as taken. */
  takeHints(): readonly string[];
}

/** Requests of the agent that may be open at once; one that asks for more gets no answer to the rest. */
const openRequestsMax = 64;

/** Qwen's way to fetch what was said while it works, between two rounds of tools. */
const fetchHints = 'craft/drainMidTurnQueue';

/** Opens the connection; the library is loaded here. */
export async function connectAcp(order: ConnectionOrder): Promise<AcpConnection> {
  const acp = await import('@agentclientprotocol/sdk');
  const asked = new Set<unknown>();
  const open = new Set<unknown>();
  let incoming: ReadableStreamDefaultController<AnyMessage> | undefined;
  const readable = new ReadableStream<AnyMessage>({
    start: (controller) => {
      incoming = controller;
    },
    cancel: () => {
      incoming = undefined;
    },
  });
  const writable = new WritableStream<AnyMessage>({
    write: (message) => {
      if ('method' in message && 'id' in message) asked.add(message.id);
      if (!('method' in message)) open.delete(message.id);
      if (!order.say(`${JSON.stringify(message)}\n`)) throw new Error('the agent no longer listens');
    },
  });
  const connection = acp
    .client({ name: 'orbit' })
    .onRequest(acp.methods.client.session.requestPermission, ({ params }) => ({ outcome: permission(params.options) }))
    .onRequest(
      fetchHints,
      (params) => params,
      () => ({ messages: [...order.takeHints()], hasQueuedPrompt: false }),
    )
    .connect({ readable, writable });
  return {
    agent: connection.agent,
    heard(line): void {
      const message = fieldsOfLine(line);
      if (message === null || message['jsonrpc'] !== '2.0' || !('id' in message)) return;
      const isRequest = typeof message['method'] === 'string';
      if (isRequest ? open.size >= openRequestsMax : !asked.delete(message['id'])) return;
      if (isRequest) open.add(message['id']);
      incoming?.enqueue(message as unknown as AnyMessage);
    },
    close(): void {
      incoming = undefined;
      connection.close();
    },
  };
}

/** What Orbit says of itself: it lends the agent neither files nor terminals, which has both in its workspace. */
export const introduction: Fields = {
  protocolVersion: 1,
  clientCapabilities: { fs: { readTextFile: false, writeTextFile: false }, terminal: false },
  clientInfo: { name: 'orbit', title: 'Orbit', version },
};

/**
 * The answer to a question for leave: an agent in its own workspace may do what it needs. Where it can be said once and for
 * all, it is, so that the agent asks no more.
 */
function permission(
  options: readonly PermissionOption[],
): { outcome: 'selected'; optionId: string } | { outcome: 'cancelled' } {
  const byKind = (kind: PermissionOption['kind']): PermissionOption | undefined =>
    options.find((option) => option.kind === kind);
  const chosen = byKind('allow_always') ?? byKind('allow_once');
  return chosen === undefined ? { outcome: 'cancelled' } : { outcome: 'selected', optionId: chosen.optionId };
}
