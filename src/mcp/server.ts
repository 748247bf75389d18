/**
 * The MCP server of `orbit mcp`: Orbit's verbs as tools, on standard input and output.
 *
 * Owns one connection and its end, which is the end of the input. Invariant: nothing reaches standard output besides the
 * protocol's own messages.
 */
import type { Readable, Writable } from 'node:stream';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Context } from '../actions/context.ts';
import { limits } from '../core/limits.ts';
import { ownContext } from './own-context.ts';
import { toolsOf, type Role } from './role.ts';
import { hearOut, newServer, type Served } from './served.ts';
import { stdioTransport } from './stdio-transport.ts';

export interface McpOrder {
  role: Role;
  /** Opens the project that the caller stands in; called at the first use of a tool. */
  open: () => Promise<Context>;
  /** Makes the repository that the caller stands in a project, for `init_orchestrator`; `null` where that may not be. */
  makeProject: (() => Promise<void>) | null;
  input: Readable;
  output: Writable;
  /** One line for whoever looks at standard error. */
  log: (line: string) => void;
}

/** Serves until the input ends. */
export async function serveMcp({ role, open, makeProject, input, output, log }: McpOrder): Promise<void> {
  const tools = await toolsOf(role);
  await using own = ownContext(open);
  const served: Served = { role, tools, own, makeProject, log, unheard: [] };
  const over = Promise.withResolvers<void>();
  const transport = stdioTransport({
    input,
    output,
    lineBytesMax: limits.mcpLineBytesMax,
    closeMs: limits.mcpCloseMs,
    onEnd: () => over.resolve(),
  });
  const handle = serveStdio(() => newServer(served), {
    transport,
    onerror: (error) => log(error.message),
  });
  await over.promise;
  await hearOut(served);
  await handle.close();
}
