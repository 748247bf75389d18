/** Which rules rest, and where. */
import { families, type Rule } from './event.ts';

/** Repetition is none while the workspace moves on. */
export function restsOnChange(rule: Rule): boolean {
  return (families[rule] === 'loop' && rule !== 'same-message') || rule === 'nothing-new' || rule === 'reads-only';
}

/** Tasks whose work is to read, to judge or to set up. */
const readingKinds: ReadonlySet<string> = new Set(['plan', 'verify', 'bootstrap', 'research', 'review']);

export function isReadingTask(kind: string): boolean {
  return readingKinds.has(kind);
}
