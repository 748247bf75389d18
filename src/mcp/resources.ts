/**
 * Resources: plans, tasks and logs of attempts by their address, for clients that let people attach them.
 *
 * Owns the addresses. They show what `orbit layer-status`, `show`, `why` and `logs` show, to people; a worker has tools for its own task.
 */
import { ResourceNotFoundError, ResourceTemplate, type McpServer } from '@modelcontextprotocol/server';
import type { Context } from '../actions/context.ts';
import { explainTask } from '../actions/explain-task.ts';
import { listTasks } from '../actions/list-tasks.ts';
import { readTail } from '../actions/read-tail.ts';
import { reportPlan } from '../actions/report-plan.ts';
import { showTask } from '../actions/show-task.ts';
import { limits } from '../core/limits.ts';
import { isRejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import type { OwnContext } from './own-context.ts';
import type { Role } from './role.ts';

interface ResourceOrder {
  role: Role;
  own: OwnContext;
  log: (line: string) => void;
}

interface Listed {
  uri: string;
  name: string;
}

interface Kind {
  name: string;
  title: string;
  description: string;
  template: string;
  mimeType: string;
  list: (context: Context) => Promise<Listed[]>;
  /** `null`: there is no such thing. */
  read: (context: Context, variables: Readonly<Record<string, string>>) => Promise<string>;
}

const kinds: readonly Kind[] = [
  {
    name: 'plan',
    title: 'Plan',
    description: 'How far a plan is, layer by layer: who finishes what, what waits for whom, what is stuck.',
    template: 'orbit://plans/{id}',
    mimeType: 'application/json',
    list: async ({ store }) =>
      (await store.plans()).map(({ id, title }) => ({ uri: `orbit://plans/${id}`, name: title })),
    read: async (context, { id = '' }) => json(await reportPlan(context, id)),
  },
  {
    name: 'task',
    title: 'Task',
    description:
      'Everything about one task: what it asks, its attempts, its last events, and why it stands where it stands.',
    template: 'orbit://tasks/{plan}/{id}',
    mimeType: 'application/json',
    list: async (context) => {
      const order = {
        plan: null,
        agent: null,
        status: ['running', 'needs-you', 'ready'],
        limit: limits.mcpListedMax,
      } as const;
      return (await listTasks(context, order)).map(({ key, title }) => ({ uri: `orbit://tasks/${key}`, name: title }));
    },
    read: async (context, { plan = '', id = '' }) => {
      const order = { task: id, plan };
      const { because } = await explainTask(context, order);
      return json({ ...(await showTask(context, order)), because });
    },
  },
  {
    name: 'attempt-log',
    title: 'Log of an attempt',
    description: 'The end of what the agent of an attempt said and did, for people.',
    template: 'orbit://attempts/{token}/log',
    mimeType: 'text/plain',
    list: async ({ store }) =>
      (await store.attempts({ live: true })).map(({ token, agent, task }) => ({
        uri: `orbit://attempts/${token}/log`,
        name: `${agent} at ${task}`,
      })),
    read: async (context, { token = '' }) => readTail(context, Number(token)),
  },
];

export function addResources(server: McpServer, { role, own, log }: ResourceOrder): void {
  if (role === 'worker') return;
  for (const { name, title, description, template, mimeType, list, read } of kinds) {
    const places = new ResourceTemplate(template, {
      list: async () => ({ resources: (await listed(own, list, log)).map((one) => ({ ...one, mimeType })) }),
    });
    server.registerResource(name, places, { title, description, mimeType }, async (uri, variables) => {
      const context = await own.enter();
      if (isRejection(context)) throw new ResourceNotFoundError(uri.href, context.message);
      try {
        const text = await read(context, variables as Readonly<Record<string, string>>);
        return { contents: [{ uri: uri.href, mimeType, text }] };
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        throw new ResourceNotFoundError(uri.href, `${error.message}; ${error.hint}`);
      }
    });
  }
}

/** A list that cannot be made is empty: clients ask for it when they connect, also outside a project. */
async function listed(own: OwnContext, list: Kind['list'], log: (line: string) => void): Promise<Listed[]> {
  try {
    const context = await own.enter();
    return isRejection(context) ? [] : (await list(context)).slice(0, limits.mcpListedMax);
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    return [];
  }
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
