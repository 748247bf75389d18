/**
 * The MCP server of `orbit mcp`: Orbit's verbs as tools, on standard input and output.
 *
 * Owns one connection: which tools are shown, that each call ends in a result, and its end, which is the end of the input.
 * Invariant: nothing that a client sends ends the server or reaches standard output besides the protocol's own messages.
 */
import type { Readable, Writable } from 'node:stream';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Context } from '../actions/context.ts';
import { isRejection } from '../core/rejection.ts';
import { limits } from '../core/limits.ts';
import { version } from '../platform/version.ts';
import { ownContext, type OwnContext } from './own-context.ts';
import { instructionsFor, toolsOf, type Role } from './role.ts';
import { stdioTransport } from './stdio-transport.ts';
import { failureResult, resultOf, type Tool } from './tool.ts';

export interface McpOrder {
  role: Role;
  /** Opens the project that the caller stands in; called at the first use of a tool. */
  open: () => Promise<Context>;
  input: Readable;
  output: Writable;
  /** One line for whoever looks at standard error. */
  log: (line: string) => void;
}

/** Serves until the input ends. */
export async function serveMcp({ role, open, input, output, log }: McpOrder): Promise<void> {
  const tools = await toolsOf(role);
  await using own = ownContext(open);
  const served: Served = { role, tools, own, log, unheard: [] };
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

interface Served {
  role: Role;
  tools: readonly Tool[];
  own: OwnContext;
  log: (line: string) => void;
  /** What follows from answers that the client may not have had yet. */
  unheard: (() => Promise<void>)[];
}

function newServer(served: Served): McpServer {
  const { role, tools, own, log, unheard } = served;
  const server = new McpServer({ name: 'orbit', version }, { instructions: instructionsFor(role) });
  for (const { name, title, description, annotations, input, output, call, heard } of tools) {
    server.registerTool(
      name,
      { title, description, annotations: { title, ...annotations }, inputSchema: input, outputSchema: output },
      async (given) => {
        try {
          await hearOut(served);
          const context = await own.enter();
          if (isRejection(context)) return resultOf(context);
          const answer = await call(context, given as never);
          if (heard !== undefined && !isRejection(answer)) unheard.push(async () => heard(context, answer));
          return resultOf(answer);
        } catch (error) {
          return failureResult(error, log);
        }
      },
    );
  }
  return server;
}

/** What cannot be recorded now is told once more later: better twice than never. */
async function hearOut({ unheard, log }: Served): Promise<void> {
  for (const settle of unheard.splice(0)) {
    await settle().catch((error: unknown) => log(error instanceof Error ? error.message : String(error)));
  }
}
