/**
 * Opens the line that work of a plan lands on: its target, or with layer branches the branch of the layer that is open (A5).
 *
 * Owns where a layer's branch begins: at the tip of the one before. Until work has landed on it, it follows that tip, so that what
 * an earlier layer got late is not missing. Where it cannot follow, that is said, and holds this plan alone.
 */
import { planLines } from '../../actions/plan-lines.ts';
import type { Plan } from '../../core/plan.ts';
import type { CoordinatorPorts } from '../ports.ts';
import { gitTrouble } from './git-trouble.ts';
import { holdTarget, obstacleOf, tellStale } from './move-target.ts';

type Ports = Pick<CoordinatorPorts, 'repository' | 'store' | 'clock' | 'log'>;

export interface OpenLine {
  /** The plan with the open line as its target; the first line's branch, like a plain target, is made by who opens it. */
  plan: Plan;
  /** Why that line does not have what landed before, and what to do; `passing`: it may go away by itself. `null`: nothing is wrong. */
  fault: { why: string; passing: boolean } | null;
}

export async function openLine(ports: Ports, plan: Plan): Promise<OpenLine> {
  const { store, clock } = ports;
  const [target = plan.target, ...lower] = await planLines(store, plan, clock.now());
  const line = { ...plan, target };
  if (lower.length === 0) return { plan: line, fault: null };
  try {
    return { plan: line, fault: await beginLine(ports, line, lower) };
  } catch (error) {
    const trouble = gitTrouble(error);
    if (trouble === null) throw error;
    const why = `${nameOf(target)} cannot begin where the layer before it ended: ${trouble.message} (${trouble.hint})`;
    return { plan: line, fault: { why, passing: trouble.retryable } };
  }
}

/** Why the branch cannot be brought to where it begins, or `null`. */
async function beginLine(ports: Ports, { id, target }: Plan, lower: readonly string[]): Promise<OpenLine['fault']> {
  const { repository, store, clock, log } = ports;
  const tasks = await store.tasks({ plan: id, status: ['landed', 'landing'] }, clock.now());
  // What has begun may have moved the branch already: that is settled first.
  if (tasks.some(({ task: { landing } }) => landing?.target === target || hasBegun(landing))) return null;
  const tip = await repository.resolve(target);
  const before = await firstOf(repository, lower);
  if (before === null || (tip !== null && (await repository.isAncestor(before.tip, tip)))) return null;
  if (tip !== null && !(await repository.isAncestor(tip, before.tip)))
    return {
      why: `${nameOf(target)} has commits of its own (${tip.slice(0, 12)}) without those of ${nameOf(before.ref)}: git switch ${nameOf(target)} && git merge ${nameOf(before.ref)}, or remove the branch`,
      passing: false,
    };
  const obstacle = await obstacleOf(ports, target);
  if (obstacle !== null) return { why: obstacle, passing: false };
  const hold = await holdTarget(ports, { ref: target, from: tip ?? before.tip, to: before.tip });
  if ('kind' in hold) return { why: hold.why, passing: hold.kind === 'locked' || hold.kind === 'moved' };
  try {
    const moved = await hold.move(async () => repository.moveRefs([{ ref: target, from: tip, to: before.tip }]));
    tellStale(ports, target, moved);
    if (moved.outcome === 'in-the-way') return { why: moved.why, passing: true };
    if (moved.outcome === 'moved')
      log(`${target} begins at ${before.tip.slice(0, 12)}, where the layer before it ended`);
  } finally {
    await hold.release();
  }
  return null;
}

/** A landing that has not ended. */
function hasBegun(landing: { state: string; begunAt: number | null } | null): boolean {
  return landing?.state === 'queued' && landing.begunAt !== null;
}

async function firstOf(
  repository: CoordinatorPorts['repository'],
  refs: readonly string[],
): Promise<{ ref: string; tip: string } | null> {
  for (const ref of refs) {
    const tip = await repository.resolve(ref);
    if (tip !== null) return { ref, tip };
  }
  return null;
}

function nameOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
