/**
 * One seeded run: the real coordinator, store and core, everything else simulated, on one queue.
 *
 * Owns the stage: who runs, when faults stop, when it is quiet, and the look at all invariants after every step.
 */
import type { TaskKey } from '../../src/core/id.ts';
import type { RunSummary } from '../../src/coordinator/run.ts';
import { OperationalError } from '../../src/platform/error.ts';
import type { Store } from '../../src/store/store.ts';
import { openMemoryStore } from '../../src/store/memory/memory-store.ts';
import type { Repository } from '../../src/workspace/repository.ts';
import { Coordinators } from './coordinators.ts';
import { GitModel, type RefMove } from './git-model.ts';
import { History } from './history.ts';
import { invariants } from './invariants.ts';
import { Machine } from './machine.ts';
import { noteEvent, noteSteps } from './landmarks.ts';
import { describe, tellError, whatIsOpen, type Outcome, type RunOptions, type Violation } from './outcome.ts';
import { acceptTarget } from './person-on-target.ts';
import { chaosMain, personMain, readerMain } from './person.ts';
import { Random } from './random.ts';
import { emptyLedger, recordedStore, type Ledger } from './recorded-store.ts';
import { SimRepository, type UserCheckout } from './repository.ts';
import { launchRunner } from './runner.ts';
import { firstFiles, keyOf, makeScenario, planId, target, type Scenario } from './scenario.ts';
import { Traffic } from './traffic.ts';
import { World, type SimProcess } from './world.ts';
import { Directories, SimWorkspaces, type Directory } from './workspaces.ts';

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
  readonly coordinators: Coordinators = new Coordinators(this);
  readonly history: History = new History();
  readonly ledger: Ledger = emptyLedger();
  readonly checkout: UserCheckout = { present: false, dirty: false, at: null, holder: null };
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
  /** Commits that people put on the target and nobody has accepted. */
  readonly foreign: Set<string> = new Set();
  /** Of the coordinator that leads, as the log says. */
  epoch = 0;
  /** What each task needs, as the scenario has it and attempts added. */
  readonly needs: Map<TaskKey, readonly TaskKey[]>;
  /** Accounts that rest, and until when, as the log says. */
  readonly parked: Map<string, number> = new Map();
  healed = false;
  paused = false;
  violation: Violation | null = null;
  /** The end of the first run that began after the faults ended. */
  finished: RunSummary | null = null;
  readonly #rawStore: Store;
  readonly #ports = new Map<number, { store: Store; repository: Repository; workspaces: SimWorkspaces }>();

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
    this.machine.launch = (token) => launchRunner(this, token);
  }

  async run(): Promise<void> {
    await this.#begin();
    const { scenario, world } = this;
    while (world.timeMs < scenario.faultsUntilMs && this.violation === null) await this.#step();
    await this.#heal();
    const limitMs = world.timeMs + healedMsMax;
    while (this.finished === null && this.violation === null) {
      if (world.steps > (this.options.stepsMax ?? stepsMax) || world.timeMs > limitMs)
        return this.fail('I10', `not quiet after ${world.steps} steps: ${whatIsOpen(this.history)}`);
      await this.#step();
    }
    const quietMs = world.timeMs + 30_000;
    while (world.timeMs < quietMs && this.violation === null) await this.#step();
    await this.#compare();
    for (const invariant of invariants) {
      const fault = this.violation === null ? await invariant.atQuiet?.(this) : null;
      if (typeof fault === 'string') this.fail(invariant.id, fault);
    }
    noteSteps(this);
  }

  outcome(): Outcome {
    const { scenario, violation, world, history, faults, reached, traffic } = this;
    const last = history.events.at(-1);
    return {
      seed: scenario.seed,
      violation,
      steps: world.steps,
      elapsedMs: world.timeMs,
      events: history.events.length,
      lastHash: last?.hash ?? '',
      faults,
      reached,
      lastEvents: history.events.slice(-25).map((event) => describe(event)),
      calls: traffic.calls,
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

  /** What a process ended with may be the world's fault, never a mistake in the code under test. */
  judgeEnd({ name, error }: SimProcess): void {
    this.trace(`${name} ends${error instanceof Error ? `: ${error.message}` : ''}`);
    if (error !== null && !(error instanceof OperationalError))
      this.fail('bug', `${name} ended with ${tellError(error)}`);
  }

  /** Ports as `process` sees them, with delays and faults. */
  portsFor(process: SimProcess): { store: Store; repository: Repository; workspaces: SimWorkspaces } {
    const known = this.#ports.get(process.pid);
    if (known !== undefined) return known;
    const { mutant } = this.options;
    const plain = new SimRepository(this.git, {
      by: process.name,
      watcher: this,
      isAlive: () => process.alive,
      user: { target, checkout: this.checkout },
      // It may die or be stopped there, but git refuses it nothing that it holds.
      through: (hold) => this.traffic.through('host', hold, process),
    });
    const own = new SimWorkspaces(this.directories, process);
    const ports = {
      store: this.traffic.through('store', this.store, process),
      repository: this.traffic.through('git', mutant?.repository?.(plain) ?? plain, process) as Repository,
      workspaces: this.traffic.through('git', mutant?.workspaces?.(own, this.directories) ?? own, process),
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
    const isFlake = !this.healed && this.random.chance(this.scenario.flakyShare);
    return !isFlake && this.isGreen(check, tree);
  }

  /** The same without flakes. */
  isGreen(check: string, tree: string): boolean {
    let hash = this.scenario.seed;
    for (const character of `${check} ${tree}`) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
    return new Random(hash).next() >= this.scenario.redShare;
  }

  async readOn(store: Store, limit: number): Promise<void> {
    for (const { hash } of await store.events({ since: this.followed.length, limit })) this.followed.push(hash);
  }

  async #begin(): Promise<void> {
    const first = this.git.writeCommit({
      tree: this.git.writeTree(firstFiles()),
      parents: [],
      message: 'first',
      atMs: 0,
    });
    this.git.refs.set('refs/heads/main', first);
    const { scenario, world } = this;
    const scores = new Map(scenario.draft.tasks.map(({ id }) => [id, this.random.int(0, 100)]));
    const { plan, draft } = scenario;
    const full = {
      ...draft,
      tasks: draft.tasks.map((task) => ({ ...task, dependencies: task.dependencies.map(keyOf) })),
    };
    await this.store.applyPlan({ plan, draft: full, scores }, 'person', world.now());
    await this.#followLog();
    for (let count = 0; count < scenario.coordinators; count += 1) this.coordinators.start(this.random.int(0, 3_000));
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
      if ((event.body.type === 'plan-paused' || event.body.type === 'plan-resumed') && event.body.what === undefined)
        this.paused = event.body.type === 'plan-paused';
    }
  }

  async #compare(): Promise<void> {
    for (const invariant of invariants) {
      const fault = await invariant.onCompare?.(this);
      if (typeof fault === 'string') this.fail(invariant.id, fault);
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
    await this.store.pausePlan(planId, { paused: false, what: 'work', why: 'healed' }, 'person', context.now);
    await acceptTarget(this, this.store);
    await this.#followLog();
    for (const { key, hold } of Array.from(this.history.tasks.values())) {
      if (hold !== null) await this.store.execute(key, { type: 'unhold' }, context);
      await this.#followLog();
    }
    this.coordinators.start(0);
  }
}
