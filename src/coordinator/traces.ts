/**
 * Exports traces of tasks as their attempts end and their work lands, if OpenTelemetry's variables say where to.
 *
 * Owns the following of events and what waits to be sent. Invariant: it harms nobody; a collector that is slow, wrong or away
 * costs spans, and is told of once in the log.
 */
import type { Event } from '../core/event.ts';
import type { TaskKey } from '../core/id.ts';
import { spansOf, type Span } from '../core/trace.ts';
import { systemClock } from '../platform/clock.ts';
import { sha256 } from '../platform/sha256.ts';
import type { Store } from '../store/store.ts';
import { sendSpans, type Collector } from './otlp.ts';

/** So long what ends together is gathered into one request. */
const gatherMs = 1_000;
/** Spans that wait for a collector that is away; beyond, the oldest are dropped. */
const waitingMax = 2_000;

/** The end of a run waits so long for a collector. */
const closeMs = 3_000;

const endings: ReadonlySet<string> = new Set([
  'task-done',
  'attempt-ended',
  'landing-bounced',
  'task-landed',
  'task-closed',
]);

export class Traces {
  readonly #store: Pick<Store, 'events' | 'attempts'>;
  readonly #collector: Collector;
  readonly #log: (line: string) => void;
  /** Tasks with something that ended, and the first event of that. */
  readonly #ended = new Map<TaskKey, number>();
  /** Of tasks that have not ended: the last event whose span was gathered. */
  readonly #gathered = new Map<TaskKey, number>();
  #waiting: Span[] = [];
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<void> = Promise.resolve();
  #isAway = false;

  constructor(store: Pick<Store, 'events' | 'attempts'>, collector: Collector, log: (line: string) => void) {
    this.#store = store;
    this.#collector = collector;
    this.#log = log;
  }

  /** Told of every event, in order. */
  see({ seq, task, body }: Event): void {
    if (task === null || !endings.has(body.type)) return;
    if (!this.#ended.has(task)) this.#ended.set(task, seq);
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => this.#start(), gatherMs);
    this.#timer.unref();
  }

  /** Sends what is left, and waits for that no longer than a person would. */
  async close(): Promise<void> {
    this.#start();
    const over = new AbortController();
    await Promise.race([this.#sending, systemClock.sleep(closeMs, over.signal)]);
    over.abort();
  }

  #start(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sending = this.#sending.then(async () => this.#send());
  }

  async #send(): Promise<void> {
    try {
      await this.#gather();
      const spans = this.#waiting;
      if (spans.length === 0) return;
      await sendSpans(this.#collector, spans);
      this.#waiting = [];
      this.#isAway = false;
    } catch (error) {
      this.#waiting = this.#waiting.slice(-waitingMax);
      if (!this.#isAway)
        this.#log(`traces are not exported to ${new URL(this.#collector.address).host}: ${reason(error)}`);
      this.#isAway = true;
    }
  }

  async #gather(): Promise<void> {
    for (const [task, since] of this.#ended) {
      const [events, attempts] = [await this.#store.events({ since: 0, task }), await this.#store.attempts({ task })];
      this.#ended.delete(task);
      const after = Math.max(since - 1, this.#gathered.get(task) ?? 0);
      const fresh = spansOf(events, attempts, sha256).filter(({ seq }) => seq > after);
      this.#waiting.push(...fresh);
      if (fresh.some(({ parent }) => parent === null)) this.#gathered.delete(task);
      else this.#gathered.set(task, events.at(-1)?.seq ?? after);
    }
  }
}

/** `fetch` says only that it failed; why stands in the cause. */
function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
