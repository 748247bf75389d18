/**
 * Puts the parts together: the only file that names implementations.
 *
 * Owns which store, repository, workspaces and adapters a project uses. Each is loaded when it is first asked for, because a
 * short command pays for every module it touches.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { callerOf } from './actions/caller.ts';
import type { Context } from './actions/context.ts';
import type { AgentAdapter } from './agent/agent.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './coordinator/ports.ts';
import type { Wish } from './core/ladder.ts';
import { limits } from './core/limits.ts';
import { systemClock } from './platform/clock.ts';
import { OperationalError, UsageError } from './platform/error.ts';
import { withoutIdentity } from './platform/environment.ts';
import { agentEntry } from './platform/known-agents.ts';
import { findProject, findRepository, type Paths } from './platform/paths.ts';
import type { AgentEntry, Settings } from './platform/settings.ts';
import type { RunnerPorts } from './runner/runner.ts';
import type { Store } from './store/store.ts';
import type { Repository } from './workspace/repository.ts';
import type { Workspaces } from './workspace/workspace.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface OpenOrder {
  /** Where the caller stands: any directory of the repository or of its worktrees. */
  directory: string;
  environment: Environment;
  /** Gets words for a person. */
  warn?: (text: string) => void;
}

/**
 * Opens the project around a directory, for actions.
 * Throws `UsageError` `not-a-repository`, `bare-repository`, `not-a-project`; `OperationalError` with a `store-…` code.
 */
export async function openProject({ directory, environment, warn = () => undefined }: OpenOrder): Promise<Context> {
  const caller = callerOf(environment);
  const paths = locate(directory, environment);
  const store = await openStore(paths);
  const settings = once(async () => loadSettings(paths, environment));
  // A program is asked once: a coordinator wants to know at every tick.
  const versions = new Map<string, Promise<string | null>>();
  const repository = once(async () => (await import('./workspace/git/git-repository.ts')).openRepository(paths.top));
  return {
    paths,
    caller,
    store,
    clock: systemClock,
    settings,
    repository,
    workspaces: once(async () => openWorkspaces(await repository(), { settings: await settings(), note: warn })),
    look: async (began) => {
      const { readCheckoutWork } = await import('./workspace/git/checkout-work.ts');
      const { commonDirectory, gitDirectory, worktree } = paths;
      return readCheckoutWork({ commonDirectory, gitDirectory, directory: worktree }, began);
    },
    runCheck: async (command, workingDirectory) => {
      const { plainChecks } = await import('./runner/plain-checks.ts');
      return plainChecks({ settings: await settings(), environment, marker: null }).run(command, workingDirectory);
    },
    agentVersion: async (entry) => {
      const key = JSON.stringify(entry);
      const known = versions.get(key) ?? versionOf(entry, paths.top);
      versions.set(key, known);
      return known;
    },
    warn,
  };
}

/** The repository around a directory, whether or not `orbit init` ran there, with what `initProject` needs. */
export function openRepositoryForInit({ directory, environment }: OpenOrder): {
  paths: Paths;
  settings: () => Promise<Settings>;
  createStore: () => Promise<void>;
} {
  const paths = findRepository(directory);
  const createStore = async (): Promise<void> => {
    await using _store = await openStore(paths);
  };
  return { paths, settings: async () => loadSettings(paths, environment), createStore };
}

export async function openStore({ database }: Pick<Paths, 'database'>): Promise<Store> {
  const { openSqliteStore } = await import('./store/sqlite/sqlite-store.ts');
  return openSqliteStore({ path: database, busyMs: limits.storeBusyMs });
}

export async function openWorkspaces(
  repository: Repository,
  { settings, note }: { settings: Settings; note: (text: string) => void },
): Promise<Workspaces> {
  const [{ openWorkspaces: open }, { availableParallelism }] = await Promise.all([
    import('./workspace/git/git-workspaces.ts'),
    import('node:os'),
  ]);
  return open(repository, {
    directory: settings.workspace.directory,
    checkoutsAtOnceMax: availableParallelism(),
    note,
  });
}

/** What git says its version is. Throws `OperationalError` `git-missing`. */
export async function gitVersion(): Promise<string> {
  const { runGit } = await import('./workspace/git/run-git.ts');
  return (await runGit(['version'])).stdout.toString('utf8').trim();
}

/** The adapter of that name. Throws `UsageError` `unknown-agent`. */
export async function adapterOf(name: string): Promise<AgentAdapter> {
  switch (name) {
    case 'command':
      return (await import('./agent/command/command.ts')).commandAdapter;
    case 'claude':
      return (await import('./agent/claude/claude.ts')).claudeAdapter;
    case 'acp':
    case 'gemini':
    case 'copilot':
    case 'qwen':
      return (await import('./agent/acp/acp.ts')).acpAdapter(name);
    case 'codex':
      return (await import('./agent/codex/codex.ts')).codexAdapter;
    case 'opencode':
      return (await import('./agent/opencode/opencode.ts')).openCodeAdapter;
    case 'scripted':
      return (await import('./agent/scripted/scripted.ts')).scriptedAdapter({ program: orbitProgram().slice(1) });
    default:
      throw new UsageError(
        'unknown-agent',
        `there is no adapter ${JSON.stringify(name)}`,
        'known: claude, command (any program), scripted',
      );
  }
}

async function versionOf(entry: AgentEntry, top: string): Promise<string | null> {
  const adapter = await adapterOf(entry.adapter).catch(() => null);
  return adapter === null ? null : adapter.version(entry, top);
}

/** Runs one git command in a directory, for what makes repositories. */
export async function gitIn(directory: string, args: readonly string[]): Promise<void> {
  await (await import('./workspace/git/run-git.ts')).runGit(args, { cwd: directory });
}

/** What one git command prints. Throws `OperationalError` `git-failed`. */
export async function gitText(directory: string, args: readonly string[]): Promise<string> {
  const { runGit } = await import('./workspace/git/run-git.ts');
  return (await runGit(args, { cwd: directory })).stdout.toString('utf8');
}

/** Plays a script as the scripted agent does; answers the exit code. */
export async function playScript(file: string): Promise<number> {
  return (await import('./agent/scripted/player.ts')).playScript(file);
}

/** What a runner works with. `close` ends it in order. */
export async function openRunner(
  order: OpenOrder & { release: AbortSignal },
): Promise<{ ports: RunnerPorts; close: () => Promise<void> }> {
  const { environment, release, warn = () => undefined } = order;
  // The runner acts for Orbit, whatever the process that started it was called with.
  const {
    paths,
    store,
    clock,
    settings: load,
    repository: open,
    workspaces,
  } = await openProject({ ...order, environment: withoutIdentity(environment) });
  const [{ limitsOf }, { processIdentity }, { ensureShims }] = await Promise.all([
    import('./runner/runner.ts'),
    import('./platform/process.ts'),
    import('./platform/shim.ts'),
  ]);
  const [settings, repository] = [await load(), await open()];
  const [execPath, program] = orbitProgram();
  await ensureShims(paths.bin, { execPath, program: [program] });
  const ports: RunnerPorts = {
    store,
    repository,
    workspaces: await workspaces(),
    adapter: adapterOf,
    clock,
    settings,
    limits: limitsOf(settings),
    paths: { project: paths.top, orbit: paths.orbitDirectory, logs: paths.logs, shims: paths.bin, key: paths.key },
    program: [execPath, program],
    identity: processIdentity(process.pid),
    environment,
    gitIdentity: async () => (await import('./workspace/git/user-identity.ts')).userIdentity(paths.commonDirectory),
    random: Math.random,
    release,
    log: warn,
  };
  return { ports, close: async () => store[Symbol.asyncDispose]() };
}

export interface RunPlansOrder {
  plans: readonly string[];
  /** Agents and slots of this run; `null` = as the settings say. */
  agents: readonly { name: string; slots: number }[] | null;
  /** Model and thinking budget that a person asked for, for all agents of this run. */
  wish?: Wish;
  environment: Environment;
  log: (line: string) => void;
}

/** What a coordinator works with, on the parts of an open project. */
export async function openCoordinator(
  context: Context,
  { plans, agents, wish, environment, log }: RunPlansOrder,
): Promise<{ ports: CoordinatorPorts; settings: CoordinatorSettings; close: () => Promise<void> }> {
  const { paths, store, clock } = context;
  const [
    { hostname },
    { limitsOf },
    { LocalRunners },
    { coordinatorSettings },
    { syncPlan },
    { writeProjections },
    { newId },
    { holderName, isHolderGone },
    { plainChecks },
    { endMarked },
    { endReaders },
    { barredAgents },
  ] = await Promise.all([
    import('node:os'),
    import('./runner/runner.ts'),
    import('./coordinator/local-runners.ts'),
    import('./coordinator/settings.ts'),
    import('./actions/sync-plan.ts'),
    import('./actions/project-progress.ts'),
    import('./platform/ids.ts'),
    import('./coordinator/holder.ts'),
    import('./runner/plain-checks.ts'),
    import('./platform/process-tree.ts'),
    import('./workspace/git/object-reader.ts'),
    import('./actions/agent-gate.ts'),
  ]);
  const settings = await context.settings();
  const limitsNow = limitsOf(settings);
  const runners = new LocalRunners({
    program: orbitProgram(),
    top: paths.top,
    environment: withoutIdentity(environment),
    seats: join(paths.logs, 'runners'),
    complaints: join(paths.logs, 'runner.log'),
    stopGraceMs: limitsNow.stopGraceMs,
  });
  // Checks of landings belong to no attempt: 0 is nobody's token.
  const marker = { project: paths.top, task: 'landing', token: '0' };
  const ports: CoordinatorPorts = {
    store,
    repository: await context.repository(),
    workspaces: await context.workspaces(),
    runners,
    checks: {
      ...plainChecks({ settings, environment, marker }),
      endOrphans: async () => void (await endMarked(marker, limitsNow.stopGraceMs)),
    },
    isGone: isHolderGone,
    barred: async () => barredAgents(context),
    clock,
    random: Math.random,
    project: async (plan) => {
      await syncPlan(context, plan);
      await writeProjections(context, plan);
    },
    log,
  };
  const holder = holderName(newId(clock.now()));
  return {
    ports,
    settings: coordinatorSettings(settings, limitsNow, {
      plans,
      agents,
      thinks: await thinkingAgents(settings, agents?.map(({ name }) => name) ?? []),
      wish: wish ?? null,
      holder,
      host: hostname(),
      pid: process.pid,
    }),
    close: endReaders,
  };
}

/** Names of the agents that take a thinking budget. What is wrong with an adapter's name is told where it is started. */
async function thinkingAgents(settings: Settings, named: readonly string[]): Promise<Set<string>> {
  const names = new Set<string>();
  for (const name of new Set([...Object.keys(settings.agents), ...named])) {
    const entry = agentEntry(settings, name);
    if (entry === null) continue;
    const adapter = await adapterOf(entry.adapter).catch(() => null);
    if (adapter?.capabilities(entry).thinking === true) names.add(name);
  }
  return names;
}

/** The program that starts Orbit again, as an argument list: this Node.js and the bundle. */
export function orbitProgram(): readonly [string, string] {
  const here = import.meta.filename;
  if (basename(here) === 'orbit.cjs') return [process.execPath, here];
  const bundle = [join(dirname(here), '..', 'orbit.cjs'), join(dirname(here), '..', 'dist', 'orbit.cjs')].find((path) =>
    existsSync(path),
  );
  if (bundle !== undefined) return [process.execPath, bundle];
  throw new OperationalError('runner-failed', 'dist/orbit.cjs is not there', { hint: 'npm run build' });
}

/** An agent may have gone to any directory; its project is the one that it was started for. */
function locate(directory: string, environment: Environment): Paths {
  const project = environment['ORBIT_PROJECT'] ?? '';
  if (project === '') return findProject(directory);
  try {
    const here = findProject(directory);
    if (here.top === resolve(project)) return here;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  return findProject(project);
}

async function loadSettings({ top }: Paths, environment: Environment): Promise<Settings> {
  return (await import('./platform/settings.ts')).loadSettings(top, environment);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return async () => (made ??= make());
}
