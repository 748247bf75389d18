import { expect, test } from 'vitest';
import { limits } from '../core/limits.ts';
import { diskFault } from './disk-ceiling.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { newCoordinatorState } from './state.ts';

/** The two ports that the ceiling looks at, on a clock set by hand. */
function around(sizes: number[]): { ports: CoordinatorPorts; clock: { ms: number }; looks: () => number } {
  const clock = { ms: 0 };
  let looks = 0;
  const diskBytes = async (): Promise<number> => sizes[Math.min(looks++, sizes.length - 1)] ?? 0;
  const ports = { workspaces: { diskBytes }, clock: { monotonicMs: () => clock.ms } } as unknown as CoordinatorPorts;
  return { ports, clock, looks: () => looks };
}

test('P11 above the disk ceiling nothing new is started, until workspaces have gone', async () => {
  const { ports, clock, looks } = around([3_000_000_000, 1_000_000_000]);
  const settings = { diskMaxBytes: 2_000_000_000, limits } as unknown as CoordinatorSettings;
  const state = newCoordinatorState();
  expect(await diskFault(ports, settings, state)).toContain('3.0 GB, and workspace.diskMaxGb allows 2.0');
  expect(await diskFault(ports, settings, state)).not.toBeNull();
  expect(looks()).toBe(1);
  clock.ms += limits.diskIntervalMs;
  expect(await diskFault(ports, settings, state)).toBeNull();
  expect(await diskFault(ports, { ...settings, diskMaxBytes: null }, state)).toBeNull();
});
