/**
 * What people ask of whoever leads, read from the log: agents for tasks, and the end of all coordinators (E1, E2).
 *
 * Owns which requests still count. A shutdown counts for coordinators that ran when it was asked; a request for an agent counts until
 * somebody answered it or its time is over, also for a coordinator that was started because of it.
 */
import type { Event } from '../core/event.ts';
import type { TaskKey } from '../core/id.ts';
import type { SpawnRequest } from '../core/spawn.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

export interface Requests {
  /** Read up to this event; -1: not at all yet. */
  seq: number;
  /** Not answered yet, oldest first. */
  spawns: readonly SpawnRequest[];
  /** Tasks that somebody asked an agent for; a coordinator on request sees to them until they end or are given back. */
  asked: Set<TaskKey>;
  /** Why all coordinators shall end, `null` while nobody asked. */
  shutdown: string | null;
}

export function newRequests(): Requests {
  return { seq: -1, spawns: [], asked: new Set(), shutdown: null };
}

/** Takes in what is new in the log; the answer is who wants a shutdown and why, once, when that is new. */
export async function heed(
  { store, clock }: Pick<CoordinatorPorts, 'store' | 'clock'>,
  { limits }: Pick<CoordinatorSettings, 'limits'>,
  requests: Requests,
): Promise<string | null> {
  const { shutdown } = requests;
  if (requests.seq < 0) {
    requests.seq = await store.lastSeq();
    const past = await store.events({ since: Math.max(0, requests.seq - limits.requestEventsMax) });
    for (const { seq, body } of past) if (seq <= requests.seq) takeSpawn(requests, body);
  }
  for (;;) {
    const events = await store.events({ since: requests.seq, limit: 1_000 });
    for (const event of events) take(requests, event);
    if (events.length < 1_000) break;
  }
  requests.spawns = requests.spawns.filter(({ until }) => until > clock.now());
  return shutdown === null ? requests.shutdown : null;
}

function take(requests: Requests, { seq, actor, task, body }: Event): void {
  requests.seq = seq;
  takeSpawn(requests, body);
  if (body.type === 'shutdown-asked') requests.shutdown = `${actor}: ${body.why}`;
  // Somebody ended it, or its agent gave it back: whoever wants it again asks again.
  if (body.type === 'attempt-ended' && body.outcome === 'released' && task !== null) requests.asked.delete(task);
}

function takeSpawn(requests: Requests, body: Event['body']): void {
  if (body.type === 'spawn-asked') requests.spawns = [...requests.spawns, body.request];
  if (body.type === 'spawn-answered') requests.spawns = requests.spawns.filter(({ id }) => id !== body.answer.id);
}
