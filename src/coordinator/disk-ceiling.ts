/**
 * The disk ceiling of all that Orbit keeps on disk, and what happens above it (P11).
 *
 * Owns the order: first what is idle goes (slots, templates, old logs), then nothing new is started, with the reason shown; a workspace
 * never goes for want of space. A look reads every file's size, so it is done rarely and takes little of the time.
 */
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';

const gigabyte = 1_000_000_000;

/** Why nothing new may be started, or `null`. */
export async function diskFault(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<string | null> {
  return (await aboveCeiling(ports, settings, state)) ?? (await diskIsFull(ports, settings, state));
}

async function aboveCeiling(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<string | null> {
  const { diskMaxBytes, limits } = settings;
  if (diskMaxBytes === null) return null;
  const startedMs = ports.clock.monotonicMs();
  if (startedMs >= state.disk.againMs) {
    const found = await usedBytes(ports);
    const bytes = found > diskMaxBytes ? found - (await free(ports, settings, found - diskMaxBytes)) : found;
    const endedMs = ports.clock.monotonicMs();
    state.disk.bytes = bytes;
    state.disk.againMs = endedMs + Math.max(limits.diskIntervalMs, (endedMs - startedMs) / limits.rankShare);
  }
  if (state.disk.bytes <= diskMaxBytes) return null;
  const [used, allowed] = [state.disk.bytes, diskMaxBytes].map((bytes) => (bytes / gigabyte).toFixed(1));
  return `workspaces take ${used} GB, and workspace.diskMaxGb allows ${allowed}: nothing new is started`;
}

async function usedBytes({ workspaces, oldLogs }: CoordinatorPorts): Promise<number> {
  return (await workspaces.diskBytes()) + ((await oldLogs?.bytes()) ?? 0);
}

/** Looked at in every tick, which costs microseconds; what is idle is given up only so often. */
async function diskIsFull(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<string | null> {
  const { diskFreeBytesMin, diskIntervalMs } = settings.limits;
  let bytes = await ports.workspaces.diskFreeBytes();
  if (bytes >= diskFreeBytesMin) return null;
  const nowMs = ports.clock.monotonicMs();
  if (nowMs >= state.disk.freeAgainMs) {
    state.disk.freeAgainMs = nowMs + diskIntervalMs;
    await free(ports, settings, diskFreeBytesMin - bytes);
    bytes = await ports.workspaces.diskFreeBytes();
    if (bytes >= diskFreeBytesMin) return null;
  }
  return `the disk has ${Math.floor(bytes / 1e6)} MB left: nothing new is started below ${diskFreeBytesMin / 1e6} MB`;
}

async function free(ports: CoordinatorPorts, { limits }: CoordinatorSettings, bytes: number): Promise<number> {
  const freed = await ports.workspaces.collect(bytes);
  if (freed >= bytes || ports.oldLogs === undefined) return freed;
  const live = await ports.store.attempts({ live: true });
  const inUse = new Set(live.flatMap(({ logs }) => logs ?? []));
  return freed + (await ports.oldLogs.collect({ bytes: bytes - freed, keep: limits.oldLogBytesMax, inUse }));
}
