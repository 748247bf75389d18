/** What goes on in a project at this moment: counts, who does what, the queue, the inbox. Reads only. */
import type { Context } from './context.ts';
import { countTasks, type Counts } from './count-tasks.ts';
import { listAgents, type AgentView } from './list-agents.ts';
import { listQueue, type QueueEntry } from './list-queue.ts';
import { listTasks } from './list-tasks.ts';
import type { TaskView } from './task-view.ts';

export interface Surroundings {
  at: string;
  plan: string | null;
  counts: Counts;
  /** Each with the title of its task. */
  agents: readonly (AgentView & { title: string })[];
  /** What has not landed yet. */
  queue: readonly QueueEntry[];
  needsYou: readonly TaskView[];
}

/** @param plan only this one; `null` = all. Throws `UsageError` `unknown-plan`. */
export async function lookAround(context: Context, plan: string | null): Promise<Surroundings> {
  const counts = await countTasks(context, plan);
  const live = (await listAgents(context)).filter((agent) => plan === null || agent.plan === plan);
  const agents = await Promise.all(
    live.map(async (agent) => {
      const record = await context.store.attempt(agent.token);
      const title = record === null ? '' : ((await context.store.task(record.task))?.task.title ?? '');
      return { ...agent, title };
    }),
  );
  return {
    at: new Date(context.clock.now()).toISOString(),
    plan,
    counts,
    agents,
    queue: (await listQueue(context, plan)).queue.filter(({ state }) => state !== 'landed' && state !== 'put-back'),
    needsYou: await listTasks(context, { plan, agent: null, status: ['needs-you'] }),
  };
}
