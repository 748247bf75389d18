/**
 * The graph as a picture: canvas for the overview, real elements when few nodes are in view, a small map of all in the corner.
 *
 * Owns which of the two draws, and pointer and keys on it.
 */
import { useComputedColorScheme } from '@mantine/core';
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { centre, fit, headPx, overlaps, seen, zoomAt, type Camera, type Size } from './camera.ts';
import { draw } from './draw.ts';
import classes from './graph.module.css';
import { MiniMap } from './MiniMap.tsx';
import type { NodeState } from './node-store.ts';
import { paletteOf } from './palette.ts';
import { nextNode, type Scene } from './scene.ts';
import { useCanvas } from './use-canvas.ts';
import type { Graph } from './use-graph.ts';
import { usePointer } from './use-pointer.ts';
import { Viewport } from './viewport.ts';

const Flow = lazy(() => import('./Flow.tsx'));

/** Elements come at so many nodes in view and so near, and go only beyond the second pair, so that nothing flickers. */
const flowIn = { nodes: 60, zoom: 0.62 };
const flowOut = { nodes: 90, zoom: 0.55 };
/** A plan that would have to be shown smaller than this fills the height instead, from where work goes on. */
const readableZoom = 0.55;
/** How near and how far that may be. */
const firstZoom = { least: 0.1, most: 0.7 };

const about =
  'Graph of tasks. Arrow keys follow what is needed and what needs it, Enter opens, m is for actions, plus, minus and 0 zoom. The table shows the same.';

interface PictureProps {
  readonly graph: Graph;
  readonly selected: string | null;
  readonly onSelect: (key: string | null) => void;
  readonly onHover: (key: string | null) => void;
  readonly onOpen: (key: string) => void;
  readonly onMenu: (key: string, at: { x: number; y: number }) => void;
  /** The name of a layer was pressed. */
  readonly onBand: (band: number | null) => void;
  /** Where the window stood; `null`: all that fits. */
  readonly start: Camera | null;
  readonly onMoved: (camera: Camera) => void;
}

export function Picture({ graph, start, ...props }: PictureProps): ReactElement {
  const { selected, onSelect, onHover, onOpen, onMenu, onMoved, onBand } = props;
  const { scene, store } = graph;
  const [viewport] = useState(() => new Viewport());
  const [isNear, setNear] = useState(false);
  const [bandsOnly, setBandsOnly] = useState(false);
  const scheme = useComputedColorScheme('light');
  const palette = useMemo(() => paletteOf(scheme), [scheme]);
  const show = useCallback(
    (key: string | null) => {
      const node = key === null ? undefined : scene.byKey.get(key);
      if (node === undefined) return;
      const { camera, size } = viewport;
      if (size.width === 0) return;
      const margin = { x: node.x - 40, y: node.y - 40, width: node.width + 80, height: node.height + 80 };
      const view = seen(camera, size);
      const isInside = margin.x >= view.x && margin.x + margin.width <= view.x + view.width;
      if (isInside && margin.y >= view.y && margin.y + margin.height <= view.y + view.height) return;
      const middle = { x: node.x + node.width / 2, y: node.y + node.height / 2 };
      viewport.move(centre(middle, Math.max(camera.zoom, 0.3), size));
    },
    [scene, viewport],
  );
  const { canvas, again } = useCanvas({
    paint: (context, { width, height, ratio }) => {
      const { camera } = viewport;
      const size = { width, height };
      draw(context, { scene, stateOf: (key) => store.get(key), camera, size, palette, selected, ratio, bandsOnly });
    },
    onSize: (size) => {
      const isFirst = viewport.size.width === 0;
      viewport.resize(size);
      if (!isFirst) return;
      viewport.move(start ?? begin(scene, (key) => store.get(key), size));
      if (start === null) show(selected);
    },
  });
  useEffect(() => store.subscribe(null, again), [store, again]);
  // Its code is there before it is needed.
  useEffect(() => void import('./Flow.tsx'), []);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = viewport.subscribe(() => {
      again();
      setNear((before) => isFewInView(scene, viewport, before));
      clearTimeout(timer);
      timer = setTimeout(() => onMoved(viewport.camera), 300);
    });
    return () => (end(), clearTimeout(timer));
  }, [viewport, scene, again, onMoved]);
  useEffect(() => show(selected), [selected, show]);
  const pointer = usePointer({ canvas, scene, viewport, onSelect, onHover, onOpen, onMenu, onBand });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = (key: string): { x: number; y: number } => menuAt(scene, viewport, { key, canvas: canvas.current });
    const run = keysOn({ scene, viewport, selected, onSelect, onOpen, onMenu: (key) => onMenu(key, at(key)) })[
      event.key
    ];
    if (run === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application has keys of its own
    <div
      className={classes['picture']}
      role="application"
      aria-roledescription="graph"
      aria-label={about}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application is reached by keyboard
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} className={classes['canvas']} {...pointer} />
      {isNear && (
        <Suspense fallback={null}>
          <Flow
            onShown={setBandsOnly}
            scene={scene}
            store={store}
            viewport={viewport}
            selected={selected}
            {...{ onSelect, onHover, onOpen, onMenu }}
          />
        </Suspense>
      )}
      <MiniMap scene={scene} store={store} viewport={viewport} palette={palette} />
    </div>
  );
}

interface Keyed {
  scene: Scene;
  viewport: Viewport;
  selected: string | null;
  onSelect: (key: string | null) => void;
  onOpen: (key: string) => void;
  onMenu: (key: string) => void;
}

function keysOn({ scene, viewport, selected, onSelect, onOpen, onMenu }: Keyed): Readonly<Record<string, () => void>> {
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

function begin({ size: all, nodes, bands }: Scene, stateOf: (key: string) => NodeState, size: Size): Camera {
  const whole = fit({ x: 0, y: 0, ...all }, size);
  if (whole.zoom >= readableZoom) return whole;
  const zoom = Math.min(firstZoom.most, Math.max(firstZoom.least, (size.height - headPx - 16) / all.height));
  const isOpen = ({ key }: { key: string }): boolean => !['landed', 'cancelled'].includes(stateOf(key).status);
  const from = nodes.filter(isOpen).reduce((left, { x }) => Math.min(left, x), all.width);
  const band = bands.findLast(({ x }) => x <= from)?.x ?? 0;
  const rightmost = all.width - size.width / zoom + 24 / zoom;
  return { zoom, x: -Math.max(-24 / zoom, Math.min(rightmost, band - size.width / zoom / 5)) * zoom, y: headPx + 8 };
}

function isFewInView(scene: Scene, { camera, size }: Viewport, before: boolean): boolean {
  const { nodes, zoom } = before ? flowOut : flowIn;
  if (camera.zoom < zoom) return false;
  const view = seen(camera, size);
  let count = 0;
  for (const node of scene.nodes) if (overlaps(node, view)) count += 1;
  return count <= nodes;
}

/** Where on the page the menu of a node opens that was asked for by key. */
function menuAt(
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
