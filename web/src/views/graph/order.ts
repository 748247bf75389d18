/**
 * The order of nodes in their columns: barycentre in both directions, keeping the sweep with the fewest crossings. Pure.
 *
 * Owns what counts as a crossing: two edges between the same two columns whose ends are in opposite order.
 */
import type { Indexed } from './layout.ts';

/** More sweeps make it worse again about as often as better, hence the best is kept. */
const sweeps = 8;

export function bestOrder(columns: readonly (readonly number[])[], columnOf: Int32Array, graph: Indexed): number[][] {
  const rows = new Float64Array(graph.size);
  let order = columns.map((list) => [...list]);
  for (const list of order) number(list, rows);
  const { before, after } = neighbours(columnOf, graph);
  const pairs = pairsOf(columnOf, graph);
  let best = order;
  let fewest = crossings(pairs, rows, graph);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep += 1) {
    const isForward = sweep % 2 === 0;
    order = swept(order, isForward ? before : after, { rows, isForward });
    const crossed = crossings(pairs, rows, graph);
    if (crossed >= fewest) continue;
    fewest = crossed;
    best = order;
  }
  return best;
}

function number(list: readonly number[], rows: Float64Array): void {
  for (const [row, node] of list.entries()) rows[node] = row;
}

function neighbours(columnOf: Int32Array, { size, from, to }: Indexed): { before: number[][]; after: number[][] } {
  const before: number[][] = Array.from({ length: size }, () => []);
  const after: number[][] = Array.from({ length: size }, () => []);
  for (const [edge, one] of from.entries()) {
    const other = to[edge] ?? 0;
    // An edge that runs backwards pulls its ends together like any other.
    const [left, right] = (columnOf[one] ?? 0) <= (columnOf[other] ?? 0) ? [one, other] : [other, one];
    before[right]?.push(left);
    after[left]?.push(right);
  }
  return { before, after };
}

function swept(
  order: readonly number[][],
  beside: readonly number[][],
  { rows, isForward }: { rows: Float64Array; isForward: boolean },
): number[][] {
  const result = order.map((list) => list);
  const weight = new Float64Array(rows.length);
  for (let step = 0; step < order.length; step += 1) {
    const column = isForward ? step : order.length - 1 - step;
    const list = order[column] ?? [];
    for (const node of list) weight[node] = mean(beside[node] ?? [], rows) ?? rows[node] ?? 0;
    const sorted = list.toSorted((a, b) => (weight[a] ?? 0) - (weight[b] ?? 0) || (rows[a] ?? 0) - (rows[b] ?? 0));
    number(sorted, rows);
    result[column] = sorted;
  }
  return result;
}

function mean(nodes: readonly number[], rows: Float64Array): number | null {
  if (nodes.length === 0) return null;
  let sum = 0;
  for (const node of nodes) sum += rows[node] ?? 0;
  return sum / nodes.length;
}

/** Edges between the same two columns, as numbers of edges. */
function pairsOf(columnOf: Int32Array, { from, to }: Indexed): number[][] {
  const groups = new Map<number, number[]>();
  const columns = columnOf.length + 1;
  for (const [edge, one] of from.entries()) {
    const pair = (columnOf[one] ?? 0) * columns + (columnOf[to[edge] ?? 0] ?? 0);
    const group = groups.get(pair);
    if (group === undefined) groups.set(pair, [edge]);
    else group.push(edge);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Beyond any number of rows. */
const rowsMax = 2 ** 24;

function crossings(pairs: readonly number[][], rows: Float64Array, { from, to }: Indexed): number {
  let sum = 0;
  for (const pair of pairs) {
    // Both rows in one number, so that the engine sorts numbers and calls nothing back.
    const keys = new Float64Array(pair.length);
    for (const [index, edge] of pair.entries())
      keys[index] = (rows[from[edge] ?? 0] ?? 0) * rowsMax + (rows[to[edge] ?? 0] ?? 0);
    sum += inversions(Array.from(keys.sort(), (key) => key % rowsMax));
  }
  return sum;
}

/** How many pairs are in falling order; a Fenwick tree over the values. */
export function inversions(values: readonly number[]): number {
  const size = Math.max(0, ...values) + 1;
  const tree = new Int32Array(size + 1);
  let sum = 0;
  for (const [index, value] of values.entries()) {
    let notAbove = 0;
    for (let at = value + 1; at > 0; at -= at & -at) notAbove += tree[at] ?? 0;
    sum += index - notAbove;
    for (let at = value + 1; at <= size; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
  }
  return sum;
}
