/**
 * Which part of the set-up need not run where its result is kept, and what that result depends on besides files of the commit.
 *
 * Owns the split of the lines: from the first one that is not known to depend on lockfiles alone, all run every time, because a later
 * line may need what an earlier one did outside of the workspace.
 */
import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isKnownInstaller } from '../core/set-up-input.ts';
import { childEnvironment } from '../platform/environment.ts';
import { findProgram } from '../platform/process.ts';
import type { Settings } from '../platform/settings.ts';
import { sha256 } from '../platform/sha256.ts';
import type { KeptSetUp } from '../workspace/workspace.ts';
import { parseCommands } from '../platform/command-words.ts';

export interface SetUpPlan {
  /** Lines that run only where their result is not kept; `null`: there are none. */
  kept: KeptSetUp | null;
  /** Lines that run always, after those. */
  always: readonly string[];
}

/** @param environment what commands may inherit from, usually `process.env`. */
export function setUpPlan(
  { workspace, environment: allow }: Pick<Settings, 'workspace' | 'environment'>,
  environment: Readonly<Record<string, string | undefined>>,
): SetUpPlan {
  const { setup, setupReads, keepDependencies } = workspace;
  const reads = setupReads.length === 0 ? null : setupReads;
  const first = !keepDependencies ? 0 : setup.findIndex((line) => reads === null && !isKnown(line));
  const count = first === -1 ? setup.length : first;
  const commands = setup.slice(0, count);
  if (commands.length === 0) return { kept: null, always: setup };
  const runtime = runtimeOf(commands, childEnvironment({ allow, set: {}, from: environment }));
  return { kept: { commands, reads, runtime }, always: setup.slice(count) };
}

function isKnown(line: string): boolean {
  const commands = parseCommands(line);
  return !('fault' in commands) && commands.every((command) => isKnownInstaller(command));
}

/** Interpreters that installers run on; which one decides what they build. */
const interpreters = ['node', 'bun', 'ruby', 'php', 'python3', 'cc'];

function runtimeOf(lines: readonly string[], environment: Readonly<Record<string, string>>): string {
  const commands = lines.flatMap((line) => {
    const parsed = parseCommands(line);
    return 'fault' in parsed ? [] : parsed.map(({ program }) => program);
  });
  const path = environment['PATH'] ?? '';
  const programs = [...new Set([...commands, ...interpreters])].map((name) => `${name} ${stampOf(name, path)}`);
  const variables = Object.entries(environment)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  const settings = userFiles.map((name) => `${name} ${fileStamp(join(environment['HOME'] ?? '/', name))}`);
  return sha256([process.platform, process.arch, ...programs, ...settings, ...variables].join('\0'));
}

/** The user's own settings of installers. */
const userFiles = ['.npmrc', '.yarnrc', '.yarnrc.yml', '.bunfig.toml', '.config/pnpm/rc'];

/** A program is another one after every update: asking it for its version would cost a process each. */
function stampOf(name: string, path: string): string {
  const found = findProgram(name, path);
  if ('fault' in found) return 'none';
  return fileStamp(found.path);
}

function fileStamp(path: string): string {
  try {
    const file = realpathSync(path);
    const { size, mtimeMs } = statSync(file);
    return `${file} ${size} ${mtimeMs}`;
  } catch {
    return 'none';
  }
}
