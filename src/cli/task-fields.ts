/** The flags that say what a task asks for, and their reading: shared by `create` and `edit`. */
import type { TaskFields } from '../actions/change-task.ts';
import { nameFault } from '../core/id.ts';
import { limits } from '../core/limits.ts';
import { taskKinds } from '../core/task.ts';
import { UsageError } from '../platform/error.ts';
import { nearest } from '../platform/text.ts';
import type { Flags, Input } from './command.ts';

export const taskFlags: Flags = {
  title: { kind: 'text', value: 'TEXT', about: 'One line.' },
  description: { kind: 'text', value: 'TEXT', about: 'Everything an agent has to know.' },
  type: { kind: 'text', value: 'KIND', about: `One of ${taskKinds.join(', ')}.` },
  priority: { kind: 'text', value: 'N', about: 'Larger is sooner, 0 is normal; high, normal and low are understood.' },
  agent: { kind: 'text', value: 'NAME', about: 'Who must do it; any for anybody.' },
  layer: { kind: 'number', about: 'Layer of the plan.' },
  parent: { kind: 'text', value: 'TASK', about: 'The feature or phase it belongs to.' },
  scope: { kind: 'texts', value: 'GLOB', about: 'Paths it may change; may be given several times.' },
  check: { kind: 'texts', value: 'COMMAND', about: 'Must exit 0 on the finished work; may be given several times.' },
  needs: { kind: 'texts', value: 'TASK', about: 'Has to be done first; may be given several times.' },
  estimate: { kind: 'number', value: 'MINUTES', about: 'Expected working time in minutes.' },
  plan: { kind: 'text', value: 'PLAN', about: 'Its plan.' },
};

/** Only the fields that were given. Throws `UsageError` `bad-flag`, `bad-id`. */
export async function readFields(input: Input): Promise<TaskFields> {
  const fields: TaskFields = {};
  const text = (flag: string, put: (value: string) => void): void => {
    const value = input.text(flag);
    if (value !== null) put(value);
  };
  text('title', (title) => (fields.title = readTitle(title)));
  text('description', (body) => (fields.body = body));
  text('type', (word) => (fields.kind = readKind(word)));
  text('priority', (word) => (fields.priority = readPriority(word)));
  text('agent', (word) => (fields.agent = readAgent(word)));
  text('parent', (parent) => (fields.parent = readParent(parent)));
  const layer = input.number('layer');
  if (layer !== null) fields.layer = layer;
  const minutes = input.number('estimate');
  if (minutes !== null) fields.estimateMs = Math.round(minutes * 60_000);
  if (input.has('scope')) fields.scope = await readScope(input.texts('scope'));
  if (input.has('check')) fields.checks = input.texts('check').filter((check) => check !== '');
  if (input.has('needs')) fields.dependencies = input.texts('needs').filter((id) => id !== '');
  return fields;
}

/** One reading of globs for files and flags. */
export async function readScope(values: readonly string[]): Promise<string[]> {
  const { normalGlob } = await import('../formats/scope-list.ts');
  return values
    .filter((value) => value !== '')
    .map((value) => {
      const glob = normalGlob(value);
      if (glob === null)
        throw new UsageError(
          'bad-flag',
          `--scope ${JSON.stringify(value)} is not a path inside the repository`,
          'write it relative to its top, such as src/http/**',
        );
      return glob;
    });
}

/** One line, as in a plan's file. */
export function readTitle(text: string): string {
  const title = text.replace(/\s+/g, ' ').trim();
  if (title.length <= limits.titleLengthMax) return title;
  throw new UsageError(
    'bad-flag',
    `the title has ${title.length} characters, more than ${limits.titleLengthMax}`,
    'say the rest with --description',
  );
}

function readParent(word: string): string | null {
  if (word === 'none') return null;
  const fault = nameFault(word.slice(word.indexOf('/') + 1));
  if (fault === null) return word;
  throw new UsageError('bad-id', `${JSON.stringify(word)} cannot be a parent: ${fault}`, 'name a task such as T031');
}

function readKind(word: string): (typeof taskKinds)[number] {
  const kind = taskKinds.find((each) => each === word);
  if (kind !== undefined) return kind;
  if (word === 'task') return 'implement';
  const near = nearest(word, taskKinds);
  throw new UsageError(
    'bad-flag',
    `there is no type ${JSON.stringify(word)}`,
    near === null ? `known: ${taskKinds.join(', ')}` : `did you mean ${near}?`,
  );
}

const priorities: Readonly<Record<string, number>> = { critical: 100, high: 10, normal: 0, medium: 0, low: -10 };

function readPriority(word: string): number {
  const named = priorities[word.toLowerCase()];
  const number = named ?? (word.trim() === '' ? Number.NaN : Number(word));
  if (Number.isFinite(number)) return number;
  throw new UsageError(
    'bad-flag',
    `--priority needs a number, not ${JSON.stringify(word)}`,
    `or one of ${Object.keys(priorities).join(', ')}`,
  );
}

function readAgent(word: string): string | null {
  const name = word.replace(/^@/, '');
  if (name === 'any') return null;
  const fault = nameFault(name);
  if (fault !== null)
    throw new UsageError(
      'bad-id',
      `${JSON.stringify(word)} cannot be an agent: ${fault}`,
      'an agent is a name such as claude',
    );
  return name;
}
