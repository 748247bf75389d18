/**
 * Rings in a graph: groups of nodes that reach each other, and one short ring of each group.
 *
 * Owns the search. It keeps its own stack, because a chain of 100,000 tasks overflows the program's; time and memory are linear
 * in nodes and edges. The method is Tarjan's, which numbers nodes as they are met and closes a group at its first node.
 */

/** Edges as lists of node numbers: `edges[a]` are the nodes that `a` points at. */
export type Edges = readonly (readonly number[])[];

/** One ring (each node pointing at the next, the last at the first) for every group of nodes that reach each other. */
export function findRings(edges: Edges): number[][] {
  const groupOf = groups(edges);
  const seen = new Set<number>();
  const rings: number[][] = [];
  for (let node = 0; node < edges.length; node++) {
    const group = groupOf[node] ?? 0;
    if (seen.has(group)) continue;
    seen.add(group);
    const ring = shortestRing(edges, node, groupOf);
    if (ring !== null) rings.push(ring);
  }
  return rings;
}

/** For each node the number of its group: two nodes have the same exactly when each can be reached from the other. */
export function groups(edges: Edges): Int32Array {
  const groupOf = new Int32Array(edges.length).fill(-1);
  const order = new Int32Array(edges.length).fill(-1);
  const low = new Int32Array(edges.length);
  const nextEdge = new Int32Array(edges.length);
  const open: number[] = [];
  let met = 0;
  let groupCount = 0;
  const enter = (node: number): number => {
    order[node] = met;
    low[node] = met++;
    open.push(node);
    return node;
  };
  for (let root = 0; root < edges.length; root++) {
    if (order[root] !== -1) continue;
    const path = [enter(root)];
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const target = edges[node]?.[nextEdge[node] ?? 0];
      if (target !== undefined) {
        nextEdge[node] = (nextEdge[node] ?? 0) + 1;
        if (order[target] === -1) path.push(enter(target));
        else if (groupOf[target] === -1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
      if (low[node] !== order[node]) continue;
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        groupOf[member] = groupCount;
        if (member === node) break;
      }
      groupCount += 1;
    }
  }
  return groupOf;
}

/** Breadth first within the node's group: the shortest way from it back to it. */
function shortestRing(edges: Edges, from: number, groupOf: Int32Array): number[] | null {
  const cameFrom = new Map<number, number>();
  const queue = [from];
  for (const node of queue) {
    for (const target of edges[node] ?? []) {
      if (groupOf[target] !== groupOf[from]) continue;
      if (target === from) return wayTo(node, cameFrom);
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, node);
      queue.push(target);
    }
  }
  return null;
}

function wayTo(end: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const way: number[] = [];
  for (let node: number | undefined = end; node !== undefined; node = cameFrom.get(node)) way.push(node);
  return way.toReversed();
}
