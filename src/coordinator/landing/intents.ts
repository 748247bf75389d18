/**
 * Whose landed work changed some paths, and what for: what somebody needs who meets it in a conflict (P4).
 *
 * Owns the search. It reads tasks from the store and their changes from the object database; nothing of what an agent says.
 */
import type { Plan } from '../../core/plan.ts';
import { mayConflict, pathSet } from '../../core/path-set.ts';
import type { Evidence, Task } from '../../core/task.ts';
import type { CoordinatorPorts } from '../ports.ts';
import { plansOn } from './target-past.ts';

export interface Intent {
  task: Task;
  /** What it changed at those paths: a summary and the patch, whole. */
  patch: string;
}

/** Newest landed tasks that are looked at, and how many of them are told: a bounce has to name the cause, not the history. */
const lookedAtMax = 200;
const intentsMax = 4;

/**
 * Tasks that landed on the plan's target between two of its commits and changed one of the paths, newest first.
 *
 * @param order.from what the reader's work knows of the target already. @param order.paths conflicted ones.
 */
export async function landedSince(
  { store, repository, clock }: Pick<CoordinatorPorts, 'store' | 'repository' | 'clock'>,
  { plan, from, paths }: { plan: Plan; from: string; paths: readonly string[] },
): Promise<Intent[]> {
  const plans = await plansOn(store, plan.target);
  const landed: Task[] = [];
  for (const { id } of plans)
    for (const { task } of await store.tasks({ plan: id, status: ['landed'] }, clock.now())) landed.push(task);
  const recent = landed
    .filter(({ landing, evidence }) => typeof landing?.landedAs === 'string' && hasChange(evidence))
    .sort((one, other) => (other.landing?.landedAt ?? 0) - (one.landing?.landedAt ?? 0))
    .slice(0, lookedAtMax);
  const changes = await repository.pathSets(recent.map((task) => changeOf(task)));
  const wanted = pathSet(paths);
  const met = recent.filter((_, index) => mayConflict(wanted, pathSet(changes[index]?.keys() ?? [])));
  const intents: Intent[] = [];
  for (const task of met) {
    if (intents.length === intentsMax || (await repository.isAncestor(task.landing?.landedAs ?? '', from))) break;
    const change = changeOf(task);
    intents.push({ task, patch: await repository.patch(change.from, change.to, paths) });
  }
  return intents;
}

function hasChange(evidence: Evidence | null): boolean {
  return evidence !== null && evidence.base !== null && evidence.commit !== null;
}

function changeOf({ evidence }: Task): { from: string; to: string } {
  return { from: evidence?.base ?? '', to: evidence?.commit ?? '' };
}

/** The beginning of a patch in whole lines, with the number of lines left out. @param lengthMax in characters. */
export function shortPatch(patch: string, lengthMax: number): string {
  const text = patch.trimEnd().toWellFormed();
  if (text.length <= lengthMax) return text;
  const cut = text.slice(0, lengthMax);
  const kept = cut.includes('\n') ? cut.slice(0, cut.lastIndexOf('\n')) : cut;
  const left = text.slice(kept.length).split('\n').length - 1;
  return left === 0 ? `${kept} …` : `${kept}\n… ${left} more lines`;
}
