/** What waits for a person: tasks, each with its post-mortem, and agents that have to be logged in. Reads only. */
import { postMortem, type PostMortem } from '../core/post-mortem.ts';
import type { TaskKey } from '../core/id.ts';
import { agentStandings } from './agent-gate.ts';
import type { Context } from './context.ts';

export async function explainInbox<T extends { key: string }>(
  { store }: Context,
  tasks: readonly T[],
): Promise<(T & { postMortem: PostMortem })[]> {
  const told: (T & { postMortem: PostMortem })[] = [];
  for (const one of tasks) {
    const key = one.key as TaskKey;
    const record = await store.task(key);
    if (record === null) continue;
    told.push({ ...one, postMortem: postMortem(record.task, await store.attempts({ task: key })) });
  }
  return told;
}

/** Agents that get no task until somebody has logged them in (C8); `why` says how. */
export async function agentsWithoutLogin(context: Context): Promise<{ agent: string; why: string; since: string }[]> {
  const standings = await agentStandings(context);
  return standings.flatMap(({ agent, check, barred }) =>
    barred !== null && check?.login === false ? [{ agent, why: barred, since: new Date(check.at).toISOString() }] : [],
  );
}
