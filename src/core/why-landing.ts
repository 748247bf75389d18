/** Reasons of a task whose work is proven: what stands between it and the target, or how it ended. */
import { isSettled } from './landing.ts';
import type { LandingMode } from './pull-request.ts';
import type { Evidence, Task } from './task.ts';
import { unfollowedPullRequest } from './unfollowed.ts';
import { holdReason, type Because, type WhyInput } from './because.ts';

export function landingReasons(input: WhyInput, evidence: Evidence): Because[] {
  const { task, plan, dependencies, landingHeld, landingMode } = input;
  const { key, landing, pr } = task;
  // What has begun is seen to its end, whatever the settings say by now.
  if (landingMode === 'off' && (landing?.begunAt ?? null) === null)
    return [...holdReason(task), pr === null ? offReason(input, evidence) : pullRequestReason(task, pr, landingMode)];
  const since = landing?.queuedAt ?? evidence.at;
  const where = plan?.target ?? 'its target';
  const before = dependencies.filter((one) => task.dependencies.includes(one.task.key) && !isSettled(one.task));
  const reasons = [...holdReason(task)];
  if (landingHeld !== null) {
    reasons.push({
      rule: 'landing-held',
      message: `${key} cannot land for now: ${landingHeld}`,
      since: landing?.held?.since ?? since,
      holder: 'the landing queue',
      unblockedBy: 'that being mended; the queue looks again by itself',
    });
  }
  if (pr !== null) reasons.push(pullRequestReason(task, pr, landingMode));
  for (const one of before) {
    const other = one.task.key;
    reasons.push({
      rule: 'lands-after',
      message: `${key} is done (attempt ${evidence.token} of ${evidence.agent}) and lands after ${other}, which it is built on`,
      since,
      holder: other,
      unblockedBy: `${other} having landed`,
    });
  }
  if (reasons.length > 0) return reasons;
  const place = landing?.begunAt === null ? 'is in the landing queue' : 'is being moved onto the target';
  const next = landingMode === 'queue' ? 'will join the landing queue' : 'will get a pull request';
  const state = landing === null ? `is done and ${next}` : place;
  const message = `${key} ${state} for ${where} (attempt ${evidence.token} of ${evidence.agent}, commit ${evidence.commit?.slice(0, 12)})`;
  return [
    {
      rule: 'waits-to-land',
      message,
      since,
      holder: 'the landing queue',
      unblockedBy: 'its checks passing on the target',
    },
  ];
}

/** Nobody lands it: a person takes it from its branch, or lets it land. */
function offReason({ task: { key }, plan }: WhyInput, { token, agent, commit, branch, at }: Evidence): Because {
  const said = plan?.landing === undefined ? 'landing.mode is off' : `the file of plan ${plan.id} says landing: off`;
  const place = branch === null ? `commit ${commit?.slice(0, 12)}` : `${branch} (commit ${commit?.slice(0, 12)})`;
  const message = `${key} is done (attempt ${token} of ${agent}) and nobody lands it: ${said}; its work is at ${place}`;
  const unblockedBy = `a person: merging it and orbit close ${key}, or landing.mode queue`;
  return { rule: 'landing-off', message, since: at, holder: 'a person', unblockedBy };
}

function pullRequestReason(task: Task, { number, status }: NonNullable<Task['pr']>, landingMode: LandingMode): Because {
  const { key } = task;
  const holder = `pull request #${number}`;
  const unfollowed = unfollowedPullRequest(task, landingMode);
  if (unfollowed !== null) {
    const { why, remedy } = unfollowed;
    return { rule: 'pull-request', message: `${key} is done and ${why}`, since: null, holder, unblockedBy: remedy };
  }
  const message = `${key} is done and waits for pull request #${number} (${status})`;
  const unblockedBy =
    status === 'rejected' ? `orbit reopen ${key}, so that it is done again` : `the merge of pull request #${number}`;
  return { rule: 'pull-request', message, since: null, holder, unblockedBy };
}

/** How an ended task ended; nothing has to free it. */
export function endReasons({ key, closed, landing, evidence, pr }: Task): Because[] {
  const end = { since: null, holder: evidence?.agent ?? null, unblockedBy: null };
  if (closed !== null) {
    const message = `${closed.by} ${closed.as === 'cancelled' ? 'cancelled' : 'closed'} ${key}: ${closed.why}`;
    return [
      {
        ...end,
        rule: closed.as === 'cancelled' ? 'cancelled' : 'closed',
        message,
        since: closed.at,
        holder: closed.by,
      },
    ];
  }
  if (landing?.state === 'landed') {
    const message = `${key} landed as ${landing.landedAs} (handed in as ${landing.commit})`;
    return [{ ...end, rule: 'landed', message, since: landing.landedAt }];
  }
  if (evidence?.commit === null) {
    const message = `${key} is complete with nothing to land: ${evidence.noChanges}`;
    return [{ ...end, rule: 'nothing-to-land', message, since: evidence.at }];
  }
  const message = `${key} was merged by pull request #${pr?.number}`;
  return [{ ...end, rule: 'pull-request-merged', message, since: evidence?.at ?? null }];
}
