/**
 * Runs plans until nothing moves without a person (B1): ticks, landings, projections, and a summary.
 *
 * Owns the loop around `tick` and its ends: finished, drained by a first Ctrl-C, left at once by a second. Nothing in here
 * decides; what it forgets when it dies, the next start finds in the store, in git and in the process table (B9).
 */
import type { Event } from '../core/event.ts';
import type { TaskKey } from '../core/id.ts';
import { standing, type Standing } from '../core/outcome.ts';
import { OperationalError } from '../platform/error.ts';
import { Bell } from './bell.ts';
import { newCoordinatorState, tick, type CoordinatorState, type Tick } from './coordinator.ts';
import { leave } from './leave.ts';
import { landNext, type LandingContext } from './landing/landing.ts';
import { ensureTarget } from './landing/target.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

export interface RunOptions {
  /** Told of every event of the plans, in order. */
  onEvent(event: Event): void;
  /** Told when somebody else leads, and when that changes. */
  onStandby(leader: string | null): void;
  /** Told what is in the way of the run: a held landing, a store or git that cannot be used just now. */
  onNotice(text: string): void;
  /** Aborted once: give out nothing new, stop agents politely, save their work, end. */
  drain: AbortSignal;
  /** Aborted: end runners, agents and checks by force, give the tasks back, end. */
  leave?: AbortSignal;
}

export interface RunSummary extends Standing {
  attempts: number;
  elapsedMs: number;
  /** Working time of all attempts of this run added up: what one agent alone would have needed at least. */
  serialMs: number;
  drained: boolean;
}

interface Run {
  ports: CoordinatorPorts;
  settings: CoordinatorSettings;
  options: RunOptions;
  state: CoordinatorState;
  bell: Bell;
  /** Last event shown; projections are written up to `projectedSeq`. */
  seq: number;
  projectedSeq: number;
  landing: Promise<void> | null;
  landingIdle: boolean;
  landingFailed: { error: unknown } | null;
  /** When the landing queue last looked, and up to which event: a held landing is tried again slowly. */
  landingLooked: { seq: number; atMs: number };
  held: Map<TaskKey, string>;
  /** Something of the world that failed last time, so that it is logged once and not at every tick. */
  trouble: { message: string; sinceMs: number; lastMs: number } | null;
}

export async function runPlans(ports: CoordinatorPorts, settings: CoordinatorSettings, options: RunOptions): Promise<RunSummary> {
  const startedAt = ports.clock.now();
  const bell = new Bell(ports.clock);
  const seq = await ports.store.lastSeq();
  const run: Run = {
    ports, settings, options, bell, seq, projectedSeq: -1, landing: null, landingIdle: false, landingFailed: null, held: new Map(), trouble: null,
    landingLooked: { seq: -1, atMs: 0 },
    state: newCoordinatorState(),
  };
  using _watch = ports.store.watch(() => bell.ring());
  ports.runners.onExit(() => bell.ring());
  for (const signal of [options.drain, options.leave]) signal?.addEventListener('abort', () => bell.ring());
  for (const plan of await plansOf(run)) await ensureTarget(ports.repository, plan);
  for (;;) {
    run.state.draining = options.drain.aborted;
    const done = options.leave?.aborted === true ? await left(run) : await round(run);
    if (done !== null) {
      await resign(run);
      return { ...done, ...(await workDone(run, startedAt)), drained: run.state.draining };
    }
    await bell.wait(settings.limits.tickMs);
  }
}

/** Politeness only: a leadership that cannot be given back ends by itself, and the run has its result. */
async function resign({ ports, settings }: Run): Promise<void> {
  try {
    await ports.store.resign(settings.holder);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    ports.log(`the leadership was not given back: ${error.message}`);
  }
}

/** One turn of the loop; the final standing when the run is over. */
async function round(run: Run): Promise<Standing | null> {
  let ticked: Tick;
  try {
    throwLandingFailure(run);
    ticked = await tick(run.ports, run.settings, run.state);
    await showEvents(run);
    if (!ticked.leading) {
      run.options.onStandby((await run.ports.store.leader())?.holder ?? null);
      return run.state.draining ? await standingNow(run) : null;
    }
    await startLanding(run);
    await project(run);
    if (run.state.draining) return await drained(run);
    if (ticked.live > 0 || ticked.started > 0 || ticked.leftovers || run.landing !== null) return null;
    const now = await standingNow(run);
    // A landing that has not looked since the last change may still find something to do.
    if (!now.over || !run.landingIdle) return null;
    await showEvents(run);
    await project(run);
    return now;
  } catch (error) {
    trouble(run, error);
    return null;
  }
}

/** The landing runs beside the rounds; what it throws is for the round to judge, like everything else that fails. */
function throwLandingFailure(run: Run): void {
  const failed = run.landingFailed;
  run.landingFailed = null;
  if (failed !== null) throw failed.error;
}

/** What the world refuses is tried again: soon for what passes by itself, and for a while for all else, since agents are at work. */
function trouble(run: Run, error: unknown): void {
  if (!(error instanceof OperationalError)) throw error;
  const lastMs = run.ports.clock.monotonicMs();
  const { troubleMs } = run.settings.limits;
  const known = run.trouble?.message === error.message && lastMs - run.trouble.lastMs < troubleMs ? run.trouble : null;
  if (known === null) notice(run, `${error.message}; trying again (${error.hint})`);
  run.trouble = { message: error.message, sinceMs: known?.sinceMs ?? lastMs, lastMs };
  if (!error.retryable && lastMs - run.trouble.sinceMs > troubleMs) throw error;
}

function notice(run: Run, text: string): void {
  run.ports.log(text);
  run.options.onNotice(text);
}

async function plansOf({ ports, settings }: Run): Promise<NonNullable<Awaited<ReturnType<typeof ports.store.plan>>>[]> {
  const plans = await Promise.all(settings.plans.map((plan) => ports.store.plan(plan)));
  return plans.filter((plan) => plan !== null);
}

/** Lands beside the ticks: checks take minutes, and agents must not wait for them. */
async function startLanding(run: Run): Promise<void> {
  if (run.landing !== null) return;
  const { seq, atMs } = run.landingLooked;
  const now = run.ports.clock.monotonicMs();
  if (run.landingIdle && seq === (await run.ports.store.lastSeq()) && now - atMs < run.settings.limits.landingRetryMs) return;
  const context: LandingContext = { ports: run.ports, settings: run.settings, state: run.state, signal: run.options.leave };
  run.landing = landAll(run, context)
    .catch((error: unknown) => {
      run.landingFailed = { error };
    })
    .finally(() => {
      run.landing = null;
      run.bell.ring();
    });
}

async function landAll(run: Run, context: LandingContext): Promise<void> {
  run.landingIdle = true;
  const seq = await run.ports.store.lastSeq();
  for (const plan of await plansOf(run)) {
    const passedOver = new Set<TaskKey>();
    for (;;) {
      const step = await landNext(context, plan, passedOver);
      if (step.outcome === 'moved') {
        run.held.delete(step.task);
        run.bell.ring();
        if (!run.state.draining) continue;
      }
      if (step.outcome === 'again') run.landingIdle = false;
      if (step.outcome === 'held') {
        if (run.held.get(step.task) !== step.why) notice(run, `landing of ${step.task} is held: ${step.why}`);
        run.held.set(step.task, step.why);
        passedOver.add(step.task);
        if (!step.all && !run.state.draining) continue;
      }
      break;
    }
  }
  const after = await run.ports.store.lastSeq();
  run.landingIdle &&= seq === after;
  run.landingLooked = { seq: after, atMs: run.ports.clock.monotonicMs() };
}

async function showEvents(run: Run): Promise<void> {
  for (;;) {
    const events = await run.ports.store.events({ since: run.seq, limit: 1_000 });
    for (const event of events) {
      run.seq = event.seq;
      if (event.plan === null || run.settings.plans.includes(event.plan)) run.options.onEvent(event);
    }
    if (events.length < 1_000) return;
  }
}

async function project(run: Run): Promise<void> {
  const seq = await run.ports.store.lastSeq();
  if (seq === run.projectedSeq) return;
  run.projectedSeq = seq;
  for (const plan of run.settings.plans) await run.ports.project(plan);
}

/** Stops what runs, politely; the end is seen in the store, not assumed. */
async function drained(run: Run): Promise<Standing | null> {
  const live = (await run.ports.store.attempts({ live: true })).filter((attempt) => !attempt.byHand && run.settings.plans.includes(attempt.task.split('/')[0] ?? ''));
  await Promise.all(live.map((attempt) => run.ports.runners.stop(attempt, 'politely')));
  if (live.length > 0 || run.landing !== null || run.ports.runners.running() > 0) return null;
  return standingNow(run);
}

/** Ends everything by force and looks no further: what is not finished is finished by the next run. */
async function left(run: Run): Promise<Standing> {
  run.state.draining = true;
  await leave(run.ports, run.settings, run.state);
  await run.landing;
  await showEvents(run);
  await project(run);
  return standingNow(run);
}

async function standingNow({ ports, settings, held }: Run): Promise<Standing> {
  const now = ports.clock.now();
  const records = (await Promise.all(settings.plans.map((plan) => ports.store.tasks({ plan }, now)))).flat();
  const paused = (await Promise.all(settings.plans.map((plan) => ports.store.plan(plan)))).some((plan) => plan?.paused === true);
  return standing(records, { agents: settings.agents.map((agent) => agent.name), paused, held, now });
}

async function workDone({ ports, settings }: Run, startedAt: number): Promise<{ attempts: number; elapsedMs: number; serialMs: number }> {
  const attempts = (await Promise.all(settings.plans.map((plan) => ports.store.attempts({ plan })))).flat();
  const ofThisRun = attempts.filter((attempt) => attempt.startedAt >= startedAt && !attempt.byHand);
  const now = ports.clock.now();
  const serialMs = ofThisRun.reduce((sum, attempt) => sum + (attempt.endedAt ?? now) - attempt.startedAt, 0);
  return { attempts: ofThisRun.length, elapsedMs: now - startedAt, serialMs };
}
