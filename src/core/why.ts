/**
 * Why a task stands where it stands (P9): who holds it, by which rule, since when, and what would free it.
 *
 * Owns the sentences. It decides nothing: every reason here mirrors a rule of `decide-claim.ts`, the store's choice or the
 * landing queue. Invariant: every task has a reason, and every reason of a task that has not ended says what frees it.
 */
import { mayTake } from './agent-name.ts';
import { isOnRequest } from './leader-name.ts';
import { ago } from './ago.ts';
import { holdReason, type Because, type Why, type WhyInput } from './because.ts';
import type { Rung } from './rung.ts';
import type { ScoreParts } from './order.ts';
import { scopesOverlap } from './scope.ts';
import { deriveStatus, hasEnded } from './status.ts';
import type { Task } from './task.ts';
import { conflictReasons } from './why-conflict.ts';
import { dependencyReasons } from './why-dependency.ts';
import { endReasons, landingReasons } from './why-landing.ts';
import { runningReasons } from './why-running.ts';

export function explain(input: WhyInput): Why {
  const { task, unmet, now } = input;
  return { status: deriveStatus(task, unmet, now), because: reasonsOf(input) };
}

function reasonsOf(input: WhyInput): Because[] {
  const { task } = input;
  if (hasEnded(task)) return endReasons(task);
  if (task.inbox !== null) return [inboxReason(task), ...dependencyReasons(input)];
  if (task.evidence !== null)
    return [...landingReasons(input, task.evidence), ...conflictReasons(input), ...coordinatorReason(input)];
  if (task.claim !== null) return [...runningReasons(input, task.claim), ...conflictReasons(input)];
  const reasons = [
    ...holdReason(task),
    ...pauseReason(input),
    ...dependencyReasons(input),
    ...stackReason(input),
    ...retryReason(input),
    ...agentReason(input),
    ...barredReasons(input),
    ...scopeReasons(input),
    ...coordinatorReason(input),
    ...requestReason(input),
    ...avoidReason(input),
    ...quotaReasons(input),
    ...slotReason(input),
    ...machineReason(input),
  ];
  return reasons.length > 0 ? reasons : [readyReason(input)];
}

function inboxReason({ key, inbox }: Task): Because {
  const message = `${key} waits for a person (${inbox?.kind}): ${inbox?.reason}`;
  if (inbox?.kind === 'approval') {
    const answer = `a person: orbit approve ${key}, or orbit reject ${key} "why"`;
    return { rule: 'inbox', message, since: inbox.at, holder: 'a person', unblockedBy: answer };
  }
  const unblockedBy = `a person: orbit retry ${key} (with advice, if any), or orbit cancel ${key}`;
  return { rule: 'inbox', message, since: inbox?.at ?? null, holder: 'a person', unblockedBy };
}

function pauseReason({ plan }: WhyInput): Because[] {
  if (plan?.paused !== true) return [];
  const message = `plan ${plan.id} is paused: running attempts go on, nothing new starts`;
  return [{ rule: 'plan-paused', message, since: null, holder: plan.id, unblockedBy: `orbit resume ${plan.id}` }];
}

/** Its dependencies are met, but what they did has not landed, and building on it is not safe or does not pay. */
function stackReason({ stack, unmet }: WhyInput): Because[] {
  if (stack === undefined || stack === null || unmet > 0) return [];
  const { rule, on, message, isTimed } = stack;
  const right =
    rule === 'stack-changed' ? `${on} being proven on its corrected base, or having landed` : `${on} having landed`;
  const freed = rule === 'stack-depth' ? `${right}, or a larger landing.stackDepth` : right;
  const unblockedBy = isTimed ? `${freed}, or the time` : freed;
  return [{ rule, message, since: null, holder: on, unblockedBy }];
}

function retryReason({ task, now }: WhyInput): Because[] {
  const { key, retryAt, failures, attempts } = task;
  if (retryAt === null || retryAt <= now) return [];
  const last = failures.at(-1);
  const next = `the next starts in ${ago(retryAt - now)}${rungWords[task.rung]}`;
  const message = `attempt ${attempts} ended (${last?.outcome ?? 'badly'}: ${last?.reason ?? 'no reason kept'}); ${next}`;
  const unblockedBy = `the time, or orbit retry ${key}`;
  return [{ rule: 'retry-at', message, since: last?.at ?? null, holder: last?.agent ?? null, unblockedBy }];
}

/** What is different about an attempt, behind the words about it. */
const rungWords: Readonly<Record<Rung, string>> = {
  first: '',
  fresh: ', a fresh session that is told what failed',
  other: ', by another agent or model',
  split: ', to split the task',
  join: ', to put the parts together',
  whole: ', in one piece, since all its parts failed',
};

/** After two failures of one agent others come first. */
function avoidReason({ task, now }: WhyInput): Because[] {
  const { avoid } = task;
  if (avoid === null || avoid.until <= now) return [];
  const message = `${avoid.agent} failed at it twice, so it is kept for another agent for ${ago(avoid.until - now)}`;
  return [
    { rule: 'kept-for-another', message, since: null, holder: avoid.agent, unblockedBy: 'another agent, or the time' },
  ];
}

/** Told when nobody else may take it: an agent whose account rests gets no work (P6). */
function quotaReasons({ task, agents, now }: WhyInput): Because[] {
  const fitting = (agents ?? []).filter(({ name }) => mayTake(name, task.agent));
  const parked = fitting.flatMap((agent) =>
    agent.parked === undefined || agent.parked === null ? [] : [agent.parked],
  );
  if (fitting.length === 0 || parked.length < fitting.length) return [];
  const byAccount = new Map(parked.map((one) => [one.account, one]));
  return [...byAccount.values()].map(({ account, since, until, reason }) => ({
    rule: 'account-parked',
    message: `account ${account} is parked until ${new Date(until).toISOString()} (in ${ago(until - now)}), then it goes on: ${reason}`,
    since,
    holder: account,
    unblockedBy: `the time, or orbit resume --account ${account}`,
  }));
}

function agentReason({ task, agents }: WhyInput): Because[] {
  if (agents === null || agents.some(({ name }) => mayTake(name, task.agent))) return [];
  const known = agents.map(({ name }) => name).join(', ') || 'none';
  const message =
    task.agent === null ? 'no agent is set up' : `it wants @${task.agent}; the agents set up are: ${known}`;
  const taken = `orbit claim --agent ${task.agent ?? 'NAME'} --task ${task.key}`;
  const unblockedBy = task.agent === null ? taken : `${taken}, or orbit edit ${task.key} --agent any`;
  return [{ rule: 'agent-not-running', message, since: null, holder: task.agent, unblockedBy }];
}

/** Only where nobody else may take it: otherwise another agent does. */
function barredReasons({ task, checked = [] }: WhyInput): Because[] {
  const fitting = checked.filter(({ name }) => mayTake(name, task.agent));
  return fitting.every(({ barred }) => barred !== null)
    ? fitting.flatMap(({ name, barred }) => barredReason(name, barred))
    : [];
}

function barredReason(name: string, barred: string | null): Because[] {
  if (barred === null) return [];
  const unblockedBy = `orbit agents check ${name} once it passes`;
  return [{ rule: 'agent-barred', message: barred, since: null, holder: name, unblockedBy }];
}

function scopeReasons({ task, held, shared }: WhyInput): Because[] {
  return held
    .filter((one) => one.task !== task.key && scopesOverlap(one.scope, task.scope, shared))
    .map((one) => ({
      rule: 'scope-held',
      message: `${one.agent} holds paths that it may write, for ${one.task} (attempt ${one.token}): ${one.scope.join(', ')}`,
      since: one.since,
      holder: one.agent,
      unblockedBy: `the end of ${one.task}`,
    }));
}

function coordinatorReason({ task, leader, plan, landingMode }: WhyInput): Because[] {
  const isLeft = task.evidence !== null && landingMode === 'off';
  if (leader !== null || isLeft) return [];
  const message = 'no coordinator runs, so nothing is given out or landed by itself';
  const unblockedBy = `orbit run${plan === null ? '' : ` ${plan.id}`}`;
  return [{ rule: 'no-coordinator', message, since: null, holder: null, unblockedBy }];
}

/** Of work that nobody has begun: what is finished lands all the same. */
function requestReason({ task, leader }: WhyInput): Because[] {
  if (leader === null || !isOnRequest(leader.holder)) return [];
  const message = 'the coordinator that leads was started by orbit spawn and gives out only what it is asked for';
  const unblockedBy = `orbit spawn ${task.key}, or orbit run ${task.plan}, which takes over when that one ends`;
  return [{ rule: 'on-request', message, since: leader.since, holder: null, unblockedBy }];
}

function slotReason({ task, agents }: WhyInput): Because[] {
  const fitting = (agents ?? []).filter(({ name, parked }) => mayTake(name, task.agent) && (parked ?? null) === null);
  if (fitting.length === 0 || fitting.some(({ slots, busy }) => busy < slots)) return [];
  const busy = fitting.map((agent) => `${agent.name} ${agent.busy}/${agent.slots}`).join(', ');
  const message = `every slot that may take it is busy: ${busy}`;
  return [{ rule: 'no-free-slot', message, since: null, holder: null, unblockedBy: 'the end of a running attempt' }];
}

/** Said where no agent that may take the task has both a free slot and room on the machine. */
function machineReason({ task, agents, crowded }: WhyInput): Because[] {
  const free = (agents ?? []).filter(
    ({ name, slots, busy, parked }) => mayTake(name, task.agent) && (parked ?? null) === null && busy < slots,
  );
  const reasons = free.flatMap(({ name }) => crowded?.get(name) ?? []);
  if (reasons.length === 0 || reasons.length < free.length) return [];
  const message = [...new Set(reasons)].join('; ');
  return [{ rule: 'machine-full', message, since: null, holder: null, unblockedBy: 'the end of a running attempt' }];
}

function readyReason({ task, score }: WhyInput): Because {
  const message = `${task.key} is ready: nothing stands against it${score === null ? '' : `; ${scoreText(score)}`}`;
  return {
    rule: 'ready',
    message,
    since: null,
    holder: null,
    unblockedBy: `the next free agent, or orbit claim --agent NAME --task ${task.key}`,
  };
}

/** The parts of a score in words, the largest use first: what hangs on the task. */
function scoreText({ score, bottomMs, hottest, hottestMs, priorityMs, ageMs }: ScoreParts): string {
  const parts = [`${ago(bottomMs)} of work in the longest chain from it`];
  if (hottest !== null) parts.push(`${ago(hottestMs)} queued on ${hottest}`);
  if (priorityMs !== 0) parts.push(`${priorityMs < 0 ? '-' : ''}${ago(Math.abs(priorityMs))} for priority`);
  if (ageMs > 0) parts.push(`${ago(ageMs)} for waiting`);
  return `score ${Math.round(score / 1000)} s = ${parts.join(' + ')}`;
}
