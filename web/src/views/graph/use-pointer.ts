/** Pointer and wheel on the canvas: drag moves, wheel zooms, click chooses, double click opens, the right button is for actions. */
import { useEffect, useRef, type MouseEvent, type PointerEvent, type RefObject } from 'react';
import { headPx, zoomAt } from './camera.ts';
import { nodeAt, type Scene } from './scene.ts';
import type { Viewport } from './viewport.ts';

interface Pointed {
  canvas: RefObject<HTMLCanvasElement | null>;
  scene: Scene;
  viewport: Viewport;
  onSelect: (key: string | null) => void;
  onHover: (key: string | null) => void;
  onOpen: (key: string) => void;
  onMenu: (key: string, at: { x: number; y: number }) => void;
  onBand: (band: number | null) => void;
}

/** A press that moves less than this, in px, is a click. */
const clickPx = 4;

interface PointerHandlers {
  onPointerDown: (event: PointerEvent<HTMLCanvasElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLCanvasElement>) => void;
  onPointerUp: (event: PointerEvent<HTMLCanvasElement>) => void;
  onPointerLeave: () => void;
  onDoubleClick: (event: MouseEvent<HTMLCanvasElement>) => void;
  onContextMenu: (event: MouseEvent<HTMLCanvasElement>) => void;
}

export function usePointer({ canvas, scene, viewport, ...on }: Pointed): PointerHandlers {
  const drag = useRef<{ x: number; y: number; startX: number; startY: number }>(undefined);
  const hovered = useRef<string | null>(null);
  useWheel(canvas, viewport);
  const keyAt = (event: MouseEvent): string | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const { x, y, zoom } = viewport.camera;
    const at = { x: (event.clientX - box.left - x) / zoom, y: (event.clientY - box.top - y) / zoom };
    return event.clientY - box.top < headPx ? null : (nodeAt(scene, at)?.key ?? null);
  };
  /** Of the band whose name is at the pointer; `undefined`: none. */
  const bandAt = (event: MouseEvent): number | null | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    if (event.clientY - box.top > headPx) return undefined;
    const x = (event.clientX - box.left - viewport.camera.x) / viewport.camera.zoom;
    return scene.bands.find((band) => x >= band.x && x < band.x + band.width)?.band;
  };
  const hover = (key: string | null): void => {
    if (key === hovered.current) return;
    hovered.current = key;
    on.onHover(key);
  };
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { x: event.clientX, y: event.clientY, startX: event.clientX, startY: event.clientY };
    },
    onPointerMove: (event) => {
      const { current } = drag;
      if (current === undefined) return hover(keyAt(event));
      const { x, y, zoom } = viewport.camera;
      viewport.move({ zoom, x: x + event.clientX - current.x, y: y + event.clientY - current.y });
      drag.current = { ...current, x: event.clientX, y: event.clientY };
    },
    onPointerUp: (event) => {
      const { current } = drag;
      drag.current = undefined;
      if (current === undefined) return;
      const moved = Math.hypot(event.clientX - current.startX, event.clientY - current.startY);
      if (moved >= clickPx) return;
      const band = bandAt(event);
      if (band === undefined) on.onSelect(keyAt(event));
      else on.onBand(band);
    },
    onPointerLeave: () => hover(null),
    onDoubleClick: (event) => {
      const key = keyAt(event);
      if (key !== null) on.onOpen(key);
    },
    onContextMenu: (event) => {
      const key = keyAt(event);
      if (key === null) return;
      event.preventDefault();
      on.onMenu(key, { x: event.clientX, y: event.clientY });
    },
  };
}

/** React's own listener cannot keep the page from scrolling. */
function useWheel(canvas: RefObject<HTMLCanvasElement | null>, viewport: Viewport): void {
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element?.getBoundingClientRect() ?? { left: 0, top: 0 };
      const { x, y, zoom } = viewport.camera;
      // Sideways wheels and shift move; a pinch arrives as a wheel with ctrl.
      if (event.shiftKey || (event.deltaX !== 0 && !event.ctrlKey && Math.abs(event.deltaX) > Math.abs(event.deltaY)))
        return viewport.move({ zoom, x: x - event.deltaX - (event.shiftKey ? event.deltaY : 0), y });
      const factor = Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : event.ctrlKey ? 0.01 : 0.0018));
      viewport.move(zoomAt(viewport.camera, factor, { x: event.clientX - box.left, y: event.clientY - box.top }));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [canvas, viewport]);
}
