/**
 * Puts the parts together: the only file that names implementations.
 *
 * Owns which store, repository, workspaces and adapters a project uses. Each is loaded when it is first asked for, because a
 * short command pays for every module it touches.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { callerOf, type Caller } from './actions/caller.ts';
import type { Context } from './actions/context.ts';
import type { AgentAdapter } from './agent/agent.ts';
import { limits } from './core/limits.ts';
import { systemClock } from './platform/clock.ts';
import { OperationalError, UsageError } from './platform/error.ts';
import { findProject, findRepository, type Paths } from './platform/paths.ts';
import type { AgentEntry, Settings } from './platform/settings.ts';
import { hidingStore } from './store/hiding-store.ts';
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
  const settings = once(async () => loadSettings(paths, environment));
  const store = hiding(await openStore(paths), { caller, environment, settings });
  // A program is asked once: a coordinator wants to know at every tick.
  const versions = new Map<string, Promise<string | null>>();
  const checks = once(async () => {
    const { plainChecks } = await import('./runner/plain-checks.ts');
    return plainChecks({ settings: await settings(), environment, marker: null });
  });
  const repository = once(async () => (await import('./workspace/git/git-repository.ts')).openRepository(paths.top));
  return {
    paths,
    caller,
    store,
    clock: systemClock,
    settings,
    repository,
    workspaces: once(async () =>
      openWorkspaces(await repository(), { settings: await settings(), environment, note: warn }),
    ),
    look: async (began) => {
      const { readCheckoutWork } = await import('./workspace/git/checkout-work.ts');
      const { commonDirectory, gitDirectory, worktree } = paths;
      return readCheckoutWork({ commonDirectory, gitDirectory, directory: worktree }, began);
    },
    runCheck: async (command, workingDirectory) => (await checks()).run(command, workingDirectory),
    checks,
    agentVersion: async (entry) => {
      const key = JSON.stringify(entry);
      const known = versions.get(key) ?? versionOf(entry, paths.top);
      versions.set(key, known);
      return known;
    },
    agentFault: async (entry) => (await adapterOf(entry.adapter)).fault(entry, paths.top),
    gitVersion,
    startRun: async (plans) => {
      const { startOnRequest } = await import('./coordinator/start-on-request.ts');
      return startOnRequest({ program: orbitProgram(), paths, environment, plans });
    },
    streamReader: async (adapter) =>
      adapterOf(adapter).then(
        (found) => found.reader(),
        () => null,
      ),
    warn,
  };
}

/** The same project for another caller: what they may do and who they are is theirs, all else is shared. */
export function contextFor(context: Context, caller: Caller, environment: Environment): Context {
  return { ...context, caller, store: hiding(context.store, { caller, environment, settings: context.settings }) };
}

/** What an agent writes is cleaned of the secrets that its process knows; a person's words are their own. */
function hiding(
  store: Store,
  order: { caller: Caller; environment: Environment; settings: () => Promise<Settings> },
): Store {
  const { caller, environment, settings } = order;
  if (caller.kind === 'person') return store;
  const redact = once(async () => {
    const { grantedSecrets, isSecretName, redactor } = await import('./platform/redact.ts');
    const { agents, environment: granted } = await settings();
    const named = Object.values(agents).flatMap((agent) => agent.environment ?? []);
    const secret = Object.keys(environment).filter((name) => isSecretName(name));
    return redactor(grantedSecrets(environment, [...granted, ...named, ...secret]));
  });
  return hidingStore(store, redact);
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
  { settings, environment, note }: { settings: Settings; environment: Environment; note: (text: string) => void },
): Promise<Workspaces> {
  const [{ openWorkspaces: open }, { availableParallelism }, { setUpPlan }] = await Promise.all([
    import('./workspace/git/git-workspaces.ts'),
    import('node:os'),
    import('./runner/set-up-plan.ts'),
  ]);
  return open(repository, {
    directory: settings.workspace.directory,
    checkoutsAtOnceMax: availableParallelism(),
    caches: settings.workspace.caches,
    setUp: () => setUpPlan(settings, environment).kept,
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
        'known: claude, codex, opencode, gemini, copilot, qwen, acp (any ACP agent), command (any program), scripted',
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

/** Who git says the user is in a repository, or `null` when nobody told it. */
export async function gitUser(commonDirectory: string): Promise<{ name: string; email: string } | null> {
  return (await import('./workspace/git/user-identity.ts')).userIdentity(commonDirectory);
}

/** Ends the readers of objects that this process keeps running. */
export async function endReaders(): Promise<void> {
  await (await import('./workspace/git/object-reader.ts')).endReaders();
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
