/**
 * Makes a repository an Orbit project, or brings one up to date. Doing it again changes nothing that is right already.
 *
 * Owns the list of what is made, and the rule that people's files are touched only between Orbit's own markers (A11).
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../platform/error.ts';
import { readHead } from '../platform/head.ts';
import { knownAgents } from '../platform/known-agents.ts';
import type { Paths } from '../platform/paths.ts';
import { findProgram } from '../platform/process.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { settingsFile, type Settings } from '../platform/settings.ts';
import { settingsSchema } from '../platform/settings-schema.ts';
import { agentsBlock, pointerBlock, skillText, withBlock } from './agents-file.ts';

export interface InitOrder {
  agentsFile: boolean;
  skill: boolean;
  /** The PATH to look for agents on. */
  path: string;
}

export interface InitAnswer {
  project: string;
  store: string;
  /** Paths relative to the project that were made or changed. */
  changed: readonly string[];
  /** Agents whose programs were found and that now stand in the settings. */
  agents: readonly string[];
}

/** @param createStore makes the database if it is missing. Throws `UsageError` `no-commit-yet`. */
export async function initProject(
  paths: Paths,
  order: InitOrder,
  { settings, createStore }: { settings: () => Promise<Settings>; createStore: () => Promise<void> },
): Promise<InitAnswer> {
  if (readHead(paths).commit === null) {
    throw new UsageError(
      'no-commit-yet',
      `${paths.worktree} has no commit yet`,
      'make a first commit: git commit --allow-empty -m Start',
    );
  }
  const { workspace } = await settings();
  const changed: string[] = [];
  const put = (path: string, text: string): void => {
    if (write(join(paths.top, path), text)) changed.push(path);
  };
  mkdirSync(paths.orbitDirectory, { recursive: true });
  const isNew = !existsSync(paths.database);
  await createStore();
  if (isNew) changed.push('.git/orbit/orbit.db');
  if (excludeOwnFiles(paths, workspace.directory)) changed.push('.git/info/exclude');
  write(join(paths.orbitDirectory, 'orbit.config.schema.json'), `${JSON.stringify(settingsSchema(), null, 2)}\n`);
  const agents = existsSync(join(paths.top, settingsFile)) ? [] : findAgents(order.path);
  if (!existsSync(join(paths.top, settingsFile))) put(settingsFile, firstSettings(agents));
  if (order.agentsFile) {
    put('AGENTS.md', withBlock(read(join(paths.top, 'AGENTS.md')), agentsBlock, 'AGENTS.md'));
    const pointer = read(join(paths.top, 'CLAUDE.md'));
    // A link to AGENTS.md, or a pointer made by hand, says it already.
    if (!/^@AGENTS\.md\s*$/m.test(pointer ?? '') && !(pointer ?? '').includes(agentsBlock.split('\n', 1)[0] ?? '')) {
      put('CLAUDE.md', withBlock(pointer, pointerBlock, 'CLAUDE.md'));
    }
  }
  if (order.skill) put('.claude/skills/orbit/SKILL.md', skillText);
  return { project: paths.top, store: paths.database, changed, agents };
}

function findAgents(path: string): string[] {
  return knownAgents.filter((name) => 'path' in findProgram(name, path));
}

/** Of each agent found: two at once are useful at once and harm no small machine. */
const firstSlots = 2;

/** `info/exclude` ignores for this clone only: Orbit's files are nobody's commit. */
function excludeOwnFiles(paths: Paths, workspaces: string): boolean {
  const file = join(paths.commonDirectory, 'info', 'exclude');
  const text = read(file) ?? '';
  const lines = text.split(/\r?\n/);
  const inside =
    workspaces.startsWith('/') || workspaces.startsWith('..') ? [] : [`/${workspaces.replace(/^\.\/|\/$/g, '')}/`];
  const missing = [...inside, '/specs/*/agent-tasks/.progress.json', '/data/orchestrators/'].filter(
    (line) => !lines.includes(line),
  );
  if (missing.length === 0) return false;
  const open = text === '' || text.endsWith('\n') ? '' : '\n';
  return write(file, `${text}${open}${missing.join('\n')}\n`);
}

function firstSettings(agents: readonly string[]): string {
  const settings = {
    $schema: './.git/orbit/orbit.config.schema.json',
    agents: Object.fromEntries(agents.map((name) => [name, { adapter: name, slots: firstSlots }])),
    landing: { into: 'orbit/{plan}', checks: [] },
    workspace: { bring: [], setup: [] },
    budget: { attempts: 4, minutes: 60 },
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function write(path: string, text: string): boolean {
  return read(path) === text ? false : replaceFile(path, text);
}
