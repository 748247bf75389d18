/**
 * The script of a scripted agent: what it does in each attempt at each task.
 *
 * Owns the shape and the reading of a script file; every step with an example stands in docs/scripted-agent.md.
 * Pure: text in, script or a sentence about what is wrong where.
 */
import type { AgentErrorClass } from '../agent.ts';

export type Step =
  | { do: 'write' | 'append'; path: string; text: string }
  | { do: 'edit'; path: string; find: string; replace: string }
  | { do: 'delete'; path: string }
  | { do: 'run'; command: readonly string[] }
  | { do: 'commit'; message: string; allowEmpty: boolean }
  | { do: 'report'; report: 'complete' | 'failed' | 'blocked' | 'question'; text: string; noChanges: string | null }
  | { do: 'say' | 'think'; text: string }
  | { do: 'lie'; text: string }
  | { do: 'tool'; tool: string; input: string; ok: boolean; text: string }
  | { do: 'usage'; tokens: number; contextUsed: number | null; contextSize: number | null; costUsd: number }
  | { do: 'todo'; items: readonly { text: string; done: boolean }[] }
  | { do: 'error'; class: AgentErrorClass; text: string; retryAfterMs: number | null; critical: boolean }
  | { do: 'sleep'; ms: number }
  | { do: 'loop'; times: number; steps: readonly Step[] }
  | { do: 'hang'; ignoreTerm: boolean }
  | { do: 'flood'; bytes: number; lines: number; newline: boolean; stream: 'out' | 'error' }
  | { do: 'garbage'; kind: 'utf8' | 'json' | 'nul' | 'deep' | 'all' }
  | { do: 'crash'; exitCode: number; signal: string | null }
  | { do: 'escape'; holdOutput: boolean }
  | { do: 'wait-for-hint'; contains: string }
  | { do: 'exit'; exitCode: number };

export interface Script {
  /** Steps by task and attempt; the last attempt's steps serve all later ones. */
  tasks: Readonly<Record<string, readonly (readonly Step[])[]>>;
  default: readonly (readonly Step[])[];
}

/** A field of a step: how to check it, and what it is when left out (`undefined`: it must be there). */
interface Field {
  check: (value: unknown) => string | null;
  otherwise?: unknown;
}

/**
 * Reads a script.
 * @returns the script, or `fault`: what is wrong, with the place as a JSON pointer (`/tasks/T001/0/2/path`) or as the line
 *   and column where the JSON itself breaks.
 */
export function readScript(json: string): Script | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { fault: `it is not JSON: ${placeOfSyntaxError(json, error)}` };
  }
  try {
    return scriptOf(value);
  } catch (error) {
    if (error instanceof Misplaced) return { fault: `${error.pointer || '/'}: ${error.message}` };
    throw error;
  }
}

/** The steps for one attempt (1, 2, …) at a task. */
export function stepsFor(script: Script, task: string, attempt: number): readonly Step[] {
  const attempts = Object.hasOwn(script.tasks, task) ? (script.tasks[task] ?? script.default) : script.default;
  return attempts[Math.min(attempt, attempts.length) - 1] ?? [];
}

class Misplaced extends Error {
  readonly pointer: string;
  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

function scriptOf(value: unknown): Script {
  const fields = objectAt(value, '');
  onlyThese(fields, ['tasks', 'default'], '');
  const tasks = Object.entries(objectAt(fields['tasks'] ?? {}, '/tasks'));
  return {
    tasks: Object.fromEntries(tasks.map(([task, attempts]) => [task, attemptsAt(attempts, `/tasks/${task}`)])),
    default: fields['default'] === undefined ? [] : attemptsAt(fields['default'], '/default'),
  };
}

function attemptsAt(value: unknown, pointer: string): Step[][] {
  return listAt(value, pointer, 'a list of attempts, each a list of steps').map((steps, index) =>
    stepsAt(steps, `${pointer}/${index}`),
  );
}

function stepsAt(value: unknown, pointer: string): Step[] {
  return listAt(value, pointer, 'a list of steps').map((step, index) => stepAt(step, `${pointer}/${index}`));
}

function stepAt(value: unknown, pointer: string): Step {
  const given = objectAt(value, pointer);
  const kind = given['do'];
  if (typeof kind !== 'string' || !Object.hasOwn(steps, kind))
    throw new Misplaced(`${pointer}/do`, `must be one of ${Object.keys(steps).join(', ')}`);
  const fields = steps[kind as Step['do']];
  onlyThese(given, ['do', ...Object.keys(fields)], pointer);
  const step: Record<string, unknown> = { do: kind };
  for (const [name, field] of Object.entries(fields)) {
    const part = given[name] ?? field.otherwise;
    const fault = part === undefined ? 'is missing' : part === field.otherwise ? null : field.check(part);
    if (fault !== null) throw new Misplaced(`${pointer}/${name}`, fault);
    step[name] = kind === 'loop' && name === 'steps' ? stepsAt(part, `${pointer}/steps`) : part;
  }
  return step as Step;
}

function objectAt(value: unknown, pointer: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Misplaced(pointer, 'must be an object');
  return value as Readonly<Record<string, unknown>>;
}

function listAt(value: unknown, pointer: string, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Misplaced(pointer, `must be ${what}`);
  return value;
}

function onlyThese(fields: object, names: readonly string[], pointer: string): void {
  for (const name of Object.keys(fields))
    if (!names.includes(name)) throw new Misplaced(`${pointer}/${name}`, `is unknown here; known: ${names.join(', ')}`);
}

const text: Field = { check: (value) => (typeof value === 'string' ? null : 'must be a text') };
const flag: Field = {
  check: (value) => (typeof value === 'boolean' ? null : 'must be true or false'),
  otherwise: false,
};
const count: Field = {
  check: (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? null : 'must be a whole number from 0'),
};
const amount: Field = {
  check: (value) => (Number.isFinite(value) && Number(value) >= 0 ? null : 'must be a number from 0'),
};
const list: Field = { check: (value) => (Array.isArray(value) ? null : 'must be a list') };
const command: Field = {
  check: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string')
      ? null
      : 'must be a list of texts, the program first',
};
const todoItems: Field = {
  check: (value) => (Array.isArray(value) && value.every(isTodoItem) ? null : 'must be a list of {"text", "done"}'),
};

function or(field: Field, otherwise: unknown): Field {
  return { ...field, otherwise };
}

function oneOf(...choices: readonly string[]): Field {
  return {
    check: (value) =>
      typeof value === 'string' && choices.includes(value) ? null : `must be one of ${choices.join(', ')}`,
  };
}

const steps: Readonly<Record<Step['do'], Readonly<Record<string, Field>>>> = {
  write: { path: text, text },
  append: { path: text, text },
  edit: { path: text, find: text, replace: text },
  delete: { path: text },
  run: { command },
  commit: { message: or(text, '{task}: {title}'), allowEmpty: flag },
  report: { report: oneOf('complete', 'failed', 'blocked', 'question'), text: or(text, ''), noChanges: or(text, null) },
  say: { text },
  think: { text },
  lie: { text: or(text, 'All done, everything is committed.') },
  tool: { tool: text, input: or(text, ''), ok: or(flag, true), text: or(text, '') },
  usage: { tokens: count, contextUsed: or(count, null), contextSize: or(count, null), costUsd: or(amount, 0) },
  todo: { items: todoItems },
  error: {
    class: oneOf('quota', 'login', 'network', 'context', 'agent', 'tool'),
    text: or(text, ''),
    retryAfterMs: or(count, null),
    critical: flag,
  },
  sleep: { ms: count },
  loop: { times: count, steps: list },
  hang: { ignoreTerm: flag },
  flood: {
    bytes: or(count, 0),
    lines: or(count, 0),
    newline: or(flag, true),
    stream: or(oneOf('out', 'error'), 'out'),
  },
  garbage: { kind: or(oneOf('utf8', 'json', 'nul', 'deep', 'all'), 'all') },
  crash: { exitCode: or(count, 1), signal: or(text, null) },
  escape: { holdOutput: flag },
  'wait-for-hint': { contains: or(text, '') },
  exit: { exitCode: or(count, 0) },
};

function isTodoItem(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const item = value as Readonly<Record<string, unknown>>;
  return typeof item['text'] === 'string' && typeof item['done'] === 'boolean';
}

/** V8 tells the place of most syntax errors, but not of an unexpected token; that is where the shortest bad beginning ends. */
function placeOfSyntaxError(json: string, error: unknown): string {
  const message = (syntaxErrorOf(json) ?? String(error)).replaceAll('\n', ' ');
  if (/line \d+ column \d+/.test(message)) return message;
  let [good, bad] = [0, json.length];
  while (bad - good > 1 && message.startsWith('Unexpected token')) {
    const middle = Math.floor((good + bad) / 2);
    if (syntaxErrorOf(json.slice(0, middle))?.startsWith('Unexpected token') === true) bad = middle;
    else good = middle;
  }
  const lines = json.slice(0, Math.max(0, bad - 1)).split('\n');
  return `${message} (line ${lines.length} column ${(lines.at(-1)?.length ?? 0) + 1})`;
}

function syntaxErrorOf(json: string): string | null {
  try {
    JSON.parse(json);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
