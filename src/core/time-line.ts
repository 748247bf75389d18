/**
 * Where a plan's time went: a bar per attempt, and the chain of tasks that set its end. Pure: read off attempts and tasks.
 *
 * Owns what counts as lost. The chain is walked back from what finished last, always to the dependency that finished last,
 * so it is the one along which an hour saved is an hour sooner. Invariant: the parts of a step sum up to its time.
 */
import type { Attempt } from './attempt.ts';
import type { TaskKey } from './id.ts';
import type { Plan } from './plan.ts';
import type { AttemptOutcome, Task } from './task.ts';

type Unblock = Plan['unblock'];

export interface Bar {
  token: number;
  agent: string;
  from: number;
  /** Now, for one that runs. */
  to: number;
  /** `null`: it runs. */
  outcome: AttemptOutcome | null;
}

export interface TaskBars {
  task: TaskKey;
  title: string;
  bars: readonly Bar[];
  doneAt: number | null;
  landedAt: number | null;
  onChain: boolean;
}

/** A task of the chain; times in ms. */
export interface ChainStep {
  task: TaskKey;
  /** From when its last dependency was met (or the first attempt of all began) to its own first attempt. */
  waitedMs: number;
  /** The attempt that did it, or that runs. */
  workedMs: number;
  /** Other attempts and the time between them. */
  retriedMs: number;
  /** From done to landed; counted where the chain ends, and where what comes next waited for it. */
  landingMs: number;
}

export interface TimeLine {
  /** Start of the first attempt; `null`: there was none. */
  from: number | null;
  to: number | null;
  tasks: readonly TaskBars[];
  /** In the order of work. */
  chain: readonly ChainStep[];
  /** Sums over the chain. */
  lost: Omit<ChainStep, 'task'>;
}

/**
 * @param tasks of one plan; cancelled ones show their attempts and are on no chain.
 * @param order.unblock what dependants of the plan wait for
 */
export function timeLine(
  tasks: readonly Task[],
  attempts: readonly Attempt[],
  { now, unblock }: { now: number; unblock: Unblock },
): TimeLine {
  const own = new Map<TaskKey, Attempt[]>();
  for (const attempt of attempts.toSorted((a, b) => a.token - b.token)) {
    const list = own.get(attempt.task) ?? [];
    list.push(attempt);
    own.set(attempt.task, list);
  }
  const begun = tasks.filter(({ key }) => own.has(key));
  const starts = begun.flatMap(({ key }) => (own.get(key) ?? []).map(({ startedAt }) => startedAt));
  const from = starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b));
  const walk = from === null ? [] : chainOf(begun, { own, from, now, unblock });
  const chain = walk.map(({ step }) => step);
  const onChain = new Set(chain.map(({ task }) => task));
  return {
    from,
    to: walk.at(-1)?.end ?? null,
    tasks: begun.map((task) => ({
      task: task.key,
      title: task.title,
      bars: (own.get(task.key) ?? []).map((attempt) => barOf(attempt, now)),
      doneAt: task.doneAt,
      landedAt: task.landing?.landedAt ?? null,
      onChain: onChain.has(task.key),
    })),
    chain,
    lost: sumOf(chain),
  };
}

interface Known {
  own: ReadonlyMap<TaskKey, readonly Attempt[]>;
  from: number;
  now: number;
  unblock: Unblock;
}

function chainOf(begun: readonly Task[], known: Known): { step: ChainStep; end: number }[] {
  const byKey = new Map(begun.map((task) => [task.key, task]));
  const live = begun.filter((task) => task.closed?.as !== 'cancelled');
  let task = latest(live, (one) => endOf(one, known));
  const steps: { step: ChainStep; end: number }[] = [];
  const seen = new Set<TaskKey>();
  for (let isLast = true; task !== undefined && !seen.has(task.key); isLast = false) {
    seen.add(task.key);
    const dependencies: Task[] = task.dependencies.flatMap((key) => byKey.get(key) ?? []);
    const before = latest(
      dependencies.filter(({ doneAt }) => doneAt !== null),
      (one) => metOf(one, known),
    );
    steps.push({
      step: stepOf(task, { before, isLast, known }),
      end: isLast ? endOf(task, known) : metOf(task, known),
    });
    task = before;
  }
  return steps.toReversed();
}

function stepOf(
  task: Task,
  { before, isLast, known }: { before: Task | undefined; isLast: boolean; known: Known },
): ChainStep {
  const attempts = known.own.get(task.key) ?? [];
  const first = attempts[0];
  const last = attempts.at(-1);
  const done = doneOf(task, known);
  const readyAt = before === undefined ? known.from : metOf(before, known);
  const startedAt = first?.startedAt ?? readyAt;
  const workedMs = last === undefined ? 0 : Math.max(0, Math.min(last.endedAt ?? known.now, done) - last.startedAt);
  return {
    task: task.key,
    waitedMs: Math.max(0, startedAt - readyAt),
    workedMs,
    retriedMs: Math.max(0, done - startedAt - workedMs),
    landingMs: Math.max(0, (isLast ? endOf(task, known) : metOf(task, known)) - done),
  };
}

/** When it was proven; else when its last attempt ended, or now. */
function doneOf(task: Task, { own, now }: Known): number {
  return task.doneAt ?? own.get(task.key)?.at(-1)?.endedAt ?? now;
}

/** When its dependants could begin. */
function metOf(task: Task, known: Known): number {
  return known.unblock === 'landed' ? endOf(task, known) : doneOf(task, known);
}

function endOf(task: Task, known: Known): number {
  return Math.max(task.landing?.landedAt ?? 0, doneOf(task, known));
}

function latest(tasks: readonly Task[], at: (task: Task) => number): Task | undefined {
  let best: Task | undefined;
  for (const task of tasks) if (best === undefined || at(task) > at(best)) best = task;
  return best;
}

function barOf({ token, agent, startedAt, endedAt, outcome }: Attempt, now: number): Bar {
  return { token, agent, from: startedAt, to: endedAt ?? now, outcome };
}

function sumOf(chain: readonly ChainStep[]): TimeLine['lost'] {
  const sum = { waitedMs: 0, workedMs: 0, retriedMs: 0, landingMs: 0 };
  for (const step of chain)
    for (const part of ['waitedMs', 'workedMs', 'retriedMs', 'landingMs'] as const) sum[part] += step[part];
  return sum;
}

/** What would have brought the plan's end nearer: the largest part first, those under a tenth left out. */
export function adviceOn({ chain, lost }: TimeLine): string[] {
  const all = lost.waitedMs + lost.workedMs + lost.retriedMs + lost.landingMs;
  if (all === 0) return [];
  const largest = (part: 'workedMs' | 'retriedMs'): string =>
    chain.reduce((a, b) => (b[part] > a[part] ? b : a)).task.replace(/^[^/]*\//, '');
  const parts: [number, () => string][] = [
    [
      lost.waitedMs,
      () =>
        'tasks that were ready waited for an agent, or for paths that others wrote: more slots or narrower scopes would help',
    ],
    [
      lost.workedMs,
      () => `it was work itself, most in ${largest('workedMs')}: smaller tasks with fewer dependencies would help`,
    ],
    [
      lost.retriedMs,
      () => `attempts failed or waited to be tried again, most in ${largest('retriedMs')}: orbit why tells of what`,
    ],
    [lost.landingMs, () => 'it was landing: faster checks or more landing.lanes would help'],
  ];
  return parts
    .filter(([ms]) => ms * 10 >= all)
    .sort(([a], [b]) => b - a)
    .map(([ms, words]) => `${Math.round((100 * ms) / all)} % of the way to the end: ${words()}`);
}
