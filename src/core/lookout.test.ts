import { expect, test } from 'vitest';
import { conflictingTasks, conflictsOf, type Conflict } from './conflict.ts';
import type { TaskKey } from './id.ts';
import { isSettled, judge, moved, pairsOf, tellings, toMerge, type Tip } from './lookout.ts';
import { pathSet } from './path-set.ts';

const target = 'refs/heads/orbit/001';
const targets = new Map([[target, 'target-1']]);
const none = pathSet([]);

const tip = (task: TaskKey, paths: string[], more: Partial<Tip> = {}): Tip => ({
  task,
  token: Number(task.slice(-1)),
  agent: `agent-${task.slice(-1)}`,
  target,
  base: 'base',
  commit: `commit-${task.slice(-1)}`,
  builtOn: [],
  isSettled: true,
  own: pathSet(paths),
  since: none,
  ...more,
});
const a = tip('001/T1', ['x', 'y']);
const b = tip('001/T2', ['y', 'z']);
const c = tip('001/T3', ['other']);

const look = (
  tips: Tip[],
  verdicts: Record<string, string[]>,
  { stored = [], now = 1_000 }: { stored?: Conflict[]; now?: number } = {},
) => {
  const known = new Map(Object.entries(verdicts));
  return judge(stored, { pairs: pairsOf(tips, targets), verdicts: known, now });
};

test('D5 only pairs whose paths meet are merged, and those that have moved', () => {
  const pairs = pairsOf([c, b, a], targets);
  expect(pairs.map(({ id }) => id)).toEqual(['commit-1 commit-2']);
  expect(toMerge(pairs, new Map([['commit-1 commit-2', []]]), 10)).toEqual([]);
  const later = pairsOf([a, { ...b, commit: 'commit-2b' }, c], targets);
  expect(toMerge(later, new Map([['commit-1 commit-2', []]]), 10).map(({ id }) => id)).toEqual(['commit-1 commit-2b']);
});

test('D5 what meets the target comes first; one look has a bound; what moves just now waits', () => {
  const tips = [a, b, tip('001/T4', ['y'], { since: pathSet(['y']) }), tip('001/T5', ['x'], { isSettled: false })];
  const pairs = pairsOf(tips, targets);
  expect(pairs[0]).toMatchObject({ id: 'base commit-4 target-1', other: null });
  expect(toMerge(pairs, new Map(), 2)).toHaveLength(2);
  expect(toMerge(pairs, new Map(), 10).map(({ id }) => id)).not.toContain('commit-1 commit-5');
});

test('D5 work for different targets never meets', () => {
  const far = { ...b, target: 'refs/heads/orbit/002' };
  expect(pairsOf([a, far], new Map([...targets, ['refs/heads/orbit/002', 'target-2']]))).toEqual([]);
});

test('D5 a conflict is new once, stays while it is there, and ends', () => {
  const found = look([a, b], { 'commit-1 commit-2': ['y'] });
  expect(found).toEqual({
    noted: [
      {
        task: '001/T1',
        token: 1,
        commit: 'commit-1',
        other: '001/T2',
        otherToken: 2,
        otherCommit: 'commit-2',
        paths: ['y'],
        told: ['y'],
        since: 1_000,
      },
    ],
    ended: [],
  });
  expect(look([a, b], { 'commit-1 commit-2': ['y'] }, { stored: [...found.noted], now: 2_000 })).toEqual({
    noted: [],
    ended: [],
  });
  expect(look([a, b], { 'commit-1 commit-2': [] }, { stored: [...found.noted], now: 2_000 })).toEqual({
    noted: [],
    ended: [{ task: '001/T1', other: '001/T2' }],
  });
  expect(look([a], {}, { stored: [...found.noted], now: 2_000 }).ended).toHaveLength(1);
});

test('D5 a pair that nobody has looked at since it moved keeps what was known', () => {
  const { noted } = look([a, b], { 'commit-1 commit-2': ['y'] });
  expect(look([a, { ...b, commit: 'new', isSettled: false }], {}, { stored: [...noted] })).toEqual({
    noted: [],
    ended: [],
  });
});

test('D5 P9 new paths are told beside the old ones; the same attempts count as the same conflict', () => {
  const { noted } = look([a, b], { 'commit-1 commit-2': ['y'] });
  const next = look([a, { ...b, commit: 'new' }], { 'commit-1 new': ['x', 'y'] }, { stored: [...noted], now: 5_000 });
  // x is no path of the second task: git shows it because of another base.
  expect(next.noted).toMatchObject([{ paths: ['y'], told: ['y'], since: 1_000, otherCommit: 'new' }]);
  const both = tip('001/T2', ['x', 'y'], { commit: 'new' });
  expect(look([a, both], { 'commit-1 new': ['x', 'y'] }, { stored: [...noted], now: 5_000 }).noted).toMatchObject([
    { told: ['x', 'y'], since: 1_000 },
  ]);
  const again = { ...both, token: 9 };
  expect(look([a, again], { 'commit-1 new': ['x'] }, { stored: [...noted], now: 5_000 }).noted).toMatchObject([
    { otherToken: 9, told: ['x'], since: 5_000 },
  ]);
});

test('D5 what one side has against the base of the other is no conflict of theirs', () => {
  const later = tip('001/T2', ['y'], { base: 'later' });
  expect(look([a, later], { 'commit-1 commit-2': ['x'] })).toEqual({ noted: [], ended: [] });
  expect(look([a, tip('001/T2', ['y'])], { 'commit-1 commit-2': ['y~commit'] }).noted).toHaveLength(1);
});

test('D5 both agents are told; one that has ended is not', () => {
  const { noted } = look([a, b], { 'commit-1 commit-2': ['y'] });
  expect(tellings(noted, [a, b]).map(({ to, about }) => [to.task, about?.task])).toEqual([
    ['001/T1', '001/T2'],
    ['001/T2', '001/T1'],
  ]);
  expect(tellings(noted, [a, { ...b, agent: null }]).map(({ to }) => to.task)).toEqual(['001/T1']);
  expect(tellings(noted, [a, { ...b, token: 8 }])).toEqual([]);
  expect(tellings(noted, [a])).toEqual([]);
  const met = tip('001/T1', ['y'], { since: pathSet(['y']) });
  const against = look([met], { 'base commit-1 target-1': ['y'] }).noted;
  expect(tellings(against, [met])).toMatchObject([{ to: { task: '001/T1' }, about: null }]);
});

test('P4 the landing order can ask for predicted conflicts of a task', () => {
  const met = tip('001/T1', ['x', 'y'], { since: pathSet(['x']) });
  const { noted } = look([met, b], { 'commit-1 commit-2': ['y'], 'base commit-1 target-1': ['x'] });
  expect([...conflictingTasks(noted)].toSorted()).toEqual(['001/T1', '001/T2']);
  expect(conflictsOf(noted, '001/T2')).toMatchObject([
    { token: 2, other: '001/T1', otherToken: 1, otherCommit: 'commit-1' },
  ]);
});

test('D5 a branch is looked at when it rests, or when it has been on the move for long', () => {
  const settleMs = 2_000;
  const at = (nowMs: number) => ({ nowMs, settleMs, settleMsMax: 10_000 });
  let seen = moved(null, 'c0', at(0));
  expect(isSettled(seen, at(1_999))).toBe(false);
  expect(isSettled(seen, at(2_000))).toBe(true);
  seen = moved(seen, 'c0', at(5_000));
  expect(seen.movedMs).toBe(0);
  for (let second = 6; second < 16; second += 1) {
    seen = moved(seen, `c${second}`, at(second * 1_000));
    expect(isSettled(seen, at(second * 1_000))).toBe(false);
  }
  seen = moved(seen, 'c16', at(16_000));
  expect(isSettled(seen, at(16_000))).toBe(true);
});

test('D5 A10 work on unlanded work is not told of what lies below it, and meets the target as that would land', () => {
  const above = tip('001/T2', ['y'], { base: 'commit-1', builtOn: ['001/T1'], since: pathSet(['x', 'y']) });
  const pairs = pairsOf([a, above], targets);
  expect(pairs.map(({ id, base }) => [id, base])).toEqual([['stack commit-2 target-1', null]]);
  expect(look([a, above], { 'stack commit-2 target-1': ['x'] }).noted).toEqual([]);
  expect(look([a, above], { 'stack commit-2 target-1': ['x', 'y'] }).noted).toMatchObject([{ paths: ['y'] }]);
  const landed = pairsOf([{ ...above, builtOn: [] }], targets);
  expect(landed.map(({ id, base }) => [id, base])).toEqual([['commit-1 commit-2 target-1', 'commit-1']]);
});
