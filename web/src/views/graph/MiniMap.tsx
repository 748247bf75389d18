/** All of the graph in the corner, with a frame where the window is; a press there goes there. */
import { useEffect, useRef, type PointerEvent, type ReactElement } from 'react';
import { seen } from './camera.ts';
import classes from './graph.module.css';
import type { NodeStore } from './node-store.ts';
import type { Palette } from './palette.ts';
import type { Scene } from './scene.ts';
import { useCanvas } from './use-canvas.ts';
import type { Viewport } from './viewport.ts';

interface MiniMapProps {
  readonly scene: Scene;
  readonly store: NodeStore;
  readonly viewport: Viewport;
  readonly palette: Palette;
}

const width = 208;
const height = 116;
const padding = 6;

export function MiniMap({ scene, store, viewport, palette }: MiniMapProps): ReactElement {
  const map = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  // Wide plans are squeezed rather than drawn as a thread: this is a map of where, not of how far.
  const across = (width - 2 * padding) / Math.max(1, scene.size.width);
  const down = Math.min((height - 2 * padding) / Math.max(1, scene.size.height), across * 4);
  const { canvas, again } = useCanvas({
    paint: (context, { ratio }) => {
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = palette.raised;
      context.fillRect(0, 0, width, height);
      const byStatus = Map.groupBy(scene.nodes, ({ key }) => store.get(key).status);
      for (const [status, nodes] of byStatus) {
        context.fillStyle = palette.ink(status);
        context.globalAlpha = status === 'blocked' || status === 'cancelled' ? 0.35 : status === 'landed' ? 0.55 : 1;
        for (const node of nodes) {
          const wide = Math.max(1.5, node.width * across - 0.5);
          context.fillRect(padding + node.x * across, padding + node.y * down, wide, Math.max(1, node.height * down));
        }
      }
      context.globalAlpha = 1;
    },
  });
  useEffect(() => store.subscribe(null, again), [store, again]);
  useEffect(() => {
    const place = (): void => {
      const { style } = frame.current ?? {};
      if (style === undefined) return;
      const view = seen(viewport.camera, viewport.size);
      const { width: all, height: tall } = scene.size;
      const isAll = view.x <= 0 && view.y <= 0 && view.x + view.width >= all && view.y + view.height >= tall;
      if (map.current !== null) map.current.hidden = isAll;
      const left = Math.max(0, padding + view.x * across);
      const top = Math.max(0, padding + view.y * down);
      style.left = `${left}px`;
      style.top = `${top}px`;
      style.width = `${Math.max(6, Math.min(width, padding + (view.x + view.width) * across) - left)}px`;
      style.height = `${Math.max(6, Math.min(height, padding + (view.y + view.height) * down) - top)}px`;
    };
    place();
    return viewport.subscribe(place);
  }, [viewport, scene, across, down]);
  const go = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    const { camera, size } = viewport;
    const x = (event.clientX - box.left - padding) / across;
    const y = (event.clientY - box.top - padding) / down;
    const { zoom } = camera;
    viewport.move({ zoom, x: size.width / 2 - x * zoom, y: size.height / 2 - y * zoom });
  };
  return (
    <div ref={map} className={classes['minimap']} onPointerDown={go} onPointerMove={go} aria-hidden>
      <canvas ref={canvas} />
      <div ref={frame} className={classes['frame']} />
    </div>
  );
}
