/**
 * Loops: named sequences of steps that an agent is told to go through (E11).
 *
 * Owns where they come from: `.orbit/loops/<name>.md` of the repository wins over those that come with Orbit. A step that is
 * `@name` stands for the steps of that loop.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameFault } from '../../core/id.ts';
import { limits } from '../../core/limits.ts';
import { UsageError } from '../../platform/error.ts';
import type { Paths } from '../../platform/paths.ts';
import { nearest } from '../../platform/text.ts';

export interface LoopView {
  loop: string;
  steps: readonly string[];
  /** Relative path of the file that it comes from; `null`: it comes with Orbit. */
  source: string | null;
}

const shipped: Readonly<Record<string, readonly string[]>> = {
  'engineering-loop': [
    'Read the task, the code that it concerns and the tests around it.',
    'Write a test that fails for the reason that the task names.',
    'Make the smallest change that turns it green.',
    'Run all checks of the task and mend what is red.',
    'Read your own change as a reviewer would, and take out what is not needed.',
    'Commit, then report complete.',
  ],
  'bugfix-loop': [
    'Reproduce the fault with a failing test.',
    'Find its cause, and record it as a finding if others could meet it.',
    '@engineering-loop',
  ],
  'documentation-loop': [
    'Read what the documents say now, and what the code does.',
    'Change the documents until both agree; try every command that they show.',
    'Commit, then report complete.',
  ],
};

/** A loop may stand in others down to here; deeper is a ring or a maze. */
const depthMax = 5;
const stepsMax = 100;

/** All loops by name, with the steps of those that they contain. A file that cannot be read as one is left out. */
export function listLoops(paths: Paths): LoopView[] {
  const names = new Set([...Object.keys(shipped), ...ownNames(paths)]);
  return [...names].toSorted().flatMap((name) => {
    try {
      return [readLoop(paths, name)];
    } catch (error) {
      if (error instanceof UsageError) return [];
      throw error;
    }
  });
}

/** Throws `UsageError` `unknown-loop` or `bad-loop`. */
function readLoop(paths: Paths, name: string): LoopView {
  const { steps, source } = rawLoop(paths, name);
  const all = spread(paths, steps, [name]);
  if (all.length === 0 || all.length > stepsMax)
    throw bad(name, `it has ${all.length} steps; 1 to ${stepsMax} are useful`);
  return { loop: name, steps: all, source };
}

/** A loop as words for an agent's prompt; `null` for none. Throws as {@link readLoop}. */
export function stepsText(paths: Paths, name: string | null): string | null {
  if (name === null) return null;
  const { steps } = readLoop(paths, name);
  const lines = steps.map((step, index) => `${index + 1}. ${step}`);
  return [`Go through these steps (${name}):`, ...lines].join('\n').slice(0, limits.notesLengthMax);
}

function spread(paths: Paths, steps: readonly string[], within: readonly string[]): string[] {
  return steps.flatMap((step) => {
    const other = /^@([A-Za-z0-9][\w.-]*)$/.exec(step)?.[1];
    if (other === undefined) return [step];
    if (within.includes(other) || within.length >= depthMax)
      throw bad(within[0] ?? '', `${[...within, other].join(' → ')} goes round or too deep`);
    return spread(paths, rawLoop(paths, other).steps, [...within, other]);
  });
}

function rawLoop(paths: Paths, name: string): { steps: readonly string[]; source: string | null } {
  const source = `.orbit/loops/${name}.md`;
  const text = nameFault(name) === null ? read(join(paths.top, source)) : null;
  if (text !== null) {
    const steps = text.split(/\r?\n/).flatMap((line) => /^\s*(?:[-*]|\d+[.)])\s+(.+?)\s*$/.exec(line)?.[1] ?? []);
    return { steps, source };
  }
  const steps = Object.hasOwn(shipped, name) ? shipped[name] : undefined;
  if (steps !== undefined) return { steps, source: null };
  const known = [...new Set([...Object.keys(shipped), ...ownNames(paths)])];
  const near = nearest(name, known);
  const hint = near === null ? `known: ${known.join(', ')}` : `did you mean ${near}?`;
  throw new UsageError('unknown-loop', `there is no loop ${JSON.stringify(name.slice(0, 80))}`, hint);
}

function ownNames({ top }: Paths): string[] {
  try {
    const names = readdirSync(join(top, '.orbit/loops')).filter((file) => file.endsWith('.md'));
    return names.map((file) => file.slice(0, -'.md'.length)).filter((name) => nameFault(name) === null);
  } catch {
    return [];
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UsageError(
      'bad-loop',
      `${file} cannot be read: ${(error as Error).message}`,
      'make it readable, or remove it',
    );
  }
}

function bad(name: string, why: string): UsageError {
  return new UsageError(
    'bad-loop',
    `the loop ${name} cannot be used: ${why}`,
    `look at .orbit/loops/${name}.md: one step a line, as a list`,
  );
}
