import { expect, test } from 'vitest';
import { crowdedBecause, expectedMemoryMb, type RoomInput } from './machine-room.ts';

const limits = { agentsPerCoreMax: 4, agentSettleMs: 30_000, memoryKeptFreeMb: 500 };

/** `live` agents of 1,000 MB that are long settled, and one of the same size that would start. */
function room(live: number, more: Partial<RoomInput> = {}): string | null {
  return crowdedBecause({
    agent: { name: 'claude', memoryMb: 1_000 },
    machine: { availableBytes: 64e9, cores: 2 },
    live: Array.from({ length: live }, () => ({ memoryMb: 1_000, startedAt: 0 })),
    now: 1_000_000,
    parallelMax: null,
    limits,
    ...more,
  });
}

test('I16 as many agents start as the cores serve well, unless the user has said how many', () => {
  expect(room(7)).toBeNull();
  expect(room(8)).toContain('8 agents are at work, as many as 2 processor cores serve well');
  expect(room(8, { parallelMax: 20 })).toBeNull();
});

test('I16 an agent waits for memory, also for what those just started will take', () => {
  const machine = { availableBytes: 2.6e9, cores: 2 };
  const settled = { memoryMb: 1_000, startedAt: 0 };
  const fresh = { memoryMb: 1_000, startedAt: 990_000 };
  expect(room(1, { machine })).toBeNull();
  expect(room(1, { machine, live: [settled, fresh] })).toBeNull();
  expect(room(1, { machine, live: [fresh, fresh] })).toContain('memory is short: claude is expected to take 1000 MB');
  expect(room(1, { machine: { ...machine, availableBytes: 1.4e9 } })).toContain('memory is short');
  expect(room(1, { machine: { ...machine, availableBytes: null } })).toBeNull();
});

test('I16 the first agent starts on any machine, and a plain command has no weight', () => {
  const machine = { availableBytes: 1e6, cores: 1 };
  expect(room(0, { machine })).toBeNull();
  expect(room(50, { machine, agent: { name: 'sh', memoryMb: expectedMemoryMb({ adapter: 'command' }) } })).toBeNull();
  expect(expectedMemoryMb({ adapter: 'claude' })).toBeGreaterThan(100);
  expect(expectedMemoryMb({ adapter: 'command', memoryMb: 5_000 })).toBe(5_000);
});
