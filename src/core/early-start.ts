/**
 * Early starts: whether a task may begin on top of work that is proven and has not landed (A4). Pure.
 *
 * Owns three rules, looked at where work is given out. Nobody builds on work that rests on something that changed: it is about to
 * be put elsewhere or sent back. Nobody builds deeper than the settings say: each level is one more that can fall. And nobody
 * builds early where waiting is cheaper than doing it again.
 */
import type { TaskKey } from './id.ts';
import type { Pace } from './landing-pace.ts';
import { limits } from './limits.ts';
import { isOnChangedBase, type TaskLook } from './stack.ts';
import type { Task } from './task.ts';

export interface StackRule {
  /** Levels of unlanded work that may lie under a new attempt. */
  depthMax: number;
  pace: Pace;
  /** Plans where nothing lands by itself: nobody could wait for it there. */
  unlanded?: ReadonlySet<string>;
}

/** What is known around a task. */
export interface StackLook {
  task: TaskLook;
  /** Its dependencies that are proven and have not landed. */
  unlanded(task: Task): readonly Task[];
}

/** Why a task whose dependencies are met is not started yet. */
export interface StackWait {
  rule: 'stack-changed' | 'stack-depth' | 'lands-soon';
  /** What it waits for: this one having landed, or (`stack-changed`) being right again. */
  on: TaskKey;
  message: string;
  /** It ends by time alone; nothing else has to happen. */
  isTimed: boolean;
}

/** `null`: it may start. @param at the rule, and the time in milliseconds since 1970. */
export function stackWait(
  task: Task,
  look: StackLook,
  { rule, now }: { rule: StackRule; now: number },
): StackWait | null {
  if (rule.unlanded?.has(task.plan) === true) return null;
  const direct = look.unlanded(task);
  if (direct.length === 0) return null;
  const levels = unlandedLevels(task, look, rule.depthMax);
  const below = levels.flat();
  const shaken = below.find((one) => one.pr?.status === 'rejected' || isOnChangedBase(one, look.task));
  if (shaken !== undefined) {
    const why = shaken.pr?.status === 'rejected' ? 'was rejected' : 'rests on work that has changed since';
    const message = `${task.key} would be built on ${shaken.key}, which ${why}`;
    return { rule: 'stack-changed', on: shaken.key, message, isTimed: false };
  }
  if (levels.length > rule.depthMax) {
    const [deepest] = levels.at(-1) ?? direct;
    const message = `${task.key} would be built on ${levels.length} level${levels.length === 1 ? '' : 's'} of work that has not landed; landing.stackDepth allows ${rule.depthMax}`;
    return { rule: 'stack-depth', on: (deepest ?? task).key, message, isTimed: false };
  }
  const doneAt = Math.min(...direct.map(({ evidence }) => evidence?.at ?? now));
  const facts = {
    ...rule.pace,
    unlanded: new Set(below).size,
    waitedMs: now - doneAt,
    workMs: task.estimateMs ?? limits.assumedTaskMs,
  };
  if (paysEarly(facts)) return null;
  const on = direct[0]?.key ?? task.key;
  const message = `${task.key} waits for ${on} to land: that is expected soon, and work like it is often sent back`;
  return { rule: 'lands-soon', on, message, isTimed: true };
}

export interface EarlyFacts extends Pace {
  /** Tasks whose unlanded work would lie under the attempt, at any depth. */
  unlanded: number;
  /** Since the first of them was proven, in milliseconds. */
  waitedMs: number;
  /** How long the task's own work is expected to take, in milliseconds. */
  workMs: number;
}

/**
 * Whether to start now: the expected wait is longer than the expected rework.
 *
 * Waiting costs the time until what is below has landed: the queue's time per entry for all entries before it. One that already took
 * longer than that is expected to take as long again, so that nobody waits for ever behind a queue that is stuck. Starting costs the
 * share of the work that has to be done again (`limits.reworkShare`) if any task below is sent back: with the share s sent back and n
 * tasks below that chance is 1 - (1 - s)^n. In simulated plans with s of 0.1 starting always pays; with 0.5 and a fast queue it costs a
 * tenth. Where nothing was measured, or nothing was sent back, starting costs nothing, and so an ordinary plan starts at once.
 */
export function paysEarly({ landingMs, queued, sentBackShare, unlanded, waitedMs, workMs }: EarlyFacts): boolean {
  if (landingMs === null) return true;
  const waitMs = Math.max(landingMs * Math.max(1, queued), waitedMs);
  const chance = 1 - (1 - sentBackShare) ** unlanded;
  return chance === 0 || waitMs > chance * limits.reworkShare * workMs;
}

/** The unlanded work under a task, level by level, each task at its deepest; one level more than `depthMax` is enough to know. */
function unlandedLevels(task: Task, look: StackLook, depthMax: number): Task[][] {
  const levels: Task[][] = [];
  let level = new Map(look.unlanded(task).map((one) => [one.key, one]));
  while (level.size > 0) {
    levels.push([...level.values()]);
    if (levels.length > depthMax) return levels;
    level = new Map([...level.values()].flatMap((one) => look.unlanded(one).map((below) => [below.key, below])));
  }
  return levels;
}
