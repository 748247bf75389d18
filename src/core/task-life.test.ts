/** Lives of a task under any sequence of commands, sent by several actors who may have lost their claim long ago. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { definition, evidenceOf, sampleRule } from '../../test/support/core-samples.ts';
import { leaseMs, newWorld, send, take, type Step, type World } from '../../test/support/task-world.ts';
import type { TaskCommand } from './command.ts';
import { evolveTask } from './evolve-task.ts';
import { limits } from './limits.ts';
import { deriveStatus, isLanded } from './status.ts';
import type { Task } from './task.ts';

const key = '001/T1';

/** Mostly the same one, so that landings are about the commit that was proven. */
const commit = fc.constantFrom(...Array<string>(5).fill('a'.repeat(40)), 'b'.repeat(40));
const reason = fc.constantFrom('tests red', '');
const token = fc.constant(0);
const rule = fc.constant(sampleRule);
const fenced: fc.Arbitrary<TaskCommand> = fc.oneof(
  fc.record({
    type: fc.constant('prepare' as const),
    token,
    branch: reason,
    workspace: reason,
    base: commit,
    logs: reason,
  }),
  fc.record({ type: fc.constant('report' as const), token, commit: fc.option(commit), noChanges: fc.constant(null) }),
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('prove' as const),
      token,
      evidence: fc.option(commit, { freq: 9 }).map((one) => evidenceOf(0, { commit: one })),
    }),
  },
  fc.record({
    type: fc.constant('fail' as const),
    token,
    outcome: fc.constantFrom('failed', 'crashed', 'timeout', 'stalled'),
    reason,
    commit: fc.option(commit),
    rule,
  }),
  fc.record({ type: fc.constant('expire' as const), token, runnerGone: fc.boolean(), reason, rule }),
  fc.record({ type: fc.constant('release' as const), token, reason, commit: fc.option(commit) }),
  fc.record({ type: fc.constant('block' as const), token, kind: fc.constantFrom('question', 'blocked'), reason }),
);
const claim: fc.Arbitrary<TaskCommand> = fc.record({
  type: fc.constant('claim' as const),
  agent: fc.constantFrom('claude-1', 'codex-1'),
  byHand: fc.boolean(),
  leaseMs: fc.constant(leaseMs),
  base: fc.constant(null),
  workspace: fc.constant(null),
  branch: fc.constant(null),
});
const landing: fc.Arbitrary<TaskCommand> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<TaskCommand>({ type: 'queue-landing' }) },
  fc.record({ type: fc.constant('note-held' as const), why: fc.option(fc.constant('dirty')) }),
  fc.record({
    type: fc.constant('begin-landing' as const),
    commit,
    candidate: fc.option(commit),
    judgedBy: fc.constant(null),
  }),
  fc.record({ type: fc.constant('land' as const), commit, landedAs: commit, tree: commit, target: reason }),
  fc.record({
    type: fc.constant('bounce' as const),
    commit,
    cause: fc.constantFrom('conflict', 'red', 'scope'),
    reason,
    rule,
  }),
);
const byPerson: fc.Arbitrary<TaskCommand> = fc.oneof(
  fc.record({ type: fc.constant('retry' as const), advice: fc.option(reason), attemptsGranted: fc.nat({ max: 1 }) }),
  fc.record({ type: fc.constant('hold' as const), why: reason }),
  fc.constant<TaskCommand>({ type: 'unhold' }),
  fc.record({ type: fc.constant('close' as const), as: fc.constantFrom('completed', 'cancelled'), why: reason }),
  fc.record({ type: fc.constant('reopen' as const), why: reason }),
  fc.record({ type: fc.constant('advise' as const), advice: reason }),
  fc.record({ type: fc.constant('escalate' as const), kind: fc.constantFrom('stuck', 'conflict'), reason }),
  fc.record({
    type: fc.constant('set-pr' as const),
    number: fc.nat(),
    status: fc.constantFrom('pending_review', 'merged', 'rejected'),
  }),
  fc.constant<TaskCommand>({ type: 'drop-pr' }),
  fc.record({
    type: fc.constant('change' as const),
    definition: fc.constantFrom('T1', 'T2').map((id) => definition({ id, agent: 'codex' })),
  }),
  fc.constant<TaskCommand>({ type: 'create', definition: definition({ title: 'again' }) }),
);
const asStep = (weight: number, arbitrary: fc.Arbitrary<TaskCommand>): fc.WeightedArbitrary<Step> => ({
  weight,
  arbitrary: fc.record({
    do: fc.constant('command' as const),
    actor: fc.constantFrom('ann', 'claude-1', 'codex-1', 'coordinator'),
    // Most writers hold the newest token, the others an older one.
    pick: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 5 })),
    command: arbitrary,
  }),
});
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1_000, 6_000, 40_000) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'beat' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('depend' as const), unmet: fc.constantFrom(0, 0, 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('pause' as const), paused: fc.constantFrom(false, false, true) }),
  },
  asStep(6, claim),
  asStep(8, fenced),
  asStep(8, landing),
  asStep(2, byPerson),
);

test('I1 I2 I3 I9 I10 P3 B9 no sequence of commands breaks a rule, whoever sends it with whatever token', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 20, maxLength: 60 }), (steps) => {
      const world = newWorld();
      for (const step of steps) {
        const landedBefore = isLanded(world.task);
        take(world, step);
        expect(landedBefore && !isLanded(world.task)).toBe(false);
      }
      // I6: the log gives the same task and the same attempts.
      const replayed = world.log.reduce<Task | null>(
        (task, { event, at, actor }) => evolveTask(task, event, { key, at, actor }),
        null,
      );
      expect(replayed).toEqual(world.task);
      for (const { event } of world.log) seen.set(event.type, (seen.get(event.type) ?? 0) + 1);
      expect(JSON.parse(JSON.stringify(world.task))).toEqual(world.task);
    }),
    { numRuns: 1_000 },
  );
  // The sequences reach every corner: all types of events came up.
  expect(seen.size).toBe(22);
});

test('P2 what an old attempt had finished stays in the log', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40, size: 'max' }), commit, (steps, finished) => {
      const world = newWorld();
      for (const step of steps) take(world, step);
      fc.pre(world.lastToken > 0);
      const stale = world.task.claim?.token === world.lastToken ? world.lastToken - 1 : world.lastToken;
      fc.pre(stale > 0 && world.task.evidence?.token !== stale);
      const before = world.task;
      expect(
        send(world, { type: 'prove', token: stale, evidence: evidenceOf(stale, { commit: finished }) }, 'zombie'),
      ).toBe(false);
      expect(world.task).toBe(before);
      expect(world.log.at(-1)?.event).toMatchObject({ type: 'late-result-kept', token: stale, commit: finished });
    }),
  );
});

/** How the machinery may end an attempt, its work, or its landing. */
const endings = fc.constantFrom('fail', 'expire', 'release', 'land-and-bounce');

test('I11 P7 E9 without a person a task is taken a bounded number of times, and ends in the inbox', () => {
  fc.assert(
    fc.property(fc.infiniteStream(endings), (stream) => {
      const world = newWorld();
      const bound = sampleRule.attemptsMax + sampleRule.bouncesMax + limits.attemptsTotalMax;
      for (const ending of stream) {
        world.now += limits.retryDelayMsMax * 2;
        if (
          !send(
            world,
            { type: 'claim', agent: 'claude-1', byHand: false, leaseMs, base: null, workspace: null, branch: null },
            'coordinator',
          )
        )
          break;
        expect(world.task.attempts).toBeLessThanOrEqual(bound);
        endOneWay(world, ending);
      }
      expect(deriveStatus(world.task, 0, world.now)).toBe('needs-you');
      // Each time a person sends it round again it is tried once more at least, and no more than once without budget.
      const { attempts } = world.task;
      expect(send(world, { type: 'retry', advice: null, attemptsGranted: 0 }, 'ann')).toBe(true);
      expect(
        send(
          world,
          { type: 'claim', agent: 'claude-1', byHand: false, leaseMs, base: null, workspace: null, branch: null },
          'coordinator',
        ),
      ).toBe(true);
      expect(world.task.attempts).toBe(attempts + 1);
    }),
    { numRuns: 300 },
  );
});

function endOneWay(world: World, ending: 'fail' | 'expire' | 'release' | 'land-and-bounce'): void {
  const one = world.lastToken;
  const finished = 'a'.repeat(40);
  const ways: Record<typeof ending, TaskCommand[]> = {
    fail: [{ type: 'fail', token: one, outcome: 'failed', reason: 'red', commit: null, rule: sampleRule }],
    expire: [{ type: 'expire', token: one, runnerGone: true, reason: 'gone', rule: sampleRule }],
    release: [{ type: 'release', token: one, reason: 'handed on', commit: null }],
    'land-and-bounce': [
      { type: 'prove', token: one, evidence: evidenceOf(one, { commit: finished }) },
      { type: 'queue-landing' },
      { type: 'bounce', commit: finished, cause: 'red', reason: 'red on the target', rule: sampleRule },
    ],
  };
  for (const command of ways[ending]) expect(send(world, command, 'coordinator')).toBe(true);
}
