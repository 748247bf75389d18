/** What two looks at a process tree tell: whether anything happened in between. */

/** One look at a process tree. */
export interface TreeSample {
  at: number;
  processes: ReadonlyMap<string, { cpuMs: number; ioBytes: number | null }>;
}

/**
 * Whether anything happened in the tree between two looks: a new process, processor time, bytes moved.
 * A program that only waits wakes its timers now and then, hence the two allowances.
 */
export function isBusy(
  before: TreeSample,
  after: TreeSample,
  allowance: { idleCpuShare: number; idleIoBytesPerS: number },
): boolean {
  // The shortest that a system tells apart is 10 ms, and a look that came late may hold two of them.
  const cpuMsMax = Math.max(20, (after.at - before.at) * allowance.idleCpuShare);
  const ioBytesMax = Math.max(1, (after.at - before.at) / 1_000) * allowance.idleIoBytesPerS;
  for (const [id, now] of after.processes) {
    const then = before.processes.get(id);
    if (then === undefined) return true;
    if (now.cpuMs - then.cpuMs > cpuMsMax) return true;
    if ((now.ioBytes ?? 0) - (then.ioBytes ?? 0) > ioBytesMax) return true;
  }
  return false;
}
