/** Reasons of a task that somebody works on: who, since when, what it does, and whether it still gives signs. */
import { ago } from './ago.ts';
import { limits } from './limits.ts';
import type { Claim, Task } from './task.ts';
import type { Because, WhyInput } from './because.ts';

export function runningReasons({ task, attempt, now }: WhyInput, claim: Claim): Because[] {
  const { key } = task;
  const { agent, token, since, byHand, reported } = claim;
  const pulse = attempt?.token === token ? attempt.pulse : null;
  const lease = pulse?.expiresAt ?? claim.expiresAt;
  const doing = pulse === null || pulse.doing === '' ? '' : `, now: ${pulse.doing}`;
  const sign = pulse === null ? '' : `; last sign ${ago(now - pulse.activeAt)} ago (step ${pulse.step})${doing}`;
  const hand = byHand ? ', claimed by hand' : '';
  const message = `${agent} works on ${key} for ${ago(now - since)}, attempt ${token}${hand}${sign}`;
  const ends =
    lease <= now
      ? 'its lease is over: it is given back at the next look'
      : `the end of its lease in ${ago(lease - now)} unless it beats`;
  const unblockedBy = `its result, ${ends}, or orbit cancel ${key}`;
  const running: Because = { rule: 'running', message, since, holder: agent, unblockedBy };
  const silentMs = now - (pulse?.activeAt ?? since);
  return [
    running,
    ...(reported === null ? [] : [reportedReason(agent, reported.at)]),
    ...wishReason(task),
    ...(silentMs < limits.stuckMs ? [] : [silentReason({ key, agent, silentMs, now })]),
  ];
}

function reportedReason(agent: string, at: number): Because {
  const message = `${agent} says that it is finished; the evidence is being checked`;
  return {
    rule: 'reported',
    message,
    since: at,
    holder: agent,
    unblockedBy: 'commits, scope and checks being found good',
  };
}

/** It goes on meanwhile; told because work outside its scope cannot land. */
function wishReason({ key, claim, widening }: Task): Because[] {
  if (widening === null) return [];
  const { entries, why, holder, at } = widening;
  const message = `${claim?.agent} wishes to write ${entries.join(', ')}: ${why}; ${holder === null ? 'a person decides' : `${holder} holds that now`}`;
  const unblockedBy =
    holder === null ? `a person: orbit scope grant ${key}, or orbit scope deny ${key} "why"` : `the end of ${holder}`;
  return [{ rule: 'wishes-for-paths', message, since: at, holder: holder ?? 'a person', unblockedBy }];
}

function silentReason({
  key,
  agent,
  silentMs,
  now,
}: {
  key: string;
  agent: string;
  silentMs: number;
  now: number;
}): Because {
  const message = `${agent} gave no sign for ${ago(silentMs)}: it may be stuck`;
  const unblockedBy = `a sign of it, or orbit nudge ${key}`;
  return { rule: 'silent', message, since: now - silentMs, holder: agent, unblockedBy };
}
