/** A window on time, and the ticks that people can read. Pure; times are epoch ms. */

export interface Window {
  from: number;
  to: number;
}

/** Narrower nobody can tell bars apart. */
const spanMin = 1_000;

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  second,
  5 * second,
  15 * second,
  30 * second,
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  7 * day,
];

/** Zooms by a factor (above 1: closer) around a time, and stays within the bounds. */
export function zoomTime({ from, to }: Window, factor: number, { at, bounds }: { at: number; bounds: Window }): Window {
  const most = Math.max(spanMin, bounds.to - bounds.from);
  const span = Math.min(most, Math.max(spanMin, (to - from) / factor));
  const share = (at - from) / Math.max(1, to - from);
  return within({ from: at - share * span, to: at + (1 - share) * span }, bounds);
}

/** Moves by a time, and stays within the bounds. */
export function panTime({ from, to }: Window, by: number, bounds: Window): Window {
  return within({ from: from + by, to: to + by }, bounds);
}

function within({ from, to }: Window, bounds: Window): Window {
  const over = Math.max(0, to - bounds.to);
  const under = Math.max(0, bounds.from - (from - over));
  return { from: from - over + under, to: to - over + under };
}

/** Round times in the window, at most `count` of them, with how far they are apart. */
export function ticks({ from, to }: Window, count: number): { at: number[]; step: number } {
  const wanted = (to - from) / Math.max(1, count);
  const step = steps.find((one) => one >= wanted) ?? Math.ceil(wanted / (7 * day)) * 7 * day;
  const at: number[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) at.push(time);
  return { at, step };
}

/** `3 m 20 s`, `2 h 5 m`: two parts at most. */
export function duration(ms: number): string {
  if (ms < second) return `${Math.max(0, Math.round(ms))} ms`;
  const units: [number, string][] = [
    [day, 'd'],
    [hour, 'h'],
    [minute, 'm'],
    [second, 's'],
  ];
  const first = units.findIndex(([size]) => ms >= size);
  const [size, name] = units[first] ?? [second, 's'];
  const [nextSize, nextName] = units[first + 1] ?? [0, ''];
  const whole = Math.floor(ms / size);
  const rest = nextSize === 0 ? 0 : Math.floor((ms % size) / nextSize);
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${nextName}`;
}
