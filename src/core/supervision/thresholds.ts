/**
 * Thresholds of supervision: each a setting of the group `supervision` under the same name.
 *
 * Owns the defaults and the reason of each. `…Hint` is when the agent is told, `…Act` when the attempt ends; an agent that no
 * hint can reach is given no hint and the full count.
 */

export const thresholds = {
  /** The same call with the same result: nothing can come of the third. */
  sameResultHint: 3,
  sameResultAct: 5,
  /** The same call, whatever comes back: it may be a poll, so it is given longer. */
  sameCallHint: 5,
  sameCallAct: 10,
  /** Periods of a cycle of two to five calls. */
  cycleHint: 3,
  cycleAct: 5,
  /** The same message again, with nothing done in between. */
  sameMessageHint: 3,
  sameMessageAct: 5,
  /** The same error text in a row; where no hint can reach the agent, it ends where it would be hinted at. */
  sameErrorHint: 3,
  sameErrorAct: 5,
  /** Failed commands in a row. In 170 measured runs, four in a row came only in runs that failed in the end. */
  failedExitsHint: 4,
  failedExitsAct: 8,
  /** Calls that changed nothing, read nothing unread and printed nothing new. Measured at 8: 2 % of runs that succeeded. */
  nothingNewHint: 8,
  nothingNewAct: 15,
  /** Reads since the last change of a file or new result of a program. */
  readsOnlyHint: 25,
  readsOnlyAct: 40,
  /** Times that one file came back to what it was before. */
  fileReturnsHint: 2,
  fileReturnsAct: 3,
  /** Runs of the same tests that fail as they did before. */
  failingTestsHint: 4,
  failingTestsAct: 8,
  /** Writes outside the task's scope. Completion refuses them anyway, so a few are let pass. */
  outsideScopeHint: 1,
  outsideScopeAct: 3,
  /** Seconds without an event while the processes are idle. */
  stallHintS: 60,
  stallActS: 300,
  /** Share of the context window: beyond the second, what is left is kept for handing over. */
  contextHintShare: 0.7,
  contextActShare: 0.85,
  /** Shares of a budget (cost, turns, time) at which the agent is told; at all of it the attempt ends. */
  budgetHintShare: 0.6,
  budgetLastHintShare: 0.85,
  /** Hints an attempt may get of one family of rules. */
  hintsMax: 2,
  /** The same question asked this many seconds apart is waiting, not looping. */
  pollS: 30,
  /** A tool may take so many seconds longer than the limit it was given. */
  toolGraceS: 30,
  /** A tool without a limit of its own, where nobody can look at the processes: the longest that common agents allow theirs. */
  toolS: 600,
} as const;

export type Thresholds = { [name in keyof typeof thresholds]: number };
