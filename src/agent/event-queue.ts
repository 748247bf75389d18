/**
 * The queue between an agent's pipes and whoever reads its events.
 *
 * Invariant: its size is known, so that the pipes can be held back while a reader is slow (I20). It never drops an event
 * that somebody may still read; once the reader leaves, everything is dropped, so that the agent is not held up for nobody.
 */
import type { AgentEvent } from './agent.ts';

export interface EventQueue {
  push(event: AgentEvent): void;
  /** No event comes after this; what is still pushed is dropped. */
  close(): void;
  isFull(): boolean;
  /** For one reader. */
  events: AsyncIterable<AgentEvent>;
}

/** @param options `bytesMax`: full from here on; `onRoom` is called each time a full queue is half empty again. */
export function eventQueue(options: { bytesMax: number; onRoom(): void }): EventQueue {
  let waiting: AgentEvent[] = [];
  let bytes = 0;
  let closed = false;
  let abandoned = false;
  let wake = (): void => undefined;

  const release = (event: AgentEvent): void => {
    const before = bytes;
    bytes -= weight(event);
    if (before > options.bytesMax / 2 && bytes <= options.bytesMax / 2) options.onRoom();
  };
  async function* read(): AsyncGenerator<AgentEvent> {
    try {
      for (;;) {
        const batch = waiting;
        waiting = [];
        for (const event of batch) {
          release(event);
          yield event;
        }
        if (waiting.length > 0) continue;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      abandoned = true;
      waiting = [];
      bytes = 0;
      options.onRoom();
    }
  }
  return {
    push(event): void {
      if (abandoned || closed) return;
      waiting.push(event);
      bytes += weight(event);
      wake();
    },
    close(): void {
      closed = true;
      wake();
    },
    isFull: () => bytes > options.bytesMax,
    events: read(),
  };
}

/** About what an event takes in memory: its texts, and an object around them. */
function weight(event: AgentEvent): number {
  let sum = 128;
  for (const value of Object.values(event)) if (typeof value === 'string') sum += value.length * 2;
  if (event.type === 'todo') for (const item of event.items) sum += 64 + item.text.length * 2;
  return sum;
}
