/**
 * One seeded run: the real coordinator, store and core, everything else simulated, on one queue.
 *
 * Owns the stage: who runs, when faults stop, when it is quiet, and the look at all invariants after every step.
 */
import type { TaskKey } from '../../src/core/id.ts';
import type { RefMove } from './git-model.ts';
import type { CheckResult, CoordinatorPorts, CoordinatorSettings } from '../../src/coordinator/ports.ts';
import { runPlans, type RunSummary } from '../../src/coordinator/run.ts';
import { OperationalError } from '../../src/platform/error.ts';
import type { Store } from '../../src/store/store.ts';
import { openMemoryStore } from '../../src/store/memory/memory-store.ts';
import type { Repository } from '../../src/workspace/repository.ts';
import { GitModel } from './git-model.ts';
import { History } from './history.ts';
import { invariants } from './invariants.ts';
import { Machine, SimRunnerHost, type Part } from './machine.ts';
import { noteEvent, noteSteps } from './landmarks.ts';
import { chaosMain, personMain, readerMain } from './person.ts';
import { Random } from './random.ts';
import { recordedStore, type Ledger } from './recorded-store.ts';
import { SimRepository, type UserCheckout } from './repository.ts';
import { runnerMain } from './runner.ts';
import { keyOf, makeScenario, planId, sharedPath, target, areas, filesPerArea, type Scenario } from './scenario.ts';
import { Traffic, type CrashPoint } from './traffic.ts';
import { SimProcess, World } from './world.ts';
import { Directories, SimWorkspaces, type Directory } from './workspaces.ts';

/** Deliberately broken parts, to see that an invariant notices. */
export interface Mutant {
  store?(store: Store): Store;
  repository?(repository: Repository): Repository;
  workspaces?(workspaces: SimWorkspaces, directories: Directories): SimWorkspaces;
  hostLies?: boolean;
  hostTrustsChild?: boolean;
  /** Says green without a look. */
  checksLie?: boolean;
}

export interface RunOptions {
  /** More steps than this are a failure to come to rest. */
  stepsMax?: number;
  scenario?: Scenario;
  crashPoints?: readonly CrashPoint[];
  mutant?: Mutant;
  trace?(line: string): void;
}

export interface Violation {
  invariant: string;
  message: string;
}

export interface Outcome {
  seed: number;
  violation: Violation | null;
  steps: number;
  /** Simulated time. */
  elapsedMs: number;
  events: number;
  lastHash: string;
  faults: ReadonlyMap<string, number>;
  reached: ReadonlyMap<string, number>;
  lastEvents: readonly string[];
  /** Numbered calls of coordinators. */
  calls: number;
}

const stepsMax = 120_000;
const healedMsMax = 6 * 3_600_000;
const compareEvery = 1_024;

export async function simulate(seed: number, options: RunOptions = {}): Promise<Outcome> {
  const sim = new Simulation(options.scenario ?? makeScenario(seed), options);
  await sim.run();
  return sim.outcome();
}

export class Simulation {
  readonly scenario: Scenario;
  readonly options: RunOptions;
  readonly world: World = new World();
  readonly git: GitModel = new GitModel();
  readonly directories: Directories = new Directories(this.git);
  readonly machine: Machine = new Machine(this.world);
  readonly history: History = new History();
  readonly ledger: Ledger = { calls: [], acknowledged: new Map(), sent: new Map(), lateWrites: 0, lateBeats: 0, leader: '', claims: new Map(), beats: new Map() };
  readonly checkout: UserCheckout = { present: false, dirty: false };
  readonly random: Random;
  readonly store: Store;
  readonly traffic: Traffic;
  /** `tree check` pairs that were seen green in a checkout of the queue. */
  readonly greenTrees: Set<string> = new Set();
  readonly removed: Directory[] = [];
  /** Hashes of the events that the reader saw. */
  readonly followed: string[] = [];
  readonly faults: Map<string, number> = new Map();
  readonly reached: Map<string, number> = new Map();
  /** Commits that the target was moved to, with the epoch that moved it. */
  readonly moved: Map<string, number> = new Map();
  /** Of the coordinator that leads, as the log says. */
  epoch = 0;
  /** What each task needs, as the scenario has it. */
  readonly needs: ReadonlyMap<TaskKey, readonly TaskKey[]>;
  healed = false;
  paused = false;
  violation: Violation | null = null;
  /** The end of the first run that began after the faults ended. */
  finished: RunSummary | null = null;
  readonly #rawStore: Store;
  readonly #running = new Map<SimProcess, AbortController>();
  readonly #ports = new Map<number, { store: Store; repository: Repository; workspaces: SimWorkspaces }>();
  #coordinatorsMade = 0;

  constructor(scenario: Scenario, options: RunOptions) {
    this.scenario = scenario;
    this.options = options;
    this.random = new Random(scenario.seed);
    this.needs = new Map(scenario.draft.tasks.map(({ id, dependencies }) => [keyOf(id), dependencies.map(keyOf)]));
    const store = openMemoryStore();
    this.#rawStore = options.mutant?.store?.(store) ?? store;
    this.store = recordedStore(this.#rawStore, this);
    this.traffic = new Traffic({
      random: this.random.fork(),
      faultShare: scenario.faultShare,
      crashPoints: options.crashPoints ?? [],
      onFault: (kind, process, call) => {
        this.countFault(kind);
        this.trace(`fault ${kind} at ${call} of ${process.name}`);
      },
    });
    this.directories.onRemove = (directory) => {
      this.removed.push(directory);
      this.#check((invariant) => invariant.onRemove?.(this, directory));
    };
    this.directories.onSalvage = () => this.reach('dirty files salvaged');
    this.machine.onKill = (part, by) => this.#check((invariant) => invariant.onKill?.(this, part, by));
    this.machine.launch = (token) => this.#launch(token);
  }

  async run(): Promise<void> {
    await this.#begin();
    const { scenario, world } = this;
    while (world.timeMs < scenario.faultsUntilMs && this.violation === null) await this.#step();
    await this.#heal();
    const limitMs = world.timeMs + healedMsMax;
    while (this.finished === null && this.violation === null) {
      if (world.steps > (this.options.stepsMax ?? stepsMax) || world.timeMs > limitMs) return this.fail('I10', `not quiet after ${world.steps} steps: ${this.#whatIsOpen()}`);
      await this.#step();
    }
    const quietMs = world.timeMs + 30_000;
    while (world.timeMs < quietMs && this.violation === null) await this.#step();
    await this.#compare();
    for (const { id, atQuiet } of invariants) {
      const fault = this.violation === null ? await atQuiet?.(this) : null;
      if (typeof fault === 'string') this.fail(id, fault);
    }
    noteSteps(this);
  }

  outcome(): Outcome {
    const { scenario, violation, world, history, faults, reached, traffic } = this;
    const last = history.events.at(-1);
    return {
      seed: scenario.seed, violation, steps: world.steps, elapsedMs: world.timeMs, events: history.events.length, lastHash: last?.hash ?? '', faults, reached,
      lastEvents: history.events.slice(-25).map((event) => describe(event)), calls: traffic.calls,
    };
  }

  fail(invariant: string, message: string): void {
    this.violation ??= { invariant, message };
  }

  reach(landmark: string): void {
    this.reached.set(landmark, (this.reached.get(landmark) ?? 0) + 1);
  }

  countFault(kind: string): void {
    this.faults.set(kind, (this.faults.get(kind) ?? 0) + 1);
  }

  trace(line: string): void {
    this.options.trace?.(`${(this.world.timeMs / 1_000).toFixed(3).padStart(9)} ${line}`);
  }

  coordinators(): SimProcess[] {
    return [...this.#running.keys()].filter((process) => process.alive);
  }

  /** Ctrl-C on one coordinator. */
  drainOne(): void {
    const running = [...this.#running].filter(([process]) => process.alive);
    if (running.length === 0) return;
    this.reach('run drained');
    this.random.pick(running)[1].abort();
  }

  /** Ports as `process` sees them, with delays and faults. */
  portsFor(process: SimProcess): { store: Store; repository: Repository; workspaces: SimWorkspaces } {
    const known = this.#ports.get(process.pid);
    if (known !== undefined) return known;
    const { mutant } = this.options;
    const plain = new SimRepository(this.git, { by: process.name, watcher: this, user: { target, checkout: this.checkout } });
    const workspaces = new SimWorkspaces(this.directories, process);
    const ports = {
      store: this.traffic.through('store', this.store, process),
      repository: this.traffic.through('git', mutant?.repository?.(plain) ?? plain, process) as Repository,
      workspaces: this.traffic.through('git', mutant?.workspaces?.(workspaces, this.directories) ?? workspaces, process),
    };
    this.#ports.set(process.pid, ports);
    return ports;
  }

  /** Called before refs move; only Orbit's moves of the target are judged. */
  moving(moves: readonly RefMove[], by: string): void {
    for (const { ref, from, to } of moves) {
      if (ref !== target || by === 'person' || from === null) continue;
      if (to === null) return this.fail('I9', 'the target was deleted');
      const actual = this.git.refs.get(target) ?? from;
      this.trace(`${by} moves the target ${actual} → ${to}`);
      this.#check((invariant) => invariant.onMove?.(this, { from: actual, to, by }));
      this.moved.set(to, this.epoch);
    }
  }

  /** Green or red, fixed by check and tree, with flakes where the scenario has them. */
  checkIsGreen(check: string, tree: string): boolean {
    if (this.random.chance(this.scenario.flakyShare)) return false;
    let hash = this.scenario.seed;
    for (const character of `${check} ${tree}`) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
    return new Random(hash).next() >= this.scenario.redShare;
  }

  async readOn(store: Store, limit: number): Promise<void> {
    for (const { hash } of await store.events({ since: this.followed.length, limit })) this.followed.push(hash);
  }

  async #begin(): Promise<void> {
    const files = new Map([[sharedPath, 'original']]);
    for (const area of areas) for (let number = 0; number < filesPerArea; number += 1) files.set(`${area}/file${number}.txt`, `original ${area}/file${number}.txt`);
    const first = this.git.writeCommit({ tree: this.git.writeTree(files), parents: [], message: 'first', atMs: 0 });
    this.git.refs.set('refs/heads/main', first);
    const { scenario, world } = this;
    const scores = new Map(scenario.draft.tasks.map(({ id }) => [id, this.random.int(0, 100)]));
    const { plan, draft } = scenario;
    const full = { ...draft, tasks: draft.tasks.map((task) => ({ ...task, dependencies: task.dependencies.map(keyOf) })) };
    await this.store.applyPlan({ plan, draft: full, scores }, 'person', world.now());
    await this.#followLog();
    for (let count = 0; count < scenario.coordinators; count += 1) this.#startCoordinator(this.random.int(0, 3_000));
    if (scenario.personMs > 0) world.spawn('person', (process) => personMain(this, process));
    if (scenario.chaosMs > 0) world.spawn('chaos', (process) => chaosMain(this, process));
    this.#startReader();
  }

  #startReader(): void {
    const reader = this.world.spawn('reader', (process) => readerMain(this, process));
    reader.onEnd(() => this.world.after(1_000, () => this.#startReader()));
  }

  async #step(): Promise<void> {
    if (!(await this.world.step())) return this.fail('I10', 'nothing happens any more');
    await this.#followLog();
    if (this.world.steps % compareEvery === 0) await this.#compare();
  }

  async #followLog(): Promise<void> {
    if ((await this.#rawStore.lastSeq()) === this.history.events.length) return;
    for (const event of await this.#rawStore.events({ since: this.history.events.length })) {
      this.trace(describe(event));
      this.#check((invariant) => invariant.onEvent?.(this, event));
      noteEvent(this, event);
      this.history.fold(event);
      if (event.body.type === 'plan-paused' || event.body.type === 'plan-resumed') this.paused = event.body.type === 'plan-paused';
    }
  }

  async #compare(): Promise<void> {
    for (const { id, onCompare } of invariants) {
      const fault = await onCompare?.(this);
      if (typeof fault === 'string') this.fail(id, fault);
    }
  }

  #check(look: (invariant: (typeof invariants)[number]) => string | null | undefined): void {
    for (const invariant of invariants) {
      const fault = look(invariant);
      if (typeof fault === 'string') this.fail(invariant.id, fault);
    }
  }

  /** All faults end; what people hold back is let go; one coordinator is started in any case. */
  async #heal(): Promise<void> {
    if (this.violation !== null) return;
    this.trace('all faults end');
    this.healed = true;
    this.traffic.faultsOn = false;
    this.checkout.dirty = false;
    for (const process of this.world.processes.values()) {
      if (process.name === 'person' || process.name === 'chaos') process.kill();
      process.resume();
    }
    const context = { actor: 'person', now: this.world.now(), durable: true };
    await this.store.pausePlan(planId, false, 'healed', 'person', context.now);
    await this.#followLog();
    for (const { key, hold } of [...this.history.tasks.values()]) {
      if (hold !== null) await this.store.execute(key, { type: 'unhold' }, context);
      await this.#followLog();
    }
    this.#startCoordinator(0);
  }

  #startCoordinator(delayMs: number): void {
    this.#coordinatorsMade += 1;
    const name = `coordinator-${this.#coordinatorsMade}`;
    this.world.after(delayMs, () => {
      const afterHeal = this.healed;
      const drain = new AbortController();
      const process = this.world.spawn(name, async (own) => {
        const summary = await runPlans(this.#coordinatorPorts(own), this.#settings(own), {
          onEvent: () => {},
          onStandby: () => {},
          onNotice: (text) => {
            if (text.includes('with changes of its own')) this.reach('landing held: the target is checked out and dirty');
          },
          drain: drain.signal,
        });
        if (afterHeal && !summary.drained) this.finished = summary;
      });
      this.#running.set(process, drain);
      process.onEnd(() => this.#coordinatorEnded(process));
    });
  }

  #coordinatorEnded(process: SimProcess): void {
    this.#running.delete(process);
    const { error } = process;
    this.trace(`${process.name} ends${error instanceof Error ? `: ${error.message}` : ''}`);
    if (error !== null && !(error instanceof OperationalError)) {
      return this.fail('bug', `${process.name} ended with ${error instanceof Error ? error.stack : String(error)}`);
    }
    if (this.finished !== null) return;
    // Somebody starts it again, sooner or later; after the faults ended one always runs.
    if (this.healed ? this.coordinators().length === 0 : this.random.chance(0.9)) this.#startCoordinator(this.random.int(200, 15_000));
  }

  #coordinatorPorts(process: SimProcess): CoordinatorPorts {
    const { store, repository, workspaces } = this.portsFor(process);
    const { mutant } = this.options;
    const random = this.random.fork();
    const host = new SimRunnerHost(this.machine, {
      by: process.name,
      lookFails: () => !this.healed && this.scenario.faultShare > 0 && random.chance(0.02),
      beatMs: this.scenario.limits.heartbeatIntervalMs,
      lies: mutant?.hostLies ?? false,
      trustsChild: mutant?.hostTrustsChild ?? false,
    });
    const checks = {
      prepare: async () => null,
      run: async (check: string, directory: string): Promise<CheckResult> => {
        await process.gate(random.int(200, 10_000));
        const commit = this.directories.checkouts.get(directory)?.commit;
        if (commit === undefined) return { green: false, ran: false, tail: 'no such checkout' };
        const { tree } = this.git.commit(commit);
        const green = this.checkIsGreen(check, tree);
        if (green) this.greenTrees.add(`${tree} ${check}`);
        return { green: green || mutant?.checksLie === true, ran: true, tail: green ? '' : `${check} is red at ${tree}` };
      },
    };
    return {
      store, repository, workspaces,
      runners: this.traffic.through('host', host, process) as CoordinatorPorts['runners'],
      checks: this.traffic.through('checks', checks, process),
      clock: process.clock,
      random: () => random.next(),
      project: async () => {},
      log: (line) => this.trace(`${process.name}: ${line}`),
    };
  }

  #settings(process: SimProcess): CoordinatorSettings {
    const { agents, parallelMax, limits } = this.scenario;
    return {
      holder: process.name, host: 'sim', pid: process.pid, plans: [planId], agents, parallelMax, shared: [sharedPath], bring: [],
      landing: true,
      mergeOnComplete: false,
      failuresInRowMax: Number.POSITIVE_INFINITY,
      landingChecks: [],
      budgetMs: 60 * 60_000, limits,
    };
  }

  #launch(token: number): Part {
    const process = this.world.spawn(`runner ${token}`, (own) => runnerMain(this, { ...part, process: own }));
    const unreachable = !this.healed && this.random.chance(this.scenario.unreachableShare);
    const part: Part = { role: 'runner', token, process, unreachable, release: new AbortController() };
    this.machine.add(part);
    process.onEnd(() => {
      // What nobody can end goes down with its runner, as in a process namespace of its own.
      if (unreachable) for (const other of this.machine.living(token)) if (other.unreachable) other.process.kill();
      const { error } = process;
      if (error !== null && !(error instanceof OperationalError)) this.fail('bug', `${process.name} ended with ${error instanceof Error ? error.stack : String(error)}`);
    });
    return part;
  }

  #whatIsOpen(): string {
    const open = [...this.history.tasks.values()].filter((task) => task.closed === null && task.landing?.state !== 'landed' && task.inbox === null);
    return open.map(({ key, claim, retryAt, landing }) => `${key} ${JSON.stringify({ token: claim?.token, retryAt, landing })}`).join('; ');
  }
}

function describe({ seq, actor, task, attempt, body }: { seq: number; actor: string; task: string | null; attempt: number | null; body: object }): string {
  return `#${seq} ${actor} ${task ?? ''} ${attempt ?? ''} ${JSON.stringify(body)}`.slice(0, 400);
}
