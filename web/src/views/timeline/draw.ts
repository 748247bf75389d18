/** Draws lanes on a canvas: waits behind, bars above them, the chain through all, ticks and now. */
import { lookOf } from '../../parts/status.ts';
import { inkOf, type Palette } from '../graph/palette.ts';
import type { Bar, Wait, WaitKind } from './lanes.ts';
import { chainEnds, rowHeight, scaleOf, type LaneRow } from './rows.ts';
import { ticks, type Window } from './scale.ts';

export interface TimeDrawing {
  rows: readonly LaneRow[];
  chain: readonly string[];
  window: Window;
  now: number;
  /** How far the rows are scrolled, in px. */
  top: number;
  width: number;
  height: number;
  ratio: number;
  palette: Palette;
  scheme: 'light' | 'dark';
  /** The task whose bars are all marked. */
  selected: string | null;
  label: (at: number, step: number) => string;
}

export const axisHeight = 26;
/** What the word for now takes beside its line, and a time beside its tick, in px. */
const nowRoom = 84;
/** Ticks closer than this, in px, cannot be read. */
const tickPx = 110;
const waitColors: Readonly<Record<WaitKind, string>> = {
  queued: 'gray',
  person: 'orange',
  retry: 'yellow',
  landing: 'violet',
};

export function drawTime(context: CanvasRenderingContext2D, drawing: TimeDrawing): void {
  const { rows, top, width, height, ratio, palette } = drawing;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, width, height);
  const first = Math.max(0, Math.floor(top / rowHeight));
  const end = Math.min(rows.length, Math.ceil((top + height) / rowHeight));
  const yOf = (row: number): number => axisHeight + row * rowHeight - top;
  drawGround(context, drawing, { first, end, yOf });
  const x = scaleOf(drawing.window, width);
  for (let row = first; row < end; row += 1) {
    for (const wait of rows[row]?.waits ?? []) drawWait(context, wait, { x, y: yOf(row), drawing });
    for (const bar of rows[row]?.bars ?? []) drawBar(context, bar, { x, y: yOf(row), drawing });
  }
  drawChain(context, drawing, { x, yOf });
  drawAxis(context, drawing, x);
}

interface Shown {
  first: number;
  end: number;
  yOf: (row: number) => number;
}

function drawGround(context: CanvasRenderingContext2D, { rows, width, palette }: TimeDrawing, shown: Shown): void {
  let isOdd = false;
  for (let row = 0; row < shown.end; row += 1) {
    if (rows[row]?.isFirst === true) isOdd = !isOdd;
    if (row < shown.first || !isOdd) continue;
    context.fillStyle = palette.raised;
    context.fillRect(0, shown.yOf(row), width, rowHeight);
  }
}

interface Placed {
  x: (at: number) => number;
  y: number;
  drawing: TimeDrawing;
}

/** Each kind has a form of its own besides its colour: a line, dots, stripes, a band. */
function drawWait(context: CanvasRenderingContext2D, wait: Wait, { x, y, drawing }: Placed): void {
  const [left, right] = [Math.max(-4, x(wait.from)), Math.min(drawing.width + 4, x(wait.to))];
  if (right < 0 || left > drawing.width || right - left < 0.5) return;
  const ink = inkOf(waitColors[wait.kind], drawing.scheme);
  const isOther = drawing.selected !== null && drawing.selected !== wait.task;
  context.globalAlpha = isOther ? 0.15 : wait.kind === 'queued' ? 0.45 : 0.9;
  context.strokeStyle = ink;
  context.fillStyle = ink;
  const middle = y + rowHeight / 2;
  if (wait.kind === 'landing') {
    context.globalAlpha *= 0.4;
    context.fillRect(left, y + 9, right - left, rowHeight - 18);
  } else if (wait.kind === 'person') stripes(context, { left, right, top: y + 8, bottom: y + rowHeight - 8 });
  else {
    context.setLineDash(wait.kind === 'retry' ? [2, 3] : []);
    context.lineWidth = wait.kind === 'retry' ? 2 : 1;
    context.beginPath();
    context.moveTo(left, middle);
    context.lineTo(right, middle);
    context.stroke();
    context.setLineDash([]);
  }
  context.globalAlpha = 1;
}

interface Area {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function stripes(context: CanvasRenderingContext2D, { left, right, top, bottom }: Area): void {
  context.save();
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  context.lineWidth = 1.5;
  context.beginPath();
  for (let at = left - (bottom - top); at < right; at += 5) {
    context.moveTo(at, bottom);
    context.lineTo(at + bottom - top, top);
  }
  context.stroke();
  context.restore();
}

function drawBar(context: CanvasRenderingContext2D, bar: Bar, { x, y, drawing }: Placed): void {
  const { palette, scheme, selected } = drawing;
  const [left, right] = [Math.max(-4, x(bar.from)), Math.min(drawing.width + 4, x(bar.to))];
  if (right < 0 || left > drawing.width) return;
  const width = Math.max(1.5, right - left);
  const { shape, color } = lookOf(bar.outcome ?? 'running', 'outcome');
  const ink = inkOf(color, scheme);
  context.globalAlpha = selected !== null && selected !== bar.task ? 0.25 : 1;
  context.fillStyle = palette.paper;
  context.fillRect(left, y + 4, width, rowHeight - 8);
  context.fillStyle = ink;
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * (bar.outcome === null ? 0.5 : width < 8 ? 0.6 : 0.24);
  // Thin bars have no edge of their own, only a gap to the next.
  context.fillRect(left, y + 4, width < 8 ? Math.max(1, width - 1) : width, rowHeight - 8);
  context.globalAlpha = alpha;
  if (width >= 8) {
    context.strokeStyle = ink;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, y + 4.5, width - 1, rowHeight - 9);
  }
  if (width >= 16) {
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.font = '11px "DejaVu Sans", system-ui, sans-serif';
    context.fillText(shape, left + 4, y + rowHeight / 2);
  }
  if (width >= 58) {
    context.fillStyle = palette.text;
    context.font = '12px system-ui, sans-serif';
    const room = Math.floor((width - 24) / 6.6);
    const text = `${bar.task} ${bar.title}`;
    context.fillText(
      text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text,
      left + 18,
      y + rowHeight / 2,
    );
  }
  context.globalAlpha = 1;
}

/** From the end of each task of the chain to the next, and a line under its bar. */
function drawChain(
  context: CanvasRenderingContext2D,
  drawing: TimeDrawing,
  { x, yOf }: { x: (at: number) => number; yOf: (row: number) => number },
): void {
  const ends = chainEnds(drawing.rows, drawing.chain);
  context.strokeStyle = inkOf('orange', drawing.scheme);
  context.lineWidth = 2;
  context.beginPath();
  for (const [index, { bar, row }] of ends.entries()) {
    const bottom = yOf(row) + rowHeight - 3;
    context.moveTo(x(bar.from), bottom);
    context.lineTo(x(bar.to), bottom);
    const next = ends[index + 1];
    if (next !== undefined) context.lineTo(x(next.bar.from), yOf(next.row) + rowHeight - 3);
  }
  context.stroke();
}

function drawAxis(context: CanvasRenderingContext2D, drawing: TimeDrawing, x: (at: number) => number): void {
  const { window, width, height, palette, now, label } = drawing;
  const { at, step } = ticks(window, Math.max(2, Math.floor(width / tickPx)));
  context.globalAlpha = 0.5;
  context.fillStyle = palette.faint;
  for (const time of at) context.fillRect(Math.round(x(time)), axisHeight, 1, height);
  context.globalAlpha = 1;
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, width, axisHeight);
  context.fillStyle = palette.faint;
  context.fillRect(0, axisHeight - 1, width, 1);
  context.font = '12px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  context.fillStyle = palette.dimmed;
  const nowX = x(now);
  for (const time of at) {
    // The word "now" stands there.
    if (Math.abs(x(time) - nowX) > nowRoom) context.fillText(label(time, step), x(time) + 4, axisHeight / 2);
    context.fillRect(Math.round(x(time)), axisHeight - 6, 1, 6);
  }
  if (nowX < 0 || nowX > width) return;
  context.fillStyle = palette.text;
  context.fillRect(Math.round(nowX), 6, 1.5, height);
  context.textAlign = nowX > width - 40 ? 'right' : 'left';
  context.fillText('now', nowX + (nowX > width - 40 ? -4 : 5), axisHeight / 2);
}
