/**
 * Going on from where an earlier attempt stood: its commits under the new attempt's feet, its uncommitted files in its hands.
 *
 * Owns how the two are put together, in the object database alone. Invariant: work is measured against the fresh base, so that
 * what the earlier attempt committed counts, and nothing of a base that is no longer true comes along with it.
 */
import type { Attempt } from '../core/attempt.ts';
import { goesOnFrom } from '../core/carry-over.ts';
import type { TaskKey } from '../core/id.ts';
import type { ChosenStart } from '../core/task.ts';
import type { Salvage } from '../workspace/workspace.ts';
import type { RunnerPorts } from './runner.ts';

export interface CarryOver {
  from: Attempt;
  /** Where the new attempt's directory begins: the fresh base, with the earlier commits if they fit. */
  start: string;
  /** Tree of the files that lie in it uncommitted, or `null`. */
  uncommitted: string | null;
  /** A person chose it: its session is another story. */
  isChosen?: boolean;
  /** Refs of what did not fit, for the agent to look at. */
  conflicts: readonly string[];
}

type CarryPorts = Pick<RunnerPorts, 'store' | 'repository' | 'workspaces' | 'clock' | 'limits'>;

/** `null` where there is nothing to go on from. */
export async function findCarryOver(
  ports: CarryPorts,
  { task, token, base, startFrom }: { task: TaskKey; token: number; base: string; startFrom?: ChosenStart | undefined },
): Promise<CarryOver | null> {
  const chosen = startFrom === undefined ? null : await fromChosen(ports, startFrom, { task, base });
  if (chosen !== null) return chosen;
  const from = goesOnFrom(await ports.store.attempts({ task }), token);
  if (from === null) return null;
  await untilSaved(ports, from);
  const kept = (await ports.workspaces.kept(task)).filter((one) => one.token === from.token);
  const tip = await earlierTip(ports, from, kept);
  const committed = tip === null ? base : await joined(ports, { base, tip, from });
  const start = committed ?? base;
  const conflicts: string[] =
    committed === null ? kept.filter(({ kind }) => kind === 'attempt').map(({ ref }) => ref) : [];
  const dirty = kept.find(({ kind, subject }) => kind === 'salvage' && subject.startsWith('Uncommitted work'));
  const uncommitted = dirty === undefined ? null : await laidOn(ports, start, dirty);
  if (uncommitted === false) conflicts.push(dirty?.ref ?? '');
  return { from, start, uncommitted: uncommitted === false ? null : uncommitted, conflicts };
}

/** What a person chose, a snapshot as commits and uncommitted files; `null` if it is gone. */
async function fromChosen(
  ports: CarryPorts,
  { ref, commit, token }: ChosenStart,
  { task, base }: { task: TaskKey; base: string },
): Promise<CarryOver | null> {
  const from = await ports.store.attempt(token);
  const subject = (await ports.workspaces.kept(task)).find((one) => one.ref === ref && one.commit === commit)?.subject;
  if (from === null || subject === undefined) return null;
  const isSnapshot = subject.startsWith('Uncommitted work');
  const [head = null] = isSnapshot ? await ports.repository.parents(commit) : [commit];
  const committed = head === null ? null : await joined(ports, { base, tip: head, from });
  const start = committed ?? base;
  const uncommitted = isSnapshot ? await laidOn(ports, start, { commit }) : null;
  const conflicts = committed === null || uncommitted === false ? [ref] : [];
  return { from, start, uncommitted: uncommitted === false ? null : uncommitted, isChosen: true, conflicts };
}

/** An agent that hands over ends its attempt first; its runner then saves what it left. */
async function untilSaved({ workspaces, clock, limits }: CarryPorts, from: Attempt): Promise<void> {
  const untilMs = clock.monotonicMs() + limits.leftoverGraceMs;
  const isThere = async (): Promise<boolean> => (await workspaces.list()).some(({ token }) => token === from.token);
  while (clock.monotonicMs() < untilMs && (await isThere())) await clock.sleep(pauseMs);
}

const pauseMs = 100;

async function earlierTip(
  { repository }: CarryPorts,
  { start, commit }: Attempt,
  kept: readonly Salvage[],
): Promise<string | null> {
  const name = kept.find(({ kind }) => kind === 'attempt')?.commit ?? commit ?? start;
  return name === null ? null : repository.resolve(name);
}

/** The base with the earlier commits; `null` on a conflict. */
async function joined(
  { repository }: CarryPorts,
  { base, tip, from }: { base: string; tip: string; from: Attempt },
): Promise<string | null> {
  if (await repository.isAncestor(tip, base)) return base;
  const before = from.base === null ? null : await repository.resolve(from.base);
  if (before === null) return null;
  // What the earlier base held beside the target may have been taken back since: then only the attempt's own part is taken.
  const isClean = await repository.isAncestor(before, base);
  if (isClean && (await repository.isAncestor(base, tip))) return tip;
  const merge = isClean ? await repository.merge(base, tip) : await repository.merge(base, tip, before);
  if (!merge.clean) return null;
  const parents = isClean ? [base, tip] : [base];
  const message = `Go on from attempt ${from.token}\n`;
  return repository.commit({ tree: merge.tree, parents, message, atMs: from.endedAt ?? from.startedAt });
}

/** The tree of `start` with the uncommitted files; `null` if that is the same, `false` on a conflict. */
async function laidOn(
  { repository }: CarryPorts,
  start: string,
  dirty: Pick<Salvage, 'commit'>,
): Promise<string | null | false> {
  const [head] = await repository.parents(dirty.commit);
  if (head === undefined) return null;
  const merge = await repository.merge(start, dirty.commit, head);
  if (!merge.clean) return false;
  return merge.tree === (await repository.tree(start)) ? null : merge.tree;
}
