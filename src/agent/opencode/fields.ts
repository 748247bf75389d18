/** What OpenCode's JSON needs beyond `agent/fields.ts`: whole texts, and lines that may carry a prefix. */
import { fieldsIn, type Fields } from '../fields.ts';

/** The value as a text of any length, not yet fit for an event; empty for anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The object in a text, or `null` if there is none. */
export function parseObject(text: string): Fields | null {
  if (!/^\s*\{/.test(text)) return null;
  try {
    return fieldsIn(JSON.parse(text));
  } catch {
    return null;
  }
}
