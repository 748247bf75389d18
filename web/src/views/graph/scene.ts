/** What a canvas has to know to draw a graph: nodes and edges with their places. Pure. */
import type { GraphNode } from './fold.ts';
import { layOut, nodeHeight, nodeWidth, type Band } from './layout.ts';
import { overlaps, type Box } from './camera.ts';
import { neededBy, type Needs } from './reach.ts';

export interface SceneNode extends Box {
  node: GraphNode;
  key: string;
}

export interface Scene {
  nodes: readonly SceneNode[];
  byKey: ReadonlyMap<string, SceneNode>;
  edges: readonly { from: SceneNode; to: SceneNode }[];
  bands: readonly Band[];
  needs: Needs;
  back: Needs;
  size: { width: number; height: number };
}

export function sceneOf(graph: readonly GraphNode[]): Scene {
  const layout = layOut(graph);
  const nodes = graph.map((node): SceneNode => {
    const { x, y } = layout.places.get(node.key) ?? { x: 0, y: 0 };
    return { node, key: node.key, x, y, width: nodeWidth, height: nodeHeight };
  });
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const edges = layout.edges.flatMap(({ from, to }) => {
    const [start, end] = [byKey.get(from), byKey.get(to)];
    return start === undefined || end === undefined ? [] : [{ from: start, to: end }];
  });
  const needs = new Map(graph.map(({ key, needs: own }) => [key, own]));
  const size = { width: layout.width, height: layout.height };
  return { nodes, byKey, edges, bands: layout.bands, needs, back: neededBy(needs), size };
}

/** What decides the picture besides statuses: as long as it stays the same, places stay the same. */
export function shapeOf(graph: readonly GraphNode[]): string {
  return graph.map(({ key, title, band, needs }) => `${key}\t${title}\t${band}\t${needs.join(' ')}`).join('\n');
}

/** The node at a point of the picture. */
export function nodeAt({ nodes }: Scene, { x, y }: { x: number; y: number }): SceneNode | null {
  return nodes.find((one) => overlaps(one, { x, y, width: 0.001, height: 0.001 })) ?? null;
}

/** The node that an arrow key leads to: along the edges sideways, to the next in its column up and down. */
export function nextNode(scene: Scene, key: string | null, arrow: 'left' | 'right' | 'up' | 'down'): string | null {
  const own = key === null ? undefined : scene.byKey.get(key);
  if (own === undefined) return scene.nodes[0]?.key ?? null;
  if (arrow === 'up' || arrow === 'down') {
    const column = scene.nodes.filter(({ x }) => x === own.x).toSorted((a, b) => a.y - b.y);
    return column[column.indexOf(own) + (arrow === 'up' ? -1 : 1)]?.key ?? own.key;
  }
  const along = arrow === 'left' ? scene.needs.get(own.key) : scene.back.get(own.key);
  const near = (along ?? [])
    .flatMap((one) => scene.byKey.get(one) ?? [])
    .toSorted((a, b) => Math.abs(a.y - own.y) - Math.abs(b.y - own.y));
  if (near[0] !== undefined) return near[0].key;
  const beside = scene.nodes
    .filter(({ x }) => (arrow === 'left' ? x < own.x : x > own.x))
    .toSorted((a, b) => Math.abs(a.x - own.x) - Math.abs(b.x - own.x) || Math.abs(a.y - own.y) - Math.abs(b.y - own.y));
  return beside[0]?.key ?? own.key;
}
