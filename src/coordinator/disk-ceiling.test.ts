import { expect, test } from 'vitest';
import { limits } from '../core/limits.ts';
import { diskFault } from './disk-ceiling.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { newCoordinatorState } from './state.ts';

interface Disk {
  ports: CoordinatorPorts;
  clock: { ms: number };
  looks: () => number;
  /** What the ceiling asked for, in order. */
  asked: string[];
  free: { bytes: number };
}

/** The ports that the ceiling looks at, on a clock set by hand. @param idle bytes that can be freed. */
function around(sizes: number[], idle = 0): Disk {
  const clock = { ms: 0 };
  const free = { bytes: 1e12 };
  const asked: string[] = [];
  let looks = 0;
  const ports = {
    workspaces: {
      diskBytes: async () => sizes[Math.min(looks++, sizes.length - 1)] ?? 0,
      diskFreeBytes: async () => free.bytes,
      collect: async (bytes: number) => {
        asked.push(`workspaces ${bytes}`);
        free.bytes += idle;
        return idle;
      },
    },
    oldLogs: {
      bytes: async () => 0,
      collect: async ({ bytes, inUse }: { bytes: number; inUse: ReadonlySet<string> }) => {
        asked.push(`logs ${bytes} but ${[...inUse].join(' ')}`);
        return 0;
      },
    },
    store: { attempts: async () => [{ logs: '/run/live' }, { logs: null }] },
    clock: { monotonicMs: () => clock.ms },
  };
  return { ports: ports as unknown as CoordinatorPorts, clock, looks: () => looks, asked, free };
}

const settings = { diskMaxBytes: 2_000_000_000, limits } as unknown as CoordinatorSettings;

test('P11 above the disk ceiling nothing new is started, until workspaces have gone', async () => {
  const { ports, clock, looks } = around([3_000_000_000, 1_000_000_000]);
  const state = newCoordinatorState();
  expect(await diskFault(ports, settings, state)).toContain('3.0 GB, and workspace.diskMaxGb allows 2.0');
  expect(await diskFault(ports, settings, state)).not.toBeNull();
  expect(looks()).toBe(1);
  clock.ms += limits.diskIntervalMs;
  expect(await diskFault(ports, settings, state)).toBeNull();
  expect(await diskFault(ports, { ...settings, diskMaxBytes: null }, state)).toBeNull();
});

test('P11 above the ceiling what is idle goes first, then old logs but those of living attempts', async () => {
  const enough = around([3_000_000_000], 1_500_000_000);
  expect(await diskFault(enough.ports, settings, newCoordinatorState())).toBeNull();
  expect(enough.asked).toEqual(['workspaces 1000000000']);
  const little = around([3_000_000_000], 400_000_000);
  expect(await diskFault(little.ports, settings, newCoordinatorState())).toContain('take 2.6 GB');
  expect(little.asked).toEqual(['workspaces 1000000000', 'logs 600000000 but /run/live']);
});

test('P11 on a disk that is nearly full nothing new is started, whatever the ceiling', async () => {
  const { ports, free, clock, asked } = around([0]);
  const state = newCoordinatorState();
  free.bytes = 5_000_000;
  expect(await diskFault(ports, { ...settings, diskMaxBytes: null }, state)).toContain('the disk has 5 MB left');
  expect(await diskFault(ports, settings, state)).toContain('the disk has 5 MB left');
  expect(asked).toHaveLength(2);
  clock.ms += limits.diskIntervalMs;
  await diskFault(ports, settings, state);
  expect(asked).toHaveLength(4);
  free.bytes = limits.diskFreeBytesMin;
  expect(await diskFault(ports, settings, state)).toBeNull();
});
