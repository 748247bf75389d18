/**
 * Reading what agents' programs say when a usage limit stops them: is it one, and when is it over?
 *
 * Pure. The wordings are those of the programs in docs/adapters.md and of the services behind them; a text that names no
 * limit gives `null`, one that names a limit but no time gives a waiting time of `null`. A limit that is read where there is
 * none would park an account, so only words of a program or of a service may be given here, never those of a model.
 */

export interface QuotaRead {
  /** Until the limit is over, as far as the text tells; never negative. */
  retryAfterMs: number | null;
}

export interface QuotaClock {
  /** Now, in milliseconds since 1970. */
  now: number;
  /** IANA name of the zone that times without one are meant in. Default: this machine's. */
  zone?: string;
}

/** A text is searched up to here: notices are short, and a search over a megabyte is work for nothing. */
const textLengthMax = 4_096;

/** Longer waits are misread: the longest window known is a month. */
const waitMsMax = 40 * 86_400_000;

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

const limitWords = [
  /\b(?:usage|session|weekly|daily|monthly|spend(?:ing)?|message|hourly|opus|sonnet|fable|model|5-hour|7-day)\s+limit\b/i,
  /\brate[- _]?limit(?:s|ed|ing)?(?:_error|_exceeded)?\b/i,
  /\b(?:exceeded|exhausted|reached|hit|over|out of)\b.{0,40}\b(?:quota|limit|credits?|usage)\b/i,
  /\b(?:quota|limit|credits?)\b.{0,40}\b(?:exceeded|exhausted|reached|used up|depleted)\b/i,
  /\bcredit balance is too low\b/i,
  /\binsufficient[_ ](?:quota|credits?|balance|funds)\b/i,
  /\bRESOURCE_EXHAUSTED\b/,
  /\btoo many requests\b/i,
  /(?:^|\D)429(?!\d)/,
];

/** Reads a notice of a program. Never throws. */
export function readQuota(text: string, clock: QuotaClock): QuotaRead | null {
  const notice = text.slice(0, textLengthMax);
  if (!limitWords.some((words) => words.test(notice))) return null;
  return { retryAfterMs: readWait(notice, clock) };
}

/** How long a text says to wait, in whatever words, or `null`. For texts that are known to be about a limit. */
export function readWait(text: string, clock: QuotaClock): number | null {
  const notice = text.slice(0, textLengthMax);
  for (const read of [epochIn, headerIn, durationIn, instantIn, clockTimeIn]) {
    const ms = read(notice, clock);
    if (ms !== null && Number.isFinite(ms) && ms <= waitMsMax) return Math.max(0, Math.ceil(ms));
  }
  return null;
}

/** `usage limit reached|1760000000`, `resets_at: 1760000000`, `x-ratelimit-reset: 1760000000` (seconds or milliseconds). */
function epochIn(text: string, { now }: QuotaClock): number | null {
  const found = /(?:\||reset[\w-]{0,12}["']?\s{0,3}[:=]?\s{0,3}["']?)(1\d{9}|1\d{12})(?!\d)/i.exec(text)?.[1];
  if (found === undefined) return null;
  return Number(found) * (found.length === 10 ? secondMs : 1) - now;
}

/** `retry-after: 3600` (seconds), `retry-after-ms: 500`, `"retryDelay": "34s"`. */
function headerIn(text: string): number | null {
  const ms = /retry[-_ ]?after[-_ ]?ms["']?\s{0,3}[:=]\s{0,3}["']?(\d{1,10})/i.exec(text)?.[1];
  if (ms !== undefined) return Number(ms);
  const seconds = /retry[-_ ]?(?:after|delay)["']?\s{0,3}[:=]\s{0,3}["']?(\d{1,8}(?:\.\d+)?)\s?s?\b/i.exec(text)?.[1];
  return seconds === undefined ? null : Number(seconds) * secondMs;
}

/** `try again in 2h 5m`, `in 3 days 4 hours`, `reset after 1m30.5s`, `retry in 500ms`, `wait 20 seconds`. */
function durationIn(text: string): number | null {
  const lead = /\b(?:in|after|wait|for|within)\s+(?:about\s+|approximately\s+|~\s?)?(?=\d)/gi;
  for (let match = lead.exec(text); match !== null; match = lead.exec(text)) {
    const ms = leadingDuration(text.slice(lead.lastIndex, lead.lastIndex + 80));
    if (ms !== null) return ms;
  }
  return null;
}

const units: readonly [name: RegExp, ms: number][] = [
  [/^(?:ms|millis(?:econds?)?|milliseconds?)$/i, 1],
  [/^(?:s|secs?|seconds?)$/i, secondMs],
  [/^(?:m|mins?|minutes?)$/i, minuteMs],
  [/^(?:h|hrs?|hours?)$/i, hourMs],
  [/^(?:d|days?)$/i, dayMs],
  [/^(?:w|weeks?)$/i, 7 * dayMs],
];

function leadingDuration(text: string): number | null {
  const part = /\s*(?:,\s*|and\s+)?(\d+(?:\.\d+)?)\s?([a-z]+)/iy;
  let sum: number | null = null;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    const unit = units.find(([name]) => name.test(match?.[2] ?? ''));
    if (unit === undefined) break;
    sum = (sum ?? 0) + Number(match[1]) * unit[1];
  }
  return sum;
}

/** An ISO instant after a word that tells it is the end: `resets at 2026-11-21T15:00:00Z`. */
function instantIn(text: string, { now }: QuotaClock): number | null {
  const found = /\b(20\d\d-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|UTC|[+-]\d\d:?\d\d))/i.exec(text)?.[1];
  if (found === undefined) return null;
  const at = Date.parse(found.replace(/\s?UTC$/i, 'Z').replace(' ', 'T'));
  return Number.isNaN(at) ? null : at - now;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** After a word for the end: a day or none, a time of day, a zone or none. */
const clockTime =
  /\b(?:at|resets?|reset on|until|on|by)\s+(?:(?:on\s+)?(?<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?<year>20\d\d))?(?:,|\s+at)?\s+)?(?<hour>\d{1,2})(?::(?<minute>\d\d))?(?::\d\d)?\s?(?<half>[ap]\.?m\b\.?)?\s?(?:\((?<zone>[A-Za-z_+\-/0-9]{2,40})\)|(?<utc>UTC|GMT|Z)\b)?/gi;

/** `resets 3pm (UTC)`, `resets Nov 24, 3pm (Europe/Berlin)`, `try again at 14:05`, `try again at Nov 24th, 2026 3:05 PM`. */
function clockTimeIn(text: string, clock: QuotaClock): number | null {
  for (const { groups = {} } of text.matchAll(clockTime)) {
    const { month, day, year, hour, minute, half, zone, utc } = groups;
    // A bare number is no time of day: "stopped at 100".
    if (minute === undefined && half === undefined) continue;
    const hours = hourOfDay(Number(hour), half);
    const minutes = Number(minute ?? 0);
    if (hours === null || minutes > 59) continue;
    const offset = zoneOffset(utc === undefined ? (zone ?? clock.zone ?? systemZone()) : 'UTC', clock.now);
    if (offset === null) continue;
    const local = new Date(clock.now + offset);
    const monthIndex = month === undefined ? local.getUTCMonth() : months.indexOf(month.toLowerCase());
    const dayOfMonth = day === undefined ? local.getUTCDate() : Number(day);
    const at = (inYear: number): number =>
      Date.UTC(inYear, monthIndex, dayOfMonth, hours, minutes) - offset - clock.now;
    const ms = at(year === undefined ? local.getUTCFullYear() : Number(year));
    // A minute of play: a notice that arrives late names a time that has just passed.
    if (ms >= -minuteMs || year !== undefined) return ms;
    return month === undefined ? ms + dayMs : at(local.getUTCFullYear() + 1);
  }
  return null;
}

function hourOfDay(hour: number, half: string | undefined): number | null {
  if (half === undefined) return hour <= 23 ? hour : null;
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase().startsWith('p') ? 12 : 0);
}

function systemZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** How far the zone's clocks are ahead of UTC at that moment; `null` for a zone nobody knows. */
function zoneOffset(zone: string, now: number): number | null {
  try {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(now);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
    const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minuteMs;
    return sign === '-' ? -ahead : ahead;
  } catch {
    return null;
  }
}
