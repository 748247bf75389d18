/** Times and sizes in words. Pure. */

const steps: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** A duration of `ms` milliseconds in its largest unit that fits: `3 min`. */
export function span(ms: number): string {
  const [size, unit] = steps.find(([step]) => ms >= step) ?? [1_000, 's'];
  return `${Math.floor(Math.max(0, ms) / size)} ${unit}`;
}

/** How long `at` (ISO 8601) is ago, seen from `now`; a clock that is a little ahead counts as now. */
export function ago(at: string, now: number): string {
  const ms = now - Date.parse(at);
  if (Number.isNaN(ms)) return at;
  if (ms < -5_000) return `in ${span(-ms)}`;
  return ms < 10_000 ? 'just now' : `${span(ms)} ago`;
}

const toTheSecond = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** Where the reader is: `Nov 3, 14:05:09`. @param at ISO 8601 or epoch ms */
export function moment(at: string | number): string {
  return toTheSecond.format(new Date(at));
}

export function money(usd: number): string {
  return usd >= 100 ? `$${Math.round(usd)}` : `$${usd.toFixed(2)}`;
}

/** 12,345 as `12k`. */
export function short(count: number): string {
  if (count < 1_000) return String(count);
  return count < 1_000_000 ? `${Math.round(count / 1_000)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}
