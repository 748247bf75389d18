/** What is on a target and did not land there: somebody else put it on the branch, so nobody has checked it. Reads only. */
import type { Clock } from '../platform/clock.ts';
import type { Store } from '../store/store.ts';
import type { Repository } from '../workspace/repository.ts';

/** The newest commit of the target's first-parent history that is no landing and that `head` does not have, or `null`. */
export async function foreignCommit(
  ports: {
    repository: Pick<Repository, 'mergeBase' | 'parents'>;
    store: Pick<Store, 'tasks'>;
    clock: Pick<Clock, 'now'>;
  },
  { head, tip }: { head: string; tip: string },
): Promise<string | null> {
  const { repository, store, clock } = ports;
  const since = await repository.mergeBase(head, tip);
  const records = await store.tasks({ status: ['landed'] }, clock.now());
  const landed = new Set(records.map(({ task }) => task.landing?.landedAs));
  for (let at: string | undefined = tip; at !== undefined && at !== since; [at] = await repository.parents(at)) {
    if (!landed.has(at)) return at;
  }
  return null;
}
