/** What lies before and behind a task, what keeps it waiting, and the longest chain of open work. Pure. */

/** Each key with the keys that it depends on. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/** The same edges the other way; every key has an entry. */
export function neededBy(needs: Needs): Map<string, string[]> {
  const back = new Map<string, string[]>();
  for (const key of needs.keys()) back.set(key, []);
  for (const [key, list] of needs) for (const need of new Set(list)) back.get(need)?.push(key);
  return back;
}

/** Everything that can be reached from `key` along `edges`, without itself. */
export function reach(edges: Needs, key: string): Set<string> {
  const seen = new Set<string>();
  const stack = [...(edges.get(key) ?? [])];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next) || !edges.has(next) || next === key) continue;
    seen.add(next);
    stack.push(...(edges.get(next) ?? []));
  }
  return seen;
}

/** Unmet needs before `key`, at any depth, and those among them that wait for no other: the cause. */
export function blockedBy(waitingFor: Needs, key: string): { path: Set<string>; causes: string[] } {
  const path = reach(waitingFor, key);
  const causes = [...path].filter((one) => (waitingFor.get(one) ?? []).every((need) => !waitingFor.has(need)));
  return { path, causes };
}

/**
 * The longest chain of tasks that are all open, in the order of work; `[]`: nothing is open.
 *
 * @param isOpen what still has to be done; the chain ends where nothing open is needed
 */
export function longestOpenChain(needs: Needs, isOpen: (key: string) => boolean): string[] {
  const behind = neededBy(needs);
  const left = new Map<string, number>();
  const length = new Map<string, number>();
  const via = new Map<string, string>();
  const queue: string[] = [];
  for (const [key, list] of needs) {
    if (!isOpen(key)) continue;
    const open = [...new Set(list)].filter((need) => needs.has(need) && isOpen(need)).length;
    left.set(key, open);
    length.set(key, 1);
    if (open === 0) queue.push(key);
  }
  let end = queue[0];
  for (const key of queue) {
    const own = length.get(key) ?? 1;
    if (end === undefined || own > (length.get(end) ?? 0)) end = key;
    for (const next of behind.get(key) ?? []) {
      if (!left.has(next)) continue;
      if (own + 1 > (length.get(next) ?? 1)) {
        length.set(next, own + 1);
        via.set(next, key);
      }
      const rest = (left.get(next) ?? 0) - 1;
      left.set(next, rest);
      if (rest === 0) queue.push(next);
    }
  }
  const chain: string[] = [];
  for (let key = end; key !== undefined; key = via.get(key)) chain.push(key);
  return chain.toReversed();
}
