/** What waits for a person, each with its post-mortem. Reads only. */
import { postMortem, type PostMortem } from '../core/post-mortem.ts';
import type { TaskKey } from '../core/id.ts';
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
