/** The tests of one share of the seeds: every invariant by name, and the rare states that the share must have come through. */
import { beforeAll, expect, test } from 'vitest';
import { newBatch, runBatch, tellFailure, type Batch } from './batch.ts';
import { invariants } from './invariants.ts';

/** Real time that a share may take on a slow or busy machine; no test depends on how long it took. */
const patienceMs = 600_000;

/** Rare states, each reached in more than one of a hundred runs. */
const landmarks = [
  'account open again',
  'account parked until it said',
  'account parked, nobody said for how long',
  'another coordinator took over',
  'attempt ended: cancelled',
  'attempt ended: crashed',
  'attempt ended: failed',
  'attempt ended: handed-over',
  'attempt ended: lost',
  'attempt ended: released',
  'attempt ended: timeout',
  'beat with an old token refused',
  'change by a coordinator that leads no longer refused',
  'claimed by hand',
  'clock jump noticed',
  'completion sent back to its agent',
  'dirty files salvaged',
  'edited on its way onto the target',
  'edited while it was validated, and validated anew',
  'kept for another agent',
  'landed after a failed attempt',
  'landed after it was sent back',
  'landed for a coordinator that died after the move',
  'landing taken back: its move never came',
  'late result kept as evidence',
  'move of the target refused: it had moved',
  'run drained',
  'proven work put onto a corrected base',
  'rung: fresh',
  'rung: other',
  'rung: split',
  'running attempt told that its base changed',
  'second runner of an attempt ended by itself',
  'sent back from landing: conflict',
  'sent back from landing: red',
  'task made by an attempt',
  'task waits for another that was found on the way',
  'to the inbox: attempts-used',
  'to the inbox: conflict',
  'to the inbox: dependency-cancelled',
  'to the inbox: question',
  'to the inbox: refused',
  'went on from an earlier attempt',
  'went on with files that were not committed',
  'work began on unlanded work of a dependency',
  'work restacked on a dependency that changed',
  'write with an old token refused',
];

export function testSeeds(first: number, count: number): void {
  let batch: Batch = newBatch();

  beforeAll(async () => {
    batch = await runBatch(first, count);
  }, patienceMs);

  for (const { id, title } of invariants) {
    test(`${id} ${title}: seeds ${first} to ${first + count - 1}`, () => {
      expect((batch.failures.get(id) ?? []).map(tellFailure).join('\n')).toBe('');
    });
  }

  test(`P13 B9 no fault makes the coordinator or a runner fail in a way that is nobody's: seeds ${first} to ${first + count - 1}`, () => {
    const others = [...batch.failures].filter(([id]) => !invariants.some((invariant) => invariant.id === id));
    expect(others.flatMap(([, outcomes]) => outcomes.map(tellFailure)).join('\n')).toBe('');
    expect(batch.seeds).toBe(count);
  });

  test(`B9 P1 P3 P13 D5 the faults led through every rare state: seeds ${first} to ${first + count - 1}`, () => {
    expect(landmarks.filter((landmark) => !batch.reached.has(landmark))).toEqual([]);
  });
}
