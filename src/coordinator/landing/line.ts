/**
 * Opens the line that work of a plan lands on: its target, or with layer branches the branch of the layer that is open (A5).
 *
 * Owns where a layer's branch begins: at the tip of the one before. Until work has landed on it, it follows that tip, so that what
 * an earlier layer got late is not missing.
 */
import { planLines } from '../../actions/plan-lines.ts';
import type { Plan } from '../../core/plan.ts';
import type { CoordinatorPorts } from '../ports.ts';

/** The plan with the open line as its target; the first line's branch, like a plain target, is made by who opens it. */
export async function openLine(
  ports: Pick<CoordinatorPorts, 'repository' | 'store' | 'clock' | 'log'>,
  plan: Plan,
): Promise<Plan> {
  const { store, clock } = ports;
  const [target = plan.target, ...lower] = await planLines(store, plan, clock.now());
  const line = { ...plan, target };
  if (lower.length > 0) await beginLine(ports, line, lower);
  return line;
}

async function beginLine(
  { repository, store, clock, log }: Pick<CoordinatorPorts, 'repository' | 'store' | 'clock' | 'log'>,
  { id, target }: Plan,
  lower: readonly string[],
): Promise<void> {
  const landed = await store.tasks({ plan: id, status: ['landed'] }, clock.now());
  if (landed.some(({ task }) => task.landing?.target === target)) return;
  const tip = await repository.resolve(target);
  const before = await firstOf(repository, lower);
  if (before === null || tip === before) return;
  if (tip !== null && (!(await repository.isAncestor(tip, before)) || (await repository.checkedOut(target)) !== null))
    return;
  const moved = await repository.moveRefs([{ ref: target, from: tip, to: before }]);
  if (moved) log(`${target} begins at ${before.slice(0, 12)}, where the layer before it ended`);
}

async function firstOf(repository: CoordinatorPorts['repository'], refs: readonly string[]): Promise<string | null> {
  for (const ref of refs) {
    const tip = await repository.resolve(ref);
    if (tip !== null) return tip;
  }
  return null;
}
