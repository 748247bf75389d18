/**
 * A budget of money that is used up before an attempt has begun (P7): hand-overs are nobody's fault, but they are not free either,
 * and neither are the other parts of a split.
 *
 * Asked only after a hand-over and at the first attempt of a part: any other attempt beyond the budget was wished for by a person,
 * who was asked before.
 */
import { limits } from '../core/limits.ts';
import { shareOf } from '../core/retry.ts';
import { splitOf } from '../core/split.ts';
import type { Life } from './life.ts';
import type { Ending } from './runner.ts';

/** How the attempt ends without an agent, or `null` when it may begin. */
export async function endingBeyondBudget(life: Life): Promise<Ending | null> {
  const { ports, task, attempt } = life;
  const { costUsd } = ports.settings.budget;
  if (costUsd === null) return null;
  const earlier = (await ports.store.attempts({ task: task.key })).filter(({ token }) => token < attempt.token);
  const last = earlier.toSorted((a, b) => a.token - b.token).at(-1);
  if (last !== undefined && last.outcome !== 'handed-over') return null;
  const split = await moneyOfSplit(life);
  if (split !== null && split.spent >= split.budget)
    return usedUp({ ...split, by: `a task and the parts it was split into` });
  const spent = earlier.reduce((sum, { pulse }) => sum + pulse.costUsd, 0);
  const budget = costUsd * shareOf(task);
  if (last === undefined || spent < budget) return null;
  return usedUp({ spent, budget, by: `${earlier.length} attempts, the last of which was handed over` });
}

function usedUp({ spent, budget, by }: { spent: number; budget: number; by: string }): Ending {
  const reason = `the budget is used up: $${spent.toFixed(2)} of $${budget.toFixed(2)} are spent by ${by}`;
  return { as: 'blocked', kind: 'budget-used', reason };
}

/** What a task and all its parts may spend together, and have spent, this attempt aside; `null` for a task that is no part. */
export async function moneyOfSplit({ ports, task, attempt }: Life): Promise<{ spent: number; budget: number } | null> {
  const { costUsd } = ports.settings.budget;
  if (costUsd === null || task.origin?.isPart !== true) return null;
  const records = await ports.store.tasks({ plan: task.plan }, ports.clock.now());
  const byKey = new Map(records.map((record) => [record.task.key, record.task]));
  const split = splitOf(task, {
    task: (key) => byKey.get(key) ?? null,
    madeBy: (key) => [...byKey.values()].filter(({ origin }) => origin?.task === key),
  });
  let spent = 0;
  for (const { key } of split) {
    for (const { token, pulse } of await ports.store.attempts({ task: key }))
      spent += token === attempt.token ? 0 : pulse.costUsd;
  }
  return { spent, budget: costUsd * limits.splitBudgets };
}
