/**
 * A spawn: what somebody asks of the coordinator that leads, namely an agent for a task now, and what came of it (D2, E2).
 *
 * Owns both shapes. They stand in the log, so that any process can ask and any coordinator can answer.
 */
import { mayTake } from './agent-name.ts';
import type { Attempt } from './attempt.ts';
import type { TaskKey } from './id.ts';
import type { RejectionCode } from './rejection.ts';

export interface SpawnRequest {
  /** Names the request in its answer. */
  id: string;
  /** Best first: the first that can be given out is. */
  tasks: readonly TaskKey[];
  /** Name in the settings; `null`: any that the task allows. */
  agent: string | null;
  model: string | null;
  /** Steps of a loop, for the agent's prompt; `null`: none. */
  steps: string | null;
  at: number;
  /** Not given out any more from then on: whoever asked has gone. */
  until: number;
}

/** `token` is `null` where nothing was given out, and `refusal` then says why. */
export interface SpawnAnswer {
  id: string;
  task: TaskKey | null;
  token: number | null;
  refusal: { code: RejectionCode; message: string; hint: string } | null;
}

/**
 * The attempt that a request has led to already: a coordinator may end between giving out and answering, and the next one must not
 * give out a second time.
 */
export function attemptFor(request: SpawnRequest, live: readonly Attempt[]): Attempt | null {
  const fits = ({ task, startedAt, agent }: Attempt): boolean =>
    request.tasks.includes(task) && startedAt >= request.at && mayTake(agent, request.agent);
  return live.find(fits) ?? null;
}
