/**
 * Fields: the `Name: value` lines below a task of a layered plan.
 *
 * Owns their names and the values of the simple ones. `scope-list.ts` and `id-list.ts` own the lists.
 */
import { taskKinds, type TaskKind } from '../core/task.ts';

export type FieldName = 'dependencies' | 'blocks' | 'files' | 'check' | 'priority' | 'kind' | 'parent' | 'estimate';

export interface Field {
  name: FieldName;
  value: string;
}

const names: Readonly<Record<string, FieldName>> = {
  dependencies: 'dependencies',
  dependency: 'dependencies',
  depends: 'dependencies',
  'depends on': 'dependencies',
  blocks: 'blocks',
  files: 'files',
  file: 'files',
  scope: 'files',
  check: 'check',
  checks: 'check',
  priority: 'priority',
  type: 'kind',
  kind: 'kind',
  parent: 'parent',
  estimate: 'estimate',
};

const pattern =
  /^\s*(?:[-*+][ \t]+)?(?:\*\*)?(dependenc(?:ies|y)|depends(?: on)?|blocks|files?|scope|checks?|priority|type|kind|parent|estimate)(?:\*\*)?[ \t]*:(?:\*\*)?(.*)$/is;

/** Leading white space, a bullet, backslashes: a backslash before a field's name makes the line plain text. */
const lead = /^(\s*(?:[-*+][ \t]+)?)(\\*)/;

export function isField(line: string): boolean {
  return pattern.test(line);
}

export function readField(line: string): Field | null {
  const found = pattern.exec(line);
  const name = names[(found?.[1] ?? '').toLowerCase()];
  return name === undefined ? null : { name, value: (found?.[2] ?? '').trim() };
}

/** A line of a task's body that reads back as it is, even where it has the form of a field. */
export function escapeField(line: string): string {
  const [before = '', space = '', slashes = ''] = lead.exec(line) ?? [];
  const rest = line.slice(before.length);
  return isField(rest) ? `${space}\\${slashes}${rest}` : line;
}

/** The reverse of {@link escapeField}. */
export function unescapeField(line: string): string {
  const [before = '', space = '', slashes = ''] = lead.exec(line) ?? [];
  const rest = line.slice(before.length);
  return slashes !== '' && isField(rest) ? `${space}${slashes.slice(1)}${rest}` : line;
}

const priorityWords: Readonly<Record<string, number>> = {
  p0: 2,
  p1: 1,
  p2: 0,
  p3: -1,
  p4: -2,
  critical: 2,
  urgent: 2,
  high: 1,
  normal: 0,
  medium: 0,
  low: -1,
};

/** A whole number, or a word: `P0` to `P4`, `urgent`, `high`, `normal`, `low`. Larger is sooner. */
export function readPriority(value: string): number | null {
  const word = /^[A-Za-z0-4]+(?=$|\s*\()/.exec(value)?.[0].toLowerCase() ?? '';
  if (Object.hasOwn(priorityWords, word)) return priorityWords[word] ?? null;
  const number = /^[-+]?\d{1,9}(?=$|\s*\()/.exec(value)?.[0];
  return number === undefined ? null : Number.parseInt(number, 10) + 0;
}

export function readKind(value: string): TaskKind | null {
  const word = /^[a-z]*/.exec(value.toLowerCase())?.[0];
  return taskKinds.find((kind) => kind === word) ?? null;
}

const units = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;

/** Milliseconds of `1h30m`, `1.5 h`, `45 min`, `20s`; `null` for anything else. */
export function readDuration(value: string): number | null {
  const parts =
    /^(?:(\d+(?:\.\d+)?)\s*h(?:ours?|rs?)?)?\s*(?:(\d+(?:\.\d+)?)\s*m(?:in(?:ute)?s?)?(?!s))?\s*(?:(\d+(?:\.\d+)?)\s*s(?:ec(?:ond)?s?)?)?\s*(?:(\d+)\s*ms)?(?=$|\s*\()/i;
  const found = value.length > 64 ? null : parts.exec(value);
  if (found === null || found[0].trim() === '') return null;
  const amounts = found.slice(1).map((part) => Number.parseFloat(part ?? '0'));
  const total = Object.values(units).reduce((sum, unit, index) => sum + unit * (amounts[index] ?? 0), 0);
  return Number.isSafeInteger(Math.round(total)) ? Math.round(total) : null;
}

/** The reverse of {@link readDuration}, in whole units: `1h30m`. */
export function writeDuration(ms: number): string {
  let left = Math.max(0, Math.round(ms));
  let out = '';
  for (const [unit, size] of Object.entries(units)) {
    const count = Math.floor(left / size);
    if (count > 0) out += `${count}${unit}`;
    left -= count * size;
  }
  return out === '' ? '0m' : out;
}
