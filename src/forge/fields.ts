/** Reading a forge's JSON: never trusted to have the shape that its documents promise. */
import { failed } from './http-error.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one for anything else. */
export function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A text, or `''`. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A full commit id, or `null`. */
export function commitIn(value: unknown): string | null {
  return typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value) ? value : null;
}

/** A whole number above 0. Throws `forge-failed`. */
export function numberIn(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw failed(`${what} is ${JSON.stringify(value)}`);
}

/** An address that people may be shown; anything but http(s) is left out. */
export function addressIn(value: unknown): string {
  const text = textIn(value);
  return /^https?:\/\/[^\s\p{Cc}]+$/u.test(text) ? text : '';
}
