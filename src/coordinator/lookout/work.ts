/**
 * Work in flight as the look-out sees it: the tips of branches that agents work on, and commits that wait to land.
 *
 * Owns what counts: committed work of the plans at hand, read by ref from the object database. What is not committed cannot be seen
 * from here without reading every agent's files.
 */
import type { TaskKey } from '../../core/id.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';

export interface Work {
  task: TaskKey;
  token: number;
  /** Who works on it; `null` once it is done. */
  agent: string | null;
  /** Full ref that it lands on. */
  target: string;
  base: string;
  commit: string;
}

export interface InFlight {
  work: readonly Work[];
  /** Commit of each target. */
  targets: ReadonlyMap<string, string>;
}

export async function workInFlight(
  { store, repository, clock }: Pick<CoordinatorPorts, 'store' | 'repository' | 'clock'>,
  { plans }: Pick<CoordinatorSettings, 'plans'>,
): Promise<InFlight> {
  const work: Work[] = [];
  const targets = new Map<string, string>();
  for (const id of plans) {
    const plan = await store.plan(id);
    const tip = plan === null ? null : await repository.resolve(plan.target);
    if (plan === null || tip === null) continue;
    targets.set(plan.target, tip);
    for (const { task, token, agent, branch, base } of await store.attempts({ plan: id, live: true }))
      if (branch !== null && base !== null)
        work.push({ task, token, agent, target: plan.target, base, commit: `refs/heads/${branch}` });
    for (const { task } of await store.tasks({ plan: id, status: ['done', 'landing'] }, clock.now())) {
      const { token, base = null, commit = null } = task.evidence ?? {};
      if (token !== undefined && base !== null && commit !== null)
        work.push({ task: task.key, token, agent: null, target: plan.target, base, commit });
    }
  }
  // All at once: the program that answers takes them one after the other without waiting in between.
  const commits = await Promise.all(work.map(async ({ commit }) => repository.resolve(commit)));
  const seen = work.flatMap((one, index) => {
    const commit = commits[index] ?? null;
    return commit === null || commit === one.base ? [] : [{ ...one, commit }];
  });
  return { work: seen, targets };
}
