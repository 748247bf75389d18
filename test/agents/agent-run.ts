/**
 * One task worked on by a real agent's program under `orbit run`, with a scripted model.
 *
 * Owns the project, the model server and what is left of both: after the test nothing of it may run.
 */
import { mkdirSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { lookAtProcess, processIdentity } from '../../src/platform/process.ts';
import { readEnvironment, readProcessTable } from '../../src/platform/process-table.ts';
import type { OrbitRun, RunEnd, RunEvent } from '../support/e2e-run.ts';
import { makeProject, type Project } from '../support/e2e.ts';
import type { Scenario } from './model-server/scenario.ts';
import { startModelServer, type ModelServer } from './model-server/server.ts';
import type { Subject } from './subject.ts';

export interface AgentOrder {
  /** Marker without brackets, such as `sleep s=20`; its scenario is of the server or in `scenarios`. */
  scenario: string;
  scenarios?: Readonly<Record<string, Scenario>>;
  /** Over the settings that make faults show soon. */
  settings?: Readonly<Record<string, unknown>>;
  /** Over the agent's entry. */
  agent?: Readonly<Record<string, unknown>>;
  slots?: number;
  /** Globs of the task's scope. */
  files?: string;
  /** Further lines of the task in the plan. */
  lines?: readonly string[];
  /** Markers of further tasks. */
  others?: readonly string[];
}

export interface AgentRun {
  project: Project;
  server: ModelServer;
  run: OrbitRun;
  /** As the server's, but rejects when the run ends without. */
  seen: ModelServer['seen'];
  /** The run's end; checks that nothing of it is left. */
  end(): Promise<RunEnd>;
  /** What the model was asked, without titles and unknown routes. */
  asked(): readonly { step: string | null; calls: readonly string[]; hints: readonly string[] }[];
  events(type: string): readonly RunEvent[];
  /** Text of a file on the target branch, `null` if it is not there. */
  landed(path: string): string | null;
  /** `monitor.log` of all attempts, one after the other. */
  monitor(): string;
}

/** Settings that make a retry come within seconds; a stall only where a case asks for it, for programs wait between their own tries. */
const quick = {
  supervision: { stallHintS: 30, stallActS: 60 },
  budget: { attempts: 2, minutes: 3 },
  retryDelayMs: 100,
  heartbeatIntervalMs: 500,
  quota: { waitMinutes: 0.05, waitMinutesMax: 0.1 },
} as const;

/** Makes a project with one agent and starts it on its plan. */
export async function startAgentRun(subject: Subject, order: AgentOrder): Promise<AgentRun> {
  const server = await startModelServer(order.scenarios === undefined ? {} : { scenarios: order.scenarios });
  onTestFinished(async () => server.close());
  const base = server.url(subject.name);
  const { supervision, budget, quota, ...rest } = { ...quick, ...order.settings } as Record<string, unknown>;
  const project = await makeProject({
    plan: planOf(order),
    environment: subject.environment(base),
    settings: {
      agents: {
        [subject.name]: { adapter: subject.name, slots: order.slots ?? 1, ...subject.settings, ...order.agent },
      },
      supervision: { ...quick.supervision, ...(supervision as object) },
      budget: { ...quick.budget, ...(budget as object) },
      quota: { ...quick.quota, ...(quota as object) },
      ...rest,
    },
  });
  onTestFinished(() => {
    for (const { pid } of processesNear(project)) process.kill(pid, 'SIGKILL');
  });
  for (const [path, text] of Object.entries(subject.home(base))) {
    const file = join(project.environment['HOME'] ?? '', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const run = project.run('001');
  // Last to be registered, so first to run: what it reads is still there.
  onTestFinished(({ task }) => {
    if (task.result?.state === 'fail') process.stderr.write(`${tale(project, { server, run })}\n`);
  });
  return {
    project,
    server,
    run,
    seen: async (condition) =>
      Promise.race([
        server.seen(condition),
        run.ended.then(() => {
          throw new Error(`the run ended without ${String(condition)}`);
        }),
      ]),
    end: async () => {
      const end = await run.ended;
      await expect.poll(() => processesNear(project), { timeout: 20_000, interval: 200 }).toEqual([]);
      return end;
    },
    asked: () => server.exchanges.filter((exchange) => exchange.scenario !== null),
    events: (type) => run.events.filter((event) => event.type === type),
    landed: (path) => {
      try {
        return project.repository.git('show', `orbit/001:${path}`);
      } catch {
        return null;
      }
    },
    monitor: () => monitorOf(project),
  };
}

function planOf({ scenario, others = [], files, lines = [] }: AgentOrder): string {
  const all = [scenario, ...others].map((own, index) =>
    [
      `- [ ] T${String(index + 1).padStart(3, '0')} Play a part`,
      ...(files === undefined ? [] : [`      Files: ${files}`]),
      `      - Do what is asked. [scenario:${own}]`,
      ...lines.map((line) => `      ${line}`),
    ].join('\n'),
  );
  return ['# Plan', '', '## Layer 1', '', ...all, ''].join('\n');
}

/** Living processes that this project started, known by environment or by where they stand. */
export function processesNear(project: Project): { pid: number; command: string }[] {
  const { directory, outside } = project;
  return (readProcessTable() ?? [])
    .filter(({ pid, zombie }) => !zombie && pid !== process.pid && isNear(pid, { directory, outside }))
    .filter(({ pid }) => {
      const identity = processIdentity(pid);
      return identity !== null && lookAtProcess(identity) === 'alive';
    })
    .map(({ pid }) => ({ pid, command: commandOf(pid) }));
}

function isNear(pid: number, { directory, outside }: { directory: string; outside: string }): boolean {
  try {
    const at = readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
    if (at === outside || at.startsWith(outside + sep)) return true;
  } catch {
    return false;
  }
  const names = [`ORBIT_PROJECT=${directory}`, `HOME=${join(outside, 'home')}`];
  return readEnvironment(pid)?.some((entry) => names.includes(entry)) === true;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** What happened, for whoever has to find out why a test failed. */
function tale(project: Project, { server, run }: { server: ModelServer; run: OrbitRun }): string {
  const asked = server.exchanges.map(
    ({ path, scenario, list, index, step, calls, status, state, lastResult }) =>
      `${path} ${scenario} ${list}.${index} ${step} ${calls.join()} ${status} ${state} after ${JSON.stringify(lastResult?.slice(0, 200))}`,
  );
  const events = run.events.map(({ type, task, data }) => `${type} ${task} ${JSON.stringify(data).slice(0, 500)}`);
  return [
    '--- asked',
    ...asked.slice(-60),
    '--- events',
    ...events,
    '--- monitor',
    monitorOf(project),
    run.stderr(),
  ].join('\n');
}

function monitorOf({ directory }: Project): string {
  const folder = join(directory, '.git/orbit/logs/run');
  const read = (name: string): string => readFileSync(join(folder, name, 'monitor.log'), 'utf8');
  return readdirSync(folder).sort().map(read).join('\n');
}
