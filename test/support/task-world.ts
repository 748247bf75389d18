/**
 * One task in a small store, under any commands: the oracle of the tests about a task's life. Every event is kept, and what
 * must hold (I1, I2, I3, I9, I10, I14) is checked at each step; a breach is thrown.
 */
import { deepStrictEqual, ok } from 'node:assert/strict';
import type { Attempt } from '../../src/core/attempt.ts';
import type { Surroundings, TaskCommand } from '../../src/core/command.ts';
import { decideTask } from '../../src/core/decide-task.ts';
import type { TaskEventBody } from '../../src/core/event.ts';
import { attemptOf, evolveAttempt } from '../../src/core/evolve-attempt.ts';
import { evolveTask } from '../../src/core/evolve-task.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { deriveStatus, hasEnded } from '../../src/core/status.ts';
import type { Task } from '../../src/core/task.ts';
import { definition } from './core-samples.ts';

const key = '001/T1';
export const leaseMs = 30_000;

/** A step of somebody: a command whose token and commit are chosen among those that exist by then, or time going by. */
export type Step =
  | { do: 'wait'; ms: number }
  | { do: 'beat' }
  | { do: 'depend'; unmet: number }
  | { do: 'pause'; paused: boolean }
  | { do: 'command'; actor: string; pick: number; command: TaskCommand };

/** One task in a small store, with every event kept. */
export interface World {
  now: number;
  unmet: number;
  paused: boolean;
  lastToken: number;
  task: Task;
  attempts: Map<number, Attempt>;
  log: { event: TaskEventBody; at: number; actor: string }[];
}

export function newWorld(): World {
  const event: TaskEventBody = { type: 'task-created', definition: definition() };
  const task = evolveTask(null, event, { key, at: 0, actor: 'ann' }) as Task;
  return {
    now: 0,
    unmet: 0,
    paused: false,
    lastToken: 0,
    task,
    attempts: new Map(),
    log: [{ event, at: 0, actor: 'ann' }],
  };
}

function around({ now, unmet, paused, lastToken, task, attempts }: World): Surroundings {
  const attempt = attempts.get(task.claim?.token ?? -1);
  return {
    now,
    unmet,
    planPaused: paused,
    planChecks: [],
    nextToken: lastToken + 1,
    leaseEnd: attempt?.pulse.expiresAt ?? null,
  };
}

/** Sends a command, checks what must hold of any answer, and folds the events. */
export function send(world: World, command: TaskCommand, actor: string): boolean {
  const before = structuredClone(world.task);
  const decision = decideTask(world.task, command, around(world));
  deepStrictEqual(world.task, before, 'deciding changed the task');
  const isStale = 'token' in command && before.claim?.token !== command.token;
  if (isRejection(decision)) {
    ok(decision.message.includes(key) && decision.hint !== '', `a poor message: ${decision.message}`);
    record(world, decision.audit ?? [], actor);
    // Nothing but a trace in the log: neither the task nor any attempt moved.
    deepStrictEqual(world.task, before, 'I2: a refused command changed the task');
    return false;
  }
  // I2: an old token never gets through.
  ok(!isStale, `I2: ${command.type} got through with an old token`);
  if (command.type === 'claim') {
    const against = [before.inbox, before.hold, before.evidence, before.closed, before.claim];
    ok(world.unmet === 0 && !world.paused && against.every((fact) => fact === null), 'I14: a start against the rules');
  }
  record(world, decision.events, actor);
  return true;
}

function record(world: World, events: readonly TaskEventBody[], actor: string): void {
  for (const event of events) {
    const context = { key, at: world.now, actor } as const;
    world.log.push({ event, at: world.now, actor });
    world.task = evolveTask(world.task, event, context) as Task;
    const number = attemptOf(event);
    if (number === null) continue;
    if (event.type === 'task-claimed') {
      // I3: tokens only grow.
      ok(number > world.lastToken, 'I3: a token came again');
      world.lastToken = number;
    }
    const attempt = evolveAttempt(world.attempts.get(number) ?? null, event, context);
    if (attempt !== null) world.attempts.set(number, attempt);
  }
}

/** Takes one step and checks what must hold after any. */
export function take(world: World, step: Step): void {
  if (step.do === 'wait') world.now += step.ms;
  else if (step.do === 'depend') world.unmet = step.unmet;
  else if (step.do === 'pause') world.paused = step.paused;
  else if (step.do === 'beat') {
    const attempt = world.attempts.get(world.task.claim?.token ?? -1);
    if (attempt !== undefined) {
      world.attempts.set(attempt.token, { ...attempt, pulse: { ...attempt.pulse, expiresAt: world.now + leaseMs } });
    }
  } else {
    const { command, pick, actor } = step;
    send(world, 'token' in command ? { ...command, token: world.lastToken - pick } : command, actor);
  }
  check(world);
}

function check(world: World): void {
  const { task, attempts, unmet, now, log } = world;
  // I1: one live attempt at most, and the claim is its.
  const live = [...attempts.values()].filter((attempt) => attempt.endedAt === null);
  deepStrictEqual(
    live.map((attempt) => attempt.token),
    task.claim === null ? [] : [task.claim.token],
    'I1: live attempts and claim differ',
  );
  // A claim excludes everything that says that nobody works on it.
  ok(
    task.claim === null || (task.inbox === null && task.evidence === null && task.closed === null),
    'a claim beside inbox, evidence or end',
  );
  // I9: it lands once, and landed stays landed.
  ok(log.filter(({ event }) => event.type === 'task-landed').length <= 1, 'I9: it landed twice');
  // I10: no dead end. Whoever does not move by itself or by others says in whose hands it is.
  const status = deriveStatus(task, unmet, now);
  const isInHands = {
    blocked: unmet > 0,
    ready: true,
    running: live.length === 1,
    done: task.evidence?.commit !== null,
    landing: task.landing?.state === 'queued',
    landed: hasEnded(task),
    waiting: task.hold !== null || (task.retryAt !== null && task.retryAt > now),
    'needs-you': task.inbox !== null,
    cancelled: task.closed !== null,
  };
  ok(isInHands[status], `I10: ${status} is a dead end`);
}
