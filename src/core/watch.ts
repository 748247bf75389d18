/**
 * Watching one attempt: what its signs mean and what follows. Pure: the runner looks and acts, this concludes.
 *
 * Owns the rules of plain supervision: critical errors, streaks of errors, the budget of time and money, silence.
 * Its invariants: a failed look proves nothing (only a tree that was *seen* idle makes silence a stall), and an agent that
 * did something else after a hint starts with a clean slate. Times are milliseconds of one monotonic clock.
 */

/** What one event of an agent says about how it is doing. */
export type Sign =
  | { type: 'activity' }
  /** Something worked: ends a streak of errors. */
  | { type: 'success' }
  | { type: 'error'; text: string; critical: boolean }
  | { type: 'cost'; costUsd: number };

export interface Observation {
  startedAt: number;
  /** The agent's last sign of its own. */
  activeAt: number;
  /** The process tree was seen idle at every look since then; `null`: it was busy, or nobody could tell. */
  idleSince: number | null;
  errors: { text: string; count: number };
  critical: string | null;
  costUsd: number;
  /** Rules that have hinted since the last change for the better. */
  hinted: readonly WatchRule[];
}

export type WatchRule = 'critical-error' | 'error-streak' | 'time' | 'cost' | 'silence';

export interface WatchLimits {
  /** What is left of the task's time for this attempt. */
  timeMs: number;
  /** What is left of the task's money, in US dollars; `null` = no limit. */
  costUsd: number | null;
  errorStreakHint: number;
  errorStreakEnd: number;
  silenceHintMs: number;
  silenceMs: number;
  /** Whether a hint can reach the agent. If not, an error streak ends where it would be hinted at (C7). */
  canHint: boolean;
}

export type WatchDecision =
  | { type: 'continue' }
  | { type: 'hint'; rule: WatchRule; text: string }
  | { type: 'end'; rule: WatchRule; outcome: 'failed' | 'timeout' | 'stalled'; reason: string };

/** @param startedAt of the attempt, where its time begins to count; `now`: of its agent. */
export function newObservation(startedAt: number, now: number): Observation {
  return {
    startedAt,
    activeAt: now,
    idleSince: null,
    errors: { text: '', count: 0 },
    critical: null,
    costUsd: 0,
    hinted: [],
  };
}

/** Folds one sign into what is known. */
export function observe(before: Observation, sign: Sign, now: number): Observation {
  const seen = { ...before, activeAt: now, idleSince: null, hinted: without(before.hinted, 'silence') };
  switch (sign.type) {
    case 'activity':
      return seen;
    case 'success':
      return { ...seen, errors: { text: '', count: 0 }, hinted: without(seen.hinted, 'error-streak') };
    case 'cost':
      return { ...seen, costUsd: sign.costUsd };
    case 'error': {
      const same = sameError(sign.text, before.errors.text);
      const errors = { text: sign.text, count: same ? before.errors.count + 1 : 1 };
      const hinted = same ? seen.hinted : without(seen.hinted, 'error-streak');
      return { ...seen, errors, hinted, critical: sign.critical ? sign.text : before.critical };
    }
  }
}

/** Folds a look at the process tree in: `null` means that the look failed. */
export function observeTree(before: Observation, busy: boolean | null, now: number): Observation {
  if (busy !== false) return { ...before, idleSince: null };
  return before.idleSince === null ? { ...before, idleSince: now } : before;
}

export function afterHint(before: Observation, rule: WatchRule): Observation {
  return { ...before, hinted: [...before.hinted, rule] };
}

/** What to do now. Ends are asked before hints, and what is certain before what is likely. */
export function watch(seen: Observation, limits: WatchLimits, now: number): WatchDecision {
  if (seen.critical !== null) return end('critical-error', 'failed', `critical error: ${seen.critical}`);
  const spentMs = now - seen.startedAt;
  if (spentMs >= limits.timeMs) {
    return end('time', 'timeout', `the time of ${minutes(limits.timeMs)} for this attempt is used up`);
  }
  if (limits.costUsd !== null && seen.costUsd >= limits.costUsd) {
    return end('cost', 'failed', `the budget is used up: $${seen.costUsd.toFixed(2)} spent by this attempt`);
  }
  const { count, text } = seen.errors;
  if (count >= (limits.canHint ? limits.errorStreakEnd : limits.errorStreakHint)) {
    return end('error-streak', 'failed', `${count} errors in a row: ${text}`);
  }
  const silentMs = now - seen.activeAt;
  const idleMs = seen.idleSince === null ? 0 : now - seen.idleSince;
  // Half of the silence seen idle is proof enough; a build that ended a moment ago is given the other half.
  if (silentMs >= limits.silenceMs && idleMs >= limits.silenceMs / 2) {
    return end('silence', 'stalled', `no sign of life for ${minutes(silentMs)} and its processes are idle`);
  }
  if (!limits.canHint) return { type: 'continue' };
  if (count >= limits.errorStreakHint && !seen.hinted.includes('error-streak')) {
    const hint = `The same error came ${count} times in a row: ${text}\nTry another way, or report that you are blocked.`;
    return { type: 'hint', rule: 'error-streak', text: hint };
  }
  if (silentMs >= limits.silenceHintMs && idleMs >= limits.silenceHintMs / 2 && !seen.hinted.includes('silence')) {
    const hint = `Nothing was heard from you for ${minutes(silentMs)}. Go on, report completion, or say what blocks you.`;
    return { type: 'hint', rule: 'silence', text: hint };
  }
  return { type: 'continue' };
}

/** One look at a process tree. */
export interface TreeSample {
  at: number;
  processes: ReadonlyMap<string, { cpuMs: number; ioBytes: number | null }>;
}

/**
 * Whether anything happened in the tree between two looks: a new process, processor time, bytes moved.
 * A program that only waits wakes its timers now and then, hence the two allowances.
 */
export function isBusy(
  before: TreeSample,
  after: TreeSample,
  allowance: { idleCpuShare: number; idleIoBytes: number },
): boolean {
  const cpuMsMax = Math.max(10, (after.at - before.at) * allowance.idleCpuShare);
  for (const [id, now] of after.processes) {
    const then = before.processes.get(id);
    if (then === undefined) return true;
    if (now.cpuMs - then.cpuMs > cpuMsMax) return true;
    if ((now.ioBytes ?? 0) - (then.ioBytes ?? 0) > allowance.idleIoBytes) return true;
  }
  return false;
}

/** Numbers in a message (times, ids, ports) differ from try to try; the error is the same. */
function sameError(a: string, b: string): boolean {
  const shape = (text: string): string => text.replaceAll(/\d+/g, '0').replaceAll(/\s+/g, ' ').trim();
  return shape(a) === shape(b);
}

function without(rules: readonly WatchRule[], rule: WatchRule): readonly WatchRule[] {
  return rules.includes(rule) ? rules.filter((other) => other !== rule) : rules;
}

function end(rule: WatchRule, outcome: 'failed' | 'timeout' | 'stalled', reason: string): WatchDecision {
  return { type: 'end', rule, outcome, reason };
}

function minutes(ms: number): string {
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 100) / 10} s`;
}
