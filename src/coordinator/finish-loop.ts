/**
 * What becomes of plans all of whose work has landed: beside the rounds, since checks and forges take their time.
 *
 * Owns that each plan is finished once per run, and tried again where that waits for something that moves by itself.
 */
import type { Plan } from '../core/plan.ts';
import { taskStatuses } from '../core/status.ts';
import { finishOf, landingModeOf } from './landing-mode.ts';
import type { OpenLine } from './landing/line.ts';
import type { LandingContext } from './landing/step.ts';
import { mergeBack } from './merge-back.ts';
import { CheckStarts } from './pull-requests/check-starts.ts';
import { combine, type Finished } from './pull-requests/combined.ts';

export class FinishLoop {
  readonly #context: LandingContext;
  readonly #options: { onNotice(text: string): void; onMove(): void };
  readonly #starts: CheckStarts;
  #pass: Promise<void> | null = null;
  #failed: { error: unknown } | null = null;
  #isOver = false;
  /** Not tried again before, on the monotonic clock. */
  #againMs = Number.NEGATIVE_INFINITY;
  readonly #told = new Set<string>();

  constructor(context: LandingContext, options: { onNotice(text: string): void; onMove(): void }) {
    this.#context = context;
    this.#options = options;
    this.#starts = new CheckStarts(context);
  }

  /** Whether all is done; begins or goes on with it otherwise. Throws what the last pass threw. */
  step(lines: readonly OpenLine[]): boolean {
    const failed = this.#failed;
    this.#failed = null;
    if (failed !== null) throw failed.error;
    const { clock } = this.#context.ports;
    if (this.#isOver || this.#pass !== null || clock.monotonicMs() < this.#againMs) return this.#isOver;
    this.#pass = this.#finish(lines)
      .catch((error: unknown) => {
        this.#failed = { error };
      })
      .finally(() => {
        this.#pass = null;
        this.#options.onMove();
      });
    return false;
  }

  get isRunning(): boolean {
    return this.#pass !== null;
  }

  /** Work came up again: the end comes later. */
  reset(): void {
    this.#isOver = false;
  }

  /** Resolves when nothing of it runs. */
  async settled(): Promise<void> {
    await this.#pass;
  }

  async #finish(lines: readonly OpenLine[]): Promise<void> {
    const { ports, settings } = this.#context;
    let isOver = true;
    for (const { plan, fault } of lines) {
      // The last line would lack what landed before it.
      const { said, over } =
        fault === null
          ? await finishPlan(this.#context, plan, this.#starts)
          : { said: `plan ${plan.id} is not finished: ${fault.why}`, over: !fault.passing };
      if (said !== null && !this.#told.has(said)) this.#options.onNotice(said);
      if (said !== null) this.#told.add(said);
      isOver &&= over;
    }
    this.#isOver = isOver;
    this.#againMs = ports.clock.monotonicMs() + (settings.forgePollMs ?? settings.limits.forgePollMs);
  }
}

async function finishPlan(context: LandingContext, plan: Plan, starts: CheckStarts): Promise<Finished> {
  const { settings } = context;
  const how = finishOf(plan, settings);
  // Work that came by pull requests is where it belongs.
  if (how === 'none' || landingModeOf(plan, settings) !== 'queue') return { said: null, over: true };
  if (await hasOpenTasks(context, plan)) return { said: null, over: true };
  if (how === 'pull-request') return combine(context, plan, starts);
  if (settings.finishesItself === true || settings.mergeOnComplete)
    return { said: await mergeBack(context, plan, how), over: true };
  const name = plan.target.replace(/^refs\/heads\//, '');
  const said = `plan ${plan.id} is finished and waits for your approval: orbit run ${plan.id} --finish ${how}, or git merge ${name}`;
  return { said, over: true };
}

/** A run about one task alone ends with others open. */
async function hasOpenTasks({ ports: { store, clock } }: LandingContext, { id }: Plan): Promise<boolean> {
  const status = taskStatuses.filter((one) => one !== 'landed' && one !== 'cancelled');
  return (await store.tasks({ plan: id, status, limit: 1 }, clock.now())).length > 0;
}
