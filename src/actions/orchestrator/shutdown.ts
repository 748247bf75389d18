/**
 * Ends the coordinators of a project in order (E1): nothing new is given out, agents end politely, their work is saved.
 *
 * Owns the request and the wait for what it comes to. The request is an event: whichever process leads reads it at its next tick.
 */
import { limits } from '../../core/limits.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { awaitChange } from '../await-change.ts';
import type { Context } from '../context.ts';
import { refuseAgents } from '../refuse-agents.ts';
import { orchestratorState, type StateView } from './state.ts';

export interface ShutdownAnswer extends StateView {
  /** Whether there was somebody to ask. */
  asked: boolean;
  /** Attempts that have not ended yet: those of people, and all while the shutdown goes on. */
  live: number;
}

/** @param wait until it has ended, for a while; `false`: answers at once that it is under way. */
export async function shutdownOrchestrator(
  context: Context,
  { why, wait }: { why: string; wait: boolean },
): Promise<ShutdownAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'shut the orchestrator down');
  if (isRejection(refusal)) return refusal;
  const before = await orchestratorState(context);
  if (before.leader !== null && before.state !== 'shutting-down') {
    const body = { type: 'shutdown-asked', why: why.slice(0, limits.reasonLengthMax) } as const;
    await context.store.record(body, context.caller.actor, context.clock.now());
  }
  const patienceMs = wait && before.leader !== null ? limits.shutdownPatienceMs : 0;
  const ended = await awaitChange(context, patienceMs, async () => {
    const now = await orchestratorState(context);
    return now.leader === null ? now : null;
  });
  const after = ended ?? (await orchestratorState(context));
  return { ...after, asked: before.leader !== null, live: (await context.store.attempts({ live: true })).length };
}
