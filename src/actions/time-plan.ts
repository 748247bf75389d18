/** Where a plan's time went: bars of attempts, and the chain of tasks that set its end. Pure. */
import type { Attempt } from '../core/attempt.ts';
import type { Plan } from '../core/plan.ts';
import type { Task } from '../core/task.ts';
import { adviceOn, timeLine, type TimeLine } from '../core/time-line.ts';
import { shortId } from './task-view.ts';

/** Times are ISO 8601; task ids are short. */
export interface PlanTimes {
  plan: string;
  from: string | null;
  to: string | null;
  /** When it was looked. */
  at: string;
  tasks: readonly {
    task: string;
    title: string;
    onChain: boolean;
    doneAt: string | null;
    landedAt: string | null;
    attempts: readonly { token: number; agent: string; from: string; to: string; outcome: string | null }[];
  }[];
  chain: readonly (Omit<TimeLine['chain'][number], 'task'> & { task: string })[];
  lost: TimeLine['lost'];
  advice: readonly string[];
}

/** Times of a plan whose tasks and attempts were read already. */
export function planTimes(
  { id: plan, unblock }: Pick<Plan, 'id' | 'unblock'>,
  { tasks, attempts, now }: { tasks: readonly Task[]; attempts: readonly Attempt[]; now: number },
): PlanTimes {
  const line = timeLine(tasks, attempts, { now, unblock });
  return {
    plan,
    from: iso(line.from),
    to: iso(line.to),
    at: new Date(now).toISOString(),
    tasks: line.tasks.map(({ task, title, bars, doneAt, landedAt, onChain }) => ({
      task: shortId(task, plan),
      title,
      onChain,
      doneAt: iso(doneAt),
      landedAt: iso(landedAt),
      attempts: bars.map(({ token, agent, from, to, outcome }) => ({
        token,
        agent,
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        outcome,
      })),
    })),
    chain: line.chain.map(({ task, ...times }) => ({ task: shortId(task, plan), ...times })),
    lost: line.lost,
    advice: adviceOn(line),
  };
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
