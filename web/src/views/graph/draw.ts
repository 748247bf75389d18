/**
 * Draws a graph on a canvas: all of it for the overview, with more in each node the nearer it is.
 *
 * Owns the levels of detail. What has the same colour is one path, so that thousands of nodes are a few dozen calls.
 */
import type { TaskStatus } from '../../../../src/api/contract.ts';
import { statusLooks } from '../../parts/status.ts';
import { headPx, overlaps, seen, type Camera, type Size } from './camera.ts';
import type { Band } from './layout.ts';
import { isLit } from './marks.ts';
import type { NodeState } from './node-store.ts';
import type { Palette } from './palette.ts';
import type { Scene, SceneNode } from './scene.ts';

export interface Drawing {
  scene: Scene;
  stateOf: (key: string) => NodeState;
  camera: Camera;
  size: Size;
  palette: Palette;
  /** Chosen by click or key. */
  selected: string | null;
  /** Device pixels per px. */
  ratio: number;
  /** Nodes and edges are drawn by others. */
  bandsOnly: boolean;
}

/** Node heights on the screen, in px, from which on a node shows its shape, its id, its title. */
const shapeFrom = 9;
const idFrom = 19;
const titleFrom = 30;

/** Statuses that call for attention are filled; what only waits is an outline. */
const filled: ReadonlySet<TaskStatus> = new Set(['needs-you', 'running', 'landing']);
const outlined: ReadonlySet<TaskStatus> = new Set(['blocked', 'cancelled', 'waiting']);
const dimAlpha = 0.22;

export function draw(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { size, palette, ratio, scene } = drawing;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, size.width, size.height);
  for (const band of scene.bands) drawBand(context, band, drawing);
  if (!drawing.bandsOnly) drawGraph(context, drawing);
  drawHead(context, drawing);
}

function drawGraph(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { camera, size, scene } = drawing;
  const view = seen(camera, size);
  drawEdges(context, drawing);
  const shown = scene.nodes.filter((node) => overlaps(node, view));
  drawBoxes(context, shown, drawing);
  const height = (shown[0]?.height ?? 0) * camera.zoom;
  if (height >= shapeFrom) for (const node of shown) drawInside(context, node, drawing);
  drawSelected(context, drawing);
}

function drawBand(context: CanvasRenderingContext2D, band: Band, { camera, size, palette }: Drawing): void {
  const x = band.x * camera.zoom + camera.x;
  const width = band.width * camera.zoom;
  if (x > size.width || x + width < 0) return;
  context.fillStyle = palette.raised;
  context.fillRect(x, 0, width, size.height);
}

/** The names of the layers, at the window's top wherever the picture stands. */
function drawHead(context: CanvasRenderingContext2D, { scene, camera, size, palette }: Drawing): void {
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, size.width, headPx);
  context.fillStyle = palette.faint;
  context.fillRect(0, headPx - 1, size.width, 1);
  context.fillStyle = palette.dimmed;
  context.font = '12px system-ui, sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const band of scene.bands) {
    const x = band.x * camera.zoom + camera.x;
    const width = band.width * camera.zoom;
    if (x > size.width || x + width < 0 || width < 12) continue;
    const long = band.band === null ? 'No layer' : `Layer ${band.band}`;
    const text = width < 60 ? (band.band === null ? '–' : String(band.band)) : `${long} · ${band.nodes}`;
    const room = context.measureText(text).width + 4;
    if (room < width) context.fillText(text, Math.min(Math.max(6, x + 6), x + width - room), headPx / 2);
  }
}

function drawEdges(context: CanvasRenderingContext2D, drawing: Drawing): void {
  const { scene, stateOf, camera, palette, size } = drawing;
  const near: Line[] = [];
  const far: Line[] = [];
  const chain: Line[] = [];
  const isFocused = scene.nodes.some(({ key }) => stateOf(key).mark !== 'none');
  context.beginPath();
  for (const { from, to } of scene.edges) {
    const line = lineOf(from, to, camera);
    if (isOutside(line, size)) continue;
    const [start, end] = [stateOf(from.key).mark, stateOf(to.key).mark];
    if (!isLit(start, end)) trace(context, line);
    else (start === 'chain' ? chain : start === 'self' || end === 'self' ? near : far).push(line);
  }
  context.lineWidth = Math.max(0.5, Math.min(1.25, camera.zoom * 1.6));
  context.strokeStyle = palette.line;
  context.globalAlpha = isFocused ? 0.18 : camera.zoom < 0.2 ? 0.35 : 0.7;
  context.stroke();
  context.globalAlpha = 1;
  for (const [lines, color, width] of [
    [far, palette.dimmed, 1],
    [near, palette.text, 2],
    [chain, palette.ink('needs-you'), 2],
  ] as const) {
    context.beginPath();
    for (const line of lines) trace(context, line);
    context.lineWidth = width;
    context.strokeStyle = color;
    context.stroke();
  }
}

interface Line {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  bend: number;
}

function lineOf(from: SceneNode, to: SceneNode, { x, y, zoom }: Camera): Line {
  const x1 = (from.x + from.width) * zoom + x;
  const x2 = to.x * zoom + x;
  const y1 = (from.y + from.height / 2) * zoom + y;
  const y2 = (to.y + to.height / 2) * zoom + y;
  return { x1, y1, x2, y2, bend: zoom < 0.2 ? 0 : Math.max(16 * zoom, Math.min(90 * zoom, Math.abs(x2 - x1) / 2)) };
}

function isOutside({ x1, y1, x2, y2 }: Line, { width, height }: Size): boolean {
  return (
    (x1 < -40 && x2 < -40) || (x1 > width + 40 && x2 > width + 40) || (y1 < 0 && y2 < 0) || (y1 > height && y2 > height)
  );
}

function trace(context: CanvasRenderingContext2D, { x1, y1, x2, y2, bend }: Line): void {
  context.moveTo(x1, y1);
  if (bend === 0) context.lineTo(x2, y2);
  else context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
}

/** All boxes of a status and brightness at once. */
function drawBoxes(context: CanvasRenderingContext2D, shown: readonly SceneNode[], drawing: Drawing): void {
  const { stateOf, camera, palette } = drawing;
  const groups = Map.groupBy(shown, ({ key }) => {
    const { status, mark } = stateOf(key);
    return `${mark === 'dim' ? 'dim' : 'lit'} ${status}`;
  });
  for (const [name, nodes] of groups) {
    const status = name.slice(4) as TaskStatus;
    const isDim = name.startsWith('dim');
    const ink = palette.ink(status);
    context.beginPath();
    for (const { x, y, width, height } of nodes)
      context.rect(x * camera.zoom + camera.x, y * camera.zoom + camera.y, width * camera.zoom, height * camera.zoom);
    const isNear = (nodes[0]?.height ?? 0) * camera.zoom >= idFrom;
    context.globalAlpha = 1;
    context.fillStyle = palette.paper;
    context.fill();
    context.globalAlpha = isDim ? dimAlpha / 2 : 1;
    context.fillStyle = ink;
    if (!outlined.has(status) || isNear) {
      context.globalAlpha *= isNear ? 0.14 : filled.has(status) ? 1 : 0.45;
      context.fill();
    }
    context.globalAlpha = isDim ? dimAlpha : 1;
    context.lineWidth = camera.zoom < 0.12 ? 0.5 : 1;
    context.strokeStyle = ink;
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawInside(context: CanvasRenderingContext2D, { key, node, ...box }: SceneNode, drawing: Drawing): void {
  const { stateOf, camera, palette } = drawing;
  const { status, mark, note } = stateOf(key);
  const { zoom } = camera;
  const x = box.x * zoom + camera.x;
  const y = box.y * zoom + camera.y;
  const height = box.height * zoom;
  const width = box.width * zoom;
  const isNear = height >= idFrom;
  context.globalAlpha = mark === 'dim' ? dimAlpha * 1.5 : 1;
  context.textAlign = isNear ? 'left' : 'center';
  context.textBaseline = 'middle';
  context.fillStyle = isNear || !filled.has(status) ? palette.ink(status) : palette.paper;
  const hasTitle = height >= titleFrom;
  const middle = hasTitle ? y + height * 0.32 : y + height / 2;
  const fontSize = Math.min(13, Math.max(8, height * (isNear ? 0.36 : 0.7)));
  context.font = `${fontSize}px "DejaVu Sans", system-ui, sans-serif`;
  context.fillText(statusLooks[status].shape, isNear ? x + 7 : x + width / 2, middle);
  if (isNear) {
    context.fillStyle = palette.text;
    context.font = `600 ${fontSize}px system-ui, sans-serif`;
    const name = node.task?.id ?? node.title;
    context.fillText(cut(context, note === '' ? name : `${name} · ${note}`, width - 32), x + 24, middle);
  }
  if (hasTitle && node.task !== null) {
    context.fillStyle = palette.dimmed;
    context.font = `${Math.min(12, height * 0.3)}px system-ui, sans-serif`;
    context.fillText(cut(context, node.title, width - 14), x + 7, y + height * 0.7);
  }
  context.globalAlpha = 1;
}

function drawSelected(context: CanvasRenderingContext2D, { scene, camera, palette, selected }: Drawing): void {
  const own = selected === null ? undefined : scene.byKey.get(selected);
  if (own === undefined) return;
  const [x, y] = [own.x * camera.zoom + camera.x, own.y * camera.zoom + camera.y];
  context.lineWidth = 2;
  context.strokeStyle = palette.text;
  context.strokeRect(x - 3, y - 3, own.width * camera.zoom + 6, own.height * camera.zoom + 6);
}

/** As much of a text as fits; a measurement a letter would be too many, so the width of a middle one is taken. */
function cut(context: CanvasRenderingContext2D, text: string, width: number): string {
  const per = context.measureText('n').width;
  const fits = Math.floor(width / Math.max(1, per));
  return text.length <= fits ? text : fits < 3 ? '' : `${text.slice(0, fits - 1)}…`;
}
