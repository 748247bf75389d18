/**
 * A simulated runner: hosts one attempt with the real beat, base, saving and outcome of `src/runner`, and a simulated
 * agent in place of a process. What is left out of the real one: logs on disk, prompts, looks at the process table.
 *
 * A runner that lost its claim may misbehave as a zombie does: it repeats every late write with its old token.
 */
import { tellLacks } from '../../src/core/evidence.ts';
import { keyParts } from '../../src/core/id.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { OperationalError } from '../../src/platform/error.ts';
import { startBeating } from '../../src/runner/beat.ts';
import { findBase } from '../../src/runner/base.ts';
import { findCarryOver } from '../../src/runner/carry-over.ts';
import { closeAttempt, saveWork } from '../../src/runner/close.ts';
import type { Life } from '../../src/runner/life.ts';
import { endingAtWall } from '../../src/runner/walls.ts';
import { tellOutcome } from '../../src/runner/outcome.ts';
import type { Ending } from '../../src/runner/runner.ts';
import type { Store } from '../../src/store/store.ts';
import type { Repository } from '../../src/workspace/repository.ts';
import type { Workspace, Workspaces } from '../../src/workspace/workspace.ts';
import { agentMain, type AgentWord } from './agent.ts';
import { judge, tellReport } from './judge.ts';
import { identityOf, type Part } from './machine.ts';
import type { Random } from './random.ts';
import { keyOf, makeScope, sharedPath, type Behaviour } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { haunt } from './zombie.ts';

export interface Host {
  sim: Simulation;
  part: Part;
  random: Random;
  store: Store;
  repository: Repository;
  workspaces: Workspaces;
  behaviour: Behaviour;
}

/** Starts the runner of an attempt as a process of the machine. */
export function launchRunner(sim: Simulation, token: number): Part {
  const process = sim.world.spawn(`runner ${token}`, (own) => runnerMain(sim, { ...part, process: own }));
  const unreachable = !sim.healed && sim.random.chance(sim.scenario.unreachableShare);
  const part: Part = { role: 'runner', token, process, unreachable, release: new AbortController() };
  sim.machine.add(part);
  process.onEnd(() => {
    // What nobody can end goes down with its runner, as in a process namespace of its own.
    if (unreachable) for (const other of sim.machine.living(token)) if (other.unreachable) other.process.kill();
    sim.judgeEnd(process);
  });
  return part;
}

async function runnerMain(sim: Simulation, part: Part): Promise<void> {
  const { process } = part;
  const random = sim.random.fork();
  const { store, repository, workspaces } = sim.portsFor(process);
  const behaviour = sim.healed ? 'good' : random.weighted(sim.scenario.behaviours);
  const host: Host = { sim, part, random, store, repository, workspaces, behaviour };
  // Programs take their time to start; some longer than the coordinator waits before it starts another.
  await process.gate(random.chance(sim.scenario.slowStartShare) ? random.int(4_000, 9_000) : random.int(50, 400));
  const life = await beginLife(host);
  if (life === null) return;
  const ending = await attemptWork(host, life).catch((error: unknown) => crashed(life, error));
  const saved = await saveWork(life);
  await tellOutcome(life, ending, saved.commit);
  if (!sim.healed && random.chance(ending.as === 'lost' ? 0.9 : 0.03)) await haunt(host, life, saved.commit);
  await closeAttempt(life, saved);
}

async function beginLife({ sim, part, random, store, repository, workspaces }: Host): Promise<Life | null> {
  const { process, token, release } = part;
  const attempt = await store.attempt(token);
  if (attempt === null || attempt.endedAt !== null) return null;
  const task = (await store.task(attempt.task))?.task;
  const plan = await store.plan(keyParts(attempt.task).plan);
  if (task === undefined || plan === null) return null;
  const { machine, scenario } = sim;
  if (machine.seats.has(token)) {
    sim.reach('second runner of an attempt ended by itself');
    return null;
  }
  machine.seats.add(token);
  const stop = new AbortController();
  const end = (ending: Ending): void => stop.abort(ending);
  release.signal.addEventListener('abort', () => end(release.signal.reason as Ending), { once: true });
  if (release.signal.aborted) end(release.signal.reason as Ending);
  const { limits } = scenario;
  const { clock } = process;
  const log = (): void => {};
  const vitals = {
    step: 0,
    activeAt: clock.now(),
    doing: '',
    agent: null,
    tokens: 0,
    costUsd: 0,
    contextUsed: null,
    contextSize: null,
    todo: null,
    session: null,
    model: null,
  };
  const look = (): typeof vitals & { runner: ReturnType<typeof identityOf> } => ({
    ...vitals,
    runner: identityOf(process),
  });
  const beating = startBeating({ store, clock, token, limits, look, onLost: end, log });
  const settings = {
    agents: Object.fromEntries(scenario.agents.map(({ name, account }) => [name, { adapter: 'simulated', account }])),
    budget: { attempts: limits.attemptsMax, minutes: 60 },
    quota: { waitMinutes: 0.5, waitMinutesMax: 4 },
    retryDelayMs: limits.retryDelayMs,
    shared: [sharedPath],
  };
  const ports = { store, repository, workspaces, clock, limits, settings, random: () => random.next() };
  const logs = { directory: `/logs/${token}`, monitor: log, output: log, redact: (text: string) => text, close: log };
  const leaveSeat = (): void => void machine.seats.delete(token);
  const life = {
    ports,
    attempt,
    task,
    plan,
    logs,
    vitals,
    beating,
    stop: stop.signal,
    startedAt: clock.monotonicMs(),
    workspace: null,
    carried: null,
    session: null,
    leaveSeat,
  };
  return life as unknown as Life;
}

async function attemptWork(host: Host, life: Life): Promise<Ending> {
  const { sim, repository, store, workspaces } = host;
  const { attempt, task, plan, stop } = life;
  await life.beating.first;
  await host.part.process.gate(0);
  if (stop.aborted) return stop.reason as Ending;
  const base = await findBase({ repository, store }, task, { plan, shared: [], now: 0 });
  if ('fault' in base) return { as: 'failed', outcome: 'failed', reason: base.fault };
  if (base.builtOn.length > 0) sim.reach('work began on unlanded work of a dependency');
  const { token } = attempt;
  const carried = await findCarryOver(life.ports, { task: task.key, token, base: base.commit });
  if (carried !== null) sim.reach('went on from an earlier attempt');
  if (carried !== null && carried.uncommitted !== null) sim.reach('went on with files that were not committed');
  const start = carried?.start ?? base.commit;
  const order = {
    task: task.key,
    token,
    base: base.commit,
    start,
    uncommitted: carried?.uncommitted ?? null,
    bring: [],
  };
  const workspace = await workspaces.prepare(order);
  life.workspace = workspace;
  const { branch, directory } = workspace;
  const answer = await store.execute(
    task.key,
    {
      type: 'prepare',
      token: attempt.token,
      branch,
      workspace: directory,
      base: base.commit,
      start,
      logs: life.logs.directory,
      builtOn: base.builtOn,
    },
    { actor: attempt.agent, now: life.ports.clock.now(), durable: false },
  );
  if (isRejection(answer)) return { as: 'lost', reason: answer.message };
  return supervise(host, life, workspace);
}

/** Runs the agent, looks for evidence, and sends it back with what is missing, as often as the limits allow. */
async function supervise(host: Host, life: Life, workspace: Workspace): Promise<Ending> {
  const { sim, part, behaviour } = host;
  const { stop } = life;
  const deadlineMs = sim.world.timeMs + sim.scenario.limits.attemptMinutesMax * 60_000;
  for (let round = 0; ; round += 1) {
    const { word, process } = startAgent(host, life, { workspace, mending: round > 0 });
    const ended = new Promise<void>((resolve) => {
      process.onEnd(resolve);
      stop.addEventListener('abort', () => resolve(), { once: true });
      if (stop.aborted) resolve();
    });
    await Promise.race([ended, part.process.clock.sleep(deadlineMs - sim.world.timeMs)]);
    await part.process.gate(0);
    if (stop.aborted) return stop.reason as Ending;
    if (process.alive) return { as: 'failed', outcome: 'timeout', reason: 'the time for this attempt is used up' };
    if (word.wall !== null) return atWall(host, life, word.wall);
    if (word.blocks && (await blockOnOther(host, life))) return { as: 'lost', reason: 'it waits for another task' };
    if (word.asks !== null) return { as: 'blocked', kind: 'question', reason: word.asks };
    if (word.givesUp !== null) return { as: 'failed', outcome: 'failed', reason: word.givesUp };
    if (word.report !== null) await tellReport(host, life, word.report.noChanges);
    const judged = await judge(host, life, { word, workspace });
    if (stop.aborted) return stop.reason as Ending;
    if (!Array.isArray(judged)) return { as: 'done', evidence: judged };
    const mends = behaviour !== 'crashes' && judged.every(({ mendable }) => mendable);
    if (!mends || round >= sim.scenario.limits.completionHintsMax) {
      return {
        as: 'failed',
        outcome: judged.some(({ kind }) => kind === 'crashed') ? 'crashed' : 'failed',
        reason: tellLacks(judged),
      };
    }
    sim.reach('completion sent back to its agent');
  }
}

function atWall({ random }: Host, life: Life, wall: 'quota' | 'context'): Ending {
  const waitMs = random.chance(0.5) ? null : random.pick([0, 2_000, 30_000, 120_000]);
  return endingAtWall(life, { class: wall, text: 'no more', waitMs }, ['I was here']);
}

/** As `orbit block --on` does it: a task that exists, or a new one. `false`: refused, and nothing changed. */
async function blockOnOther({ sim, random, store }: Host, { attempt, task, ports }: Life): Promise<boolean> {
  const execution = { actor: attempt.agent, now: ports.clock.now(), durable: true };
  const { token } = attempt;
  let needs = random.pick([...sim.history.tasks.keys()]);
  const depth = (task.origin?.depth ?? 0) + 1;
  if (random.chance(0.6) && depth <= sim.scenario.limits.madeDepthMax) {
    needs = keyOf(`N${token}`);
    const scope = random.chance(0.5) ? task.scope : makeScope(random);
    const empty = {
      body: '',
      kind: 'implement',
      parent: null,
      layer: null,
      agent: null,
      checks: [],
      dependencies: [],
    } as const;
    const definition = {
      ...empty,
      id: `N${token}`,
      title: 'found',
      priority: task.priority + 1,
      scope,
      estimateMs: null,
    };
    const origin = { task: task.key, token, depth };
    if (isRejection(await store.execute(needs, { type: 'create', definition, origin }, execution))) return false;
    sim.reach('task made by an attempt');
  }
  const block = { type: 'block-on', token, needs: [needs], reason: 'first that', commit: null } as const;
  return !isRejection(await store.execute(task.key, block, execution));
}

function startAgent(
  host: Host,
  life: Life,
  { workspace, mending }: { workspace: Workspace; mending: boolean },
): { word: AgentWord; process: Part['process'] } {
  const { sim, random, behaviour, part } = host;
  const word: AgentWord = {
    exitCode: 1,
    report: null,
    asks: null,
    givesUp: null,
    wall: null,
    blocks: false,
  };
  const { task, attempt } = life;
  const job = {
    directory: workspace.directory,
    task: task.id,
    token: attempt.token,
    scope: task.scope,
    behaviour,
    mending,
    directories: sim.directories,
    random: random.fork(),
  };
  const process = sim.world.spawn(`agent ${task.id}-${attempt.token}`, (own) => agentMain(own, job, word));
  sim.machine.add({
    role: 'agent',
    token: attempt.token,
    process,
    unreachable: part.unreachable,
    release: new AbortController(),
  });
  life.session = { stop: async () => process.kill() } as unknown as Life['session'];
  return { word, process };
}

function crashed(life: Life, error: unknown): Ending {
  if (life.stop.aborted) return life.stop.reason as Ending;
  if (!(error instanceof OperationalError)) throw error;
  return { as: 'failed', outcome: 'crashed', reason: error.message };
}
