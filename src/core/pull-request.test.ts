import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isOwnBranch,
  nextPullRequestStep,
  pullRequestStatus,
  taskBranch,
  type PullRequestFacts,
  type PullRequestView,
} from './pull-request.ts';

const pull: PullRequestView = { number: 7, state: 'open', base: 'main', commit: 'c', checks: 'none', review: 'none' };

function facts(more: Partial<PullRequestFacts> = {}): PullRequestFacts {
  return {
    isOnTrunk: false,
    trunk: 'main',
    placement: { fits: true, base: 'main', commit: 'c' },
    tip: 'c',
    isTipOurs: true,
    pull,
    isPullThisWork: true,
    isBaseGone: false,
    mergesItself: false,
    ...more,
  };
}

const step = (more: Partial<PullRequestFacts>): string => JSON.stringify(nextPullRequestStep(facts(more)));

test('C13 from finished work to an open pull request, one step at a time', () => {
  expect(nextPullRequestStep(facts({ tip: null, pull: null }))).toEqual({ do: 'push', commit: 'c', from: null });
  expect(nextPullRequestStep(facts({ pull: null }))).toEqual({ do: 'open', base: 'main' });
  expect(nextPullRequestStep(facts())).toMatchObject({ do: 'wait', by: 'people' });
});

test('C13 new work of a task goes onto its branch, never over what is somebody else’s', () => {
  const placement = { fits: true, base: 'main', commit: 'd' } as const;
  expect(nextPullRequestStep(facts({ placement, isPullThisWork: false }))).toEqual({
    do: 'push',
    commit: 'd',
    from: 'c',
  });
  expect(step({ placement, isTipOurs: false, isPullThisWork: false })).toMatch(/"wait","by":"people".*not Orbit's/);
});

test('C13 what comes after a dependency is retargeted when that has landed', () => {
  const before = { ...pull, base: taskBranch('001', 'T001') };
  expect(nextPullRequestStep(facts({ pull: before }))).toEqual({ do: 'retarget', base: 'main' });
  expect(step({ pull: before, placement: { fits: true, base: before.base, commit: 'c' } })).toContain(
    'that it is built on',
  );
});

test('C13 S16 what a person has to see first is asked for; what they merged or closed all the same has ended', () => {
  const placement = { fits: 'unapproved', why: 'it is done, and a person looks' } as const;
  expect(nextPullRequestStep(facts({ placement }))).toEqual({ do: 'ask', reason: placement.why });
  expect(nextPullRequestStep(facts({ placement, isOnTrunk: true })).do).toBe('land');
  expect(nextPullRequestStep(facts({ placement, pull: { ...pull, state: 'closed' } })).do).toBe('reject');
});

test('a base that a person chose is left as it is', () => {
  expect(nextPullRequestStep(facts({ pull: { ...pull, base: 'release' } })).do).toBe('wait');
});

test('C13 a review that asks for changes and red checks send it back; pending checks are waited for', () => {
  expect(step({ pull: { ...pull, review: 'changes', checks: 'red' } })).toContain('"send-back","cause":"review"');
  expect(step({ pull: { ...pull, checks: 'red' } })).toContain('"send-back","cause":"red"');
  expect(step({ pull: { ...pull, checks: 'pending' } })).toContain('"wait","by":"itself"');
  const conflict = { fits: false, cause: 'conflict', why: 'in a' } as const;
  expect(step({ placement: conflict })).toContain('"send-back","cause":"conflict","reason":"in a"');
});

test('checks and reviews of an older head say nothing about this one', () => {
  expect(step({ pull: { ...pull, commit: 'b', checks: 'red', review: 'changes' } })).toContain('takes up its new head');
});

test('I8 only git says that it landed: a forge that says "merged" is doubted', () => {
  expect(step({ pull: { ...pull, state: 'merged' } })).toContain('"doubt"');
  expect(nextPullRequestStep(facts({ isOnTrunk: true, pull: null }))).toEqual({ do: 'land' });
  const elsewhere = { ...pull, state: 'merged', base: 'orbit-work/001/T001' } as const;
  expect(step({ pull: elsewhere })).toMatch(/"wait","by":"people".*yet to reach main/);
});

test('A10 closed without a merge is a rejection, of the work that was in it alone', () => {
  const closed = { ...pull, state: 'closed' } as const;
  expect(step({ pull: closed })).toContain('"reject"');
  expect(nextPullRequestStep(facts({ pull: closed, isPullThisWork: false }))).toEqual({ do: 'open', base: 'main' });
});

test('A10 one that a forge closed because the branch below was removed is opened anew, not rejected', () => {
  const closed = { ...pull, state: 'closed', base: taskBranch('001', 'T001') } as const;
  expect(nextPullRequestStep(facts({ pull: closed, isBaseGone: true }))).toEqual({ do: 'open', base: 'main' });
  expect(step({ pull: closed })).toContain('"reject"');
});

test('C13 Orbit merges by itself only what is green or has no checks, into the trunk, at that head', () => {
  const green = { ...pull, checks: 'green' } as const;
  expect(nextPullRequestStep(facts({ pull: green, mergesItself: true }))).toEqual({ do: 'merge', commit: 'c' });
  for (const more of [{ checks: 'red' }, { checks: 'pending' }, { review: 'changes' }, { commit: 'b' }] as const)
    expect(nextPullRequestStep(facts({ pull: { ...green, ...more }, mergesItself: true })).do).not.toBe('merge');
});

test('I8 I9 whatever the forge says, nothing lands that git does not show, and nothing is merged that anybody objects to', () => {
  const view = fc.record({
    number: fc.constant(7),
    state: fc.constantFrom('open', 'merged', 'closed'),
    base: fc.constantFrom('main', 'orbit-work/001/T001'),
    commit: fc.constantFrom('c', 'd', null),
    checks: fc.constantFrom('none', 'pending', 'green', 'red'),
    review: fc.constantFrom('none', 'approved', 'changes'),
  });
  const any = fc.record({
    isOnTrunk: fc.boolean(),
    trunk: fc.constant('main'),
    placement: fc.constantFrom(
      { fits: true, base: 'main', commit: 'c' } as const,
      { fits: false, cause: 'conflict', why: 'x' } as const,
      { fits: 'later', why: 'x' } as const,
      { fits: 'unapproved', why: 'x' } as const,
    ),
    tip: fc.constantFrom('c', 'd', null),
    isTipOurs: fc.boolean(),
    pull: fc.option(view as fc.Arbitrary<PullRequestView>),
    isPullThisWork: fc.boolean(),
    isBaseGone: fc.boolean(),
    mergesItself: fc.boolean(),
  });
  fc.assert(
    fc.property(any, (given) => {
      const next = nextPullRequestStep(given);
      expect(next.do === 'land').toBe(given.isOnTrunk);
      expect(next.do !== 'push' || given.tip === null || given.isTipOurs).toBe(true);
      expect(next.do !== 'merge' || mayMerge(given.pull)).toBe(true);
    }),
  );
});

function mayMerge(view: PullRequestView | null): boolean {
  if (view === null || view.state !== 'open' || view.base !== 'main' || view.commit !== 'c') return false;
  return (view.checks === 'none' || view.checks === 'green') && view.review !== 'changes';
}

test('A2 the status of a task’s pull request', () => {
  expect(pullRequestStatus({ state: 'open', review: 'none' })).toBe('pending_review');
  expect(pullRequestStatus({ state: 'open', review: 'approved' })).toBe('approved');
  expect(pullRequestStatus({ state: 'closed', review: 'approved' })).toBe('rejected');
  // That it is merged is said when git has shown it.
  expect(pullRequestStatus({ state: 'merged', review: 'approved' })).toBe('pending_review');
});

test('P3 only branches that Orbit makes are its own', () => {
  for (const branch of [taskBranch('001', 'T031'), 'orbit/001', 'orbit-work/a.b/c_d'])
    expect(isOwnBranch(branch)).toBe(true);
  for (const branch of [
    'main',
    'orbit',
    'orbit/',
    'orbit/001/x',
    'orbit-work/001',
    'orbit-work/001/-x',
    'x/orbit/001',
    'orbit/a b',
  ])
    expect(isOwnBranch(branch)).toBe(false);
});
