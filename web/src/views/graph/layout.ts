/**
 * Where each task of a graph stands: a layered layout of our own. Pure.
 *
 * Owns the columns (longest path within a band), the order in a column (barycentre, the best of eight sweeps by crossings), and the
 * bands. A band is a layer of the plan, for the eye alone: a task stands in its own layer's band even where something in an earlier
 * band needs it, and that edge then runs backwards. No dummy nodes: long edges may pass under tasks.
 */
import { bestOrder } from './order.ts';
import { ranksOf } from './rank.ts';

export interface LayoutNode {
  key: string;
  /** The layer; `null`: none, after all others. */
  band: number | null;
  /** Keys that it depends on; those that are not in the graph are ignored. */
  needs: readonly string[];
}

export interface Place {
  x: number;
  y: number;
}

export interface Band {
  band: number | null;
  /** From its left edge, and how wide it is. */
  x: number;
  width: number;
  nodes: number;
}

export interface Layout {
  /** Top left corner of each node. */
  places: ReadonlyMap<string, Place>;
  bands: readonly Band[];
  edges: readonly { from: string; to: string }[];
  width: number;
  height: number;
}

/** Sizes in px at zoom 1. */
export const nodeWidth = 184;
export const nodeHeight = 44;
const columnGap = 64;
const rowGap = 12;
const bandGap = 36;
const bandPadding = 18;

/** Width to height that the whole picture tends to, as a screen has it: taller columns are folded. */
const aspect = 1.7;
/** No column is folded that is shorter than this. */
const rowsMin = 8;

/** Nodes by number, and edges as pairs of numbers: from what is needed to what needs it. */
export interface Indexed {
  size: number;
  from: Int32Array;
  to: Int32Array;
}

/** Lays out all nodes; total: rings and unknown keys leave nothing out. */
export function layOut(nodes: readonly LayoutNode[]): Layout {
  const graph = indexed(nodes);
  const bandNumbers = [...new Set(nodes.map(({ band }) => band))].sort(byBand);
  const bandOf = new Map(bandNumbers.map((band, index) => [band, index]));
  const bands = Int32Array.from(nodes, ({ band }) => bandOf.get(band) ?? 0);
  const ranks = ranksOf(graph, bands);
  const columns = columnsOf(ranks, bands, bandNumbers.length);
  const order = bestOrder(columns.lists, columns.of, graph);
  const rows = rowsFor(order.map(({ length }) => length));
  return placed(nodes, { graph, order, bandNumbers, bandOfColumn: columns.bands, rows });
}

function byBand(a: number | null, b: number | null): number {
  return (a ?? Infinity) - (b ?? Infinity) || 0;
}

function indexed(nodes: readonly LayoutNode[]): Indexed {
  const number = new Map(nodes.map(({ key }, index) => [key, index]));
  const from: number[] = [];
  const to: number[] = [];
  for (const [index, { needs }] of nodes.entries()) {
    for (const need of new Set(needs)) {
      const other = number.get(need);
      if (other === undefined || other === index) continue;
      from.push(other);
      to.push(index);
    }
  }
  return { size: nodes.length, from: Int32Array.from(from), to: Int32Array.from(to) };
}

interface Columns {
  /** Nodes of each column, in the order given. */
  lists: number[][];
  of: Int32Array;
  /** The band of each column. */
  bands: number[];
}

function columnsOf(ranks: Int32Array, bands: Int32Array, count: number): Columns {
  const widest = Array.from({ length: count }, () => 0);
  for (const [node, rank] of ranks.entries()) {
    const band = bands[node] ?? 0;
    widest[band] = Math.max(widest[band] ?? 0, rank + 1);
  }
  const first: number[] = [];
  const bandOfColumn: number[] = [];
  for (const [band, width] of widest.entries()) {
    first.push(bandOfColumn.length);
    for (let rank = 0; rank < width; rank += 1) bandOfColumn.push(band);
  }
  const lists: number[][] = bandOfColumn.map(() => []);
  const of = ranks.map((rank, node) => (first[bands[node] ?? 0] ?? 0) + rank);
  for (const [node, column] of of.entries()) lists[column]?.push(node);
  return { lists, of, bands: bandOfColumn };
}

/** How many rows a column may have before it is folded into several side by side. */
function rowsFor(sizes: readonly number[]): number {
  for (let rows = rowsMin; ; rows = Math.ceil(rows * 1.25)) {
    const columns = sizes.reduce((sum, size) => sum + Math.ceil(size / rows), 0);
    const width = columns * (nodeWidth + columnGap);
    const height = Math.min(rows, Math.max(0, ...sizes)) * (nodeHeight + rowGap);
    if (width <= height * aspect || sizes.every((size) => size <= rows)) return rows;
  }
}

interface Ordered {
  graph: Indexed;
  order: readonly (readonly number[])[];
  bandNumbers: readonly (number | null)[];
  bandOfColumn: readonly number[];
  rows: number;
}

function placed(nodes: readonly LayoutNode[], { graph, order, bandNumbers, bandOfColumn, rows }: Ordered): Layout {
  const places = new Map<string, Place>();
  const bands: Band[] = [];
  let x = 0;
  let height = 0;
  for (const [column, list] of order.entries()) {
    const band = bandNumbers[bandOfColumn[column] ?? 0] ?? null;
    let own = bands.at(-1);
    if (own === undefined || own.band !== band) {
      if (own !== undefined) x += bandGap;
      own = { band, x, width: bandPadding, nodes: 0 };
      bands.push(own);
      x += bandPadding;
    } else x += columnGap - bandPadding;
    const side = Math.max(1, Math.ceil(list.length / rows));
    for (const [index, node] of list.entries()) {
      const y = Math.floor(index / side) * (nodeHeight + rowGap);
      const key = nodes[node]?.key ?? '';
      places.set(key, { x: x + (index % side) * (nodeWidth + columnGap / 2), y });
      height = Math.max(height, y + nodeHeight);
    }
    x += side * nodeWidth + ((side - 1) * columnGap) / 2 + bandPadding;
    own.width = x - own.x;
    own.nodes += list.length;
  }
  const edges = Array.from(graph.from, (from, index) => ({
    from: nodes[from]?.key ?? '',
    to: nodes[graph.to[index] ?? 0]?.key ?? '',
  }));
  return { places, bands, edges, width: x, height };
}
