/**
 * Any moment of the log again: events folded up to one of them, shown as the tasks of that moment. Pure.
 *
 * Owns the derivation of a status from facts that events tell. At the last event it says what `/api/tasks` says, for each status that
 * events alone decide: the end of a wait for another attempt is no event, so `now` decides between `waiting` and `ready`.
 */
import type { Event, Task, TaskStatus } from '../../../src/api/contract.ts';
import { foldTask, type TaskFacts } from './task-facts.ts';

/** A copy of all facts is kept each so many events: a step back then costs at most as many folds. */
const stride = 512;

interface Moment {
  tasks: ReadonlyMap<string, TaskFacts>;
  /** What dependants of each plan wait for; absent: `done`. */
  unblock: ReadonlyMap<string, string>;
}

export class Replay {
  readonly #events: readonly Event[];
  readonly #kept: Moment[];

  /** @param events from the first on, in the order of the log; a replay that lacks the beginning lacks its tasks. */
  constructor(events: readonly Event[], kept: Moment[] = [{ tasks: new Map(), unblock: new Map() }]) {
    this.#events = events;
    this.#kept = kept;
  }

  /** The last event it knows; 0: none. */
  get last(): number {
    return this.#events.at(-1)?.seq ?? 0;
  }

  /** One that goes on to the end of `events`, which begin with all of this one's: what is folded is not folded again. */
  grown(events: readonly Event[]): Replay {
    return new Replay(events, this.#kept);
  }

  /** The tasks after event `seq`, in the order they were made. @param now epoch ms; absent: when that event was written */
  at(seq: number, now?: number): Task[] {
    const count = upTo(this.#events, seq);
    const { tasks, unblock } = this.#moment(count);
    const at = now ?? Date.parse(this.#events[count - 1]?.at ?? '1970-01-01T00:00:00Z');
    const isMet = (key: string, plan: string): boolean => meets(tasks.get(key), unblock.get(plan) ?? 'done');
    return [...tasks.values()].map((facts) => {
      const waitingFor = facts.dependencies.filter((key) => !isMet(key, facts.plan));
      return shown(facts, waitingFor, at);
    });
  }

  /** The facts after the first `count` events. */
  #moment(count: number): Moment {
    const wanted = Math.floor(count / stride);
    for (let have = this.#kept.length; have <= wanted; have += 1) {
      const before = this.#kept[have - 1];
      if (before !== undefined) this.#kept.push(folded(before, this.#events.slice((have - 1) * stride, have * stride)));
    }
    const base = this.#kept[wanted] ?? { tasks: new Map(), unblock: new Map() };
    return folded(base, this.#events.slice(wanted * stride, count));
  }
}

function folded(moment: Moment, events: readonly Event[]): Moment {
  if (events.length === 0) return moment;
  const tasks = new Map(moment.tasks);
  const unblock = new Map(moment.unblock);
  for (const event of events) {
    if (event.plan !== null && (event.type === 'plan-created' || event.type === 'plan-changed')) {
      const plan = event.data['plan'] as { unblock?: unknown } | undefined;
      if (typeof plan?.unblock === 'string') unblock.set(event.plan, plan.unblock);
    }
    if (event.task === null || event.plan === null) continue;
    const key = `${event.plan}/${event.task}`;
    const facts = foldTask(tasks.get(key) ?? null, event);
    if (facts !== null) tasks.set(key, facts);
  }
  return { tasks, unblock };
}

/** How many of the events are not after `seq`. */
function upTo(events: readonly Event[], seq: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((events[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The order in which facts win over each other, as the server has it. */
function statusOf(facts: TaskFacts, unmet: number, now: number): TaskStatus {
  if (facts.closed !== null) return facts.closed === 'cancelled' ? 'cancelled' : 'landed';
  if (isLanded(facts)) return 'landed';
  if (facts.inbox !== null) return 'needs-you';
  if (facts.landing !== null) return 'landing';
  if (facts.evidence !== null) return 'done';
  if (facts.claim !== null) return 'running';
  if (facts.hold !== null) return 'waiting';
  if (unmet > 0) return 'blocked';
  return facts.retryAt !== null && facts.retryAt > now ? 'waiting' : 'ready';
}

function isLanded({ landing, evidence, pr }: TaskFacts): boolean {
  if (landing === 'landed') return true;
  return evidence !== null && (evidence.commit === null || pr?.status === 'merged');
}

function meets(facts: TaskFacts | undefined, unblock: string): boolean {
  if (facts === undefined) return false;
  if (facts.closed !== null) return facts.closed === 'completed';
  return isLanded(facts) || (unblock === 'done' && facts.evidence !== null);
}

function shown(facts: TaskFacts, waitingFor: readonly string[], now: number): Task {
  const short = (key: string): string => (key.startsWith(`${facts.plan}/`) ? key.slice(facts.plan.length + 1) : key);
  const { id, key, plan, title, layer, agent, kind, priority, attempts, claim, evidence, retryAt } = facts;
  return {
    id,
    key,
    plan,
    title,
    layer,
    agent,
    kind,
    priority,
    attempts,
    status: statusOf(facts, waitingFor.length, now),
    dependencies: facts.dependencies.map(short),
    waitingFor: waitingFor.map(short),
    // The log does not tell scores: they are derived anew all the time.
    score: 0,
    holder: claim?.agent ?? null,
    token: claim?.token ?? evidence?.token ?? null,
    reason: facts.inbox?.reason ?? facts.hold ?? (retryAt !== null && retryAt > now ? facts.failure : null),
    pr: facts.pr?.number ?? null,
  };
}
