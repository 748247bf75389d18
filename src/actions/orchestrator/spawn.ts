/** Spawns an agent for a task or a module, and for what matters most (D2, E2). */
import { keyParts } from '../../core/id.ts';
import { independentFirst } from '../../core/independent.ts';
import { limits } from '../../core/limits.ts';
import { isRejection, reject, type Rejection } from '../../core/rejection.ts';
import type { Context } from '../context.ts';
import { findTask } from '../find-task.ts';
import { refuseAgents } from '../refuse-agents.ts';
import { askForAgents, type AgentWish, type SpawnedAgent } from './ask-for-agents.ts';
import { modeFor, type ModeView } from './concurrency.ts';
import { stepsText } from './loops.ts';
import { projectModules, requireModule } from './modules.ts';
import { rankReady, type RankedReady } from './next-work.ts';
import { freeSlots, refuseCrowd } from './slots.ts';

export interface SpawnOrder {
  /** The task; `null`: the best one of `module`. */
  task: string | null;
  plan: string | null;
  /** `null` and no task: the best ready task of all. */
  module: string | null;
  loop: string | null;
  /** Name in the settings; `null`: any that may take the task. */
  agent: string | null;
  model: string | null;
  /** Agents at work at once, this one included; `null` or absent: any number. */
  teamMax?: number | null;
}

export type SpawnOneAnswer = SpawnedAgent & { module: string | null; loop: string | null; observedAt: string };

/**
 * One agent. Answers once it is at work, or with the reason why not.
 * Throws `UsageError`: `unknown-task`, `unknown-module`, `unknown-loop`, `unknown-agent`; `OperationalError` `run-failed`.
 */
export async function spawnAgent(context: Context, order: SpawnOrder): Promise<SpawnOneAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'spawn agents');
  if (refusal !== null) return refusal;
  const crowd = await refuseCrowd(context, { teamMax: order.teamMax ?? null, more: 1 });
  if (crowd !== null) return crowd;
  const { agent, model, loop } = order;
  const steps = stepsText(context.paths, loop);
  const named = order.task === null ? null : (await findTask(context, order.task, order.plan)).task.key;
  const modules = await projectModules(context);
  if (order.module !== null) requireModule(modules, order.module);
  const ready = named === null ? fitting(await rankReady(context, modules), order) : [];
  const tasks = named === null ? ready.slice(0, limits.spawnTasksMax).map(({ next }) => next.task) : [named];
  if (tasks.length === 0) return nothingReady(order);
  const [spawned] = await askForAgents(context, [{ tasks, agent, model, steps }]);
  if (spawned === undefined || isRejection(spawned)) return spawned ?? nothingReady(order);
  const module = modules.moduleOf(`${spawned.plan}/${spawned.task}`);
  return { ...spawned, module, loop, observedAt: new Date(context.clock.now()).toISOString() };
}

function fitting(ready: readonly RankedReady[], { module, plan }: Pick<SpawnOrder, 'module' | 'plan'>): RankedReady[] {
  return ready.filter(
    ({ next }) => (module === null || next.module === module) && (plan === null || keyParts(next.task).plan === plan),
  );
}

function nothingReady({ module, plan }: Pick<SpawnOrder, 'module' | 'plan'>): Rejection {
  const where = module !== null ? ` in module ${module}` : plan !== null ? ` in plan ${plan}` : '';
  return reject(
    'nothing-ready',
    `no task${where} is ready`,
    'orbit blocked says what tasks wait for; orbit inbox what needs you',
  );
}

export interface SpawnManyAnswer {
  spawned: readonly (SpawnedAgent & { module: string | null })[];
  /** Asked for and not given, with the reason. */
  refused: readonly { task: string; code: string; message: string; hint: string }[];
  concurrency: ModeView;
  observedAt: string;
}

/**
 * Agents for what matters most: the best ready tasks that are independent of each other, as many as the concurrency mode, the free
 * slots and `max` allow.
 * @param max how many at most; `null`: as many as fit.
 */
export async function spawnAgentsAuto(
  context: Context,
  order: { max: number | null; loop: string | null; agent: string | null; plan: string | null },
): Promise<SpawnManyAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'spawn agents');
  if (refusal !== null) return refusal;
  const { max, loop, agent, plan } = order;
  const steps = stepsText(context.paths, loop);
  const settings = await context.settings();
  const modules = await projectModules(context);
  const onTurn = fitting(await rankReady(context, modules), { module: null, plan }).filter(({ isOnTurn }) => isOnTurn);
  const slots = Math.min(max ?? Number.POSITIVE_INFINITY, await freeSlots(context, agent));
  const batch = independentFirst(
    onTurn.map(({ record }) => record.task),
    slots,
    settings.shared,
  );
  const concurrency = modeFor(batch, settings);
  if (batch.length === 0)
    return onTurn.length > 0
      ? reject('no-slot', 'all agents of the settings are at work', 'wait for one, or give an agent more slots')
      : nothingReady({ module: null, plan });
  const chosen = batch.slice(0, concurrency.agentsMax ?? batch.length);
  const answers = await askForAgents(
    context,
    chosen.map((task): AgentWish => ({ tasks: [task.key], agent, model: null, steps })),
  );
  return {
    ...sorted(answers, chosen, modules.moduleOf),
    concurrency,
    observedAt: new Date(context.clock.now()).toISOString(),
  };
}

/** Parts the answers into those that work and those that were refused. */
export function sorted(
  answers: readonly (SpawnedAgent | Rejection)[],
  tasks: readonly { key: string }[],
  moduleOf: (key: `${string}/${string}`) => string | null,
): Pick<SpawnManyAnswer, 'spawned' | 'refused'> {
  const spawned = answers.flatMap((answer) =>
    isRejection(answer) ? [] : [{ ...answer, module: moduleOf(`${answer.plan}/${answer.task}`) }],
  );
  const refused = answers.flatMap((answer, index) => {
    if (!isRejection(answer)) return [];
    const { code, message, hint } = answer;
    return [{ task: tasks[index]?.key ?? '', code, message, hint }];
  });
  return { spawned, refused };
}
