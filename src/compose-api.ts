/**
 * Puts together what serves the API: the project for each caller, the dashboard's files, MCP, metrics.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApiServer } from './api/server.ts';
import type { Context } from './actions/context.ts';
import { version } from './platform/version.ts';
import { contextFor, orbitProgram, type Environment } from './compose.ts';

export interface ApiStart {
  environment: Environment;
  port: number | null;
  host: string | null;
  log: (line: string) => void;
  /** Of the coordinator in this process; absent where none runs. */
  ticks?: TickMeter;
}

/** Starts the server of a project that is open already. Throws as `startServer`. */
export async function openApi(context: Context, { environment, port, host, log, ticks }: ApiStart): Promise<ApiServer> {
  const [{ startServer }, { listAgents }] = await Promise.all([
    import('./api/server.ts'),
    import('./actions/list-agents.ts'),
  ]);
  return startServer({
    context,
    as: (caller) => contextFor(context, caller, environment),
    web: webFolder(),
    mcp: async (caller) => mcpFor(caller, log),
    metrics: async () => metricsNow(context, ticks),
    pulse: async () => {
      const at = new Date(context.clock.now()).toISOString();
      return JSON.stringify({ at, agents: await listAgents(context) });
    },
    port,
    host,
    log,
  });
}

/** How long the coordinator's ticks took; filled by whoever runs it. */
export interface TickMeter {
  count: number;
  seconds: number;
  lastSeconds: number;
}

async function metricsNow(context: Context, ticks: TickMeter | undefined): Promise<string> {
  const [{ measureProject }, { metricsText }] = await Promise.all([
    import('./actions/measure-project.ts'),
    import('./api/metrics.ts'),
  ]);
  const { user, system } = process.cpuUsage();
  const own = {
    memoryBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    startedAt: Math.round(performance.timeOrigin),
  };
  return metricsText({ project: await measureProject(context), version, process: own, ticks: ticks ?? null });
}

/** Tools by the role of whoever proved to call; a handler for each, since they share nothing. */
async function mcpFor(caller: Context, log: (line: string) => void): Promise<(request: Request) => Promise<Response>> {
  const [{ mcpHandler }, { roleOf }] = await Promise.all([import('./mcp/http.ts'), import('./mcp/role.ts')]);
  const role = roleOf(caller.caller, null);
  if (typeof role !== 'string') return async () => new Response(role.message, { status: 403 });
  const { fetch } = await mcpHandler({ role, open: async () => caller, log });
  return fetch;
}

/** Beside the bundle; `null` where it was not built. */
function webFolder(): string | null {
  const folder = join(dirname(orbitProgram()[1]), 'web');
  return existsSync(join(folder, 'index.html')) ? folder : null;
}
