import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  attemptOf as attemptWith,
  claimOf,
  definition,
  evidenceOf,
  taskWith,
} from '../../test/support/core-samples.ts';
import type { TaskEventBody } from './event.ts';
import { attemptOf, evolveAttempt } from './evolve-attempt.ts';
import { evolveTask } from './evolve-task.ts';
import type { TaskKey } from './id.ts';
import { deriveStatus, taskStatuses } from './status.ts';
import { failuresKept, type AttemptOutcome, type Task } from './task.ts';

const context = { key: '001/T1', at: 50, actor: 'ann' } as const;
const token = fc.nat({ max: 3 });
const text = fc.constantFrom('', 'x');
const commit = fc.constantFrom(null, 'c');
const outcome = fc.constantFrom<AttemptOutcome>(
  'done',
  'failed',
  'crashed',
  'lost',
  'timeout',
  'stalled',
  'released',
  'bounced',
  'cancelled',
);
const key = fc.constantFrom<TaskKey>('001/T2', '001/T3');
const type = <T extends TaskEventBody['type']>(name: T): fc.Arbitrary<T> => fc.constant(name);

/** One arbitrary for each type: a type that is added must be added here. */
const events: { [T in TaskEventBody['type']]: fc.Arbitrary<Extract<TaskEventBody, { type: T }>> } = {
  'task-created': fc.record({ type: type('task-created'), definition: fc.constant(definition()) }),
  'task-changed': fc.record({ type: type('task-changed'), definition: text.map((title) => definition({ title })) }),
  'task-claimed': fc.record({
    type: type('task-claimed'),
    agent: text,
    token,
    byHand: fc.boolean(),
    expiresAt: token,
    base: commit,
    workspace: commit,
    branch: commit,
  }),
  'attempt-prepared': fc.record({
    type: type('attempt-prepared'),
    token,
    branch: text,
    workspace: text,
    base: text,
    logs: text,
    builtOn: fc.array(fc.record({ task: key, commit: text })),
  }),
  'task-made-whole': fc.record({ type: type('task-made-whole'), parts: fc.array(key), advice: text }),
  'base-changed': fc.record({ type: type('base-changed'), token, dependency: key, commit: text, why: text }),
  'work-restacked': fc.record({
    type: type('work-restacked'),
    token,
    from: text,
    commit: text,
    base: text,
    tree: text,
    builtOn: fc.array(fc.record({ task: key, commit: text })),
  }),
  'completion-reported': fc.record({ type: type('completion-reported'), token, commit, noChanges: commit }),
  'task-done': fc.record({
    type: type('task-done'),
    evidence: fc.record({ token, commit }).map((one) => evidenceOf(one.token, one)),
  }),
  'attempt-ended': fc.record({
    type: type('attempt-ended'),
    token,
    outcome,
    reason: text,
    retryAt: fc.option(token),
    spentMs: token,
    commit,
  }),
  'start-chosen': fc.record({
    type: type('start-chosen'),
    start: fc.option(fc.record({ ref: text, commit: text, token })),
  }),
  'work-purged': fc.record({ type: type('work-purged'), ref: text, commit: text }),
  'agent-hinted': fc.record({
    type: type('agent-hinted'),
    token,
    by: fc.constantFrom('supervision', 'person', 'completion', 'look-out'),
    rule: commit,
    text,
    delivery: fc.constantFrom('now', 'next-turn', 'unsupported'),
    evidence: fc.array(text),
  }),
  'progress-told': fc.record({
    type: type('progress-told'),
    token,
    doing: text,
    todo: fc.option(fc.record({ done: fc.nat(), total: fc.nat(), now: text })),
  }),
  'late-result-kept': fc.record({ type: type('late-result-kept'), token, commit, reason: text }),
  'task-escalated': fc.record({
    type: type('task-escalated'),
    kind: fc.constantFrom('stuck', 'question', 'approval'),
    reason: text,
    token: fc.option(token),
  }),
  'task-retried': fc.record({ type: type('task-retried'), advice: commit, attemptsGranted: token }),
  'task-held': fc.record({ type: type('task-held'), why: text }),
  'task-unheld': fc.record({ type: type('task-unheld') }),
  'task-closed': fc.record({ type: type('task-closed'), as: fc.constantFrom('completed', 'cancelled'), why: text }),
  'task-reopened': fc.record({ type: type('task-reopened'), why: text }),
  'task-advised': fc.record({ type: type('task-advised'), advice: text }),
  'landing-queued': fc.record({ type: type('landing-queued'), commit: text }),
  'landing-begun': fc.record({ type: type('landing-begun'), commit: text, candidate: commit }),
  'landing-held': fc.record({ type: type('landing-held'), why: commit }),
  'task-landed': fc.record({ type: type('task-landed'), commit: text, landedAs: text, tree: text, target: text }),
  'landing-bounced': fc.record({
    type: type('landing-bounced'),
    token,
    cause: fc.constantFrom('conflict', 'red', 'scope', 'rejected'),
    reason: text,
    retryAt: fc.option(token),
  }),
  'work-approved': fc.record({ type: type('work-approved'), commit: text, tree: text, base: commit }),
  'scope-widened': fc.record({
    type: type('scope-widened'),
    token: fc.option(token),
    entries: fc.array(text),
    why: text,
    byPerson: fc.boolean(),
  }),
  'widening-waits': fc.record({
    type: type('widening-waits'),
    token,
    entries: fc.array(text),
    why: text,
    holder: fc.constantFrom('001/T2' as const, null),
  }),
  'widening-denied': fc.record({ type: type('widening-denied'), token, entries: fc.array(text), reason: text }),
  'pr-changed': fc.record({ type: type('pr-changed'), number: token, status: fc.constantFrom('approved', 'merged') }),
  'pr-dropped': fc.record({ type: type('pr-dropped') }),
};
const anyEvent: fc.Arbitrary<TaskEventBody> = fc.oneof(...Object.values(events));

test('I6 folding never throws, whatever event comes to whatever task, and changes nothing in place', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.boolean(), (list, exists) => {
      let task: Task | null = exists ? taskWith() : null;
      for (const event of list) {
        const before: Task | null = structuredClone(task);
        const after = evolveTask(task, event, context);
        expect(task).toEqual(before);
        task = after;
      }
      expect(task === null).toBe(!exists && !list.some((event) => event.type === 'task-created'));
      expect(task === null || taskStatuses.includes(deriveStatus(task, 0, 60))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('S16 a word on work ends with its rejection or reopening, not with a conflict that had it done again', () => {
  const approval = { commit: 'c', tree: 't', base: 'b', by: 'ann', at: 1 };
  const task = taskWith({ evidence: evidenceOf(7), approval });
  const back = { type: 'landing-bounced', token: 7, reason: 'x', retryAt: 1 } as const;
  expect(evolveTask(task, { ...back, cause: 'rejected' }, context)?.approval).toBeNull();
  expect(evolveTask(task, { type: 'task-reopened', why: 'x' }, context)?.approval).toBeNull();
  expect(evolveTask(task, { ...back, cause: 'conflict' }, context)?.approval).toEqual(approval);
});

test('I6 an attempt begins with its claim, ends once, and other attempts never move it', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (list) => {
      const own = list.filter((event) => attemptOf(event) === 2);
      let attempt = evolveAttempt(null, { ...claimed(2), type: 'task-claimed' }, context);
      for (const event of own.filter((one) => one.type !== 'task-claimed')) {
        const after = evolveAttempt(attempt, event, context);
        expect(attempt?.endedAt === null || after === attempt).toBe(true);
        attempt = after;
      }
      const ends = own.filter((event) => event.type === 'task-done' || event.type === 'attempt-ended');
      expect(attempt?.endedAt).toBe(ends.length > 0 ? context.at : null);
      expect(evolveAttempt(null, { type: 'task-unheld' }, context)).toBeNull();
    }),
  );
});

function claimed(number: number): Extract<TaskEventBody, { type: 'task-claimed' }> {
  return {
    type: 'task-claimed',
    agent: 'claude-1',
    token: number,
    byHand: false,
    expiresAt: 9,
    base: null,
    workspace: null,
    branch: null,
  };
}

test('an event that a newer program wrote changes nothing', () => {
  const task = taskWith({ claim: claimOf('claude-1', 2) });
  for (const unknown of ['task-teleported', 'toString', 'constructor', '__proto__']) {
    const event = { type: unknown } as unknown as TaskEventBody;
    expect(evolveTask(task, event, context)).toBe(task);
    const attempt = attemptWith('001/T1', 2);
    expect(evolveAttempt(attempt, event, context)).toBe(attempt);
  }
});

test('P3 events of an attempt that no longer holds the task leave its claim alone', () => {
  const task = taskWith({ claim: claimOf('claude-1', 2), attempts: 2 });
  fc.assert(
    fc.property(
      fc.oneof(events['attempt-ended'], events['completion-reported'], events['late-result-kept']),
      (event) => {
        fc.pre(event.token !== 2);
        expect(evolveTask(task, event, context)).toBe(task);
      },
    ),
  );
});

test('what ends an attempt says what it costs', () => {
  const task = taskWith({ claim: claimOf('claude-1', 2), attempts: 1, spentMs: 10 });
  const ended = (how: AttemptOutcome): Task | null =>
    evolveTask(
      task,
      { type: 'attempt-ended', token: 2, outcome: how, reason: 'r', retryAt: 70, spentMs: 5, commit: null },
      context,
    );
  expect(ended('failed')).toMatchObject({
    claim: null,
    spentMs: 15,
    attemptsGranted: 0,
    retryAt: 70,
    failures: [{ token: 2, agent: 'claude-1', outcome: 'failed', reason: 'r', at: 50 }],
  });
  expect(ended('released')).toMatchObject({ claim: null, spentMs: 15, attemptsGranted: 1, failures: [] });
  expect(ended('handed-over')).toMatchObject({ claim: null, spentMs: 15, attemptsGranted: 1, failures: [] });
  expect(ended('cancelled')).toMatchObject({ claim: null, spentMs: 15, attemptsGranted: 0, failures: [] });
});

test('P7 the last failures are kept, the newest at the end', () => {
  let task: Task | null = taskWith();
  for (let number = 1; number <= failuresKept + 3; number += 1) {
    task = evolveTask(task, claimed(number), context);
    task = evolveTask(
      task,
      { type: 'attempt-ended', token: number, outcome: 'failed', reason: '', retryAt: null, spentMs: 0, commit: null },
      context,
    );
  }
  expect(task?.failures.map((failure) => failure.token)).toEqual(
    Array.from({ length: failuresKept }, (_, index) => index + 4),
  );
  expect(task?.attempts).toBe(failuresKept + 3);
});

test('P4 sent back from landing, the work starts again on a budget of its own', () => {
  const task = taskWith({ evidence: evidenceOf(2), attempts: 1, doneAt: 5 });
  const back = evolveTask(task, { type: 'landing-bounced', token: 2, cause: 'red', reason: 'r', retryAt: 50 }, context);
  expect(back).toMatchObject({
    evidence: null,
    landing: null,
    doneAt: null,
    bounces: 1,
    attemptsGranted: 1,
    retryAt: 50,
    failures: [{ outcome: 'bounced', agent: 'claude-1' }],
  });
});

test('A10 reopening forgets the old work and its pull request', () => {
  const task = taskWith({ evidence: evidenceOf(2), pr: { number: 4, status: 'rejected' }, doneAt: 5 });
  expect(evolveTask(task, { type: 'task-reopened', why: '' }, context)).toMatchObject({
    evidence: null,
    pr: null,
    landing: null,
    doneAt: null,
  });
});
