/** Messages as threads and as a flow between senders and recipients. Pure. */
import type { Message } from '../../data/queries.ts';

export interface Thread {
  /** Unique: the two who talk, and the task it is about. */
  id: string;
  between: readonly [string, string];
  task: string | null;
  /** Oldest first. */
  messages: readonly Message[];
  undelivered: number;
  lastAt: string;
}

/** Threads with something undelivered first, then by their last message. */
export function threadsOf(messages: readonly Message[]): Thread[] {
  const groups = Map.groupBy(messages, ({ from, to, task }) => `${[from, to].toSorted().join(' ')} ${task ?? ''}`);
  return [...groups]
    .map(([id, own]): Thread => {
      const sorted = own.toSorted((a, b) => a.at.localeCompare(b.at) || a.order - b.order);
      const [first = '', second = first] = [...new Set(own.flatMap(({ from, to }) => [from, to]))].toSorted();
      return {
        id,
        between: [first, second],
        task: own[0]?.task ?? null,
        messages: sorted,
        undelivered: own.filter(isUndelivered).length,
        lastAt: sorted.at(-1)?.at ?? '',
      };
    })
    .toSorted((a, b) => Number(b.undelivered > 0) - Number(a.undelivered > 0) || b.lastAt.localeCompare(a.lastAt));
}

/** Its recipient has not said that it was read. */
export function isUndelivered({ acknowledgedAt }: Message): boolean {
  return acknowledgedAt === null;
}

export interface Flow {
  from: string;
  to: string;
  count: number;
  undelivered: number;
}

/** How much went from whom to whom. */
export function flowsOf(messages: readonly Message[]): Flow[] {
  const flows = new Map<string, Flow>();
  for (const message of messages) {
    const { from, to } = message;
    const flow = flows.get(`${from} ${to}`) ?? { from, to, count: 0, undelivered: 0 };
    flow.count += 1;
    flow.undelivered += isUndelivered(message) ? 1 : 0;
    flows.set(`${from} ${to}`, flow);
  }
  return [...flows.values()].toSorted((a, b) => b.undelivered - a.undelivered || b.count - a.count);
}
