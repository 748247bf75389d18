/**
 * The look at a finished change: what it changes and what is risky about it, read from the object database.
 *
 * Owns that one look serves all who judge work: the runner at completion, a person who approves, the queue just before it lands.
 */
import { approvalNeeded, isApproved, type ApprovalPolicy } from '../core/approval.ts';
import type { PathChange } from '../core/path-change.ts';
import { risksOf, textsNeeded, type Risk } from '../core/risk.ts';
import type { Evidence, Task } from '../core/task.ts';
import type { Settings } from '../platform/settings.ts';
import type { Repository } from '../workspace/repository.ts';

export interface Change {
  changes: readonly PathChange[];
  /** The heaviest first. */
  risks: readonly Risk[];
}

/** @param range.from the commit that the work began from, `range.to` what was handed in. Throws OperationalError `git-failed`. */
export async function lookAtChange(
  repository: Pick<Repository, 'changes' | 'texts'>,
  { from, to }: { from: string; to: string },
): Promise<Change> {
  const changes = await repository.changes(from, to);
  const texts = await repository.texts(textsNeeded(changes));
  return { changes, risks: risksOf(changes, texts) };
}

export interface MeasuredChange extends Change {
  lines: { added: number; removed: number };
}

/**
 * The same with its size, for people: who watches asks for what waits whenever something happens, and commits never change, so the last
 * few are remembered.
 */
export async function measureChange(
  repository: Pick<Repository, 'changes' | 'texts' | 'lineCounts'>,
  { from, to }: { from: string; to: string },
): Promise<MeasuredChange> {
  const known = measured.get(repository) ?? new Map<string, MeasuredChange>();
  measured.set(repository, known);
  const name = `${from} ${to}`;
  const found = known.get(name);
  if (found !== undefined) return found;
  const change = { ...(await lookAtChange(repository, { from, to })), lines: await repository.lineCounts(from, to) };
  // Of so many files nobody keeps more than one at a time waiting.
  if (change.changes.length <= filesRemembered) known.set(name, change);
  if (known.size > changesRemembered) known.delete(known.keys().next().value ?? name);
  return change;
}

const measured = new WeakMap<object, Map<string, MeasuredChange>>();
/** More than ever wait for a person at once, and some megabytes of memory at most. */
const changesRemembered = 200;
const filesRemembered = 500;

export function approvalPolicy({ landing }: Pick<Settings, 'landing'>): ApprovalPolicy {
  // A pull request per task asks already.
  const isAsked = landing.mode === 'pull-requests' && landing.approval === 'each';
  return { approval: isAsked ? 'end' : landing.approval, risky: landing.risky };
}

/** Why a person has to look at finished work before it lands, or `null`; what they approved already they need not see again. */
export async function approvalWanted(
  repository: Pick<Repository, 'changes' | 'texts'>,
  task: Task,
  { evidence, settings }: { evidence: Evidence; settings: Pick<Settings, 'landing'> },
): Promise<string | null> {
  const { commit, base, tree } = evidence;
  if (commit === null || settings.landing.mode === 'off') return null;
  // Without a base only the queue knows what it will be measured against; it looks again in any case.
  const risks = base === null ? [] : (await lookAtChange(repository, { from: base, to: commit })).risks;
  const reason = approvalNeeded(task, risks, approvalPolicy(settings));
  return reason !== null && tree !== null && isApproved(task, evidence, tree) ? null : reason;
}
