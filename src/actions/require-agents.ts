/** Refuses to run a plan whose open tasks want agents that the settings do not know, with file and line. */
import { mayTake } from '../core/agent-name.ts';
import { UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';
import { importPlan } from './import-plan.ts';

/** @param names of the agents in the settings. Throws `UsageError` `unknown-agent`. Tasks that somebody holds by hand are theirs. */
export async function requireAgents(context: Context, planId: string, names: readonly string[]): Promise<void> {
  const records = await context.store.tasks(
    { plan: planId, status: ['ready', 'blocked', 'waiting'] },
    context.clock.now(),
  );
  const homeless = records.filter(({ task }) => !names.some((name) => mayTake(name, task.agent)));
  if (homeless.length === 0) return;
  const lines = await linesOf(context, planId);
  const told = homeless
    .slice(0, 10)
    .map(
      ({ task }) =>
        `${lines.get(task.id) ?? `plan ${planId}`}: ${task.id} wants @${task.agent}, which orbit.config.json does not have`,
    );
  const more = homeless.length > told.length ? [`and ${homeless.length - told.length} more`] : [];
  throw new UsageError(
    'unknown-agent',
    [...told, ...more].join('\n'),
    `it has ${names.join(', ')}; add the agent, or write @any`,
  );
}

/** `file:line` of each task, as far as the plan's file says. */
async function linesOf(context: Context, planId: string): Promise<Map<string, string>> {
  const source = (await context.store.plan(planId))?.source ?? null;
  if (source === null) return new Map();
  try {
    const { file, lines } = await importPlan(context, { plan: planId, file: source, format: null, dryRun: true });
    return new Map([...lines].map(([id, line]) => [id, `${file}:${line}`]));
  } catch (error) {
    if (error instanceof UsageError) return new Map();
    throw error;
  }
}
