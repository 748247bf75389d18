/** Invariants of git: what agents made is kept, and how the target moves. */
import type { Event } from '../../src/core/event.ts';
import type { TaskKey } from '../../src/core/id.ts';
import type { Fault, TargetMove } from './rule.ts';
import { target } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { isKeepingRef, snapshotOf, type Directory } from './workspaces.ts';

export function nothingIsRemovedUnkept({ git }: Simulation, directory: Directory): Fault {
  const lost = directory.made.find((commit) => !git.isKept(commit, isKeepingRef));
  if (lost !== undefined) return `${directory.path} goes, and nothing keeps its commit ${lost}`;
  const isDirty = git.writeTree(directory.files) !== git.commit(directory.head).tree;
  return isDirty && snapshotOf(git, directory) === null ? `${directory.path} goes with files that nothing keeps` : null;
}

export async function allWorkIsReachable({ git, directories, removed }: Simulation): Promise<Fault> {
  for (const directory of removed) {
    const lost = directory.made.find((commit) => !git.isKept(commit, isKeepingRef));
    if (lost !== undefined) return `commit ${lost} of ${directory.path} is reachable no more`;
  }
  for (const directory of directories.open.values()) {
    if (!git.commits.has(directory.head)) return `${directory.path} stands on a commit that is gone`;
  }
  return null;
}

export function targetMovesToGreenTrees(sim: Simulation, { from, to }: TargetMove): Fault {
  const { git, history, greenTrees, scenario } = sim;
  const { tree, parents } = git.commit(to);
  if (parents[0] !== from) return `${to} does not stand on the target's tip ${from}`;
  const task = history.tasks.get(landedTask(sim, to) ?? '001/none');
  if (task === undefined) return `${to} lands no task`;
  const red = [...task.checks, ...scenario.plan.checks].find((check) => !greenTrees.has(`${tree} ${check}`));
  return red === undefined ? null : `the target moves to ${tree}, at which "${red}" was never green`;
}

export function landsItsWorkAlone(sim: Simulation, { from, to }: TargetMove): Fault {
  const { git, history } = sim;
  const key = landedTask(sim, to);
  const evidence = key === null ? null : (history.tasks.get(key)?.evidence ?? null);
  if (evidence === null || evidence.commit === null) return `${to} lands ${key}, which has no proven work`;
  const [work, before, after] = [evidence.commit, from, to].map((commit) => git.filesAt(commit));
  const base = evidence.base ?? git.mergeBase(from, evidence.commit);
  if (work === undefined || before === undefined || after === undefined || base === null) return null;
  const own = git.changed(git.filesAt(base), work);
  const foreign = git.changed(before, after).find((path) => !own.includes(path));
  if (foreign !== undefined) return `${to} lands ${key} and changes ${foreign}, which that did not`;
  const lost = own.find((path) => after.get(path) !== work.get(path));
  return lost === undefined ? null : `${to} lands ${key} without its change of ${lost}`;
}

export function targetOnlyGrows(sim: Simulation, { from, to }: TargetMove): Fault {
  if (!sim.git.isAncestor(from, to)) return `the target goes from ${from} to ${to}, which does not hold it`;
  const key = landedTask(sim, to);
  const before = [...sim.git.commit(from).holds].filter((id) => id !== to && landedTask(sim, id) === key);
  return before.length === 0 ? null : `${key} lands a second time`;
}

export function landsOnce({ history, git }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-landed' || task === null) return null;
  if (history.tasks.get(task)?.landing?.state === 'landed') return `${task} lands a second time`;
  const tip = git.refs.get(target);
  if (tip === undefined || !git.isAncestor(body.landedAs, tip))
    return `${task} landed as ${body.landedAs}, which is not on the target`;
  return git.commit(body.landedAs).tree === body.tree ? null : `${task} landed with another tree than its commit has`;
}

function landedTask({ git }: Simulation, commit: string): TaskKey | null {
  return (/^Orbit-Task: (\S+)$/m.exec(git.commit(commit).message)?.[1] ?? null) as TaskKey | null;
}
