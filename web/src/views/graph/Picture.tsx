/**
 * The graph as a picture: canvas for the overview, real elements when few nodes are in view, a small map of all in the corner.
 *
 * Owns which of the two draws, and pointer and keys on it.
 */
import { useComputedColorScheme } from '@mantine/core';
import { lazy, Suspense, useEffect, useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { Camera } from './camera.ts';
import { draw } from './draw.ts';
import classes from './graph.module.css';
import { begin, bringIntoView, isFewInView, keysOn, menuAt } from './look.ts';
import { MiniMap } from './MiniMap.tsx';
import { paletteOf } from './palette.ts';
import type { Scene } from './scene.ts';
import { useCanvas } from './use-canvas.ts';
import type { Graph } from './use-graph.ts';
import { usePointer } from './use-pointer.ts';
import { Viewport } from './viewport.ts';

const Flow = lazy(() => import('./Flow.tsx'));

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
  const [bandsOnly, setBandsOnly] = useState(false);
  const scheme = useComputedColorScheme('light');
  const palette = useMemo(() => paletteOf(scheme), [scheme]);
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
      if (start === null) bringIntoView(scene, viewport, selected);
    },
  });
  useEffect(() => store.subscribe(null, again), [store, again]);
  // Its code is there before it is needed.
  useEffect(() => void import('./Flow.tsx'), []);
  const isNear = useMoves({ scene, viewport, again, onMoved });
  useEffect(() => bringIntoView(scene, viewport, selected), [scene, viewport, selected]);
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

interface Moving {
  scene: Scene;
  viewport: Viewport;
  again: () => void;
  onMoved: (camera: Camera) => void;
}

/** The address follows the window when it rests, in ms. */
const restMs = 300;

/** Draws when the window moves, tells where it came to rest, and answers whether few enough nodes are in it for elements. */
function useMoves({ scene, viewport, again, onMoved }: Moving): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = viewport.subscribe(() => {
      again();
      setNear((before) => isFewInView(scene, viewport, before));
      clearTimeout(timer);
      timer = setTimeout(() => onMoved(viewport.camera), restMs);
    });
    return () => (end(), clearTimeout(timer));
  }, [viewport, scene, again, onMoved]);
  return isNear;
}
