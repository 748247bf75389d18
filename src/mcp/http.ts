/**
 * The same tools over streamable HTTP, for whoever mounts this at a path of theirs.
 *
 * Owns nothing of the way there: the library's handler alone answers 200 to a foreign Origin, so whoever mounts it checks Host,
 * Origin and token before each request. Stateless: every request gets a server of its own, and clients of every version of the
 * protocol are served.
 */
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Context } from '../actions/context.ts';
import { limits } from '../core/limits.ts';
import { ownContext } from './own-context.ts';
import { toolsOf, type Role } from './role.ts';
import { hearOut, newServer, type Served } from './served.ts';

export interface McpHttpOrder {
  role: Role;
  /** The project; its store is closed by whoever opened it. */
  open: () => Promise<Context>;
  /** One line for whoever looks. */
  log: (line: string) => void;
}

export interface McpHttp {
  /** Answers one request. Call it only after Host, Origin and token were checked. */
  fetch: (request: Request) => Promise<Response>;
  close: () => Promise<void>;
}

export async function mcpHandler({ role, open, log }: McpHttpOrder): Promise<McpHttp> {
  const tools = await toolsOf(role);
  // Not disposed of: the project belongs to whoever opened it.
  const own = ownContext(open);
  const served: Served = { role, tools, own, makeProject: null, log, unheard: [] };
  const handler = createMcpHandler(() => newServer(served), {
    maxRequestBodySize: limits.mcpLineBytesMax,
    onerror: (error) => log(error.message),
  });
  return {
    async fetch(request) {
      const response = await handler.fetch(request);
      // The next request may come from anybody: this answer counts as heard once it is on its way.
      await hearOut(served);
      return response;
    },
    close: async () => handler.close(),
  };
}
