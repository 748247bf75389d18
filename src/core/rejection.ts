/**
 * Rejections: the domain says no. A returned value, never thrown; exit code 3, HTTP 409.
 *
 * Owns the closed list of their codes; `docs/errors.md` has a line for each, and a test compares the two.
 */
export type RejectionCode =
  | 'nothing-ready'
  | 'task-not-ready'
  | 'task-not-found'
  | 'task-ended'
  | 'task-claimed'
  | 'task-held'
  | 'agent-not-wanted'
  | 'scope-taken'
  | 'account-parked'
  | 'lease-lost'
  | 'not-running'
  | 'not-done'
  | 'already-done'
  | 'no-evidence'
  | 'outside-scope'
  | 'uncommitted-changes'
  | 'check-failed'
  | 'plan-paused'
  | 'plan-invalid'
  | 'nothing-to-answer'
  | 'landing-begun'
  | 'work-needed'
  | 'tree-changed'
  | 'task-edited'
  | 'plan-unfinished'
  | 'cannot-merge'
  | 'foreign-commit'
  | 'target-moved'
  | 'scope-denied'
  | 'too-many-tasks'
  | 'not-leading'
  | 'not-yours'
  | 'no-slot'
  | 'no-room'
  | 'agent-barred'
  | 'shutting-down'
  | 'other-plans'
  | 'spawn-unanswered'
  | 'agent-ended'
  | 'still-running'
  | 'not-independent'
  | 'cycle';

export interface Rejection {
  rejected: true;
  code: RejectionCode;
  /** What happened, to which id. */
  message: string;
  /** What to do next. */
  hint: string;
}

export function reject(code: RejectionCode, message: string, hint: string): Rejection {
  return { rejected: true, code, message, hint };
}

export function isRejection(value: unknown): value is Rejection {
  return typeof value === 'object' && value !== null && (value as { rejected?: unknown }).rejected === true;
}
