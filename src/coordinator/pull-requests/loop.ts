/**
 * Landing by pull requests, beside the rounds: a forge answers in seconds and people in days, and agents wait for neither.
 *
 * Owns when the forge is looked at and what is in the way. Level, not edge: each pass compares store, git and forge anew, so that a
 * crash between any two calls, or a person who merges behind our back, is seen by the next.
 */
import { keyParts, type TaskKey } from '../../core/id.ts';
import type { Plan } from '../../core/plan.ts';
import { taskBranch } from '../../core/pull-request.ts';
import { isLanded } from '../../core/status.ts';
import type { Task } from '../../core/task.ts';
import { OperationalError, UsageError } from '../../platform/error.ts';
import { epochOf } from '../lead.ts';
import type { LandingContext } from '../landing/step.ts';
import type { ForgeAccess } from './access.ts';
import { CheckStarts } from './check-starts.ts';
import { closeCancelled } from './cancelled.ts';
import { follow, type Followed } from './follow.ts';
import { subjectOf, type Scene } from './look.ts';
import { fetchTrunk, followTrunk } from './trunk.ts';

export interface PullRequestLoopOptions {
  /** Plans that land by pull requests. */
  plans(): Promise<Plan[]>;
  /** Told once of each thing that is in the way. */
  onNotice(text: string): void;
  /** Called at the end of a pass. */
  onMove(): void;
  /** A pass that runs ends after its present step. */
  draining(): boolean;
}

/** Steps about one task in one pass: push, open, retarget and a look after each. */
const stepsMax = 6;

export class PullRequestLoop {
  readonly #context: LandingContext;
  readonly #options: PullRequestLoopOptions;
  #pass: Promise<void> | null = null;
  #failed: { error: unknown } | null = null;
  /** Up to which event and when the last pass looked, on the monotonic clock. */
  #looked = { seq: -1, atMs: Number.NEGATIVE_INFINITY };
  /** What people have to move, or what is in the way, by task. */
  readonly held: Map<TaskKey, string> = new Map();
  /** Since when a task waits for people, on the monotonic clock. */
  readonly #waitingMs = new Map<TaskKey, number>();
  readonly #doubts = new Map<TaskKey, number>();
  readonly #told = new Map<string, string>();
  readonly #starts: CheckStarts;

  constructor(context: LandingContext, options: PullRequestLoopOptions) {
    this.#context = context;
    this.#options = options;
    this.#starts = new CheckStarts(context);
  }

  get isRunning(): boolean {
    return this.#pass !== null;
  }

  /** Whether the last pass saw all that the store has; what it left waiting is in {@link held}, or moves by itself. */
  async isQuiet(): Promise<boolean> {
    if (this.#pass !== null) return false;
    if ((await this.#options.plans()).length === 0) return true;
    return this.#looked.seq === (await this.#context.ports.store.lastSeq());
  }

  /** Starts a pass if it is time. Throws what the last one threw, other than of the forge. */
  async start(): Promise<void> {
    const failed = this.#failed;
    this.#failed = null;
    if (failed !== null) throw failed.error;
    if (this.#pass !== null || !(await this.#isTime())) return;
    const plans = await this.#options.plans();
    if (plans.length === 0) return;
    this.#pass = this.#run(plans)
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

  async #isTime(): Promise<boolean> {
    const { ports, settings } = this.#context;
    const agoMs = ports.clock.monotonicMs() - this.#looked.atMs;
    if (agoMs >= (settings.forgePollMs ?? settings.limits.forgePollMs)) return true;
    const { forgePollSoonMs } = settings.limits;
    return agoMs >= forgePollSoonMs && this.#looked.seq !== (await ports.store.lastSeq());
  }

  async #run(plans: readonly Plan[]): Promise<void> {
    const { store, clock } = this.#context.ports;
    // As of before the pass: what it writes itself is looked at once more, soon, for another step may follow from it.
    const seq = await store.lastSeq();
    for (const plan of plans) await this.#followPlan(plan);
    this.#looked = { seq, atMs: clock.monotonicMs() };
  }

  async #followPlan(plan: Plan): Promise<void> {
    const tasks = await this.#queued(plan);
    try {
      const access = await this.#access();
      await closeCancelled(this.#context, plan, access.forge);
      if (tasks.length === 0) return this.#forget(plan, new Set());
      const scene = await this.#scene(plan, access, tasks);
      if (typeof scene === 'string') return this.#holdAll(tasks, scene);
      for (const task of tasks) {
        if (this.#options.draining()) return;
        await this.#followTask(plan, scene, task.key);
      }
      this.#forget(plan, new Set(tasks.map(({ key }) => key)));
    } catch (error) {
      if (!isForgeError(error) && !(error instanceof UsageError)) throw error;
      this.#tell('forge', `${error.message} (${error.hint})`);
      // What passes by itself is waited for; the rest is a person's to mend.
      if (error instanceof UsageError || !error.retryable) this.#holdAll(tasks, error.message);
    }
  }

  /** Finished work of the plan that has not landed, the intent to land it noted. */
  async #queued(plan: Plan): Promise<Task[]> {
    const { ports, state } = this.#context;
    const now = ports.clock.now();
    const records = await ports.store.tasks({ plan: plan.id, status: ['done', 'landing', 'needs-you'] }, now);
    const tasks = records.map(({ task }) => task).filter((task) => subjectOf(task) !== null && !isLanded(task));
    for (const task of tasks.filter(
      ({ landing, inbox, hold }) => landing === null && inbox === null && hold === null,
    )) {
      await ports.store.execute(
        task.key,
        { type: 'queue-landing' },
        { actor: 'coordinator', now, durable: true, epoch: epochOf(state) },
      );
    }
    return tasks.toSorted((a, b) => (a.doneAt ?? 0) - (b.doneAt ?? 0) || (a.key < b.key ? -1 : 1));
  }

  async #access(): Promise<ForgeAccess> {
    const { forge } = this.#context.ports;
    if (forge !== undefined) return forge();
    throw new OperationalError('forge-not-found', 'there is no forge to open pull requests on', {
      hint: 'set forge.url',
    });
  }

  /** One look at the remote for all; a sentence where nothing can land now. */
  async #scene(plan: Plan, access: ForgeAccess, tasks: readonly Task[]): Promise<Scene | string> {
    const { remote, trunk } = access;
    const all = await this.#context.ports.store.tasks({ plan: plan.id }, this.#context.ports.clock.now());
    const wanted = new Set([
      ...tasks.map(({ id }) => id),
      ...all
        .map(({ task }) => task)
        .filter(({ pr }) => pr !== null)
        .map(({ id }) => id),
    ]);
    const tips = new Map(await remote.tips([trunk, ...[...wanted].map((id) => taskBranch(plan.id, id))]));
    const tip = await fetchTrunk(this.#context, access, tips.get(trunk));
    const fault = await followTrunk(this.#context, plan, { trunk, tip });
    if (fault !== null) return fault;
    const mergesItself = this.#context.settings.mergesPullRequests === true;
    return { access, trunk: { name: trunk, tip }, tips, mergesItself, starts: this.#starts };
  }

  async #followTask(plan: Plan, scene: Scene, key: TaskKey): Promise<void> {
    for (let step = 0; step < stepsMax; step += 1) {
      const task = (await this.#context.ports.store.task(key))?.task;
      const subject = task === undefined || task.closed !== null || isLanded(task) ? null : subjectOf(task);
      if (subject === null) return this.#release(key);
      const followed = await this.#followOnce(plan, scene, subject);
      if (followed.outcome !== 'again') return this.#note(key, followed);
    }
  }

  /** What the forge refuses about one task holds that one alone. */
  async #followOnce(plan: Plan, scene: Scene, subject: NonNullable<ReturnType<typeof subjectOf>>): Promise<Followed> {
    try {
      return await follow(this.#context, { plan, scene, subject });
    } catch (error) {
      if (!isForgeError(error) || error.code !== 'forge-refused') throw error;
      this.#tell(subject.task.key, `${subject.task.id}: ${error.message} (${error.hint})`);
      return { outcome: 'waits', by: error.retryable ? 'itself' : 'people', why: error.message };
    }
  }

  async #note(key: TaskKey, followed: Followed): Promise<void> {
    if (followed.outcome === 'waits' && followed.by === 'people') return this.#hold(key, followed.why);
    if (followed.outcome === 'doubt') return this.#doubt(key, followed.why);
    this.#release(key);
  }

  /** Forges' copies lag behind each other, so one look proves nothing; in the end a person is asked (I10). */
  async #doubt(key: TaskKey, why: string): Promise<void> {
    const { ports, settings, state } = this.#context;
    const times = (this.#doubts.get(key) ?? 0) + 1;
    this.#doubts.set(key, times);
    this.#tell(key, `${keyParts(key).task}: ${why}`);
    if (times < settings.limits.forgeDoubtsMax) return;
    await ports.store.execute(
      key,
      { type: 'escalate', kind: 'refused', reason: `${why}; orbit retry ${keyParts(key).task} looks again` },
      { actor: 'coordinator', now: ports.clock.now(), durable: true, epoch: epochOf(state) },
    );
    this.#doubts.delete(key);
  }

  #hold(key: TaskKey, why: string): void {
    const { ports, settings } = this.#context;
    const nowMs = ports.clock.monotonicMs();
    const sinceMs = this.#waitingMs.get(key) ?? nowMs;
    this.#waitingMs.set(key, sinceMs);
    if (nowMs - sinceMs >= (settings.forgeWaitMs ?? 0)) this.held.set(key, why);
  }

  #holdAll(tasks: readonly Task[], why: string): void {
    this.#tell('plan', why);
    for (const { key } of tasks) this.held.set(key, why);
  }

  #release(key: TaskKey): void {
    for (const map of [this.held, this.#waitingMs, this.#doubts]) map.delete(key);
  }

  #forget(plan: Plan, kept: ReadonlySet<TaskKey>): void {
    for (const key of this.held.keys()) if (keyParts(key).plan === plan.id && !kept.has(key)) this.#release(key);
  }

  /** Once for each thing, and again when it changes. */
  #tell(about: string, text: string): void {
    if (this.#told.get(about) !== text) this.#options.onNotice(text);
    this.#told.set(about, text);
  }
}

function isForgeError(error: unknown): error is OperationalError {
  return error instanceof OperationalError && error.code.startsWith('forge-');
}
