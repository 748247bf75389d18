/**
 * What supervision knows of the running agent: events go in as they come, findings wait for whoever acts on them.
 *
 * Owns one attempt's detectors and the record from which their decisions can be repeated: `verbose.jsonl` gets what they were told
 * beside the agent's events (the terms they began with, looks, hints), so that `orbit replay` comes to the same findings.
 */
import type { AgentEvent } from '../agent/agent.ts';
import type { Finding, Rule, SupervisionEvent } from '../core/supervision/event.ts';
import type { SupervisionOrder } from '../core/supervision/order.ts';
import { Supervision } from '../core/supervision/supervision.ts';
import type { Life } from './life.ts';
import { liveSignOf } from './signs.ts';

/** What it is told from outside the agent's stream. */
export type Look =
  | { type: 'tree'; busy: boolean | null }
  | { type: 'workspace'; fingerprint: string | null; isStale: boolean }
  | { type: 'told'; rule: Rule | null }
  | { type: 'judging'; isOn: boolean }
  | { type: 'scope'; scope: readonly string[] }
  | { type: 'tick' };

export interface Watched {
  /** The agent's last sign of its own, on the monotonic clock. */
  activeAt(): number;
  /** Counts what it did, so that a look can tell whether it was done while it looked; `null` while a call is open. */
  steps(): number | null;
  hear(event: AgentEvent): void;
  look(look: Look): void;
  wantsLook(): boolean;
  /** The next finding to act on. */
  next(): Finding | null;
  /** Resolves at the next finding or wish for a look, or at once if one is there. For one waiter. */
  news(): Promise<void>;
}

/** Calls that never get a result must not pile up here. */
const openMax = 100;

/** @param terms what `orbit replay` needs besides the events, for the head of the record. */
export function newWatched(
  { logs, ports }: Life,
  order: SupervisionOrder,
  terms: Readonly<Record<string, unknown>>,
): Watched {
  const rules = new Supervision(order);
  const findings: Finding[] = [];
  let activeAt = ports.clock.monotonicMs();
  let steps = 0;
  const open = new Set<string>();
  let bell = Promise.withResolvers<void>();
  const { timeOf: _timeOf, startedAt: _startedAt, ...rest } = order;
  logs.verbose({ run: { ...terms, ...rest, spentMs: activeAt - order.startedAt } });

  const take = (event: SupervisionEvent): void => {
    const finding = rules.take(event);
    if (finding !== null) findings.push(finding);
    if (finding !== null || rules.wantsLook()) bell.resolve();
  };
  return {
    activeAt: () => activeAt,
    steps: () => (open.size === 0 ? steps : null),
    hear(event) {
      const at = ports.clock.monotonicMs();
      const sign = liveSignOf(event, at);
      if (sign === null) return;
      activeAt = at;
      if (sign.type === 'call' || sign.type === 'result' || sign.type === 'file-change') steps += 1;
      if (sign.type === 'call' && open.size < openMax) open.add(sign.id);
      if (sign.type === 'result') open.delete(sign.id);
      if (sign.type === 'turn-end') open.clear();
      take(sign);
    },
    look(look) {
      const at = ports.clock.monotonicMs();
      if (look.type !== 'tick') logs.verbose({ look });
      if (look.type === 'told' && look.rule === null) activeAt = at;
      take({ at, ...look });
    },
    wantsLook: () => rules.wantsLook(),
    next: () => findings.shift() ?? null,
    news() {
      bell = Promise.withResolvers();
      if (findings.length > 0 || rules.wantsLook()) bell.resolve();
      return bell.promise;
    },
  };
}
