/** Lists the work that is kept of attempts, and brings it back as a branch (P1). */
import { nameFault } from '../core/id.ts';
import { UsageError } from '../platform/error.ts';
import type { Salvage } from '../workspace/workspace.ts';
import type { Context } from './context.ts';

/** Newest first. @param task a bare id, `null` for all. */
export async function listKept(context: Context, task: string | null): Promise<Salvage[]> {
  const id = task?.slice(task.indexOf('/') + 1);
  if (id !== undefined && nameFault(id) !== null)
    throw new UsageError(
      'bad-id',
      `${JSON.stringify(task)} cannot be a task: ${nameFault(id)}`,
      'orbit recover lists all kept work',
    );
  return (await context.workspaces()).kept(id);
}

/**
 * Makes a branch at what a ref holds. @param ref as listed, with or without `refs/orbit/`. @param branch default: `recovered/<ref>`.
 */
export async function restoreWork(
  context: Context,
  order: { ref: string; branch: string | null },
): Promise<{ ref: string; branch: string; commit: string }> {
  const kept = await (await context.workspaces()).kept();
  const found = kept.find(({ ref }) => ref === order.ref || ref === `refs/orbit/${order.ref}`);
  if (found === undefined)
    throw new UsageError(
      'bad-id',
      `nothing is kept under ${JSON.stringify(order.ref)}`,
      'orbit recover lists all kept work',
    );
  const branch = order.branch ?? `recovered/${found.ref.replace(/^refs\/orbit\//, '')}`;
  await (await context.workspaces()).restore(found.ref, branch);
  return { ref: found.ref, branch, commit: found.commit };
}
