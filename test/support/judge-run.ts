/** Runs events through supervision as a recording would be: hints count as given at once. */
import type { Finding, SupervisionEvent } from '../../src/core/supervision/event.ts';
import type { SupervisionOrder } from '../../src/core/supervision/order.ts';
import { Supervision } from '../../src/core/supervision/supervision.ts';
import { thresholds } from '../../src/core/supervision/thresholds.ts';

export interface Judged extends Finding {
  /** Index of the event at which it was found. */
  index: number;
}

export const plainOrder: SupervisionOrder = {
  startedAt: 0,
  workspace: '/repo',
  kind: 'implement',
  scope: [],
  shared: [],
  budget: { costUsd: null, turns: null, timeMs: null },
  limits: thresholds,
  canHint: true,
  hasLooks: false,
  restsBetweenTurns: true,
  messagesAreLines: false,
  timeOf: (at) => new Date(at).toISOString().slice(11, 19),
};

export function judgeRun(events: readonly SupervisionEvent[], order: Partial<SupervisionOrder> = {}): Judged[] {
  const rules = new Supervision({ ...plainOrder, ...order });
  const found: Judged[] = [];
  for (const [index, event] of events.entries()) {
    const finding = rules.take(event);
    if (finding === null) continue;
    found.push({ ...finding, index });
    if (finding.level === 'hint') rules.take({ type: 'told', at: event.at, rule: finding.rule });
  }
  return found;
}
