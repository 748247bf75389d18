/**
 * The coordinators of a run: the real `runPlans`, each in a process that can die at any call and is started again.
 *
 * Owns their ports and settings, and who is alive.
 */
import type { CheckResult, CoordinatorPorts, CoordinatorSettings } from '../../src/coordinator/ports.ts';
import { runPlans } from '../../src/coordinator/run.ts';
import { SimRunnerHost } from './machine.ts';
import { planId, sharedPath, stackDepthMax } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import type { SimProcess } from './world.ts';

export class Coordinators {
  readonly #sim: Simulation;
  readonly #running = new Map<SimProcess, AbortController>();
  #made = 0;

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  living(): SimProcess[] {
    return [...this.#running.keys()].filter((process) => process.alive);
  }

  /** Ctrl-C on one of them. */
  drainOne(): void {
    const running = [...this.#running].filter(([process]) => process.alive);
    if (running.length === 0) return;
    this.#sim.reach('run drained');
    this.#sim.random.pick(running)[1].abort();
  }

  /** Starts one more after `delayMs`. */
  start(delayMs: number): void {
    this.#made += 1;
    const name = `coordinator-${this.#made}`;
    this.#sim.world.after(delayMs, () => {
      const afterHeal = this.#sim.healed;
      const drain = new AbortController();
      const process = this.#sim.world.spawn(name, async (own) => {
        const summary = await runPlans(this.#ports(own), this.#settings(own), {
          onEvent: () => {},
          onStandby: () => {},
          onNotice: (text) => {
            if (text.includes('with changes of its own'))
              this.#sim.reach('landing held: the target is checked out and dirty');
          },
          drain: drain.signal,
        });
        if (afterHeal && !summary.drained) this.#sim.finished = summary;
      });
      this.#running.set(process, drain);
      process.onEnd(() => this.#ended(process));
    });
  }

  #ended(process: SimProcess): void {
    this.#running.delete(process);
    this.#sim.judgeEnd(process);
    if (this.#sim.finished !== null) return;
    // Somebody starts it again, sooner or later; after the faults ended one always runs.
    if (this.#sim.healed ? this.living().length === 0 : this.#sim.random.chance(0.9))
      this.start(this.#sim.random.int(200, 15_000));
  }

  #ports(process: SimProcess): CoordinatorPorts {
    const { store, repository, workspaces } = this.#sim.portsFor(process);
    const { mutant } = this.#sim.options;
    const random = this.#sim.random.fork();
    const host = new SimRunnerHost(this.#sim.machine, {
      by: process.name,
      lookFails: () => !this.#sim.healed && this.#sim.scenario.faultShare > 0 && random.chance(0.02),
      beatMs: this.#sim.scenario.limits.heartbeatIntervalMs,
      lies: mutant?.hostLies ?? false,
      trustsChild: mutant?.hostTrustsChild ?? false,
    });
    const checks = {
      prepare: async () => null,
      run: async (check: string, directory: string): Promise<CheckResult> => {
        await process.gate(random.int(200, 10_000));
        const commit = this.#sim.directories.checkouts.get(directory)?.commit;
        if (commit === undefined) return { green: false, ran: false, tail: 'no such checkout' };
        const { tree } = this.#sim.git.commit(commit);
        const green = this.#sim.checkIsGreen(check, tree);
        if (green) this.#sim.greenTrees.add(`${tree} ${check}`);
        return {
          green: green || mutant?.checksLie === true,
          ran: true,
          tail: green ? '' : `${check} is red at ${tree}`,
        };
      },
    };
    return {
      store,
      repository,
      workspaces,
      runners: this.#sim.traffic.through('host', host, process),
      checks: this.#sim.traffic.through('checks', checks, process),
      clock: process.clock,
      random: () => random.next(),
      project: async () => {},
      log: (line) => this.#sim.trace(`${process.name}: ${line}`),
    };
  }

  #settings(process: SimProcess): CoordinatorSettings {
    const { agents, parallelMax, limits } = this.#sim.scenario;
    return {
      holder: process.name,
      host: 'sim',
      pid: process.pid,
      plans: [planId],
      agents,
      known: agents.map(({ name }) => name),
      parallelMax,
      shared: [sharedPath],
      bring: [],
      train: this.#sim.scenario.train,
      landing: true,
      approval: { approval: 'end', risky: 'ask' },
      stackDepthMax,
      mergeOnComplete: false,
      diskMaxBytes: null,
      failuresInRowMax: Number.POSITIVE_INFINITY,
      landingChecks: [],
      budgetMs: 60 * 60_000,
      limits,
    };
  }
}
