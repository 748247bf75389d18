/** The lanes on a canvas, with names beside it, a window on time that can be moved, and what is under the pointer. */
import { useComputedColorScheme } from '@mantine/core';
import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  type RefObject,
} from 'react';
import { paletteOf } from '../graph/palette.ts';
import { useCanvas } from '../graph/use-canvas.ts';
import { axisHeight, drawTime } from './draw.ts';
import type { Bar, Wait } from './lanes.ts';
import { partAt, rowHeight, type LaneRow } from './rows.ts';
import { panTime, zoomTime, type Window } from './scale.ts';
import classes from './timeline.module.css';

interface ChartProps {
  readonly rows: readonly LaneRow[];
  readonly chain: readonly string[];
  readonly window: Window;
  readonly bounds: Window;
  readonly now: number;
  readonly selected: string | null;
  readonly onWindow: (window: Window) => void;
  readonly onHover: (part: { bar: Bar | null; wait: Wait | null }) => void;
  readonly onSelect: (task: string | null) => void;
}

/** A press that moves less than this, in px, is a click. */
const clickPx = 4;
const nothing = { bar: null, wait: null };

export function Chart({ rows, chain, window, bounds, now, selected, ...on }: ChartProps): ReactElement {
  const scheme = useComputedColorScheme('light');
  const palette = useMemo(() => paletteOf(scheme), [scheme]);
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const drag = useRef<{ x: number; start: number }>(undefined);
  const { canvas } = useCanvas({
    paint: (context, size) =>
      drawTime(context, { ...size, rows, chain, window, now, top, palette, scheme, selected, label }),
  });
  useWheel(canvas, scroller, { window, bounds, onWindow: on.onWindow });
  const partUnder = (event: PointerEvent): { bar: Bar | null; wait: Wait | null } => {
    const box = event.currentTarget.getBoundingClientRect();
    const y = event.clientY - box.top - axisHeight;
    if (y < 0) return nothing;
    const per = (window.to - window.from) / Math.max(1, box.width);
    return partAt(rows[Math.floor((y + top) / rowHeight)], window.from + (event.clientX - box.left) * per, 2 * per);
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>): void => {
    const { current } = drag;
    if (current === undefined) return on.onHover(partUnder(event));
    const per = (window.to - window.from) / Math.max(1, event.currentTarget.clientWidth);
    on.onWindow(panTime(window, (current.x - event.clientX) * per, bounds));
    drag.current = { ...current, x: event.clientX };
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const run = keysOn({ window, bounds, ...on, scroll: (byPx) => scroller.current?.scrollBy({ top: byPx }) })[
      event.key
    ];
    if (run === undefined) return;
    event.preventDefault();
    run();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application has keys of its own
    <div
      className={classes['chart']}
      style={{ height: `min(60dvh, ${axisHeight + Math.max(4, rows.length) * rowHeight + 6}px)` }}
      role="application"
      aria-roledescription="time line"
      aria-label="Attempts by agent over time. Left and right move, plus, minus and 0 zoom. The table shows the same."
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application is reached by keyboard
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <canvas
        ref={canvas}
        className={classes['canvas']}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { x: event.clientX, start: event.clientX };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={(event) => {
          const { current } = drag;
          drag.current = undefined;
          if (current === undefined || Math.abs(event.clientX - current.start) >= clickPx) return;
          const { bar, wait } = partUnder(event);
          on.onSelect(bar?.task ?? wait?.task ?? null);
        }}
        onPointerLeave={() => on.onHover(nothing)}
      />
      <div className={classes['scroller']} ref={scroller} onScroll={(event) => setTop(event.currentTarget.scrollTop)}>
        <Names rows={rows} />
      </div>
    </div>
  );
}

function Names({ rows }: { rows: readonly LaneRow[] }): ReactElement {
  return (
    <div>
      {rows.map(({ agent, isFirst }, index) => (
        <div key={`${agent} ${index}`} className={classes['name']} aria-hidden={!isFirst}>
          {isFirst ? agent : ''}
        </div>
      ))}
    </div>
  );
}

interface Shown {
  window: Window;
  bounds: Window;
  onWindow: (window: Window) => void;
}

/** React's own listener cannot keep the page from scrolling. */
function useWheel(
  canvas: RefObject<HTMLCanvasElement | null>,
  scroller: RefObject<HTMLDivElement | null>,
  shown: Shown,
): void {
  const latest = useRef(shown);
  useEffect(() => {
    latest.current = shown;
  });
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent): void => {
      const { window, bounds, onWindow } = latest.current;
      const box = element?.getBoundingClientRect() ?? { left: 0, width: 1 };
      const span = window.to - window.from;
      const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
      if (event.ctrlKey || event.metaKey || event.altKey) {
        const at = window.from + ((event.clientX - box.left) / box.width) * span;
        onWindow(zoomTime(window, Math.exp(-event.deltaY * 0.004), { at, bounds }));
      } else if (sideways !== 0) onWindow(panTime(window, (sideways / box.width) * span, bounds));
      else if (scroller.current !== null) return scroller.current.scrollBy({ top: event.deltaY });
      event.preventDefault();
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [canvas, scroller]);
}

interface Keyed extends Shown {
  onSelect: (task: string | null) => void;
  scroll: (byPx: number) => void;
}

function keysOn({ window, bounds, onWindow, onSelect, scroll }: Keyed): Readonly<Record<string, () => void>> {
  const span = window.to - window.from;
  const at = window.from + span / 2;
  return {
    '+': () => onWindow(zoomTime(window, 1.5, { at, bounds })),
    '-': () => onWindow(zoomTime(window, 1 / 1.5, { at, bounds })),
    '0': () => onWindow(bounds),
    ArrowLeft: () => onWindow(panTime(window, -span / 8, bounds)),
    ArrowRight: () => onWindow(panTime(window, span / 8, bounds)),
    ArrowDown: () => scroll(3 * rowHeight),
    ArrowUp: () => scroll(-3 * rowHeight),
    Escape: () => onSelect(null),
  };
}

/** A time of the day; the date where days are apart. */
function label(at: number, step: number): string {
  const date = new Date(at);
  if (step >= 86_400_000) return date.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  const seconds = step < 60_000 ? ({ second: '2-digit' } as const) : {};
  return date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', ...seconds });
}
