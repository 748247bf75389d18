/**
 * Walls: what stops an agent without being anybody's fault, a used-up quota or a full context (B5, P6).
 *
 * Owns which error is a wall and which its program waits for by itself, and how an attempt ends at one: handed over, with what
 * the agent said last as notes, so that the next goes on from there.
 */
import type { AgentEvent } from '../agent/agent.ts';
import { agentFamily } from '../core/agent-name.ts';
import { accountOf } from '../core/quota.ts';
import type { Limits } from '../core/limits.ts';
import type { Life } from './life.ts';
import type { Ending } from './runner.ts';

type ErrorEvent = Extract<AgentEvent, { type: 'error' }>;

export interface Wall {
  class: 'quota' | 'context';
  text: string;
  /** Until it opens, as far as the agent's program told. */
  waitMs: number | null;
}

/** Watches one stream of events for a wall. */
export interface WallWatch {
  /** Settles with the next wall. */
  met: PromiseWithResolvers<Wall>;
  /** It has settled, and nobody has answered it yet. */
  isMet: boolean;
  /** Tries of the program itself at a wall, in a row. */
  retries: number;
}

export function newWallWatch(): WallWatch {
  return { met: Promise.withResolvers(), isMet: false, retries: 0 };
}

export function watchForWall(watch: WallWatch, event: AgentEvent, limits: Limits): void {
  if (event.type === 'message' || event.type === 'tool-call') watch.retries = 0;
  if (event.type !== 'error' || (event.class !== 'quota' && event.class !== 'context')) return;
  if (event.class === 'quota' && event.retrying === true && isWaitedFor(watch, event, limits)) return;
  watch.isMet = true;
  watch.met.resolve({ class: event.class, text: event.text, waitMs: event.retryAfterMs });
}

/** A short wait is the program's own affair; a long one would hold a slot that others can use. */
function isWaitedFor(watch: WallWatch, { retryAfterMs }: ErrorEvent, limits: Limits): boolean {
  watch.retries += 1;
  return (retryAfterMs ?? 0) <= limits.quotaWaitMs && watch.retries < limits.quotaRetriesMax;
}

export function endingAtWall(life: Life, wall: Wall, lastWords: readonly string[]): Ending {
  const { ports, attempt, vitals } = life;
  const said = wall.text === '' ? '' : `: ${wall.text}`;
  const notes = handOverNotes(lastWords, vitals.todo);
  if (wall.class === 'context') {
    const reason = `the context of its model is full${said}`;
    return { as: 'handed-over', cause: 'context', reason, notes, quota: null };
  }
  const name = ports.settings.agents[attempt.agent] === undefined ? agentFamily(attempt.agent) : attempt.agent;
  const account = accountOf(name, ports.settings.agents[name]);
  const until = wall.waitMs === null ? null : ports.clock.now() + wall.waitMs;
  const reason = `the quota of account ${account} is used up${said}`;
  return { as: 'handed-over', cause: 'quota', reason, notes, quota: { account, until } };
}

/** What is known of an agent's work when it cannot be asked any more. */
export function handOverNotes(lastWords: readonly string[], todo: Life['vitals']['todo']): string | null {
  const said = lastWords.join('\n').trim();
  const parts = [
    ...(todo === null ? [] : [`Of its own list ${todo.done} of ${todo.total} were done; it was at: ${todo.now}`]),
    ...(said === '' ? [] : [`Its last words:\n${said}`]),
  ];
  return parts.length === 0 ? null : parts.join('\n');
}
