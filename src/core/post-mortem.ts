/**
 * The post-mortem: what a person needs to know of a task that no attempt could finish, and what would help.
 *
 * Pure. Invariant: it tells what the log knows, attempt by attempt, and every piece of advice is a command that can be run.
 */
import type { Attempt } from './attempt.ts';
import type { Rung } from './rung.ts';
import type { AttemptOutcome, InboxKind, Task } from './task.ts';

export interface PastAttempt {
  token: number;
  agent: string;
  adapter: string | null;
  model: string | null;
  rung: Rung;
  outcome: AttemptOutcome | null;
  /** The rule of supervision that ended it, with what it saw. */
  rule: string | null;
  evidence: readonly string[];
  reason: string;
  /** What its agent said last, where the reason does not tell it; or its notes for who went on. */
  lastWords: string | null;
  /** Its commits, kept under the attempt's ref; `null` if it made none. */
  commit: string | null;
  minutes: number;
  costUsd: number;
}

export interface PostMortem {
  attempts: readonly PastAttempt[];
  helps: readonly string[];
}

/** @param attempts all of the task. */
export function postMortem(task: Task, attempts: readonly Attempt[]): PostMortem {
  const past = attempts.filter(({ endedAt }) => endedAt !== null).toSorted((one, other) => one.token - other.token);
  return { attempts: past.map(tell), helps: helpsFor(task, past) };
}

function tell(attempt: Attempt): PastAttempt {
  const { token, agent, adapter, rung, outcome, acted, reason, commit, pulse, startedAt, endedAt } = attempt;
  return {
    token,
    agent,
    adapter,
    model: attempt.model ?? pulse.model,
    rung,
    outcome,
    rule: acted?.rule ?? null,
    evidence: acted?.evidence ?? [],
    reason: reason ?? '',
    lastWords: attempt.notes,
    commit,
    minutes: Math.round(((endedAt ?? startedAt) - startedAt) / 6_000) / 10,
    costUsd: pulse.costUsd,
  };
}

const budgetKinds: readonly InboxKind[] = ['budget-used'];

function helpsFor({ key, inbox, agent }: Task, past: readonly Attempt[]): string[] {
  if (inbox?.kind === 'approval') {
    return [
      `orbit approve: what it changes and what is risky about it; orbit approve ${key} lets it land`,
      `orbit reject ${key} "why": back to its agent with your words; with --close it is cancelled`,
    ];
  }
  const last = past.at(-1);
  const helps: string[] = [];
  if (last?.logs !== undefined && last.logs !== null)
    helps.push(`orbit logs ${key}: what the last attempt did and said`);
  if (past.some(({ commit }) => commit !== null)) helps.push(`orbit recover: the commits and files that were kept`);
  helps.push(`orbit retry ${key} --advice "…": one more attempt, with your words`);
  if (inbox !== null && budgetKinds.includes(inbox.kind)) {
    helps.push(`a larger budget in orbit.config.json, then orbit retry ${key}`);
  }
  if (past.some(({ outcome }) => outcome === 'failed' || outcome === 'stalled' || outcome === 'timeout')) {
    const other = agent === null ? 'an agent of your choice' : 'another agent';
    helps.push(`orbit edit ${key} --agent NAME, then orbit retry ${key}: ${other}`);
    helps.push(`orbit create --title "…" --parent ${key}, orbit dep add ${key} <part>: split it by hand`);
  }
  helps.push(`orbit close ${key} if it is done after all, orbit cancel ${key} if it shall not be done`);
  return helps;
}
