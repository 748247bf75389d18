/**
 * Walls: what stops an agent without being anybody's fault, a used-up quota, a refused login or a full context (B5, C8, P6).
 *
 * Owns which error is a wall and which its program waits for by itself, and how an attempt ends at one: handed over, with what
 * the agent said last as notes, so that the next goes on from there.
 */
import type { AgentEvent } from '../agent/agent.ts';
import { isAboutModel } from '../core/agent-check.ts';
import { agentFamily } from '../core/agent-name.ts';
import { accountOf } from '../core/quota.ts';
import type { Limits } from '../core/limits.ts';
import type { Settings } from '../platform/settings.ts';
import type { Life } from './life.ts';
import type { Ending } from './runner.ts';

type ErrorEvent = Extract<AgentEvent, { type: 'error' }>;

export interface Wall {
  class: 'quota' | 'context' | 'login';
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
  /** Settles when somebody has. */
  answered: PromiseWithResolvers<void>;
  /** A refused login is a wall: it can be barred until a person has logged in. */
  hasLogin: boolean;
  /** Tries of the program itself at a wall, in a row. */
  retries: number;
}

export function newWallWatch({ attempt, ports }: Pick<Life, 'attempt' | 'ports'>): WallWatch {
  const hasLogin = ports.settings.agents[nameOf(attempt.agent, ports.settings)]?.check !== 'never';
  const answered = Promise.withResolvers<void>();
  return { met: Promise.withResolvers(), isMet: false, answered, hasLogin, retries: 0 };
}

/** Makes it watch for the next wall. */
export function passWall(watch: WallWatch): void {
  watch.met = Promise.withResolvers();
  watch.isMet = false;
  watch.answered.resolve();
  watch.answered = Promise.withResolvers();
}

export function watchForWall(watch: WallWatch, event: AgentEvent, limits: Limits): void {
  if (event.type === 'message' || event.type === 'tool-call') watch.retries = 0;
  if (event.type !== 'error') return;
  const { class: kind, text, retryAfterMs: waitMs } = event;
  if (kind !== 'quota' && kind !== 'context' && kind !== 'login') return;
  if (kind === 'quota' && event.retrying === true && isWaitedFor(watch, event, limits)) return;
  if (kind === 'login' && (!event.critical || !watch.hasLogin || isAboutModel(text))) return;
  watch.isMet = true;
  watch.met.resolve({ class: kind, text, waitMs });
}

/** A short wait is the program's own affair; a long one would hold a slot that others can use. */
function isWaitedFor(watch: WallWatch, { retryAfterMs }: ErrorEvent, limits: Limits): boolean {
  watch.retries += 1;
  return (retryAfterMs ?? 0) <= limits.quotaWaitMs && watch.retries < limits.quotaRetriesMax;
}

export function endingAtWall(life: Life, wall: Wall, lastWords: readonly string[]): Ending {
  const { ports, vitals } = life;
  const said = wall.text === '' ? '' : `: ${wall.text}`;
  const notes = handOverNotes(lastWords, vitals.todo);
  if (wall.class === 'context') {
    const reason = `the context of its model is full${said}`;
    return { as: 'handed-over', cause: 'context', reason, notes, quota: null };
  }
  const name = nameOf(life.attempt.agent, ports.settings);
  if (wall.class === 'login') {
    return {
      as: 'handed-over',
      cause: 'login',
      reason: `the login of agent ${name} was refused${said}`,
      notes,
      quota: null,
    };
  }
  const account = accountOf(name, ports.settings.agents[name]);
  const until = wall.waitMs === null ? null : ports.clock.now() + wall.waitMs;
  const reason = `the quota of account ${account} is used up${said}`;
  return { as: 'handed-over', cause: 'quota', reason, notes, quota: { account, until } };
}

/** The name in the settings that a worker goes by. */
export function nameOf(worker: string, { agents }: Pick<Settings, 'agents'>): string {
  return agents[worker] === undefined ? agentFamily(worker) : worker;
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
