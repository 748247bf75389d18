/**
 * Runs plans until nothing moves without a person (B1): ticks, landings, projections, and a summary.
 *
 * Owns the loop around `tick` and its ends: finished, drained by a first Ctrl-C, left at once by a second. Nothing in here
 * decides; what it forgets when it dies, the next start finds in the store, in git and in the process table (B9).
 */
import type { Event } from '../core/event.ts';
import { breakerText, failuresInRow } from '../core/breaker.ts';
import type { Standing } from '../core/outcome.ts';
import { OperationalError } from '../platform/error.ts';
import { operational } from '../platform/system-error.ts';
import { Bell } from './bell.ts';
import { tick, type Tick } from './coordinator.ts';
import { FinishLoop } from './finish-loop.ts';
import { leave } from './leave.ts';
import { LandingLoop } from './landing-loop.ts';
import { Lookout } from './lookout/lookout.ts';
import { ensureTarget } from './landing/target.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { onOpenLines, plansOf, plansThatLand } from './plans.ts';
import { PullRequestLoop } from './pull-requests/loop.ts';
import { heed } from './requests.ts';
import { standingNow, workDone } from './standing-now.ts';
import { newCoordinatorState, type CoordinatorState } from './state.ts';
import { takeOnAsked } from './take-on.ts';

export interface RunOptions {
  /** Told of every event of the plans, in order. */
  onEvent(event: Event): void;
  /** Told when somebody else leads, and when that changes. */
  onStandby(leader: string | null): void;
  /** Told what is in the way of the run: a held landing, a store or git that cannot be used just now. */
  onNotice(text: string): void;
  /** Told how long each tick took, in milliseconds. */
  onTick?(ms: number): void;
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
  /** Those of `settings`. */
  plans: string[];
  options: RunOptions;
  state: CoordinatorState;
  bell: Bell;
  /** Last event shown; projections are written up to `projectedSeq`. */
  seq: number;
  projectedSeq: number;
  /** Not projected again before, on the monotonic clock. */
  projectAgainMs: number;
  landing: LandingLoop;
  lookout: Lookout;
  pullRequests: PullRequestLoop;
  finish: FinishLoop;
  /** Why the last tick started nothing new, or `null`. */
  stopped: string | null;
  /** Failed attempts in a row over all tasks; too many of them and nothing more is given out. */
  failures: number;
  /** Something of the world that failed last time, so that it is logged once and not at every tick. */
  trouble: { message: string; sinceMs: number; lastMs: number } | null;
}

export async function runPlans(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  options: RunOptions,
): Promise<RunSummary> {
  const startedAt = ports.clock.now();
  const run = await begin(ports, settings, options);
  const { bell } = run;
  using _watch = ports.store.watch(() => bell.ring());
  ports.runners.onExit(() => bell.ring());
  for (const signal of [options.drain, options.leave])
    signal?.addEventListener('abort', () => {
      run.state.draining = true;
      bell.ring();
    });
  // One that is held for now is told of by the queue.
  for (const { plan, fault } of await onOpenLines(ports, await plansOf(ports, settings)))
    if (fault === null) await ensureTarget(ports, plan);
  for (;;) {
    run.state.draining = isDraining(run) || run.failures >= run.settings.failuresInRowMax;
    const done = options.leave?.aborted === true ? await left(run) : await round(run);
    if (done !== null) {
      await resign(run);
      return { ...done, ...(await workDone(run, startedAt)), drained: isDraining(run) };
    }
    await bell.wait(settings.limits.tickMs);
  }
}

/** A first Ctrl-C, or somebody's word from another process. */
function isDraining({ options, state }: Run): boolean {
  return options.drain.aborted || state.requests.shutdown !== null;
}

async function begin(ports: CoordinatorPorts, given: CoordinatorSettings, options: RunOptions): Promise<Run> {
  // Of its own: a run on request takes on the plans that it is asked for.
  const plans = [...given.plans];
  const settings = { ...given, plans };
  const bell = new Bell(ports.clock);
  const state = newCoordinatorState();
  const seq = await ports.store.lastSeq();
  const context = { ports, settings, state, signal: options.leave };
  const onNotice = (text: string): void => notice(run, text);
  const onMove = (): void => bell.ring();
  const draining = (): boolean => options.drain.aborted || state.requests.shutdown !== null;
  const pullRequests = new PullRequestLoop(context, {
    plans: async () =>
      (await onOpenLines(ports, await plansThatLand(ports, settings, 'pull-requests'))).map(({ plan }) => plan),
    onNotice,
    onMove,
    draining,
  });
  const landing = new LandingLoop(context, {
    plans: async () => plansThatLand(ports, settings, 'queue'),
    onHeld: (task, why) => notice(run, `landing of ${task} is held: ${why}`),
    onMove,
    draining,
  });
  const run: Run = {
    ports,
    settings,
    plans,
    options,
    bell,
    state,
    seq,
    projectedSeq: -1,
    projectAgainMs: 0,
    landing,
    lookout: new Lookout({ ports, settings, state }),
    pullRequests,
    finish: new FinishLoop(context, { onNotice, onMove }),
    stopped: null,
    failures: 0,
    trouble: null,
  };
  return run;
}

/** Politeness only: a leadership that cannot be given back ends by itself, and the run has its result. */
async function resign({ ports, settings, state, lookout }: Run): Promise<void> {
  await lookout.settled();
  const { leadership, requests } = state;
  try {
    if (leadership !== null && requests.shutdown !== null) {
      const body = { type: 'coordinator-stopped', epoch: leadership.epoch, why: requests.shutdown } as const;
      await ports.store.record(body, 'coordinator', ports.clock.now());
    }
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
    await takeRequests(run);
    const startedMs = run.ports.clock.monotonicMs();
    ticked = await tick(run.ports, run.settings, run.state);
    run.options.onTick?.(run.ports.clock.monotonicMs() - startedMs);
    if (ticked.stopped !== null && ticked.stopped !== run.stopped) notice(run, ticked.stopped);
    run.stopped = ticked.stopped;
    await showEvents(run);
    if (!ticked.leading) {
      run.options.onStandby((await run.ports.store.leader())?.holder ?? null);
      // Whoever leads answers what this one was started for.
      return isDraining(run) || run.settings.onRequest === true ? await standing(run) : null;
    }
    await run.landing.start();
    await run.pullRequests.start();
    run.lookout.start();
    await project(run);
    if (isDraining(run)) return await ended(run, await drained(run));
    if (run.state.requests.spawns.length > 0) return null;
    if (ticked.live > 0 || ticked.started > 0 || ticked.leftovers) return null;
    // A landing that has not looked since the last change may still find something to do.
    if (!run.landing.isQuiet || !(await run.pullRequests.isQuiet())) return null;
    const now = await standing(run);
    if (!now.over) run.finish.reset();
    if (
      !now.over ||
      (now.left.length === 0 && !run.finish.step(await onOpenLines(run.ports, await plansOf(run.ports, run.settings))))
    )
      return null;
    return await ended(run, now);
  } catch (error) {
    trouble(run, error);
    return null;
  }
}

async function takeRequests({ ports, settings, state, plans, options }: Run): Promise<void> {
  const shutdown = await heed(ports, settings, state.requests);
  if (shutdown !== null) options.onNotice(`Asked to shut down by ${shutdown}.`);
  state.draining ||= state.requests.shutdown !== null;
  if (settings.onRequest === true) await takeOnAsked(ports, state.requests, plans);
}

/** What the world refuses is tried again: soon for what passes by itself, and for a while for all else, since agents are at work. */
function trouble(run: Run, thrown: unknown): void {
  const error = operational(thrown);
  if (error === null) throw thrown;
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

async function showEvents(run: Run): Promise<void> {
  for (;;) {
    const events = await run.ports.store.events({ since: run.seq, limit: 1_000 });
    for (const event of events) {
      run.seq = event.seq;
      countFailures(run, event);
      if (event.plan === null || run.settings.plans.includes(event.plan)) run.options.onEvent(event);
    }
    if (events.length < 1_000) return;
  }
}

function countFailures(run: Run, event: Event): void {
  const before = run.failures;
  run.failures = failuresInRow(before, event.body);
  const { failuresInRowMax } = run.settings;
  if (before < failuresInRowMax && run.failures >= failuresInRowMax)
    notice(run, `${breakerText(run.failures)}: nothing more is given out`);
}

async function standing(run: Run): Promise<Standing> {
  const { ports, settings, state, landing, pullRequests } = run;
  const stopped = run.failures >= settings.failuresInRowMax ? breakerText(run.failures) : run.stopped;
  return standingNow({ ports, settings, state, stopped, held: new Map([...landing.held, ...pullRequests.held]) });
}

/** What was seen and written must be whole when the run is over. */
async function ended(run: Run, final: Standing | null): Promise<Standing | null> {
  if (final === null) return null;
  await showEvents(run);
  await project(run, { isLast: true });
  return final;
}

/** Writes the projections after changes: at once for a small plan, now and then for one that takes long to write. */
async function project(run: Run, { isLast }: { isLast: boolean } = { isLast: false }): Promise<void> {
  const { clock, store } = run.ports;
  const seq = await store.lastSeq();
  const startedMs = clock.monotonicMs();
  if (seq === run.projectedSeq || (!isLast && startedMs < run.projectAgainMs)) return;
  run.projectedSeq = seq;
  for (const plan of run.settings.plans) await run.ports.project(plan);
  const endedMs = clock.monotonicMs();
  run.projectAgainMs = endedMs + (endedMs - startedMs) / run.settings.limits.projectShare;
}

/** Stops what runs, politely; the end is seen in the store, not assumed. */
async function drained(run: Run): Promise<Standing | null> {
  const live = (await run.ports.store.attempts({ live: true })).filter(
    (attempt) => !attempt.byHand && run.settings.plans.includes(attempt.task.split('/')[0] ?? ''),
  );
  await Promise.all(live.map((attempt) => run.ports.runners.stop(attempt, 'politely')));
  const isLanding = [run.landing, run.pullRequests, run.finish].some((loop) => loop.isRunning);
  if (live.length > 0 || isLanding || run.ports.runners.running() > 0) return null;
  return standing(run);
}

/** Ends everything by force and looks no further: what is not finished is finished by the next run. */
async function left(run: Run): Promise<Standing> {
  run.state.draining = true;
  await leave(run.ports, run.settings, run.state);
  for (const loop of [run.landing, run.pullRequests, run.finish]) await loop.settled();
  await showEvents(run);
  await project(run, { isLast: true });
  return standing(run);
}
