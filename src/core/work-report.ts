/**
 * What came of the work: what landed, what it cost per agent and model, and what was done for nothing. Pure: read off tasks and attempts.
 *
 * Owns what counts as redundant, and that an estimate is never added to what was reported.
 */
import { agentFamily } from './agent-name.ts';
import type { Attempt } from './attempt.ts';
import { isLanded } from './status.ts';
import type { AttemptOutcome, Task } from './task.ts';
import type { TaskKey } from './id.ts';

export interface LandedRow {
  task: TaskKey;
  title: string;
  layer: number | null;
  /** On the target; `null`: rightly nothing to land, or merged elsewhere. */
  commit: string | null;
  at: number;
  attempts: number;
  agent: string | null;
}

/** Costs in US dollars. */
export interface SpendRow {
  /** Family of agents, as in the settings. */
  agent: string;
  /** As the program told, or the ladder asked; `null`: nobody told. */
  model: string | null;
  attempts: number;
  done: number;
  minutes: number;
  tokens: number;
  /** As the agents' programs told. */
  reportedUsd: number;
  /** For tokens whose cost nobody told, at what the same model was reported to cost per token in these attempts. */
  estimatedUsd: number;
  /** Tokens that have neither. */
  unpricedTokens: number;
}

export type RedundantCause = 'failed' | 'sent-back' | 'done-again' | 'given-back' | 'cancelled';

export interface RedundantReport {
  attempts: number;
  minutes: number;
  reportedUsd: number;
  /** Of the working time of all ended attempts, 0 to 1. */
  share: number;
  causes: readonly { cause: RedundantCause; attempts: number; minutes: number; reportedUsd: number }[];
}

export interface WorkReport {
  /** The latest last. */
  landed: readonly LandedRow[];
  spend: readonly SpendRow[];
  redundant: RedundantReport;
}

/** @param attempts of these tasks */
export function reportWork(tasks: readonly Task[], attempts: readonly Attempt[], now: number): WorkReport {
  return {
    landed: tasks.flatMap(landedRow).sort((a, b) => a.at - b.at),
    spend: spendRows(attempts, now),
    redundant: redundantWork(tasks, attempts, now),
  };
}

function landedRow(task: Task): LandedRow[] {
  const { key, title, layer, landing, evidence, doneAt, attempts, closed } = task;
  if (closed?.as === 'cancelled' || (!isLanded(task) && closed === null)) return [];
  const at = landing?.landedAt ?? doneAt ?? closed?.at ?? task.createdAt;
  return [{ task: key, title, layer, commit: landing?.landedAs ?? null, at, attempts, agent: evidence?.agent ?? null }];
}

function spendRows(attempts: readonly Attempt[], now: number): SpendRow[] {
  const prices = pricesOf(attempts);
  const rows = new Map<string, SpendRow>();
  for (const attempt of attempts) {
    const { costUsd, tokens } = attempt.pulse;
    const model = modelOf(attempt);
    const agent = agentFamily(attempt.agent);
    const name = `${agent} ${model ?? ''}`;
    const row = rows.get(name) ?? newRow(agent, model);
    rows.set(name, row);
    const price = costUsd > 0 ? null : (prices.get(model ?? '') ?? null);
    row.attempts += 1;
    row.done += attempt.outcome === 'done' ? 1 : 0;
    row.minutes += minutesOf(attempt, now);
    row.tokens += tokens;
    row.reportedUsd += costUsd;
    row.estimatedUsd += price === null ? 0 : tokens * price;
    row.unpricedTokens += costUsd > 0 || price !== null ? 0 : tokens;
  }
  return [...rows.values()].sort(
    (a, b) => b.reportedUsd + b.estimatedUsd - a.reportedUsd - a.estimatedUsd || b.minutes - a.minutes,
  );
}

function newRow(agent: string, model: string | null): SpendRow {
  return {
    agent,
    model,
    attempts: 0,
    done: 0,
    minutes: 0,
    tokens: 0,
    reportedUsd: 0,
    estimatedUsd: 0,
    unpricedTokens: 0,
  };
}

/** Reported dollars per token of each model that anybody told a cost for. No list of prices: such lists go stale. */
function pricesOf(attempts: readonly Attempt[]): Map<string, number> {
  const sums = new Map<string, { usd: number; tokens: number }>();
  for (const attempt of attempts) {
    const { costUsd, tokens } = attempt.pulse;
    const model = modelOf(attempt);
    if (costUsd <= 0 || tokens <= 0 || model === null) continue;
    const sum = sums.get(model) ?? { usd: 0, tokens: 0 };
    sums.set(model, { usd: sum.usd + costUsd, tokens: sum.tokens + tokens });
  }
  return new Map([...sums].map(([model, { usd, tokens }]) => [model, usd / tokens]));
}

function redundantWork(tasks: readonly Task[], attempts: readonly Attempt[], now: number): RedundantReport {
  const byKey = new Map(tasks.map((task) => [task.key, task]));
  const causes = new Map<RedundantCause, { attempts: number; minutes: number; reportedUsd: number }>();
  const sum = { attempts: 0, minutes: 0, reportedUsd: 0 };
  let allMinutes = 0;
  for (const attempt of attempts) {
    if (attempt.outcome === null) continue;
    const minutes = minutesOf(attempt, now);
    allMinutes += minutes;
    const cause = causeOf(attempt, attempt.outcome, byKey.get(attempt.task));
    if (cause === null) continue;
    const own = causes.get(cause) ?? { attempts: 0, minutes: 0, reportedUsd: 0 };
    causes.set(cause, own);
    for (const each of [own, sum]) {
      each.attempts += 1;
      each.minutes += minutes;
      each.reportedUsd += attempt.pulse.costUsd;
    }
  }
  return {
    ...sum,
    share: allMinutes === 0 ? 0 : sum.minutes / allMinutes,
    causes: [...causes].map(([cause, own]) => ({ cause, ...own })).sort((a, b) => b.minutes - a.minutes),
  };
}

/** Why nothing of an ended attempt is in what stands now; `null`: it is, or the next one went on from it. */
function causeOf({ token }: Attempt, outcome: AttemptOutcome, task: Task | undefined): RedundantCause | null {
  if (task === undefined || outcome === 'handed-over') return null;
  if (task.closed?.as === 'cancelled' || outcome === 'cancelled') return 'cancelled';
  if (outcome === 'bounced') return 'sent-back';
  if (outcome === 'released') return 'given-back';
  if (outcome !== 'done') return 'failed';
  return task.evidence !== null && task.evidence.token === token ? null : 'done-again';
}

function modelOf({ pulse, model }: Attempt): string | null {
  return pulse.model ?? model;
}

function minutesOf({ startedAt, endedAt }: Attempt, now: number): number {
  return ((endedAt ?? now) - startedAt) / 60_000;
}
