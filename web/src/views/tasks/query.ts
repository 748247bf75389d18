/**
 * The language of the query box: `state:failed layer:3 agent:claude-1 file:src/api/** cost:>2 -kind:plan some words`. Pure.
 *
 * All terms have to hold; a comma in a value means any of them, a minus before a term that it must not hold. What is not
 * understood is told, never ignored.
 */
import type { Task } from '../../../../src/api/contract.ts';
import { coversPath } from './covers.ts';

/** A task with what other answers know of it. */
export interface TaskRow extends Task {
  readonly costUsd: number | undefined;
  readonly scope: readonly string[] | undefined;
}

interface Term {
  readonly not: boolean;
  readonly holds: (row: TaskRow) => boolean;
}

export interface Query {
  readonly matches: (row: TaskRow) => boolean;
  /** Words that were not understood, each with what would be. */
  readonly faults: readonly string[];
}

type Test = (row: TaskRow, value: string) => boolean;

const groups: Readonly<Record<string, (row: TaskRow) => boolean>> = {
  open: ({ status }) => status !== 'landed' && status !== 'cancelled',
  ended: ({ status }) => status === 'landed' || status === 'cancelled',
  failed: ({ status, attempts }) => status === 'needs-you' && attempts > 0,
  active: ({ status }) => status === 'running' || status === 'landing' || status === 'done',
};

const statuses = ['blocked', 'ready', 'running', 'done', 'landing', 'landed', 'waiting', 'needs-you', 'cancelled'];

const stateTest: Test = (row, value) => groups[value]?.(row) ?? row.status === value;
const tests: Readonly<Record<string, Test>> = {
  state: stateTest,
  status: stateTest,
  layer: (row, value) => numberHolds(row.layer ?? undefined, value),
  agent: (row, value) => [row.agent, row.holder].some((name) => name !== null && like(name, value)),
  plan: (row, value) => row.plan === value,
  kind: (row, value) => row.kind === value,
  id: (row, value) => like(row.id, value),
  priority: (row, value) => numberHolds(row.priority, value),
  attempts: (row, value) => numberHolds(row.attempts, value),
  cost: (row, value) => numberHolds(row.costUsd, value),
  file: (row, value) => (row.scope ?? []).some((entry) => coversPath(entry, value)),
  needs: (row, value) => row.dependencies.some((key) => key === value || key.endsWith(`/${value}`)),
};

/** Understands `text`. */
export function parseQuery(text: string): Query {
  const faults: string[] = [];
  const terms = words(text).map((word) => termOf(word, faults));
  return { faults, matches: (row) => terms.every(({ not, holds }) => holds(row) !== not) };
}

function termOf(word: string, faults: string[]): Term {
  const not = word.startsWith('-') && word.length > 1;
  const rest = not ? word.slice(1) : word;
  const [, key = '', given = ''] = /^([a-z]+):(.*)$/s.exec(rest) ?? [];
  if (key === '') return { not, holds: hasText(unquoted(rest)) };
  const test = tests[key];
  if (test === undefined) {
    faults.push(`“${key}:” is not known; there are ${Object.keys(tests).join(', ')}`);
    return { not: false, holds: () => true };
  }
  const values = unquoted(given).split(',').filter(Boolean);
  const wrong =
    (key === 'state' || key === 'status') && values.find((value) => !statuses.includes(value) && !(value in groups));
  if (typeof wrong === 'string')
    faults.push(`no state is called “${wrong}”; there are ${[...statuses, ...Object.keys(groups)].join(', ')}`);
  // Half typed, as `state:`, it takes nothing away.
  return { not, holds: values.length === 0 ? () => !not : (row) => values.some((value) => test(row, value)) };
}

/** Words parted by spaces; quotes keep together what they hold. */
function words(text: string): string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

function unquoted(text: string): string {
  return text.replaceAll('"', '');
}

function hasText(text: string): (row: TaskRow) => boolean {
  const wanted = text.toLowerCase();
  return ({ id, key, title, reason }) =>
    [id, key, title, reason ?? ''].some((field) => field.toLowerCase().includes(wanted));
}

/** `*` stands for anything. */
function like(name: string, pattern: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const text = name.toLowerCase();
  if (parts.length === 1) return text === parts[0];
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const at = index === parts.length - 1 && part !== '' ? text.lastIndexOf(part) : text.indexOf(part, from);
    if (
      at < from ||
      (index === 0 && at !== 0) ||
      (index === parts.length - 1 && part !== '' && at + part.length !== text.length)
    )
      return false;
    from = at + part.length;
  }
  return true;
}

/** `3`, `>2`, `>=2`, `<5`, `<=5`, `2..4`. What is unknown holds for nothing. */
function numberHolds(number: number | undefined, value: string): boolean {
  if (number === undefined) return value === 'none';
  const range = /^(-?[\d.]+)\.\.(-?[\d.]+)$/.exec(value);
  if (range !== null) return number >= Number(range[1]) && number <= Number(range[2]);
  const [, sign = '', digits = ''] = /^([<>]=?|=?)(-?[\d.]+)$/.exec(value) ?? [];
  const limit = digits === '' ? Number.NaN : Number(digits);
  if (sign === '>') return number > limit;
  if (sign === '>=') return number >= limit;
  if (sign === '<') return number < limit;
  if (sign === '<=') return number <= limit;
  return number === limit;
}
