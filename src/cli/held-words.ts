/** Words for what holds several tasks at once: each cause is said once, with the tasks that it holds. */
import type { HeldLandings } from '../actions/list-held.ts';
import { oneLine } from '../platform/text.ts';

/** A cause says what to do about it, so it is not cut short. */
const causeWidthMax = 800;
/** Tasks named of one cause. */
const namedMax = 8;

/** Landings that wait for something that only a person can change: a line for each cause, over all plans. */
export function heldLines(held: readonly HeldLandings[]): string[] {
  const byCause = Map.groupBy(held, ({ why }) => why);
  return [...byCause].map(([why, all]) => {
    const keys = all.flatMap(({ plan, tasks }) => tasks.map((task) => `${plan}/${task}`));
    const since = all.map((one) => one.since).toSorted()[0] ?? '';
    return `${named(keys)}: held since ${since}: ${oneLine(why, causeWidthMax)}`;
  });
}

/** Reasons that several of them have, with their keys in the order given. Such a one is no remark of each. */
export function sharedReasons(
  tasks: readonly { key: string; reason: string | null }[],
): ReadonlyMap<string, readonly string[]> {
  const byReason = new Map<string, string[]>();
  for (const { key, reason } of tasks)
    if (reason !== null) byReason.set(reason, [...(byReason.get(reason) ?? []), key]);
  return new Map([...byReason].filter(([, keys]) => keys.length > 1));
}

export function sharedLines(shared: ReadonlyMap<string, readonly string[]>): string[] {
  return [...shared].map(([reason, keys]) => `${named(keys)}: ${oneLine(reason, causeWidthMax)}`);
}

function named(keys: readonly string[]): string {
  const more = keys.length - namedMax;
  return more > 0 ? `${keys.slice(0, namedMax).join(', ')} and ${more} more` : keys.join(', ');
}
