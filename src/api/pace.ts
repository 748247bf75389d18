/**
 * Pace: how often somebody may do something.
 *
 * Owns token buckets by name, bounded in number. Time is the caller's.
 */

export interface Pace {
  /** Takes one; the milliseconds to wait where none is left, else 0. */
  take(name: string, now: number): number;
}

/** @param perS refill. @param burst what may come at once. */
export function pace({ perS, burst }: { perS: number; burst: number }): Pace {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    take(name, now) {
      const known = buckets.get(name) ?? { left: burst, at: now };
      const left = Math.min(burst, known.left + (Math.max(0, now - known.at) / 1000) * perS);
      buckets.delete(name);
      const taken = left >= 1;
      buckets.set(name, { left: taken ? left - 1 : left, at: now });
      // The one that was quiet for longest is full again in any case.
      if (buckets.size > namesMax) buckets.delete(buckets.keys().next().value ?? '');
      return taken ? 0 : Math.ceil(((1 - left) / perS) * 1000);
    },
  };
}

const namesMax = 10_000;
