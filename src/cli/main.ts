/**
 * The command line's entry: the bundle runs this file.
 *
 * Owns the way of one call: verb, input, command, answer, exit code. It dispatches by hand and loads only the module of the
 * verb, because every agent pays the start-up on every call; it exits at once, because ending Node in order costs 3 ms.
 */
import { statSync } from 'node:fs';
import { isRejection } from '../core/rejection.ts';
import { OperationalError, UsageError } from '../platform/error.ts';
import { nearest, printable, safeJson } from '../platform/text.ts';
import { version } from '../platform/version.ts';
import type { Answer, Around, Command } from './command.ts';
import { failureOf, rejectionFailure, type Failure } from './exit-code.ts';
import { longCutter, type LongCutter } from './cut-long.ts';
import { readInput, verbFirst } from './flags.ts';
import { painter, write } from './output.ts';
import { verbs } from './verbs.ts';

async function main(args: readonly string[]): Promise<number> {
  const json = wantsJson(args);
  const cut = longCutter(args);
  try {
    requireNode(process.versions.node);
    const [verb = 'help', ...rest] = verbFirst(args);
    if (verb === '--version' || verb === '-v' || verb === 'version')
      return answer({ data: { version }, text: version }, { json, cut });
    const help = verb === 'help' || verb === '--help' || verb === '-h';
    if (help) return answer(await helpText(rest.find((word) => !word.startsWith('-')) ?? null), { json, cut });
    const command = await load(verb);
    const input = readInput(verb, command, rest);
    if (input.has('help')) return answer(await helpText(verb), { json, cut });
    const result = await command.run(input, around(input, { json, cut }));
    return isRejection(result) ? fail(rejectionFailure(result), { json, cut }) : answer(result, { json, cut });
  } catch (error) {
    return fail(failureOf(error), { json, cut });
  }
}

/** bin/orbit finds a newer Node by itself; the bundle may also be started directly, and then says so in one line. */
function requireNode(found: string): void {
  const [major = 0, minor = 0] = found.split('.').map(Number);
  if (major > 24 || (major === 24 && minor >= 15)) return;
  const hint =
    'start it by bin/orbit, which finds the Node that came with it, or install a newer one from https://nodejs.org';
  throw new OperationalError('node-too-old', `Orbit needs Node.js 24.15 or later, found ${found}`, { hint });
}

async function load(verb: string): Promise<Command> {
  const entry = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (entry !== undefined) return entry.load();
  const near = nearest(verb, Object.keys(verbs));
  throw new UsageError(
    'unknown-command',
    `orbit has no command ${JSON.stringify(printable(verb))}`,
    near === null ? 'orbit help lists all' : `did you mean orbit ${near}?`,
  );
}

async function helpText(verb: string | null): Promise<Answer> {
  const help = await import('./help.ts');
  if (verb === null) return help.overview();
  return help.about(verb, await load(verb));
}

/** How this call answers. `cut` goes over messages, as words and as JSON. */
interface Way {
  json: boolean;
  cut: LongCutter;
}

function around(input: { has(flag: string): boolean; text(flag: string): string | null }, { json, cut }: Way): Around {
  const environment = input.has('no-color') ? { ...process.env, NO_COLOR: '1' } : process.env;
  const directory = requireDirectory(input.text('directory'));
  const warn = (text: string): void => {
    if (!input.has('quiet')) write(2, `${printable(cut.message(text))}\n`);
  };
  return {
    directory,
    environment,
    json,
    quiet: input.has('quiet'),
    verbs,
    project: async () => (await import('../compose.ts')).openProject({ directory, environment, warn }),
    write: (text) => write(1, text),
    warn,
  };
}

/** A workspace may be removed under the feet of whoever stands in it. Throws `UsageError` `file-not-found`. */
function requireDirectory(named: string | null): string {
  if (named === null) {
    try {
      return process.cwd();
    } catch {
      const hint = 'it was removed while you stood in it; cd into the repository';
      throw new UsageError('file-not-found', 'the current directory is not there any more', hint);
    }
  }
  if (statSync(named, { throwIfNoEntry: false })?.isDirectory() === true) return named;
  throw new UsageError('file-not-found', `${named} is no directory`, 'give a directory of the repository');
}

function answer({ data, text, exitCode = 0 }: Answer, { json, cut }: Way): number {
  if (json && data !== null) write(1, `${safeJson(exitCode === 0 ? data : cut.data(data))}\n`);
  else if (!json && text !== '') write(1, `${exitCode === 0 ? text : cut.answer(text)}\n`);
  return exitCode;
}

function fail(failure: Failure, { json, cut }: Way): number {
  const { exitCode, code } = failure;
  const message = cut.message(failure.message);
  const hint = cut.message(failure.hint);
  const report = cut.message(failure.report);
  if (json) write(1, `${safeJson({ error: { code, message, hint } })}\n`);
  if (!json || report !== '') {
    const paint = painter(process.env, 2);
    write(
      2,
      `${paint('orbit:', 'red')} ${printable(message)}\n${hint === '' ? '' : `  ${paint('next:', 'dim')} ${printable(hint)}\n`}${printable(report)}`,
    );
  }
  return exitCode;
}

/** Looked at before the flags are read, so that a bad flag is told as JSON too. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
