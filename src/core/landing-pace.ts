/**
 * The pace of landing: how long one landing takes and how often one is sent back, as the log tells it.
 *
 * Pure, but for what it remembers between events. Owns the measure alone; `early-start.ts` judges with it.
 */
import type { Event } from './event.ts';
import type { TaskKey } from './id.ts';
import { limits } from './limits.ts';

export interface Pace {
  /** Mean time that the queue spends on one entry, in milliseconds; `null` while none was seen to leave it. */
  landingMs: number | null;
  /** Entries in the queue. */
  queued: number;
  /** Share of entries that were sent back, 0 to 1; 0 while too few were seen to tell. */
  sentBackShare: number;
}

/** How much an old entry still counts when the next one comes: about the last fifty are felt. */
const memory = 0.98;

/** Follows the log event by event, in order; other events than those of landing change nothing. */
export class LandingPace {
  readonly #queuedAt = new Map<TaskKey, number>();
  #freeSince = 0;
  #spentMs = 0;
  #left = 0;
  #sentBack = 0;
  #seen = 0;

  note({ task, at, body }: Pick<Event, 'task' | 'at' | 'body'>): void {
    if (task === null) return;
    if (body.type === 'landing-queued') this.#queuedAt.set(task, at);
    else if (body.type === 'task-landed') this.#leave(task, at, 0);
    else if (body.type === 'landing-bounced') this.#leave(task, at, 1);
    else if (body.type === 'task-closed' || body.type === 'task-reopened' || body.type === 'work-restacked')
      this.#queuedAt.delete(task);
  }

  now(): Pace {
    return {
      landingMs: this.#left === 0 ? null : this.#spentMs / this.#left,
      queued: this.#queuedAt.size,
      sentBackShare: this.#seen < limits.paceEntriesMin ? 0 : this.#sentBack / this.#left,
    };
  }

  /** The queue works on one after the other: an entry's own time begins when the one before has left. */
  #leave(task: TaskKey, at: number, sentBack: 0 | 1): void {
    const since = Math.max(this.#queuedAt.get(task) ?? at, this.#freeSince);
    this.#queuedAt.delete(task);
    this.#freeSince = Math.max(this.#freeSince, at);
    this.#spentMs = this.#spentMs * memory + Math.max(0, at - since);
    this.#left = this.#left * memory + 1;
    this.#sentBack = this.#sentBack * memory + sentBack;
    this.#seen += 1;
  }
}
