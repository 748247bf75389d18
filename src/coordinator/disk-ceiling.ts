/**
 * The disk ceiling of all workspaces together (P11).
 *
 * Owns how often it is looked at: a look reads every file's size, so it is done rarely and takes little of the time.
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
  const { diskMaxBytes, limits } = settings;
  if (diskMaxBytes === null) return null;
  const startedMs = ports.clock.monotonicMs();
  if (startedMs >= state.disk.againMs) {
    const bytes = await ports.workspaces.diskBytes();
    const endedMs = ports.clock.monotonicMs();
    state.disk = {
      bytes,
      againMs: endedMs + Math.max(limits.diskIntervalMs, (endedMs - startedMs) / limits.rankShare),
    };
  }
  if (state.disk.bytes <= diskMaxBytes) return null;
  const [used, allowed] = [state.disk.bytes, diskMaxBytes].map((bytes) => (bytes / gigabyte).toFixed(1));
  return `workspaces take ${used} GB, and workspace.diskMaxGb allows ${allowed}: nothing new is started`;
}
