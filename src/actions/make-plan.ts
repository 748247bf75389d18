/** Makes a plan without a file, for tasks that are created one by one. */
import { isRejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';

export async function makePlan(context: Context, id: string): Promise<void> {
  const { landing } = await context.settings();
  const target = landing.into.replaceAll('{plan}', id);
  const plan = {
    id,
    title: id,
    source: null,
    unblock: 'done' as const,
    layers: 'hints' as const,
    layerList: [],
    checks: [],
    target: target.startsWith('refs/') ? target : `refs/heads/${target}`,
    paused: false,
    createdAt: context.clock.now(),
  };
  const draft = { title: id, unblock: null, layers: null, layerList: [], checks: [], tasks: [] };
  const applied = await context.store.applyPlan(
    { plan, draft, scores: new Map() },
    context.caller.actor,
    context.clock.now(),
  );
  if (isRejection(applied)) throw new UsageError('bad-plan', applied.message, applied.hint);
}
