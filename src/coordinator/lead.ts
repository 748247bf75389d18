/**
 * Leadership: one coordinator decides for a project, others stand by and take over.
 *
 * Owns taking and renewing the lease. The epoch fences: it is asked for again before every move of a target.
 */
import type { Leadership } from '../store/store.ts';
import type { CoordinatorState } from './state.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';

/** Renewed after this share of the lease, so that two renewals may fail before it ends. */
const renewShare = 1 / 3;

/** The leadership held now, or `null` while another coordinator leads. */
export async function lead(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<Leadership | null> {
  const now = ports.clock.now();
  const { leaderLeaseMs } = settings.limits;
  const held = state.leadership;
  const leftMs = (held?.expiresAt ?? now) - now;
  // More than a whole lease is left when the clock was set back: then it is taken anew.
  if (held !== null && leftMs > leaderLeaseMs * (1 - renewShare) && leftMs <= leaderLeaseMs) return held;
  const next =
    (await ports.store.lead(settings.holder, leaderLeaseMs, now)) ?? (await leadAfterDead(ports, settings, now));
  if (next !== null && next.epoch !== held?.epoch) {
    forgetStarted(state);
    await ports.checks.endOrphans?.();
    await ports.store.record(
      { type: 'coordinator-started', epoch: next.epoch, host: settings.host, pid: settings.pid },
      'coordinator',
      now,
    );
  }
  state.leadership = next;
  return next;
}

/** A leader that was killed gives nothing back: its lease is given back for it, unless somebody else was quicker. */
async function leadAfterDead(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  now: number,
): Promise<Leadership | null> {
  const leader = await ports.store.leader();
  if (leader === null || ports.isGone?.(leader.holder) !== true) return null;
  await ports.store.resign(leader.holder);
  return ports.store.lead(settings.holder, settings.limits.leaderLeaseMs, now);
}

/** What fences this coordinator's changes: once another leads, the store refuses them. 0 was never led under. */
export function epochOf(state: CoordinatorState): number {
  return state.leadership?.epoch ?? 0;
}

/** Asks the store, not the memory, whether this coordinator still leads: the look before a target is moved. */
export async function stillLeads(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  state: CoordinatorState,
): Promise<boolean> {
  const now = ports.clock.now();
  const next = await ports.store.lead(settings.holder, settings.limits.leaderLeaseMs, now);
  const same = next !== null && next.epoch === state.leadership?.epoch;
  if (!same) forgetStarted(state);
  state.leadership = next;
  return same;
}

/** Whoever led in between may have started a runner in place of one from here: that one's end says nothing any more. */
function forgetStarted(state: CoordinatorState): void {
  state.started.clear();
}
