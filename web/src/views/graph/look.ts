/** What the window on the graph shows: at first, when a node is chosen, when keys are pressed. */
import { centre, fit, headPx, overlaps, seen, zoomAt, type Camera, type Size } from './camera.ts';
import type { NodeState } from './node-store.ts';
import { nextNode, type Scene } from './scene.ts';
import type { Viewport } from './viewport.ts';

/** Elements come at so many nodes in view and so near, and go only beyond the second pair, so that nothing flickers. */
const flowIn = { nodes: 60, zoom: 0.62 };
const flowOut = { nodes: 90, zoom: 0.55 };
/** A plan that would have to be shown smaller than this fills the height instead, from where work goes on. */
const readableZoom = 0.55;
/** How near and how far that may be. */
const firstZoom = { least: 0.1, most: 0.7 };

/** Where the window stands at first. */
export function begin({ size: all, nodes, bands }: Scene, stateOf: (key: string) => NodeState, size: Size): Camera {
  const whole = fit({ x: 0, y: 0, ...all }, size);
  if (whole.zoom >= readableZoom) return whole;
  const zoom = Math.min(firstZoom.most, Math.max(firstZoom.least, (size.height - headPx - 16) / all.height));
  const isOpen = ({ key }: { key: string }): boolean => !['landed', 'cancelled'].includes(stateOf(key).status);
  const from = nodes.filter(isOpen).reduce((left, { x }) => Math.min(left, x), all.width);
  const band = bands.findLast(({ x }) => x <= from)?.x ?? 0;
  const rightmost = all.width - size.width / zoom + 24 / zoom;
  return { zoom, x: -Math.max(-24 / zoom, Math.min(rightmost, band - size.width / zoom / 5)) * zoom, y: headPx + 8 };
}

/** Whether elements are drawn, given that they are or are not just now. */
export function isFewInView(scene: Scene, { camera, size }: Viewport, before: boolean): boolean {
  const { nodes, zoom } = before ? flowOut : flowIn;
  if (camera.zoom < zoom) return false;
  const view = seen(camera, size);
  let count = 0;
  for (const node of scene.nodes) if (overlaps(node, view)) count += 1;
  return count <= nodes;
}

/** Where on the page the menu of a node opens that was asked for by key. */
export function menuAt(
  scene: Scene,
  { camera }: Viewport,
  { key, canvas }: { key: string; canvas: HTMLCanvasElement | null },
): { x: number; y: number } {
  const box = canvas?.getBoundingClientRect() ?? { left: 0, top: 0 };
  const node = scene.byKey.get(key) ?? { x: 0, y: 0, width: 0, height: 0 };
  return {
    x: box.left + (node.x + node.width / 2) * camera.zoom + camera.x,
    y: box.top + (node.y + node.height) * camera.zoom + camera.y,
  };
}

/** Moves the window only if the node is not well inside it. */
export function bringIntoView(scene: Scene, viewport: Viewport, key: string | null): void {
  const node = key === null ? undefined : scene.byKey.get(key);
  const { camera, size } = viewport;
  if (node === undefined || size.width === 0) return;
  const margin = { x: node.x - 40, y: node.y - 40, width: node.width + 80, height: node.height + 80 };
  const view = seen(camera, size);
  const isAcross = margin.x >= view.x && margin.x + margin.width <= view.x + view.width;
  if (isAcross && margin.y >= view.y && margin.y + margin.height <= view.y + view.height) return;
  const middle = { x: node.x + node.width / 2, y: node.y + node.height / 2 };
  viewport.move(centre(middle, Math.max(camera.zoom, 0.3), size));
}

interface Keyed {
  scene: Scene;
  viewport: Viewport;
  selected: string | null;
  onSelect: (key: string | null) => void;
  onOpen: (key: string) => void;
  onMenu: (key: string) => void;
}

/** What keys do on the picture. */
export function keysOn({
  scene,
  viewport,
  selected,
  onSelect,
  onOpen,
  onMenu,
}: Keyed): Readonly<Record<string, () => void>> {
  const { camera, size } = viewport;
  const middle = { x: size.width / 2, y: size.height / 2 };
  return {
    ArrowLeft: () => onSelect(nextNode(scene, selected, 'left')),
    ArrowRight: () => onSelect(nextNode(scene, selected, 'right')),
    ArrowUp: () => onSelect(nextNode(scene, selected, 'up')),
    ArrowDown: () => onSelect(nextNode(scene, selected, 'down')),
    Enter: () => selected !== null && onOpen(selected),
    Escape: () => onSelect(null),
    '+': () => viewport.move(zoomAt(camera, 1.4, middle)),
    '-': () => viewport.move(zoomAt(camera, 1 / 1.4, middle)),
    '0': () => viewport.move(fit({ x: 0, y: 0, ...scene.size }, size)),
    m: () => selected !== null && onMenu(selected),
  };
}
