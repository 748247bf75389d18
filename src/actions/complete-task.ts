/**
 * Completes a task (A7, B4, P2): what is said is a claim, what counts is evidence.
 *
 * Owns the two ways. By hand: the evidence is looked at here and now, in the caller's worktree, and the task is done. Inside an
 * attempt: a quick look, so that an agent learns at once what is missing; then it is reported, and the runner proves it.
 */
import { lacksOf, tellLacks, type Lack } from '../core/evidence.ts';
import { attemptNames } from '../core/kept-refs.ts';
import { limits } from '../core/limits.ts';
import { isRejection, reject, type Rejection, type RejectionCode } from '../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../core/status.ts';
import type { Evidence, Task } from '../core/task.ts';
import type { Unfollowed } from '../core/unfollowed.ts';
import { readHead } from '../platform/head.ts';
import { findRepository } from '../platform/paths.ts';
import type { Executed } from '../store/store.ts';
import type { Work } from '../workspace/workspace.ts';
import type { Context } from './context.ts';
import { findOwnAttempt, type OwnAttempt, type OwnOrder } from './own-attempt.ts';
import { projectProgress } from './project-progress.ts';

export interface CompleteOrder extends OwnOrder {
  /** Number of its pull request. */
  pr?: number | null;
  /** Why there is rightly nothing to commit. */
  noChanges?: string | null;
}

export interface CompleteAnswer {
  task: string;
  status: TaskStatus;
  /** The commit that proves it, or the reason for none. */
  evidence: string;
  plan: string;
  token: number;
  /** Whether it is proven already; otherwise the runner looks next. */
  proven: boolean;
  commits: number;
  files: number;
  checks: readonly string[];
  /** Its pull request is followed by nobody and keeps it from landing: why, and what to do; `null`: that is not so. */
  unfollowed: Unfollowed | null;
}

export async function completeTask(context: Context, order: CompleteOrder): Promise<CompleteAnswer | Rejection> {
  const own = await findOwnAttempt(context, order);
  if (isRejection(own)) return own;
  const stale = refuseStale(own);
  const inAttempt = context.caller.kind === 'attempt' && own.attempt?.byHand !== true;
  // A late result is kept as evidence: the store refuses it and says who holds the task now.
  const evidence =
    inAttempt || stale ? await quickEvidence(context, own, order) : await provenEvidence(context, own, order);
  if (isRejection(evidence)) return evidence;
  const { key } = own.record.task;
  const { token } = own;
  const { commit, noChanges } = evidence;
  if (commit !== null && !inAttempt && !stale) await pin(context, own, commit);
  const command = inAttempt
    ? ({ type: 'report', token, commit, noChanges } as const)
    : ({ type: 'prove', token, evidence, ...(await approvalPart(context, own, evidence)) } as const);
  const execution = { actor: context.caller.actor, now: context.clock.now(), durable: true };
  const executed = await context.store.execute(key, command, execution);
  if (isRejection(executed)) return executed;
  const noted =
    typeof order.pr === 'number'
      ? await context.store.execute(key, { type: 'set-pr', number: order.pr, status: 'pending_review' }, execution)
      : executed;
  const unfollowed = isRejection(noted) ? null : await unfollowedOf(context, noted.record.task);
  await projectProgress(context, own.record.task.plan);
  return { ...answer(executed, evidence, { token, proven: !inAttempt, now: context.clock.now() }), unfollowed };
}

async function unfollowedOf({ store, settings }: Context, task: Task): Promise<Unfollowed | null> {
  if (task.pr === null) return null;
  const [{ unfollowedPullRequest }, { landsBy }] = await Promise.all([
    import('../core/unfollowed.ts'),
    import('../core/pull-request.ts'),
  ]);
  return unfollowedPullRequest(task, landsBy(await store.plan(task.plan), (await settings()).landing.mode));
}

/** By hand the work is looked at here and now; of an attempt its runner does that. */
async function approvalPart(
  context: Context,
  { record }: OwnAttempt,
  evidence: Evidence,
): Promise<{ approval?: string }> {
  if (evidence.commit === null) return {};
  const { approvalWanted } = await import('./look-at-change.ts');
  const order = { evidence, settings: await context.settings() };
  const approval = await approvalWanted(await context.repository(), record.task, order);
  return approval === null ? {} : { approval: approval.slice(0, limits.reasonLengthMax) };
}

function answer(
  { record }: Executed,
  { commit, noChanges, commits, files, checks }: Evidence,
  { token, proven, now }: { token: number; proven: boolean; now: number },
): Omit<CompleteAnswer, 'unfollowed'> {
  const { task, unmet } = record;
  const status = deriveStatus(task, unmet, now);
  return {
    task: task.id,
    status,
    evidence: commit ?? noChanges ?? '',
    plan: task.plan,
    token,
    proven,
    commits,
    files,
    checks,
  };
}

/** The claim is gone: whatever is found, the store will refuse it; so nothing is checked for long. */
function refuseStale({ record, token }: OwnAttempt): boolean {
  return record.task.claim?.token !== token;
}

/** For attempts: HEAD beyond the base, told from files; everything else is the runner's to prove. */
async function quickEvidence(
  context: Context,
  own: OwnAttempt,
  { noChanges }: CompleteOrder,
): Promise<Evidence | Rejection> {
  const { attempt } = own;
  const base = attempt?.base ?? null;
  if (typeof noChanges === 'string' && noChanges.trim() !== '')
    return evidenceOf(own, { base, commit: null, noChanges });
  // The agent may have gone to another directory; its work is where its attempt is.
  const paths = typeof attempt?.workspace === 'string' ? findRepository(attempt.workspace) : context.paths;
  const head = readHead(paths);
  const commit =
    head.commit === undefined ? await (await context.repository()).resolve(head.branch ?? 'HEAD') : head.commit;
  if (commit === null || commit === base) {
    return reject(
      'no-evidence',
      `nothing was committed for ${own.record.task.id} in ${paths.worktree}`,
      'commit your work, or give the reason with --no-changes',
    );
  }
  return evidenceOf(own, { base, commit, noChanges: null });
}

async function provenEvidence(context: Context, own: OwnAttempt, order: CompleteOrder): Promise<Evidence | Rejection> {
  const { task } = own.record;
  const noChanges = order.noChanges?.trim() === '' ? null : (order.noChanges ?? null);
  if (noChanges !== null) return evidenceOf(own, { base: null, commit: null, noChanges });
  const work = await lookHere(context, own);
  if (isRejection(work)) return work;
  const { shared } = await context.settings();
  const facts = { report: { noChanges: null }, exit: null, criticalError: null, work, scope: task.scope, shared };
  const before = refuseLacks(task.id, lacksOf({ ...facts, checks: [] }));
  if (before !== null) return before;
  const checks = [];
  const commands = [...new Set([...task.checks, ...((await context.store.plan(task.plan))?.checks ?? [])])];
  for (const command of commands) {
    const { green, tail } = await context.runCheck(command, context.paths.worktree);
    const after = green ? await lookHere(context, own) : work;
    if (isRejection(after)) return after;
    checks.push({ command, green, tail, changed: after.dirty });
  }
  const failed = refuseLacks(task.id, lacksOf({ ...facts, checks }));
  if (failed !== null) return failed;
  const { branch } = readHead(context.paths);
  const found = {
    base: work.base,
    commit: work.commit,
    noChanges: null,
    tree: work.tree,
    commits: work.commits,
    files: work.changed.length,
  };
  return { ...evidenceOf(own, found), branch: branch?.replace(/^refs\/heads\//, '') ?? null, checks: commands };
}

/** What the caller's worktree holds beyond where the work began; Orbit's own projections are not the agent's. */
async function lookHere(context: Context, { attempt, record }: OwnAttempt): Promise<Work | Rejection> {
  const { worktree } = context.paths;
  const work = await context.look(attempt?.base ?? null);
  if (work === null) return reject('no-evidence', `${worktree} has no commit yet`, 'commit your work first');
  const own = await projections(context, record.task.plan);
  return { ...work, dirty: work.dirty.filter((path) => !own.has(path)) };
}

async function projections(context: Context, plan: string): Promise<Set<string>> {
  if (context.paths.worktree !== context.paths.top) return new Set();
  const source = (await context.store.plan(plan))?.source;
  return new Set([`specs/${plan}/agent-tasks/.progress.json`, ...(typeof source === 'string' ? [source] : [])]);
}

const codes: Readonly<Partial<Record<Lack['kind'], RejectionCode>>> = {
  uncommitted: 'uncommitted-changes',
  'outside-scope': 'outside-scope',
  'check-red': 'check-failed',
  'check-changed-files': 'check-failed',
};

function refuseLacks(id: string, lacks: readonly Lack[]): Rejection | null {
  const [first] = lacks;
  if (first === undefined) return null;
  return reject(
    codes[first.kind] ?? 'no-evidence',
    `${id} is not done: ${tellLacks(lacks)}`,
    `mend that, then orbit complete ${id} again; --no-changes WHY where there is rightly nothing to commit`,
  );
}

type Found = Partial<Pick<Evidence, 'tree' | 'commits' | 'files'>> & Pick<Evidence, 'base' | 'commit' | 'noChanges'>;

function evidenceOf({ token, attempt, record }: OwnAttempt, found: Found): Evidence {
  const agent = attempt?.agent ?? record.task.claim?.agent ?? '';
  return { token, agent, tree: null, branch: null, commits: 0, files: 0, checks: [], at: 0, ...found };
}

/** Keeps the commit reachable whatever becomes of the caller's branch (I7). */
async function pin(context: Context, { record, token }: OwnAttempt, commit: string): Promise<void> {
  const repository = await context.repository();
  const { ref } = attemptNames(record.task.key, token);
  const from = await repository.resolve(ref);
  if (from !== commit) await repository.moveRefs([{ ref, from, to: commit }]);
}
