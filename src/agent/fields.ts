/**
 * Reading JSON that an agent's program printed: never trusted to have the shape it claims.
 *
 * Each function answers `null` or emptiness for what does not fit; texts come out cut and clean, as events need them.
 */
import { eventText } from './event-text.ts';
import { cleanText, type Line } from './lines.ts';

export type Fields = Readonly<Record<string, unknown>>;

const nameLengthMax = 256;

/** The object on a line; `null` for everything else, lines that were cut included. */
export function fieldsOfLine(line: Line): Fields | null {
  if (line.droppedBytes > 0 || !/^\s*\{/.test(line.text)) return null;
  try {
    return JSON.parse(line.text) as Fields;
  } catch {
    return null;
  }
}

/** The value as an object; an empty one for anything else. */
export function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The value as a list; an empty one for anything else. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function textIn(value: unknown): string | null {
  return typeof value === 'string' ? eventText(cleanText(value)) : null;
}

/** A short, not empty word: an id, a name, a path with a `lengthMax` of its own. */
export function nameIn(value: unknown, lengthMax: number = nameLengthMax): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= lengthMax ? cleanText(value) : null;
}

/** A finite number that is not negative. */
export function amountIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Any value as JSON, cut like a text; empty where there is none. */
export function jsonOf(value: unknown): string {
  try {
    return eventText(cleanText(JSON.stringify(value) ?? ''));
  } catch {
    return '';
  }
}
