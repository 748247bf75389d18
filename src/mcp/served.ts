/**
 * What one server serves: the tools, resources and prompts of a role, whatever the client speaks and however it is connected.
 *
 * Owns that each call ends in a result. Invariant: nothing that a client sends ends the server.
 */
import { McpServer } from '@modelcontextprotocol/server';
import type { Context } from '../actions/context.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import { version } from '../platform/version.ts';
import type { OwnContext } from './own-context.ts';
import { addPrompts } from './prompts.ts';
import { addResources } from './resources.ts';
import { instructionsFor, type Role } from './role.ts';
import { failureResult, resultOf, type Tool } from './tool.ts';

export interface Served {
  role: Role;
  tools: readonly Tool[];
  own: OwnContext;
  /** Makes the repository an Orbit project; `null` where nobody here may. */
  makeProject: (() => Promise<void>) | null;
  log: (line: string) => void;
  /** What follows from answers that the client may not have had yet. */
  unheard: (() => Promise<void>)[];
}

/** A server for one connection, or for one request where there are none. */
export function newServer(served: Served): McpServer {
  const { role, tools, own, log, unheard } = served;
  const server = new McpServer({ name: 'orbit', version }, { instructions: instructionsFor(role) });
  for (const tool of tools) {
    const { name, title, description, annotations, input, output, call, heard } = tool;
    server.registerTool(
      name,
      { title, description, annotations: { title, ...annotations }, inputSchema: input, outputSchema: output },
      async (given) => {
        try {
          await hearOut(served);
          const context = await enter(served, tool);
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
  addResources(server, { role, own, log });
  addPrompts(server, role);
  return server;
}

async function enter({ own, makeProject }: Served, { makesProject = false }: Tool): Promise<Context | Rejection> {
  try {
    return await own.enter();
  } catch (error) {
    const isMissing = error instanceof UsageError && error.code === 'not-a-project';
    if (!isMissing || !makesProject || makeProject === null) throw error;
    await makeProject();
    return own.enter();
  }
}

/** What cannot be recorded now is told once more later: better twice than never. */
export async function hearOut({ unheard, log }: Pick<Served, 'unheard' | 'log'>): Promise<void> {
  for (const settle of unheard.splice(0)) {
    await settle().catch((error: unknown) => log(error instanceof Error ? error.message : String(error)));
  }
}
