/** The landing queue: what was handed in, what waits to be, what drives just now, what was put back and why. Reads only. */
import { conflictingTasks } from '../core/conflict.ts';
import { isHeldBack, isSettled, landingOrder } from '../core/landing.ts';
import { landsBy, type LandingMode } from '../core/pull-request.ts';
import type { Failure, Task } from '../core/task.ts';
import { failureRate, timeLeftMs, type TrainRule } from '../core/train.ts';
import type { Train } from '../core/train-record.ts';
import { unfollowedPullRequest } from '../core/unfollowed.ts';
import type { TaskRecord } from '../store/store.ts';
import type { Context } from './context.ts';
import { requirePlan } from './find-task.ts';
import { leaderNow } from './leader-now.ts';
import { heldReason, type HeldReason } from './list-held.ts';

export interface QueueEntry {
  task: string;
  plan: string;
  title: string;
  /**
   * `train`: in the chain that is being validated; `next` is the first to join the next one; `queued` waits for its turn or for what it
   * is built on; `done` is proven and not handed in yet; `put-back` was sent back to be done again.
   */
  state: 'train' | 'next' | 'queued' | 'done' | 'put-back' | 'landed';
  /** Place in its train, from 1; `null` outside. */
  place: number | null;
  /** Checks were red on a stretch of changes that it is one of; which of them is to blame is being found out. */
  suspect: boolean;
  /** Tasks that it is built on and that have not landed. */
  after: readonly string[];
  commit: string | null;
  landedAs: string | null;
  at: string;
  bounces: number;
  /** Why it was put back last, or what keeps it out of the queue; `null` where nothing does. */
  reason: string | null;
  /** How work of its plan lands. */
  mode: LandingMode;
  /** A pull request that nobody follows keeps it out: what a person can do; `null`: none does. */
  remedy: string | null;
  held: HeldReason | null;
}

export interface TrainView {
  plan: string;
  target: string;
  /** Commit of the target that it stands on; `null` when none drives. */
  base: string | null;
  since: string | null;
  /** In landing order. */
  tasks: readonly string[];
  cuts: readonly { length: number; state: Train['cuts'][number]['state']; at: string }[];
  /** The task whose change was red by itself and is run again beside the train. */
  rerun: string | null;
  /** Changes that wait, those in the train included. */
  waiting: number;
  /** Share of changes that go back red, as measured. */
  failureRate: number;
  validationMs: number | null;
  /** Estimate; `null` before a validation was measured, and while nobody leads. */
  leftMs: number | null;
  flakes: number;
  flaky: string | null;
}

export interface Queue {
  /** Whether a coordinator leads; nothing lands without one. */
  led: boolean;
  queue: readonly QueueEntry[];
  trains: readonly TrainView[];
}

/** Landed tasks shown: the last ones. */
const landedShown = 10;

export async function listQueue(context: Context, plan: string | null): Promise<Queue> {
  if (plan !== null) await requirePlan(context, plan);
  return queueOf(context, plan, await context.store.tasks(plan === null ? {} : { plan }, context.clock.now()));
}

/** The same where the tasks were read already. @param all every task of the plan, or of all plans. */
export async function queueOf(context: Context, plan: string | null, all: readonly TaskRecord[]): Promise<Queue> {
  const conflicting = conflictingTasks(await context.store.conflicts());
  const { landing } = await context.settings();
  const modes = new Map((await context.store.plans()).map((each) => [each.id, landsBy(each, landing.mode)]));
  const rule = { lanes: landing.lanes, lengthMax: landing.trainMax, rerunsMax: landing.reruns };
  const tasks = all.map(({ task }) => task).filter(isShown);
  const led = (await leaderNow(context)) !== null;
  const trains = (await drivenTrains(context, led)).filter((train) => plan === null || train.plan === plan);
  const waiting = tasks.filter((task) => stateOf(task) === 'queued');
  const landed = new Set(tasks.filter((task) => stateOf(task) === 'landed').map(({ key }) => key));
  const open = new Set(all.flatMap(({ task }) => (isSettled(task) ? [] : [task.key])));
  const order = landingOrder(waiting, (key) => !open.has(key), conflicting);
  const places = new Map(order.map((task, index) => [task.key, index]));
  const last = tasks
    .filter((task) => landed.has(task.key))
    .toSorted((a, b) => (a.landing?.landedAt ?? 0) - (b.landing?.landedAt ?? 0))
    .slice(-landedShown);
  const rest = tasks
    .filter((task) => !landed.has(task.key))
    .toSorted(
      (a, b) => (places.get(a.key) ?? order.length) - (places.get(b.key) ?? order.length) || since(a) - since(b),
    );
  const cars = new Set(trains.flatMap((train) => train.cars));
  const next = order.find((task) => !cars.has(task.key))?.key;
  const entryOf = (task: Task): QueueEntry => {
    const entry = entryWith(task, { trains, open, mode: modes.get(task.plan) ?? landing.mode });
    return entry.state === 'queued' && task.key === next ? { ...entry, state: 'next' } : entry;
  };
  return {
    led,
    queue: [...last, ...rest].map(entryOf),
    trains: trains.map((train) => {
      const view = viewOf(train, rule, order.filter((task) => task.plan === train.plan).length);
      return led ? view : { ...view, leftMs: null };
    }),
  };
}

/** The records of trains; what one shows of a drive counts only while somebody leads. */
async function drivenTrains({ store }: Context, led: boolean): Promise<Train[]> {
  const trains = await store.trains();
  return led
    ? trains
    : trains.map((train) => ({ ...train, startedAt: null, base: null, cars: [], cuts: [], rerun: null }));
}

function viewOf(train: Train, rule: TrainRule, waiting: number): TrainView {
  const { plan, target, base, cars, rate, validationMs, flakes, flaky } = train;
  return {
    plan,
    target,
    base,
    since: train.startedAt === null ? null : new Date(train.startedAt).toISOString(),
    tasks: cars.map((key) => key.slice(key.indexOf('/') + 1)),
    cuts: train.cuts.map((cut) => ({ ...cut, at: new Date(cut.at).toISOString() })),
    rerun: train.rerun === null ? null : train.rerun.slice(train.rerun.indexOf('/') + 1),
    waiting,
    failureRate: failureRate(rate),
    validationMs,
    leftMs: validationMs === null ? null : timeLeftMs(waiting, rate, { rule, validationMs }),
    flakes,
    flaky,
  };
}

interface Surrounding {
  trains: readonly Train[];
  open: ReadonlySet<string>;
  mode: LandingMode;
}

function entryWith(task: Task, { trains, open, mode }: Surrounding): QueueEntry {
  const { landing, evidence } = task;
  const state = stateOf(task);
  const place = Math.max(...trains.map(({ cars }) => cars.indexOf(task.key) + 1), 0);
  return {
    task: task.id,
    plan: task.plan,
    title: task.title,
    state: state === 'queued' && place > 0 ? 'train' : state,
    place: place > 0 && state === 'queued' ? place : null,
    suspect: trains.some(({ gap }) =>
      gap?.entries.some(({ key, commit }) => key === task.key && commit === landing?.commit),
    ),
    after:
      state === 'landed'
        ? []
        : task.dependencies.filter((key) => open.has(key)).map((key) => key.slice(key.indexOf('/') + 1)),
    commit: landing?.commit ?? evidence?.commit ?? null,
    landedAs: landing?.landedAs ?? null,
    at: new Date(since(task)).toISOString(),
    bounces: task.bounces,
    reason: state === 'landed' ? null : (heldBackWhy(task, mode) ?? putBack(task)?.reason ?? null),
    mode,
    remedy: unfollowedPullRequest(task, mode)?.remedy ?? null,
    held: heldReason(task),
  };
}

/** What keeps it out of the queue: a person's word or the lack of one, a pull request, the way that its plan lands. */
function heldBackWhy(task: Task, mode: LandingMode): string | null {
  const { hold, inbox, pr, evidence, landing } = task;
  if (isHeldBack(task)) return hold === null ? (inbox?.reason ?? null) : `held by ${hold.by}: ${hold.why}`;
  if (evidence === null || landing !== null) return null;
  if (pr !== null)
    return unfollowedPullRequest(task, mode)?.why ?? `waits for pull request #${pr.number} (${pr.status})`;
  return mode === 'off' ? 'landing.mode is off: nobody lands it' : null;
}

/** What a person closed is no matter of the queue any more. */
function isShown(task: Task): boolean {
  return task.closed === null && (task.evidence !== null || putBack(task) !== null);
}

function since({ landing, doneAt, createdAt }: Task): number {
  return landing?.landedAt ?? landing?.queuedAt ?? doneAt ?? createdAt;
}

function stateOf(task: Task): 'queued' | 'done' | 'landed' | 'put-back' {
  const { landing, evidence, pr } = task;
  if (evidence === null && putBack(task) !== null) return 'put-back';
  if (landing?.state === 'landed' || evidence === null || evidence.commit === null || pr?.status === 'merged')
    return 'landed';
  return landing === null ? 'done' : 'queued';
}

/** The last time that landing sent it back; `null` if that never happened, or a person ended the task since. */
function putBack({ bounces, closed, failures }: Task): Failure | null {
  if (bounces === 0 || closed !== null) return null;
  return failures.findLast(({ outcome }) => outcome === 'bounced') ?? null;
}
