/**
 * The candidate: a task's work put on top of the target, or of those ahead of it in the train, without a checkout.
 *
 * Owns how that is done: only what changed between the attempt's base and its commit is taken,
 * whatever the agent merged or began anew in between, for that is what was judged by its scope. The history goes along where
 * all that the work was built on landed as it was; if that changed, one new commit stands for it (a restack).
 */
import type { ApprovalPolicy } from '../../core/approval.ts';
import { keyParts } from '../../core/id.ts';
import { baseSubject } from '../../core/landing.ts';
import type { Evidence, Task } from '../../core/task.ts';
import type { Repository } from '../../workspace/repository.ts';
import type { CoordinatorPorts } from '../ports.ts';
import { admit, type Refusal } from './admission.ts';
import { conflictReason } from './conflict-words.ts';

export interface Candidate {
  commit: string;
  tree: string;
  /** The work's own history as it goes along: the commit handed in, or one that stands for it. */
  work: string;
}

/** `reason` is worked out when it is needed: most conflicts in a chain only mean that the change waits for the next train. */
export type Built =
  | { ok: true; candidate: Candidate }
  | { ok: false; cause: 'conflict' | Refusal['cause']; reason: () => Promise<string> };

export async function buildCandidate(
  ports: CoordinatorPorts,
  {
    task,
    base,
    shared,
    contained = new Set(),
    policy,
    admission,
  }: {
    task: Task;
    base: string;
    shared: readonly string[];
    contained?: ReadonlySet<string>;
    policy?: ApprovalPolicy | undefined;
    /** What `admit` answered for this work; absent: it is asked here. */
    admission?: Promise<Refusal | null> | undefined;
  },
): Promise<Built> {
  const { repository } = ports;
  const evidence = task.evidence as Evidence;
  const commit = evidence.commit as string;
  const from = evidence.base ?? (await repository.mergeBase(base, commit)) ?? base;
  const refusal = await (admission ?? admit(repository, { task, from, commit, shared, policy }));
  if (refusal !== null) return { ok: false, cause: refusal.cause, reason: async () => refusal.reason };
  const merge = await repository.merge(base, commit, from);
  if (!merge.clean)
    return { ok: false, cause: 'conflict', reason: async () => conflictReason(ports, { task, merge, from, base }) };
  const { tree } = merge;
  const atMs = evidence.at;
  const work =
    contained.has(from) || (await builtOnLanded(repository, { from, base }))
      ? commit
      : await repository.commit({ tree, parents: [base], message: `${task.title}\n`, atMs });
  const message = `${landSubject(task)}\n`;
  return {
    ok: true,
    candidate: { tree, work, commit: await repository.commit({ tree, parents: [base, work], message, atMs }) },
  };
}

/** Whether all that the work was built on is on the target, but for the merges that Orbit made to build its base. */
async function builtOnLanded(repository: Repository, { from, base }: { from: string; base: string }): Promise<boolean> {
  if (await repository.isAncestor(from, base)) return true;
  const missing = await repository.subjects(base, from);
  return missing.every((subject) => subject.startsWith(baseSubject));
}

/** Subject of the commit by which one task's work joins the target, alone or in a train. */
export function landSubject({ key, title }: Task): string {
  return `Land ${keyParts(key).task}: ${title}`;
}
