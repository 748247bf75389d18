/** What a person does with a task, from the contract's words to the action of each. */
import type { z } from 'zod';
import { approveTask, rejectTask } from '../../actions/approve-task.ts';
import type { Context } from '../../actions/context.ts';
import { reassignTask } from '../../actions/orchestrator/reassign.ts';
import { nudgeTask } from '../../actions/nudge-task.ts';
import { steerTask, type Steering } from '../../actions/steer-task.ts';
import { answerWidening, widenScope } from '../../actions/widen-scope.ts';
import { findTask } from '../../actions/find-task.ts';
import { deriveStatus } from '../../core/status.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import type { taskActionOrder } from '../contract/orders.ts';
import type { steered } from '../contract/views.ts';

type Order = z.output<typeof taskActionOrder>;
type Answer = Pick<z.input<typeof steered>, 'task' | 'plan' | 'status'>;

export async function doTaskAction(
  context: Context,
  named: { task: string; plan: string },
  order: Order,
): Promise<Answer | Rejection> {
  switch (order.action) {
    case 'nudge':
      return nudgeTask(context, { ...named, text: order.text });
    case 'retry':
      return steer(context, named, { type: 'retry', advice: order.advice });
    case 'reassign':
      return reassign(context, named, order);
    case 'cancel':
    case 'close':
    case 'reopen':
    case 'hold':
      return steer(context, named, { type: order.action, why: order.why });
    case 'resume':
      return steer(context, named, { type: 'resume' });
    case 'approve':
      return withStatus(context, named, await approveTask(context, { ...named, tree: order.tree }));
    case 'reject':
      return withStatus(
        context,
        named,
        await rejectTask(context, { ...named, reason: order.reason, close: order.close }),
      );
    case 'grant-scope':
    case 'deny-scope': {
      const denied = order.action === 'deny-scope' ? order.reason : null;
      return withStatus(context, named, await answerWidening(context, { ...named, denied }));
    }
    case 'widen-scope':
      return withStatus(
        context,
        named,
        await widenScope(context, { ...named, entries: order.entries, why: order.why }),
      );
  }
}

/** Whoever works on it ends politely; one that waits for a person or a retry goes on at once. */
async function reassign(
  context: Context,
  named: { task: string; plan: string },
  { agent, advice }: { agent: string; advice: string | null },
): Promise<Answer | Rejection> {
  const why = advice ?? `given to ${agent}`;
  const given = await reassignTask(context, { ...named, agent, why, byForce: false });
  if (isRejection(given) || (given.status !== 'needs-you' && given.status !== 'waiting')) return given;
  return steer(context, named, { type: 'retry', advice });
}

async function steer(
  context: Context,
  named: { task: string; plan: string },
  steering: Steering,
): Promise<Answer | Rejection> {
  return steerTask(context, { ...named, steering });
}

async function withStatus(
  context: Context,
  named: { task: string; plan: string },
  answer: object | Rejection,
): Promise<Answer | Rejection> {
  if (isRejection(answer)) return answer;
  const { task, unmet } = await findTask(context, named.task, named.plan);
  return { ...answer, task: task.id, plan: task.plan, status: deriveStatus(task, unmet, context.clock.now()) };
}
