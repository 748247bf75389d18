/** The text of an interpreted event: bounded, because events are counted, compared and shown; the raw log has all of it. */
import { limits } from '../core/limits.ts';
import { cleanText } from './lines.ts';

/** Cuts to `limits.eventTextLengthMax` characters and says how much is missing, bytes dropped from the line included. */
export function eventText(text: string, droppedBytes = 0): string {
  const max = limits.eventTextLengthMax;
  const kept = text.length > max ? cleanText(text.slice(0, max)) : text;
  const missing = text.length - Math.min(text.length, max) + droppedBytes;
  return missing === 0 ? kept : `${kept} [${missing} more]`;
}
