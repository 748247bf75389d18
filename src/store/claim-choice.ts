/**
 * The choice of a claim: which names a task may want, which of the candidates is free, and the words when there is none.
 *
 * Owns the order of ready work and the use of scopes against live reservations (I13); whether a task can be claimed at all is
 * core's (`decide-task.ts`).
 */
import { agentFamily } from '../core/agent-name.ts';
import type { TaskCommand } from '../core/command.ts';
import { stackWait, type StackLook, type StackRule } from '../core/early-start.ts';
import type { TaskKey } from '../core/id.ts';
import { isAvoided } from '../core/ladder.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import { scopesOverlap } from '../core/scope.ts';
import type { Task } from '../core/task.ts';
import type { Reservation } from './change.ts';
import type { ClaimRequest } from './store.ts';

/** What ready work is ordered by: score, then age. */
export interface ReadyPlace {
  score: number;
  /** Counts the project's tasks in the order of their creation. */
  number: number;
}

/** Best first. */
export function compareReady(one: ReadyPlace, other: ReadyPlace): number {
  return other.score - one.score || one.number - other.number;
}

/** The agent names that a task may want so that `agent` may take it; `null` = any. Agrees with core's `mayTake`. */
export function wantedNames(agent: string): (string | null)[] {
  return [...new Set([null, agent, agentFamily(agent)])];
}

/**
 * Asks for the holder of a scope that overlaps. Remembers the answer by the scope's text, since many tasks of a plan share a
 * scope; one instance serves one claim.
 */
export class ScopeCheck {
  readonly #reservations: readonly Reservation[];
  readonly #shared: readonly string[];
  readonly #answers = new Map<string, Reservation | null>();

  constructor(reservations: readonly Reservation[], shared: readonly string[]) {
    this.#reservations = reservations;
    this.#shared = shared;
  }

  /** A live reservation that `scope` overlaps, or `null`. */
  holder(scope: readonly string[]): Reservation | null {
    if (scope.length === 0 || this.#reservations.length === 0) return null;
    const text = scope.join('\n');
    const known = this.#answers.get(text);
    if (known !== undefined) return known;
    const holder = this.#reservations.find((one) => scopesOverlap(one.scope, scope, this.#shared)) ?? null;
    this.#answers.set(text, holder);
    return holder;
  }
}

/**
 * Asks whether unlanded work keeps a task back. Remembers what lies under each, and the answer for tasks that need the same: in a wide
 * plan thousands do. One instance serves one claim.
 */
export class StackCheck {
  readonly #rule: StackRule | null;
  readonly #look: StackLook;
  readonly #now: number;
  readonly #answers = new Map<string, boolean>();

  constructor(rule: StackRule | undefined, read: StackLook, now: number) {
    this.#rule = rule ?? null;
    this.#now = now;
    const below = new Map<TaskKey, readonly Task[]>();
    const tasks = new Map<TaskKey, Task | null>();
    this.#look = {
      unlanded: (task) => remembered(below, task.key, () => read.unlanded(task)),
      task: (key) => remembered(tasks, key, () => read.task(key)),
    };
  }

  isFree(task: Task): boolean {
    const rule = this.#rule;
    if (rule === null || task.dependencies.length === 0) return true;
    const alike = `${task.plan}\n${task.estimateMs ?? ''}\n${task.dependencies.join('\n')}`;
    return remembered(this.#answers, alike, () => stackWait(task, this.#look, { rule, now: this.#now }) === null);
  }
}

function remembered<Key, Value>(known: Map<Key, Value>, key: Key, read: () => Value): Value {
  const value = known.get(key);
  if (value !== undefined) return value;
  const fresh = read();
  known.set(key, fresh);
  return fresh;
}

/**
 * A running attempt's scope was changed to that of `reserved`: the reservation to keep from now on, or why not.
 * @param all every live reservation, the attempt's own one among them.
 */
export function changeReservation(reserved: Reservation, all: readonly Reservation[]): Reservation | Rejection {
  const shared = all.find(({ token }) => token === reserved.token)?.shared ?? [];
  const others = all.filter(({ token }) => token !== reserved.token);
  const holder = new ScopeCheck(others, shared).holder(reserved.scope);
  return holder === null ? { ...reserved, shared } : scopeTaken(reserved.task, holder);
}

export function scopeTaken(key: TaskKey, holder: Reservation): Rejection {
  const { task, agent, token } = holder;
  const message = `${key} may write paths that ${agent} holds for ${task}, attempt ${token}`;
  return reject('scope-taken', message, `wait until ${task} ends, or orbit why ${key}`);
}

/** @param kept how many ready tasks were passed over because others hold their paths, or what they need has to land first. */
export function nothingReady({ agent, plan }: ClaimRequest, kept: number): Rejection {
  const where = plan === null ? '' : ` in plan ${plan}`;
  const why =
    kept === 0
      ? ''
      : `; ${kept} ready task(s) wait for paths that running attempts hold, or for work that has to land first`;
  return reject('nothing-ready', `no task${where} is ready for ${agent}${why}`, 'orbit blocked, or orbit why <task>');
}

export function noSuchPlan(plan: string): Rejection {
  return reject(
    'plan-invalid',
    `there is no plan ${plan}`,
    'orbit list shows all plans; orbit plan or orbit import makes one',
  );
}

/** The command of a claim. */
export function claimCommand(request: ClaimRequest): TaskCommand {
  const { agent, byHand, leaseMs, base, workspace, branch, profile, alone = false } = request;
  const command = { type: 'claim', agent, byHand, leaseMs, base, workspace, branch, alone } as const;
  return profile === undefined ? command : { ...command, profile };
}

/** Whether a ready task is left to this agent: one that failed at it twice gives way to others for a while. */
export function isFor(task: Task, { agent, byHand, alone = false }: ClaimRequest, now: number): boolean {
  return byHand || alone || !isAvoided(task, agent, now);
}
