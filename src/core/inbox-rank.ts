/**
 * What a person should look at first: what stops most, waits longest and weighs most.
 *
 * Pure. Invariant: more work behind it, more age or more weight never moves anything down.
 */

import type { InboxKind } from './task.ts';

export type InboxSort =
  | 'question'
  | 'approval'
  | 'plan'
  | 'scope'
  | 'conflict'
  | 'stuck'
  | 'failed'
  | 'budget'
  | 'quota'
  | 'login'
  | 'held'
  | 'refused'
  | 'dependency'
  | 'message';

export interface RankFacts {
  /** Tasks that wait for it, directly or behind others. */
  blocks: number;
  /** Milliseconds since it waits. A clock that was set back makes it new, not negative. */
  ageMs: number;
  /** From 1 (nothing is lost by waiting) upwards. */
  risk: number;
}

/**
 * Larger first. Blocked work counts in full, age by its logarithm: after a week a question that stops nothing ranks as a new one does
 * that stops eight tasks, and never pushes aside what stops the whole plan; yet among equals the older one comes first, always.
 */
export function inboxRank({ blocks, ageMs, risk }: RankFacts): number {
  const ageHours = Math.max(0, ageMs) / hourMs;
  return (1 + Math.max(0, blocks)) * (1 + Math.log2(1 + ageHours)) * Math.max(1, risk);
}

const hourMs = 3_600_000;

/**
 * The risk of an inbox item by what it is: how much harm waiting, or a hasty answer, may do. A judgement: what stops an agent or a whole
 * plan, and finished work, before work that stands still, before work given up; what agents see to themselves last.
 *
 * @param weight of the heaviest risk in a change that waits for approval, 0 to 100 (`risk.ts`); 0 where there is none.
 */
export function inboxRisk(sort: InboxSort, weight = 0): number {
  return weights[sort] + Math.max(0, weight) / 50;
}

const weights: Readonly<Record<InboxSort, number>> = {
  login: 3,
  held: 3,
  approval: 3,
  plan: 2.5,
  refused: 2.5,
  question: 2,
  stuck: 2,
  scope: 2,
  failed: 1.5,
  budget: 1.5,
  dependency: 1.5,
  quota: 1.5,
  message: 1,
  conflict: 1,
};

/** What a task in the inbox is to a person. */
export function inboxSort(kind: InboxKind): InboxSort {
  return sorts[kind];
}

const sorts: Readonly<Record<InboxKind, InboxSort>> = {
  question: 'question',
  blocked: 'stuck',
  'attempts-used': 'failed',
  'budget-used': 'budget',
  'dependency-cancelled': 'dependency',
  conflict: 'conflict',
  refused: 'refused',
  stuck: 'stuck',
  approval: 'approval',
};

/** The risk of a task in the inbox. A conflict that was put before a person is a dispute to settle, not one that agents know of. */
export function taskRisk(kind: InboxKind): number {
  return inboxRisk(kind === 'conflict' ? 'refused' : sorts[kind]);
}
