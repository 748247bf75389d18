/**
 * Approval: a person's word that finished work may land.
 *
 * Owns when one is needed and what it covers. Invariant: it covers one tree on one base, so the change that was looked at and no other;
 * whatever an agent commits afterwards needs a new one (S16).
 */
import { tellRisks, unordered, type Risk } from './risk.ts';
import type { Evidence, Task } from './task.ts';

/** The project's settings about it: `landing.approval` and `landing.risky`. */
export interface ApprovalPolicy {
  approval: 'end' | 'each' | 'none';
  risky: 'ask' | 'allow';
}

/** Whether the word was given for exactly this work. */
export function isApproved(
  { approval }: Pick<Task, 'approval'>,
  evidence: Pick<Evidence, 'base'>,
  tree: string,
): boolean {
  return approval !== null && approval.tree === tree && approval.base === evidence.base;
}

/**
 * Why a person has to look at a finished change before it lands, as a sentence for the inbox, or `null`. Whether they have done so
 * already is {@link isApproved}'s to say.
 *
 * @param risks all that is risky about the change, from `risksOf`.
 */
export function approvalNeeded(
  task: Pick<Task, 'id' | 'origin' | 'scope' | 'widened'>,
  risks: readonly Risk[],
  policy: ApprovalPolicy,
): string | null {
  const open = policy.risky === 'ask' ? unordered(risks, task) : [];
  if (open.length > 0) return `it is done, and a person looks at this before it lands: ${tellRisks(open)}`;
  return policy.approval === 'each'
    ? 'it is done, and every task is approved before it lands (landing.approval: each)'
    : null;
}
