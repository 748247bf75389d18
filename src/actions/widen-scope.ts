/**
 * More paths for a task while it is worked on (P8): asked for by its attempt, given by a person.
 *
 * Owns who may ask and who may answer; whether paths are free is decided in the store's transaction. What is granted or denied later
 * is told to the agent by a message, and by its runner where words can reach it.
 */
import type { TaskKey } from '../core/id.ts';
import { limits } from '../core/limits.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import type { Task } from '../core/task.ts';
import { UsageError } from '../platform/error.ts';
import type { Executed, Store } from '../store/store.ts';
import { refuseAgents } from './refuse-agents.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';
import { findOwnAttempt } from './own-attempt.ts';

export interface WidenAnswer {
  task: string;
  plan: string;
  /** `queued`: behind the task that holds the paths; `asked`: a person decides. */
  outcome: 'granted' | 'queued' | 'asked';
  entries: readonly string[];
  /** What the task may write now. */
  scope: readonly string[];
  /** The task that holds the paths, of `queued`. */
  holder: TaskKey | null;
}

/**
 * @param order.task `null`: the caller's own; a person names one.
 * Throws `UsageError`: `missing-argument`, and those of `findTask`.
 */
export async function widenScope(
  context: Context,
  order: { task: string | null; plan: string | null; entries: readonly string[]; why: string },
): Promise<WidenAnswer | Rejection> {
  const { caller, settings } = context;
  const rule = (await settings()).scope.widen;
  const why = order.why.trim().slice(0, limits.reasonLengthMax);
  if (why === '') throw new UsageError('missing-argument', 'say why the paths are needed', '--why "…"');
  const target = caller.kind === 'attempt' ? await findOwnAttempt(context, order) : await personsTask(context, order);
  if (isRejection(target)) return target;
  const { key } = target.record.task;
  const executed = await run(context, key, { type: 'widen', token: target.token, entries: order.entries, why, rule });
  return isRejection(executed) ? executed : answerOf(executed);
}

async function personsTask(
  context: Context,
  { task, plan }: { task: string | null; plan: string | null },
): Promise<{ record: { task: Task }; token: null } | Rejection> {
  const refusal = await refuseAgents(context, 'widen scopes but its own');
  if (refusal !== null) return refusal;
  if (task === null)
    throw new UsageError('missing-argument', 'name the task', 'orbit scope add GLOB --task T031 --why "…"');
  return { record: await findTask(context, task, plan), token: null };
}

/** A person's answer to a wish that waits for them. */
export async function answerWidening(
  context: Context,
  order: { task: string; plan: string | null; denied: string | null },
): Promise<WidenAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'decide on scopes');
  if (refusal !== null) return refusal;
  const { task } = await findTask(context, order.task, order.plan);
  const reason = order.denied?.slice(0, limits.reasonLengthMax) ?? null;
  const executed = await run(
    context,
    task.key,
    reason === null ? { type: 'grant-widening', byPerson: true } : { type: 'deny-widening', reason },
  );
  if (isRejection(executed)) return executed;
  await tellWidening(context.store, executed, context.clock.now());
  return answerOf(executed);
}

export interface Wish {
  task: string;
  key: TaskKey;
  plan: string;
  agent: string;
  entries: readonly string[];
  why: string;
  since: string;
  /** The task that holds the paths; `null`: a person decides. */
  holder: TaskKey | null;
}

/** Wishes that are neither granted nor denied, the oldest first. Reads only. */
export async function listWishes({ store, clock }: Context, plan: string | null): Promise<Wish[]> {
  const query = { ...(plan === null ? {} : { plan }), status: ['running'] as const };
  return wishesOf((await store.tasks(query, clock.now())).map(({ task }) => task));
}

/** The same of tasks that were read already. */
export function wishesOf(tasks: readonly Task[]): Wish[] {
  const wishes = tasks.flatMap(({ id, key, plan, claim, widening }) => {
    if (widening === null || claim === null) return [];
    const { entries, why, holder, at } = widening;
    return [{ task: id, key, plan, agent: claim.agent, entries, why, since: new Date(at).toISOString(), holder }];
  });
  return wishes.toSorted((a, b) => (a.since < b.since ? -1 : 1));
}

/** Tells the agent how its wish ended, once: the message's id is that of the event. */
export async function tellWidening(
  store: Pick<Store, 'send'>,
  { events, record }: Executed,
  now: number,
): Promise<void> {
  const { claim, key, scope } = record.task;
  for (const { seq, body } of events) {
    if (claim === null || (body.type !== 'scope-widened' && body.type !== 'widening-denied')) continue;
    const text = wideningText(body, scope);
    await store.send({ id: `scope-${seq}`, from: 'orbit', to: claim.agent, task: key, text, at: now });
  }
}

/** What the agent is told. */
export function wideningText(
  body:
    | { type: 'scope-widened'; entries: readonly string[] }
    | { type: 'widening-denied'; entries: readonly string[]; reason: string },
  scope: readonly string[],
): string {
  const paths = body.entries.join(', ');
  if (body.type === 'widening-denied') return `You do not get ${paths}: ${body.reason}. Do without, or take it back.`;
  return `You may write ${paths} from now on. Your scope is: ${scope.join(', ')}`;
}

async function run(
  { store, caller, clock }: Context,
  key: TaskKey,
  command: Parameters<Store['execute']>[1],
): Promise<Executed | Rejection> {
  return store.execute(key, command, { actor: caller.actor, now: clock.now(), durable: true });
}

function answerOf({ events, record: { task } }: Executed): WidenAnswer {
  const [body] = events.map((event) => event.body);
  const entries = body !== undefined && 'entries' in body ? body.entries : [];
  const holder = body?.type === 'widening-waits' ? body.holder : null;
  const outcome = body?.type !== 'widening-waits' ? 'granted' : holder === null ? 'asked' : 'queued';
  return { task: task.id, plan: task.plan, outcome, entries, scope: task.scope, holder };
}
