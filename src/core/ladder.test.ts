import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { calm, claimOf, perform, sampleRule, taskWith } from '../../test/support/core-samples.ts';
import type { RetryRule, TaskCommand } from './command.ts';
import { courseOf, isAvoided, nextRung } from './ladder.ts';
import { limits } from './limits.ts';
import type { AgentProfile } from './rung.ts';
import type { Failure, Task } from './task.ts';

const rule: RetryRule = { ...sampleRule, attemptsMax: 4, agents: ['claude', 'codex'] };
const profile: AgentProfile = { adapter: 'claude', models: ['large', 'small'], thinking: 'medium', canThink: true };

function failed(agent: string, fields: Partial<Failure> = {}): Failure {
  return { token: 1, agent, outcome: 'failed', reason: 'red', at: 0, rung: 'first', model: null, ...fields };
}

/** Claims and fails as often as it is given out; answers each claim as `agent rung model thinking`. */
function climb(
  agents: readonly string[],
  { with_ = rule, fields = {} }: { with_?: RetryRule; fields?: Partial<Task> },
): string[] {
  let task: Task | null = taskWith(fields);
  const told: string[] = [];
  for (const [index, agent] of agents.entries()) {
    if (task === null || task.inbox !== null) break;
    const at = 10_000_000 * (index + 1);
    const context: { key: Task['key']; actor: string } = { key: task.key, actor: agent };
    const claim: TaskCommand = {
      type: 'claim',
      agent,
      byHand: false,
      leaseMs: 1,
      base: null,
      workspace: null,
      branch: null,
      profile,
    };
    const claimed = perform(task, claim, { ...context, around: { ...calm, now: at, nextToken: index + 1 } });
    const [event] = 'events' in claimed.decision ? claimed.decision.events : [];
    if (event?.type !== 'task-claimed') return [...told, 'refused'];
    told.push(`${agent} ${event.course?.rung} ${event.course?.model} ${event.course?.thinking}`);
    const end: TaskCommand = {
      type: 'fail',
      token: index + 1,
      outcome: 'failed',
      reason: 'red',
      commit: null,
      rule: with_,
    };
    task = perform(claimed.task, end, { ...context, around: { ...calm, now: at + 1 } }).task;
  }
  return [...told, task?.inbox?.kind ?? 'open'];
}

test('P7 E9 first, fresh with more thought, another agent, split, then a person', () => {
  expect(climb(['claude-1', 'claude-1', 'codex-1', 'codex-1', 'claude-1'], {})).toEqual([
    'claude-1 first null null',
    'claude-1 fresh null high',
    'codex-1 other null null',
    'codex-1 split null high',
    'attempts-used',
  ]);
});

test('P7 without another agent another model is taken, and told as what it is', () => {
  const alone = { ...rule, agents: ['claude'], attemptsMax: 5 };
  expect(climb(['claude-1', 'claude-2', 'claude-1', 'claude-1', 'claude-1'], { with_: alone })).toEqual([
    'claude-1 first null null',
    'claude-2 fresh null high',
    'claude-1 other small null',
    'claude-1 fresh small high',
    'claude-1 split small high',
    'attempts-used',
  ]);
});

test('P7 who failed twice leaves the task to others for a while, and takes it again when nobody did', () => {
  const task = taskWith({ failures: [failed('claude-1')], claim: claimOf('claude-2', 2), attempts: 2 });
  const next = nextRung(task, { agent: 'claude-2', left: 2, rule, retryAt: 1_000 });
  expect(next).toEqual({ rung: 'other', avoid: { agent: 'claude', until: 1_000 + limits.otherAgentWaitMs } });
  const avoided = { avoid: next.avoid };
  expect(isAvoided(avoided, 'claude-7', 2_000)).toBe(true);
  expect(isAvoided(avoided, 'codex-1', 2_000)).toBe(false);
  expect(isAvoided(avoided, 'claude-7', 1_000 + limits.otherAgentWaitMs)).toBe(false);
});

test('P7 a task that wants its agent keeps it, and nothing waits where no other is configured', () => {
  const wanted = taskWith({ agent: 'claude', failures: [failed('claude-1')], attempts: 2 });
  expect(nextRung(wanted, { agent: 'claude-1', left: 2, rule, retryAt: 0 }).avoid).toBe(null);
  const alone = taskWith({ failures: [failed('claude-1')], attempts: 2 });
  expect(nextRung(alone, { agent: 'claude-1', left: 2, rule: { ...rule, agents: ['claude'] }, retryAt: 0 }).avoid).toBe(
    null,
  );
});

test('P7 I11 what a split made is split once more at most, on a smaller budget', () => {
  const origin = (depth: number): Partial<Task> => ({ origin: { task: '001/T9', token: 1, depth } });
  const with_ = { ...rule, attemptsMax: 6 };
  const rungs = (depth: number): string[] =>
    climb(
      Array.from({ length: 9 }, () => 'claude-1'),
      { with_, fields: origin(depth) },
    ).map((one) => one.split(' ')[1] ?? one);
  expect(rungs(1)).toEqual(['first', 'fresh', 'other', 'fresh', 'split', 'attempts-used']);
  expect(rungs(2)).toEqual(['first', 'fresh', 'other', 'fresh', 'attempts-used']);
});

test('I11 whatever fails and whoever takes it, attempts never exceed the budget', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('claude-1', 'claude-2', 'codex-1', 'gemini-1'), { minLength: 12, maxLength: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat({ max: 4 }),
      (agents, attemptsMax, depth) => {
        const fields = depth === 0 ? {} : { origin: { task: '001/T9' as const, token: 1, depth } };
        const told = climb(agents, { with_: { ...rule, attemptsMax }, fields });
        expect(told.length - 1).toBe(Math.max(1, attemptsMax - depth));
        expect(told.at(-1)).toBe('attempts-used');
      },
    ),
  );
});

test('P7 a claim by hand is told no model, and the rung all the same', () => {
  expect(courseOf(taskWith({ rung: 'fresh' }), 'ann', null)).toEqual({
    rung: 'fresh',
    adapter: null,
    model: null,
    thinking: null,
  });
});
