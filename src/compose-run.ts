/**
 * Puts together what works through plans: a runner's ports, a coordinator's ports. `compose.ts` brings the parts.
 */
import { join } from 'node:path';
import type { Context } from './actions/context.ts';
import {
  adapterOf,
  endReaders,
  gitUser,
  openProject,
  orbitProgram,
  type Environment,
  type OpenOrder,
} from './compose.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './coordinator/ports.ts';
import { markOnRequest } from './core/leader-name.ts';
import type { Traces } from './coordinator/traces.ts';
import type { Limits } from './core/limits.ts';
import type { Finish } from './core/pull-request.ts';
import type { Wish } from './core/rung.ts';
import { withoutIdentity } from './platform/environment.ts';
import { agentEntry } from './platform/known-agents.ts';
import type { Settings } from './platform/settings.ts';
import type { RunnerPorts } from './runner/runner.ts';

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
    gitIdentity: async () => gitUser(paths.commonDirectory),
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
  /** What a person wants done with a finished plan; absent: as plan and settings say. */
  finish?: Finish | null;
  /** Gives out only what `orbit spawn` asks for. */
  onRequest?: boolean;
  environment: Environment;
  log: (line: string) => void;
}

/** What a coordinator works with, on the parts of an open project. */
export async function openCoordinator(
  context: Context,
  { plans, agents, wish, finish, onRequest = false, environment, log }: RunPlansOrder,
): Promise<{ ports: CoordinatorPorts; settings: CoordinatorSettings; close: () => Promise<void> }> {
  const [{ hostname }, { limitsOf }, { coordinatorSettings }, { newId }, { holderName }] = await Promise.all([
    import('node:os'),
    import('./runner/runner.ts'),
    import('./coordinator/settings.ts'),
    import('./platform/ids.ts'),
    import('./platform/holder.ts'),
  ]);
  const settings = await context.settings();
  const limits = limitsOf(settings);
  const holder = holderName(newId(context.clock.now()));
  return {
    ports: await coordinatorPorts(context, { settings, limits, environment, log }),
    settings: coordinatorSettings(settings, limits, {
      plans,
      agents,
      thinks: await thinkingAgents(settings, agents?.map(({ name }) => name) ?? []),
      wish: wish ?? null,
      finish: finish ?? null,
      holder: onRequest ? markOnRequest(holder) : holder,
      onRequest,
      host: hostname(),
      pid: process.pid,
    }),
    close: endReaders,
  };
}

/** Exports traces of what this process follows, or `null` where OpenTelemetry's variables name no collector. */
export async function openTraces(
  { store }: Pick<Context, 'store'>,
  environment: Environment,
  log: (line: string) => void,
): Promise<Traces | null> {
  if (!Object.keys(environment).some((name) => name.startsWith('OTEL_EXPORTER_OTLP_'))) return null;
  const [{ collectorOf }, { Traces: Exporter }] = await Promise.all([
    import('./coordinator/otlp.ts'),
    import('./coordinator/traces.ts'),
  ]);
  const collector = collectorOf(environment);
  return collector === null ? null : new Exporter(store, collector, log);
}

type PortsOrder = Pick<RunPlansOrder, 'environment' | 'log'> & { settings: Settings; limits: Limits };

async function coordinatorPorts(
  context: Context,
  { settings, limits, environment, log }: PortsOrder,
): Promise<CoordinatorPorts> {
  const { paths, store, clock } = context;
  const [
    { LocalRunners },
    { syncPlan },
    { writeProjections },
    { isHolderGone },
    { plainChecks },
    { endMarked },
    { barredAgents },
    { machineFacts },
    { privatePlaces },
    { portFolder },
    { oldLogs },
  ] = await Promise.all([
    import('./coordinator/local-runners.ts'),
    import('./actions/sync-plan.ts'),
    import('./actions/project-progress.ts'),
    import('./platform/holder.ts'),
    import('./runner/plain-checks.ts'),
    import('./platform/process-tree.ts'),
    import('./actions/agent-gate.ts'),
    import('./platform/machine.ts'),
    import('./runner/private-directories.ts'),
    import('./platform/port-lease.ts'),
    import('./coordinator/old-logs.ts'),
  ]);
  // Checks of landings belong to no attempt: 0 is nobody's token.
  const marker = { project: paths.top, task: 'landing', token: '0' };
  const workspaces = await context.workspaces();
  const redact = await secretHider(settings, environment);
  const tell = (line: string): void => log(redact(line));
  return {
    store,
    repository: await context.repository(),
    workspaces,
    runners: new LocalRunners({
      program: orbitProgram(),
      top: paths.top,
      environment: withoutIdentity(environment),
      seats: join(paths.logs, 'runners'),
      privatePlaces: privatePlaces(paths.orbitDirectory),
      portFolder: portFolder(environment),
      complaints: join(paths.logs, 'runner.log'),
      stopGraceMs: limits.stopGraceMs,
    }),
    checks: {
      ...plainChecks({ settings, environment, marker, setUpOf: (directory) => workspaces.setUpOf(directory) }),
      endOrphans: async () => void (await endMarked(marker, limits.stopGraceMs)),
    },
    isGone: isHolderGone,
    machine: machineFacts,
    oldLogs: oldLogs(join(paths.logs, 'run'), tell),
    barred: async () => barredAgents(context),
    redact,
    forge: forgePort(context, settings, environment),
    clock,
    random: Math.random,
    project: async (plan) => {
      await syncPlan(context, plan);
      await writeProjections(context, plan);
    },
    log: tell,
  };
}

/** What agents wrote reaches the store through messages and reasons, too. */
async function secretHider(settings: Settings, environment: Environment): Promise<(text: string) => string> {
  const { grantedSecrets, redactor } = await import('./platform/redact.ts');
  return redactor(grantedSecrets(environment, settings.environment));
}

function forgePort(
  { paths, clock, repository }: Context,
  settings: Settings,
  environment: Environment,
): NonNullable<CoordinatorPorts['forge']> {
  return lazily(async () => {
    const { openForge } = await import('./compose-forge.ts');
    return openForge({ paths, settings, environment, repository: await repository(), clock });
  });
}

/** Made when it is first asked for, and again while that fails: a token may come. */
function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return async () => {
    made ??= make();
    try {
      return await made;
    } catch (error) {
      made = undefined;
      throw error;
    }
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
