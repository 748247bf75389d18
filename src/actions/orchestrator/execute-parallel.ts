/** Puts an agent on each of several tasks at once, if they are independent of each other (D2). */
import { clashesIn } from '../../core/independent.ts';
import { reject, type Rejection } from '../../core/rejection.ts';
import type { Task } from '../../core/task.ts';
import type { Context } from '../context.ts';
import { findTask } from '../find-task.ts';
import { refuseAgents } from '../refuse-agents.ts';
import { askForAgents } from './ask-for-agents.ts';
import { modeFor, tellClash } from './concurrency.ts';
import { stepsText } from './loops.ts';
import { projectModules } from './modules.ts';
import { refuseCrowd } from './slots.ts';
import { sorted, type SpawnManyAnswer } from './spawn.ts';

export interface ExecuteOrder {
  tasks: readonly string[];
  plan: string | null;
  agent: string | null;
  loop: string | null;
  /** Agents at work at once, these included; `null` or absent: any number. */
  teamMax?: number | null;
}

/** All or none are asked for: `not-independent` names the pairs that stand in each other's way. */
export async function executeParallel(context: Context, order: ExecuteOrder): Promise<SpawnManyAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'spawn agents');
  if (refusal !== null) return refusal;
  const { agent, loop, plan } = order;
  const steps = stepsText(context.paths, loop);
  const settings = await context.settings();
  const tasks: Task[] = [];
  for (const text of new Set(order.tasks)) tasks.push((await findTask(context, text, plan)).task);
  const clashes = clashesIn(tasks, settings.shared);
  if (clashes.length > 0) {
    const told = clashes.slice(0, 5).map(tellClash);
    const more = clashes.length > told.length ? `, and ${clashes.length - told.length} more` : '';
    const hint = 'leave one of each pair out and start it when the other is done';
    return reject('not-independent', `these tasks cannot run side by side: ${told.join('; ')}${more}`, hint);
  }
  const crowd = await refuseCrowd(context, { teamMax: order.teamMax ?? null, more: tasks.length });
  if (crowd !== null) return crowd;
  const answers = await askForAgents(
    context,
    tasks.map(({ key }) => ({ tasks: [key], agent, model: null, steps })),
  );
  const { moduleOf } = await projectModules(context);
  const observedAt = new Date(context.clock.now()).toISOString();
  return { ...sorted(answers, tasks, moduleOf), concurrency: modeFor(tasks, settings), observedAt };
}
