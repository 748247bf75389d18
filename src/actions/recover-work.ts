/**
 * The work that is kept of attempts: listing what is not on its target, bringing it back, going on from it, giving it up (P1).
 *
 * Owns that only a person gives anything up, by naming it, and that it stands in the log before it is done.
 */
import type { AttemptOutcome } from '../core/task.ts';
import { nameFault } from '../core/id.ts';
import { fullRefs, keepsWork } from '../core/kept-refs.ts';
import { whyNotLanded } from '../core/recovery.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { deriveStatus, type TaskStatus } from '../core/status.ts';
import { UsageError } from '../platform/error.ts';
import type { TaskRecord } from '../store/store.ts';
import type { KeptPiece, PieceFacts } from '../workspace/workspace.ts';
import { refuseAgents } from './refuse-agents.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { planOnOpenLine } from './plan-lines.ts';

export interface KeptWork extends KeptPiece {
  /** `null` where the store does not know the task. */
  plan: string | null;
  title: string | null;
  status: TaskStatus | null;
  agent: string | null;
  /** How its attempt ended; `null` while it works, and where the store does not know it. */
  outcome: AttemptOutcome | null;
  /** Why it is not on its target, `null` where it is. */
  why: string | null;
  ageMs: number;
}

/** Newest first; `onTarget` of each tells whether its target has it. @param task an id, with its plan or without; `null` for all. */
export async function listKept(context: Context, task: string | null): Promise<KeptWork[]> {
  const id = task?.slice(task.indexOf('/') + 1) ?? null;
  if (id !== null && nameFault(id) !== null)
    throw new UsageError(
      'bad-id',
      `${JSON.stringify(task)} cannot be a task: ${nameFault(id)}`,
      'orbit recover lists all kept work',
    );
  const known = await readStore(context);
  const pieces = await (await context.workspaces()).survey(id, known.factsOf);
  const plan = task?.includes('/') === true ? task.slice(0, task.indexOf('/')) : null;
  return pieces
    .map((piece) => describe(piece, known, context.clock.now()))
    .filter((work) => plan === null || work.plan === plan);
}

interface Known {
  attempts: ReadonlyMap<number, Awaited<ReturnType<Context['store']['attempts']>>[number]>;
  tasks: ReadonlyMap<string, TaskRecord>;
  factsOf: (token: number) => PieceFacts;
}

async function readStore({ store, clock, repository }: Context): Promise<Known> {
  const attempts = new Map((await store.attempts({})).map((attempt) => [attempt.token, attempt]));
  const plans = await store.plans();
  const records = await Promise.all(plans.map(({ id }) => store.tasks({ plan: id }, clock.now())));
  const tasks = new Map(records.flat().map((record) => [record.task.key as string, record]));
  const here = await (await repository()).currentBranch();
  const targets = new Map<string, string>();
  for (const plan of plans) {
    const { id, target } = await planOnOpenLine(store, plan, clock.now());
    // Once a finished plan was merged, its own branch may be gone.
    const isThere = (await (await repository()).resolve(target)) !== null;
    targets.set(id, isThere ? target : (here ?? target));
  }
  return {
    attempts,
    tasks,
    factsOf: (token) => {
      const attempt = attempts.get(token);
      const target = attempt === undefined ? undefined : targets.get(planOf(attempt.task));
      const all = target === undefined ? [...new Set(targets.values())] : [target];
      return { targets: all, base: attempt?.base ?? null, since: attempt?.startedAt ?? null };
    },
  };
}

function describe(piece: KeptPiece, { attempts, tasks }: Known, now: number): KeptWork {
  const attempt = attempts.get(piece.token) ?? null;
  const record = attempt === null ? null : (tasks.get(attempt.task) ?? null);
  const task = record?.task ?? null;
  return {
    ...piece,
    plan: task?.plan ?? null,
    title: task?.title ?? null,
    status: record === null ? null : deriveStatus(record.task, record.unmet, now),
    agent: attempt?.agent ?? null,
    outcome: attempt?.outcome ?? null,
    why: piece.onTarget === null ? whyNotLanded(piece.kind, { attempt, task }) : null,
    ageMs: Math.max(0, now - piece.at),
  };
}

/**
 * Makes a branch at what a ref holds. @param ref as listed, with or without `refs/orbit/`. @param branch default: `recovered/<ref>`.
 */
export async function restoreWork(
  context: Context,
  order: { ref: string; branch: string | null },
): Promise<{ ref: string; branch: string; commit: string }> {
  const found = await pieceAt(context, order.ref);
  const branch = order.branch ?? `recovered/${found.ref.replace(/^refs\/(?:orbit|heads)\//, '')}`;
  await (await context.workspaces()).restore(found.ref, branch);
  return { ref: found.ref, branch, commit: found.commit };
}

/** Has the task's next attempt start from kept work; `ref` null takes the choice back. */
export async function startFromWork(
  context: Context,
  order: { task: string; plan: string | null; ref: string | null },
): Promise<{ task: string; status: TaskStatus; ref: string | null; commit: string | null } | Rejection> {
  const refusal = await refuseAgents(context, 'choose what tasks start from');
  if (refusal !== null) return refusal;
  const { task } = await findTask(context, order.task, order.plan);
  const piece = order.ref === null ? null : await pieceAt(context, order.ref);
  if (piece !== null) await refuseForeign(context, piece, task.key);
  const start = piece === null ? null : { ref: piece.ref, commit: piece.commit, token: piece.token };
  const executed = await context.store.execute(
    task.key,
    { type: 'start-from', start },
    { actor: context.caller.actor, now: context.clock.now(), durable: true },
  );
  if (isRejection(executed)) return executed;
  const { record } = executed;
  const status = deriveStatus(record.task, record.unmet, context.clock.now());
  return { task: task.id, status, ref: piece?.ref ?? null, commit: piece?.commit ?? null };
}

/** Only what an attempt at this very task made, and as it made it, can be measured against a new base. */
async function refuseForeign({ store }: Context, { kind, ref, token }: KeptPiece, key: string): Promise<void> {
  const attempt = await store.attempt(token);
  const hint = `orbit recover ${key} lists what there is`;
  if (attempt?.task !== key) throw new UsageError('bad-id', `${ref} is no work of ${key}`, hint);
  if (kind === 'attempt' || kind === 'salvage') return;
  throw new UsageError('bad-id', `${ref} is a ${kind}: no attempt can start from it`, hint);
}

/**
 * Deletes refs of kept work: one that is named, whatever it holds, or of a task those that the target has whole. Answers which went and
 * how many stay because the target has them not.
 */
export async function purgeWork(
  context: Context,
  what: string,
): Promise<{ purged: { ref: string; commit: string }[]; left: number } | Rejection> {
  const refusal = await refuseAgents(context, 'give up kept work');
  if (refusal !== null) return refusal;
  const isRef = what.startsWith('refs/') || fullRefs(what).some(keepsWork);
  const pieces = isRef ? [await pieceAt(context, what)] : await listKept(context, what);
  const going = isRef ? pieces : pieces.filter((piece) => isWhole(piece));
  const purged: { ref: string; commit: string }[] = [];
  for (const { ref, commit, token } of going) {
    const attempt = await context.store.attempt(token);
    if (attempt !== null) {
      const order = { actor: context.caller.actor, now: context.clock.now(), durable: true };
      const told = await context.store.execute(attempt.task, { type: 'purge', ref, commit }, order);
      if (isRejection(told) && told.code !== 'task-not-found') {
        if (isRef) return told;
        continue;
      }
    }
    if (await (await context.workspaces()).purge(ref, commit)) purged.push({ ref, commit });
  }
  return { purged, left: pieces.length - purged.length };
}

/** Its every commit is on the target, or it is one commit whose every file is. */
function isWhole({ onTarget, commits }: KeptPiece): boolean {
  return onTarget === 'history' || (onTarget === 'content' && commits <= 1);
}

async function pieceAt(context: Context, name: string): Promise<KeptPiece> {
  const wanted = new Set(fullRefs(name));
  const nothing = { targets: [], base: null, since: null };
  const pieces = await (await context.workspaces()).survey(null, () => nothing);
  const found = pieces.find(({ ref }) => wanted.has(ref));
  if (found !== undefined) return found;
  const hint = 'orbit recover --all lists all kept work';
  throw new UsageError('bad-id', `nothing is kept under ${JSON.stringify(name)}`, hint);
}

function planOf(key: string): string {
  return key.slice(0, key.indexOf('/'));
}
