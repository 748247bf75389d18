/** One autonomous cycle (E5): looks for the work that matters most, puts agents on it, and tells what it did. */
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { newId } from '../../platform/ids.ts';
import type { Context } from '../context.ts';
import { spawnAgentsAuto, type SpawnManyAnswer } from './spawn.ts';

export interface CycleAnswer {
  cycleId: string;
  /** How many were started. */
  agentsSpawned: number;
  /** Modules that they work for. */
  modulesTargeted: readonly string[];
  agents: SpawnManyAnswer['spawned'];
  refused: SpawnManyAnswer['refused'];
  concurrency: SpawnManyAnswer['concurrency'] | null;
  /** Why nothing was started, `null` where something was. */
  idle: string | null;
  observedAt: string;
}

/** Nothing to do is no refusal: then `agentsSpawned` is 0 and `idle` says why. */
export async function runAutonomousCycle(
  context: Context,
  { max, loop }: { max: number | null; loop: string | null },
): Promise<CycleAnswer | Rejection> {
  const cycleId = newId(context.clock.now());
  const answer = await spawnAgentsAuto(context, { max, loop, agent: null, plan: null });
  const observedAt = new Date(context.clock.now()).toISOString();
  if (isRejection(answer)) {
    if (answer.code !== 'nothing-ready' && answer.code !== 'no-slot') return answer;
    const idle = `${answer.message}; ${answer.hint}`;
    return {
      cycleId,
      agentsSpawned: 0,
      modulesTargeted: [],
      agents: [],
      refused: [],
      concurrency: null,
      idle,
      observedAt,
    };
  }
  const { spawned, refused, concurrency } = answer;
  const modulesTargeted = [...new Set(spawned.flatMap(({ module }) => module ?? []))];
  const idle = spawned.length > 0 ? null : (refused[0]?.message ?? 'nothing could be started');
  return {
    cycleId,
    agentsSpawned: spawned.length,
    modulesTargeted,
    agents: spawned,
    refused,
    concurrency,
    idle,
    observedAt,
  };
}
