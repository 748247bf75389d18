/** What holds landings of the tasks that a command shows, or that those wait for. */
import type { Context } from '../actions/context.ts';
import { heldLines } from './held-words.ts';

/** @param keys the tasks meant. */
export async function heldAmong(context: Context, plan: string | null, keys: ReadonlySet<string>): Promise<string[]> {
  if (keys.size === 0) return [];
  const { listHeld } = await import('../actions/list-held.ts');
  const held = (await listHeld(context, plan)).map((one) => ({
    ...one,
    tasks: one.tasks.filter((task) => keys.has(`${one.plan}/${task}`)),
  }));
  return heldLines(held.filter(({ tasks }) => tasks.length > 0));
}
