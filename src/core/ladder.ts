/**
 * The ladder: what is different about the next attempt after one that ended badly (P7).
 *
 * Pure. Owns the rungs and their order: a fresh session with a summary of what failed, another agent or model, back for
 * splitting; after that a person. Invariant: which rung comes next follows from the task's own facts, so that no restart, no
 * other agent and no other id begins the ladder anew.
 */
import { agentFamily, mayTake } from './agent-name.ts';
import type { RetryRule } from './command.ts';
import { limits } from './limits.ts';
import type { AgentProfile, Course, NextRung } from './rung.ts';
import type { Task } from './task.ts';
import { thinkingLevels, type Thinking } from './thinking.ts';

/**
 * The rung of the attempt after this one.
 * @param task while its attempt is still claimed, so that `attempts` counts it and `failures` does not.
 * @param left attempts that the budget has after this one, at least 1.
 */
export function nextRung(
  task: Task,
  { agent, left, rule, retryAt }: { agent: string; left: number; rule: RetryRule; retryAt: number },
): NextRung {
  const failed = task.failures.filter(({ outcome }) => outcome !== 'bounced');
  if (failed.length === 0) return { rung: 'fresh', avoid: null };
  if (task.rung === 'join' || task.rung === 'whole') return { rung: 'fresh', avoid: null };
  const isLast = left === 1 && task.attempts + left - task.attemptsGranted >= limits.splitAttemptsMin;
  if (isLast && maySplit(task)) return { rung: 'split', avoid: null };
  const family = agentFamily(agent);
  const isTwice = agentFamily(failed.at(-1)?.agent ?? '') === family;
  const others = rule.agents.filter((name) => name !== family && mayTake(name, task.agent));
  const avoid = isTwice && others.length > 0 ? { agent: family, until: retryAt + limits.otherAgentWaitMs } : null;
  return { rung: 'other', avoid };
}

/** A task made by a split may be split once more, and nothing is split twice. */
function maySplit({ origin, rung, whole }: Task): boolean {
  return (origin?.depth ?? 0) < limits.splitDepthMax && rung !== 'split' && whole === undefined;
}

/** Whether `agent` shall leave the task to another for now. */
export function isAvoided({ avoid }: Pick<Task, 'avoid'>, agent: string, now: number): boolean {
  return avoid !== null && avoid.agent === agentFamily(agent) && now < avoid.until;
}

/** How an attempt by `agent` is made. @param profile `null`: nothing is known of it, as of one that a person runs. */
export function courseOf(task: Task, agent: string, profile: AgentProfile | null): Course {
  if (profile === null) return { rung: task.rung, adapter: null, model: null, thinking: null };
  const course = courseByRung(task, agent, profile);
  const { model = null, thinking = null } = profile.wish ?? {};
  return { ...course, model: model ?? course.model, thinking: thinking ?? course.thinking };
}

function courseByRung(task: Task, agent: string, profile: AgentProfile): Course {
  const { rung } = task;
  const { adapter, canThink } = profile;
  const family = agentFamily(agent);
  const own = task.failures.filter((failure) => agentFamily(failure.agent) === family);
  const thinking = canThink ? raised(profile.thinking) : null;
  if (rung !== 'other') {
    // A model that was fallen back on stays: the usual one has failed already.
    const model = rung === 'first' ? null : (own.at(-1)?.model ?? null);
    return { rung, adapter, model, thinking: rung === 'first' ? null : thinking };
  }
  if (own.length === 0) return { rung, adapter, model: null, thinking: null };
  const [usual = null, ...fallbacks] = profile.models;
  const tried = new Set(own.map(({ model }) => model ?? usual));
  const model = fallbacks.find((one) => !tried.has(one)) ?? null;
  if (model !== null) return { rung, adapter, model, thinking: null };
  // Nothing else is there: once more the same, and called so.
  return { rung: 'fresh', adapter, model: own.at(-1)?.model ?? null, thinking };
}

/** One step more; where nothing was asked for, one more than what programs do by themselves. */
function raised(thinking: Thinking | null): Thinking {
  const at = thinkingLevels.indexOf(thinking ?? 'medium');
  return thinkingLevels[Math.min(at + 1, thinkingLevels.length - 1)] ?? 'high';
}
