/** Invariants of git: what agents made is kept, and how the target moves. */
import type { Event } from '../../src/core/event.ts';
import type { TaskKey } from '../../src/core/id.ts';
import { isLanded, type Fault, type TargetMove } from './rule.ts';
import { target } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { isKeepingRef, snapshotOf, worthKeeping, type Directory } from './workspaces.ts';

export function nothingIsRemovedUnkept({ git }: Simulation, directory: Directory): Fault {
  const lost = worthKeeping(directory).find((commit) => !git.isKept(commit, isKeepingRef));
  if (lost !== undefined) return `${directory.path} goes, and nothing keeps its commit ${lost}`;
  const isDirty = git.writeTree(directory.files) !== git.commit(directory.head).tree;
  return isDirty && snapshotOf(git, directory) === null ? `${directory.path} goes with files that nothing keeps` : null;
}

export async function allWorkIsReachable({ git, directories, removed }: Simulation): Promise<Fault> {
  for (const directory of removed) {
    const lost = worthKeeping(directory).find((commit) => !git.isKept(commit, isKeepingRef));
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
  const landed = landedTasks(sim, to);
  if (landed.length === 0) return `${to} lands no task`;
  for (const key of landed) {
    const task = history.tasks.get(key);
    if (task === undefined) return `${to} lands ${key}, which is no task`;
    const red = [...task.checks, ...scenario.plan.checks].find((check) => !greenTrees.has(`${tree} ${check}`));
    if (red !== undefined) return `the target moves to ${tree}, at which "${red}" was never green`;
  }
  return null;
}

/** By the time a landing begins, everything asked for then was validated at exactly the tree that it is about to put on the target. */
export function intentIsValidated(
  { git, history, greenTrees, scenario }: Simulation,
  { task: key, body }: Event,
): Fault {
  if (body.type !== 'landing-begun' || body.candidate === null || key === null) return null;
  const { tree } = git.commit(body.candidate);
  const checks = [...(history.tasks.get(key)?.checks ?? []), ...scenario.plan.checks];
  const red = checks.find((check) => !greenTrees.has(`${tree} ${check}`));
  return red === undefined ? null : `the landing of ${key} begins with ${tree}, at which "${red}" was never green`;
}

/** From there to its end nothing that it was validated by changes. */
export function nothingIsEditedWhileItMoves({ history }: Simulation, { task: key, body }: Event): Fault {
  const task = body.type === 'task-changed' && key !== null ? history.tasks.get(key) : undefined;
  if (body.type !== 'task-changed' || task?.landing?.state !== 'queued' || task.landing.begunAt === null) return null;
  const edited = (['checks', 'dependencies', 'scope'] as const).find(
    (part) => JSON.stringify(task[part]) !== JSON.stringify(body.definition[part]),
  );
  return edited === undefined ? null : `the ${edited} of ${key} change while it is moved onto the target`;
}

/** Every path that the target changes is one that landing work changed, and is as the last of it has it. */
export function landsItsWorkAlone(sim: Simulation, { from, to }: TargetMove): Fault {
  const { git, history } = sim;
  const [before, after] = [git.filesAt(from), git.filesAt(to)];
  const wanted = new Map<string, { key: TaskKey; content: string | undefined }>();
  for (const key of landedTasks(sim, to)) {
    const evidence = history.tasks.get(key)?.evidence ?? null;
    if (evidence === null || evidence.commit === null) return `${to} lands ${key}, which has no proven work`;
    const work = git.filesAt(evidence.commit);
    const base = evidence.base ?? git.mergeBase(from, evidence.commit);
    if (base === null) return null;
    for (const path of git.changed(git.filesAt(base), work)) wanted.set(path, { key, content: work.get(path) });
  }
  const foreign = git.changed(before, after).find((path) => !wanted.has(path));
  if (foreign !== undefined) return `${to} changes ${foreign}, which none of what it lands did`;
  for (const [path, { key, content }] of wanted)
    if (after.get(path) !== content) return `${to} lands ${key} without its change of ${path}`;
  return null;
}

export function landsOnNothingForeign({ foreign }: Simulation, { from, to }: TargetMove): Fault {
  return foreign.has(from) ? `${to} lands on ${from}, which is not from Orbit and which nobody accepted` : null;
}

export function targetOnlyGrows(sim: Simulation, { from, to }: TargetMove): Fault {
  if (!sim.git.isAncestor(from, to)) return `the target goes from ${from} to ${to}, which does not hold it`;
  const now = landedTasks(sim, to);
  if (new Set(now).size < now.length) return `${to} lands a task twice`;
  const before = new Set([...sim.git.commit(from).holds].flatMap((id) => landedTasks(sim, id)));
  const again = now.find((key) => before.has(key));
  return again === undefined ? null : `${again} lands a second time`;
}

export function landsOnce({ history, git }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-landed' || task === null) return null;
  if (history.tasks.get(task)?.landing?.state === 'landed') return `${task} lands a second time`;
  const tip = git.refs.get(target);
  if (tip === undefined || !git.isAncestor(body.landedAs, tip))
    return `${task} landed as ${body.landedAs}, which is not on the target`;
  return git.commit(body.landedAs).tree === body.tree ? null : `${task} landed with another tree than its commit has`;
}

/** A10: whoever needs a task lands after it. */
export function landsAfterItsNeeds({ history, needs }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-landed' || task === null) return null;
  const early = needs.get(task)?.find((needed) => {
    const other = history.tasks.get(needed);
    return other !== undefined && !isLanded(other) && other.closed?.as !== 'completed';
  });
  return early === undefined ? null : `${task} lands before ${early}, which it needs`;
}

/** A10: what stands for proven work is kept by a ref before the store says so, and what was proven stays kept. */
export function restackedIsKept({ git, history }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'work-restacked' || task === null) return null;
  const proven = history.tasks.get(task)?.evidence?.commit ?? body.from;
  if (proven !== body.from) return `${task} is restacked from ${body.from}, its work is ${proven}`;
  const lost = [body.from, body.commit].find((commit) => !git.isKept(commit, isKeepingRef));
  if (lost !== undefined) return `${task} is restacked and no ref keeps ${lost}`;
  return git.isAncestor(body.base, body.commit) ? null : `${body.commit} does not stand on its base ${body.base}`;
}

/** In the order of their train. */
function landedTasks({ git }: Simulation, commit: string): TaskKey[] {
  const { message } = git.commit(commit);
  return Array.from(message.matchAll(/^Orbit-Task: (\S+)$/gm), ([, key]) => key as TaskKey);
}
