/**
 * Clock jumps: a laptop's sleep or a corrected clock must expire nothing.
 *
 * Owns the comparison of wall time with monotonic time. After a jump the coordinator gives every runner one full lease to
 * beat again before it looks at leases. One that has just begun to lead knows nothing of jumps before it: it waits a few beats.
 */
import type { CoordinatorState } from './state.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

export async function detectClockJump(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<void> {
  const wallMs = ports.clock.now();
  const monotonicMs = ports.clock.monotonicMs();
  const before = state.clock;
  let graceUntil = before?.graceUntil ?? wallMs + settings.limits.leaderGraceMs;
  if (before !== null) {
    const gapMs = wallMs - before.wallMs - (monotonicMs - before.monotonicMs);
    const slept = wallMs - before.wallMs > settings.limits.heartbeatTimeoutMs;
    if (Math.abs(gapMs) > settings.limits.clockJumpMs || slept) {
      graceUntil = wallMs + settings.limits.heartbeatTimeoutMs;
      await ports.store.record({ type: 'clock-jumped', gapMs: Math.round(gapMs) }, 'coordinator', wallMs);
      ports.log(
        `the clock jumped by ${Math.round(gapMs)} ms: leases get ${settings.limits.heartbeatTimeoutMs} ms more`,
      );
    }
  }
  state.clock = { wallMs, monotonicMs, graceUntil: Math.min(graceUntil, wallMs + settings.limits.heartbeatTimeoutMs) };
}
