/**
 * The demo: makes a small real repository with a plan and lets real processes work through it (P13).
 *
 * Owns the making of that repository. Everything after it is the ordinary `orbit init` and `orbit run`, as processes of
 * their own: what the demo shows is what a user gets.
 */
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { gitIn } from '../compose.ts';
import { UsageError } from '../platform/error.ts';
import { runProgram } from './program.ts';
import { demoFiles, demoPlan } from './project.ts';

export interface DemoOrder {
  /** Where to put the repository; `null` = a new temporary directory. */
  directory: string | null;
  /** Remove the repository at the end. */
  remove: boolean;
  json: boolean;
  /** Program and arguments that start Orbit. */
  program: readonly [string, string];
  say(text: string): void;
}

/** Answers 0 where the run ended with 4, as it should: one of its agents asks a question that only a person can answer. */
export async function runDemo(order: DemoOrder): Promise<number> {
  const directory = makeDirectory(order.directory);
  try {
    await makeRepository(directory);
    order.say(`A repository with 26 tasks in 4 layers: ${directory}`);
    order.say('Four scripted agents work on it. One will crash, one lies, one leaves its scope, one hangs, one asks.');
    order.say('');
    const [command, bundle] = order.program;
    const quiet = await runProgram({
      command,
      args: [bundle, 'init', '--quiet', ...(order.json ? ['--json'] : [])],
      cwd: directory,
      silent: true,
    });
    if (quiet !== 0) return quiet;
    const exitCode = await runProgram({
      command,
      args: [bundle, 'run', demoPlan, ...(order.json ? ['--json'] : [])],
      cwd: directory,
      silent: false,
    });
    if (!order.remove) order.say(`\nThe repository is still there: cd ${directory}`);
    return exitCode === needsPerson ? 0 : exitCode;
  } finally {
    if (order.remove) rmSync(directory, { recursive: true, force: true });
  }
}

/** Exit code of a run that ended with something for a person. */
const needsPerson = 4;

function makeDirectory(wanted: string | null): string {
  if (wanted === null) return realpathSync(mkdtempSync(join(tmpdir(), 'orbit-demo-')));
  const directory = resolve(wanted);
  mkdirSync(directory, { recursive: true });
  if (readdirSync(directory).length > 0) {
    throw new UsageError('bad-flag', `${directory} is not empty`, 'name a new directory for the demo, or none');
  }
  return realpathSync(directory);
}

async function makeRepository(directory: string): Promise<void> {
  for (const [path, text] of demoFiles()) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  await gitIn(directory, ['init', '--quiet', '--initial-branch=main']);
  await gitIn(directory, ['config', 'user.name', 'Orbit demo']);
  await gitIn(directory, ['config', 'user.email', 'demo@localhost']);
  await gitIn(directory, ['add', '--all']);
  await gitIn(directory, ['commit', '--quiet', '-m', 'Start a text toolkit']);
}
