/** The column of each node within its band: the longest path of needs inside the band. Pure. */
import type { Indexed } from './layout.ts';

/** Nodes on a ring get the column known when nothing else is left, so that the answer is total. */
export function ranksOf({ size, from, to }: Indexed, bands: Int32Array): Int32Array {
  const open = new Int32Array(size);
  const after: number[][] = Array.from({ length: size }, () => []);
  for (const [edge, source] of from.entries()) {
    const sink = to[edge] ?? 0;
    if (bands[source] !== bands[sink]) continue;
    after[source]?.push(sink);
    open[sink] = (open[sink] ?? 0) + 1;
  }
  const ranks = new Int32Array(size);
  const queue: number[] = [];
  for (let node = 0; node < size; node += 1) if (open[node] === 0) queue.push(node);
  // The array grows while it is walked: it is the queue of nodes whose needs in the band are all placed.
  for (const node of queue) {
    for (const sink of after[node] ?? []) {
      ranks[sink] = Math.max(ranks[sink] ?? 0, (ranks[node] ?? 0) + 1);
      open[sink] = (open[sink] ?? 0) - 1;
      if (open[sink] === 0) queue.push(sink);
    }
  }
  return ranks;
}
