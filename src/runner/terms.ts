/**
 * The terms of one attempt's supervision: thresholds, budget, and what its agent can be told.
 *
 * Owns what is left of the task's budget for this attempt (I11: one budget over all of them).
 */
import { shareOf } from '../core/retry.ts';
import type { SupervisionOrder } from '../core/supervision/order.ts';
import type { Life } from './life.ts';
import type { StartedAgent } from './start-agent.ts';
import type { Stage } from './stage.ts';
import { moneyOfSplit } from './used-budget.ts';

export async function termsOf({ life, agent, workspace }: Stage): Promise<SupervisionOrder> {
  const { ports, task, startedAt } = life;
  const { settings, limits, clock } = ports;
  const { minutes, turns, costUsd } = settings.budget;
  const share = shareOf(task);
  const began = clock.now() - clock.monotonicMs();
  return {
    startedAt,
    workspace: workspace.directory,
    kind: task.kind,
    scope: task.scope,
    shared: settings.shared,
    budget: {
      costUsd: costUsd === null ? null : await moneyLeft(life, costUsd * share),
      turns: turns ?? null,
      timeMs: Math.min(limits.attemptMinutesMax * 60_000, leftOf(minutes * 60_000 * share, task.spentMs)),
    },
    limits: {
      ...settings.supervision,
      stallHintS: limits.silenceHintMs / 1_000,
      stallActS: limits.silenceMs / 1_000,
    },
    canHint: agent.capabilities.hint !== 'unsupported',
    hasLooks: true,
    restsBetweenTurns: false,
    messagesAreLines: isPlain(agent),
    timeOf: (at) => new Date(began + at).toISOString().slice(11, 19),
  };
}

/** Every line that a plain program prints is a message of it. */
function isPlain({ settings }: StartedAgent): boolean {
  return settings.adapter === 'command' && settings.output !== 'json-lines';
}

/** Of its own budget, and of what it shares with the other parts of a split. */
async function moneyLeft(life: Life, budget: number): Promise<number> {
  const own = leftOf(budget, await spentUsd(life));
  const split = await moneyOfSplit(life);
  return split === null || split.spent >= split.budget ? own : Math.min(own, split.budget - split.spent);
}

async function spentUsd({ ports, task }: Life): Promise<number> {
  const earlier = await ports.store.attempts({ task: task.key });
  return earlier.reduce((sum, { endedAt, pulse }) => (endedAt === null ? sum : sum + pulse.costUsd), 0);
}

/** Where nothing is left, only a person can have started another attempt; their wish grants the whole budget once more. */
function leftOf(budget: number, spent: number): number {
  return spent < budget ? budget - spent : budget;
}
