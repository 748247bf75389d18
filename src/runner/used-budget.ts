/**
 * A budget of money that is used up before an attempt has begun (P7): hand-overs are nobody's fault, but they are not free either.
 *
 * Only after a hand-over is this asked: any other attempt beyond the budget was wished for by a person, who was asked before.
 */
import { shareOf } from '../core/retry.ts';
import type { Life } from './life.ts';
import type { Ending } from './runner.ts';

/** How the attempt ends without an agent, or `null` when it may begin. */
export async function endingBeyondBudget({ ports, task, attempt }: Life): Promise<Ending | null> {
  const { costUsd } = ports.settings.budget;
  if (costUsd === null) return null;
  const earlier = (await ports.store.attempts({ task: task.key })).filter(({ token }) => token < attempt.token);
  const last = earlier.toSorted((a, b) => a.token - b.token).at(-1);
  const spent = earlier.reduce((sum, { pulse }) => sum + pulse.costUsd, 0);
  const budget = costUsd * shareOf(task);
  if (last?.outcome !== 'handed-over' || spent < budget) return null;
  const reason = `the budget is used up: $${spent.toFixed(2)} of $${budget.toFixed(2)} are spent by ${earlier.length} attempts, the last of which was handed over`;
  return { as: 'blocked', kind: 'budget-used', reason };
}
