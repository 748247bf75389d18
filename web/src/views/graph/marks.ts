/** Which nodes are in question and why: by a chosen node, the longest open chain, or a search. Pure. */
import type { Mark } from './node-store.ts';
import { reach, type Needs } from './reach.ts';

export interface Question {
  /** The node under the pointer, else the chosen one; `null`: none. */
  focus: string | null;
  /** Nodes of the longest open chain; empty: it is not asked for. */
  chain: readonly string[];
  /** Nodes that a search found; `null`: nothing is searched. */
  found: ReadonlySet<string> | null;
}

/** A mark for every node of `needs`. */
export function marksOf(needs: Needs, back: Needs, { focus, chain, found }: Question): Map<string, Mark> {
  if (focus !== null && needs.has(focus)) {
    const up = reach(needs, focus);
    const down = reach(back, focus);
    return marked(needs, (key) => (key === focus ? 'self' : up.has(key) ? 'up' : down.has(key) ? 'down' : 'dim'));
  }
  if (found !== null) return marked(needs, (key) => (found.has(key) ? 'found' : 'dim'));
  if (chain.length === 0) return marked(needs, () => 'none');
  const on = new Set(chain);
  return marked(needs, (key) => (on.has(key) ? 'chain' : 'dim'));
}

function marked(needs: Needs, markOf: (key: string) => Mark): Map<string, Mark> {
  return new Map([...needs.keys()].map((key) => [key, markOf(key)]));
}

/** Whether an edge belongs to what is in question: both its ends do, and on the same side. */
export function isLit(from: Mark, to: Mark): boolean {
  if (from === 'dim' || to === 'dim' || from === 'none' || to === 'none') return false;
  return from === to || from === 'self' || to === 'self';
}
