/**
 * Landing beside the rounds: checks take minutes, and agents must not wait for them.
 *
 * Owns when the queue is looked at, what it is held by, and what it threw: that is for the round to judge, like everything
 * else that fails.
 */
import { keyParts, type TaskKey } from '../core/id.ts';
import type { Plan } from '../core/plan.ts';
import { mendCheckouts } from './landing/mend-checkouts.ts';
import { landRound, queueDone } from './landing/landing.ts';
import { noteHeld } from './landing/note-held.ts';
import { openLine, type OpenLine } from './landing/line.ts';
import type { LandingContext, LandingStep } from './landing/step.ts';

export interface LandingLoopOptions {
  plans(): Promise<Plan[]>;
  /** Told once of each thing that is in the way. */
  onHeld(task: TaskKey, why: string): void;
  /** Called after every move and at the end of a pass. */
  onMove(): void;
  /** A pass that runs ends after its present step. */
  draining(): boolean;
}

interface Turn {
  plan: Plan;
  /** Tasks that something was in the way of in this pass. */
  passedOver: Set<TaskKey>;
}

export class LandingLoop {
  readonly #context: LandingContext;
  readonly #options: LandingLoopOptions;
  #pass: Promise<void> | null = null;
  #failed: { error: unknown } | null = null;
  #idle = false;
  /** When and up to which event the last pass looked: what is held is tried again slowly. */
  #looked: { seq: number; atMs: number } = { seq: -1, atMs: 0 };
  /** Why the queue cannot go on for now, by task, as the last look at each plan found it. */
  readonly held: Map<TaskKey, string> = new Map();
  readonly #told: Map<TaskKey, string> = new Map();

  constructor(context: LandingContext, options: LandingLoopOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Nothing runs, and nothing has changed since a pass that found nothing more to do. */
  get isQuiet(): boolean {
    return this.#pass === null && this.#idle;
  }

  get isRunning(): boolean {
    return this.#pass !== null;
  }

  /** Starts a pass if there may be something to do. Throws what the last one threw. */
  async start(): Promise<void> {
    const failed = this.#failed;
    this.#failed = null;
    if (failed !== null) throw failed.error;
    if (this.#pass !== null || (await this.#isUpToDate())) return;
    this.#pass = this.#land()
      .catch((error: unknown) => {
        this.#failed = { error };
      })
      .finally(() => {
        this.#pass = null;
        this.#options.onMove();
      });
  }

  /** Resolves when no pass runs. */
  async settled(): Promise<void> {
    await this.#pass;
  }

  async #isUpToDate(): Promise<boolean> {
    const { store, clock } = this.#context.ports;
    const { seq, atMs } = this.#looked;
    if (!this.#idle || seq !== (await store.lastSeq())) return false;
    return clock.monotonicMs() - atMs < this.#context.settings.limits.landingRetryMs;
  }

  async #land(): Promise<void> {
    const { store, clock } = this.#context.ports;
    const before = await store.lastSeq();
    this.#idle = await mendCheckouts(this.#context.ports);
    let turns: Turn[] = [];
    for (const plan of await this.#options.plans()) {
      const line = await openLine(this.#context.ports, plan);
      this.#forget(plan);
      if (line.fault === null) turns.push({ plan: line.plan, passedOver: new Set() });
      else await this.#standStill(line.plan, line.fault);
    }
    // Round by round over the plans, so that a busy one keeps no other waiting.
    while (turns.length > 0) {
      const next: Turn[] = [];
      for (const turn of turns) if (await this.#landOnce(turn)) next.push(turn);
      turns = next;
    }
    const seq = await store.lastSeq();
    this.#idle &&= seq === before;
    this.#looked = { seq, atMs: clock.monotonicMs() };
  }

  /** One round; whether another one may find more to do. */
  async #landOnce({ plan, passedOver }: Turn): Promise<boolean> {
    const step = await landRound(this.#context, plan, passedOver);
    if (step.outcome === 'held' && step.all) await this.#holdPlan(plan, step.why);
    if (this.#goesOn(step, passedOver) && !this.#options.draining()) return true;
    await noteHeld(this.#context, plan, { held: this.held, isWhole: step.outcome !== 'again' });
    return false;
  }

  /** Nothing lands on a line that lacks what landed before. */
  async #standStill(plan: Plan, { why, passing }: NonNullable<OpenLine['fault']>): Promise<void> {
    await queueDone(this.#context, plan.id);
    await this.#holdPlan(plan, why);
    if (passing) this.#idle = false;
    const [first] = [...this.held.keys()].filter((key) => keyParts(key).plan === plan.id);
    if (first !== undefined) this.#tell(first, why);
    await noteHeld(this.#context, plan, { held: this.held, isWhole: true });
  }

  #forget({ id }: Plan): void {
    for (const key of this.held.keys()) if (keyParts(key).plan === id) this.held.delete(key);
  }

  #tell(task: TaskKey, why: string): void {
    if (this.#told.get(task) !== why) this.#options.onHeld(task, why);
    this.#told.set(task, why);
  }

  /** What is in the way of the target is in the way of everything that waits for it. */
  async #holdPlan(plan: Plan, why: string): Promise<void> {
    const { store, clock } = this.#context.ports;
    const waiting = await store.tasks({ plan: plan.id, status: ['landing'] }, clock.now());
    for (const { task } of waiting) this.held.set(task.key, why);
  }

  #goesOn(step: LandingStep, passedOver: Set<TaskKey>): boolean {
    if (step.outcome === 'moved') {
      for (const task of step.tasks) this.#told.delete(task);
      this.#options.onMove();
      return true;
    }
    if (step.outcome === 'again' || (step.outcome === 'held' && step.passing === true)) this.#idle = false;
    if (step.outcome !== 'held') return false;
    this.#tell(step.task, step.why);
    this.held.set(step.task, step.why);
    passedOver.add(step.task);
    return !step.all;
  }
}
