/** Who leads now: a lease that has ended is nobody's. Reads only. */
import type { Clock } from '../platform/clock.ts';
import type { Leadership, Store } from '../store/store.ts';

export async function leaderNow({ store, clock }: { store: Store; clock: Clock }): Promise<Leadership | null> {
  const leader = await store.leader();
  return leader !== null && leader.expiresAt > clock.now() ? leader : null;
}
