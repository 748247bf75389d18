/**
 * A whole small project for tests of the runner: real git, a store in memory, real agent processes that play a script.
 * Only time limits are shortened; nothing of Orbit is replaced.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { AgentSettings } from '../../src/agent/agent.ts';
import { commandAdapter } from '../../src/agent/command/command.ts';
import { scriptedAdapter } from '../../src/agent/scripted/scripted.ts';
import type { Attempt } from '../../src/core/attempt.ts';
import { taskKey, type TaskKey } from '../../src/core/id.ts';
import type { Limits } from '../../src/core/limits.ts';
import type { TaskDraft } from '../../src/core/plan.ts';
import type { Task } from '../../src/core/task.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { processIdentity } from '../../src/platform/process.ts';
import { defaultsOf, keys } from '../../src/platform/settings-key.ts';
import type { Settings } from '../../src/platform/settings.ts';
import { runAttempt } from '../../src/runner/attempt.ts';
import { setUpPlan } from '../../src/runner/set-up-plan.ts';
import { limitsOf, type Ending, type RunnerPorts } from '../../src/runner/runner.ts';
import { openMemoryStore, type Faults } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { openRepository } from '../../src/workspace/git/git-repository.ts';
import { openWorkspaces } from '../../src/workspace/git/git-workspaces.ts';
import { draftTask, planOf } from '../conformance/store-fixture.ts';
import { makeRepository, type TestRepository } from './repository.ts';

const player = fileURLToPath(new URL('../conformance/fixtures/scripted-agent.ts', import.meta.url));

export type Steps = readonly Readonly<Record<string, unknown>>[];

export interface WorldOrder {
  task?: Partial<TaskDraft>;
  /** What the agent plays, the same in every attempt. */
  steps: Steps;
  /** `scripted` can be hinted at; `text` is a plain program whose exit code is its word. */
  agent?: 'scripted' | 'text';
  settings?: Partial<Settings>;
  limits?: Partial<Limits>;
  files?: Readonly<Record<string, string>>;
  faults?: Faults;
  /** The store in a file, for tests with several processes. */
  inFile?: boolean;
}

export interface World {
  made: TestRepository;
  ports: RunnerPorts;
  key: TaskKey;
  token: number;
  /** Path of the script that the agent plays. */
  script: string;
  release(ending: Ending): void;
  /** Runs the claimed attempt to its end; answers how the store sees it. */
  run(): Promise<{ attempt: Attempt; task: Task }>;
  look(): Promise<{ attempt: Attempt; task: Task }>;
  /** A log of the attempt by its name. */
  log(name: string): string;
  /** Waits until a log holds the text. */
  heard(name: string, text: string): Promise<void>;
  refs(): string[];
  workspaces(): string[];
}

/** The settings of workspaces with some of them changed. */
export function workspaceSettings(changed: Partial<Settings['workspace']>): Settings['workspace'] {
  return { ...(defaultsOf(keys) as unknown as Settings).workspace, ...changed };
}

/** Makes the project, loads the plan, claims the task `T1` of plan `001`. All of it is removed after the test. */
export async function attemptWorld(order: WorldOrder): Promise<World> {
  const made = makeRepository({ files: { 'README.md': 'Start\n', ...order.files } });
  onTestFinished(() => made.dispose());
  made.git('branch', 'orbit/001');
  const script = join(made.directory, '..', 'script.json');
  writeFileSync(script, JSON.stringify({ default: [order.steps] }));
  const store = await storeFor(order, made);
  const draft = {
    title: 'Plan',
    unblock: null,
    layers: null,
    layerList: [],
    checks: [],
    tasks: [draftTask('T1', order.task)],
  };
  const now = Date.now();
  await store.applyPlan({ plan: planOf('001'), draft, scores: new Map([['T1', 1]]) }, 'cli:ann', now);
  const key = taskKey('001', 'T1');
  const ports = await portsFor(made, { order, store, script });
  const claim = { agent: 'a-1', plan: null, task: key, byHand: false, leaseMs: ports.limits.heartbeatTimeoutMs };
  const nowhere = { shared: [], base: null, workspace: null, branch: null };
  const claimed = await store.claim({ ...claim, ...nowhere }, 'coordinator', now);
  if (!('token' in claimed)) throw new Error(claimed.message);
  return worldOf({ made, ports: ports.ports, release: ports.release, key, token: claimed.token, script });
}

async function storeFor({ inFile, faults }: WorldOrder, made: TestRepository): Promise<Store> {
  if (inFile !== true) return openMemoryStore(faults === undefined ? {} : { faults });
  const store = await openSqliteStore({ path: join(made.directory, '.git', 'orbit', 'orbit.db'), busyMs: 10_000 });
  onTestFinished(async () => store[Symbol.asyncDispose]());
  return store;
}

async function portsFor(
  made: TestRepository,
  { order, store, script }: { order: WorldOrder; store: RunnerPorts['store']; script: string },
): Promise<{ ports: RunnerPorts; limits: Limits; release: AbortController }> {
  const agents: Record<string, AgentSettings> = {
    a:
      order.agent === 'text'
        ? { adapter: 'command', slots: 1, command: [process.execPath, player, 'scripted-agent', script] }
        : { adapter: 'scripted', slots: 1, script },
  };
  const settings = { ...(defaultsOf(keys) as unknown as Settings), agents, ...order.settings };
  const limits = { ...limitsOf(settings), watchIntervalMs: 50, reportSettleMs: 10_000, ...order.limits };
  const repository = await openRepository(made.directory);
  const release = new AbortController();
  const logs = join(made.directory, '.git', 'orbit', 'logs');
  mkdirSync(logs, { recursive: true });
  const ports: RunnerPorts = {
    store,
    repository,
    workspaces: await openWorkspaces(repository, {
      directory: '.worktrees',
      checkoutsAtOnceMax: 2,
      setUp: () => setUpPlan(settings, process.env).kept,
    }),
    adapter: async (name) => (name === 'scripted' ? scriptedAdapter({ program: [player] }) : commandAdapter),
    clock: systemClock,
    settings,
    limits,
    paths: {
      project: made.directory,
      logs,
      orbit: join(made.directory, '.git', 'orbit'),
      shims: join(made.directory, '.git', 'orbit', 'bin'),
      key: join(logs, '../key'),
    },
    program: [process.execPath, player],
    identity: processIdentity(process.pid),
    environment: { ...process.env, XDG_RUNTIME_DIR: join(made.directory, '..', 'run') },
    gitIdentity: async () => null,
    random: () => 0,
    release: release.signal,
    log: () => undefined,
  };
  return { ports, limits, release };
}

function worldOf(
  parts: Pick<World, 'made' | 'ports' | 'key' | 'token' | 'script'> & { release: AbortController },
): World {
  const { made, ports, key, token, script, release } = parts;
  const runs = join(ports.paths.logs, 'run');
  const look = async (): Promise<{ attempt: Attempt; task: Task }> => ({
    attempt: (await ports.store.attempt(token)) as Attempt,
    task: (await ports.store.task(key))?.task as Task,
  });
  const log = (name: string): string => {
    const [folder = ''] = readdirSync(runs);
    return readFileSync(join(runs, folder, name), 'utf8');
  };
  return {
    made,
    ports,
    key,
    token,
    script,
    look,
    log,
    release: (ending) => release.abort(ending),
    async run() {
      await runAttempt(ports, token);
      return look();
    },
    async heard(name, text) {
      for (;;) {
        try {
          if (log(name).includes(text)) return;
        } catch {
          // Not made yet.
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    refs: () => made.git('for-each-ref', '--format=%(refname)', 'refs/orbit').split('\n').filter(Boolean),
    workspaces: () => {
      try {
        return readdirSync(join(made.directory, '.worktrees')).filter((name) => !name.startsWith('.'));
      } catch {
        return [];
      }
    },
  };
}
