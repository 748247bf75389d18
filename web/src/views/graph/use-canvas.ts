/** A canvas that is drawn once a frame at most, as sharp as the screen is. */
import { useCallback, useEffect, useLayoutEffect, useRef, type RefObject } from 'react';

export interface Painter {
  /** Draws everything; the latest one given is used. */
  paint: (context: CanvasRenderingContext2D, box: { width: number; height: number; ratio: number }) => void;
  onSize?: (size: { width: number; height: number }) => void;
}

/** Sharper than this costs more than an eye sees. */
const ratioMax = 2;

/** The canvas's ref, and what asks for a drawing; each rendering asks for one by itself. */
export function useCanvas(painter: Painter): { canvas: RefObject<HTMLCanvasElement | null>; again: () => void } {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(painter);
  const frame = useRef(0);
  const again = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      const element = canvas.current;
      const context = element?.getContext('2d', { alpha: false });
      if (element === null || context === null || context === undefined) return;
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = Math.min(ratioMax, window.devicePixelRatio || 1);
      const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (element.width !== across || element.height !== down) {
        element.width = across;
        element.height = down;
      }
      latest.current.paint(context, { width, height, ratio });
    });
  }, []);
  useLayoutEffect(() => {
    latest.current = painter;
    again();
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      latest.current.onSize?.({ width: element.clientWidth, height: element.clientHeight });
      again();
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame.current);
      frame.current = 0;
    };
  }, [again]);
  return { canvas, again };
}
