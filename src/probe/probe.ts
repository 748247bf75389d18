/**
 * The probe of an agent (C8): a real task in a scratch repository, through the real runner and adapter.
 *
 * Owns the way from an agent's settings to its check. Nothing of the user's project is read but its settings, and nothing of
 * it is changed; the scratch project is gone when the answer is there.
 */
import { adapterOf, type Environment } from '../compose.ts';
import { fingerprintOf } from '../actions/agent-gate.ts';
import type { AgentCheck } from '../core/agent-check.ts';
import { UsageError } from '../platform/error.ts';
import type { AgentEntry } from '../platform/settings.ts';
import { oneLine } from '../platform/text.ts';
import { judge } from './judge.ts';
import { measure } from './measure.ts';
import { runScratch } from './run-scratch.ts';
import { makeScratch } from './scratch.ts';

export interface ProbeOrder {
  agent: string;
  /** Its settings, with the model that is asked for. */
  entry: AgentEntry;
  /** Top of the user's project. */
  top: string;
  granted: readonly string[];
  environment: Environment;
  program: readonly [string, string];
  timeoutMs: number;
  costUsdMax: number;
  /** Ends the probe early. */
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** `isPassing`: what was in the way passes by itself, so the check says nothing lasting about the agent. */
export interface Probed {
  check: AgentCheck;
  isPassing: boolean;
}

export async function probeAgent(order: ProbeOrder): Promise<Probed> {
  const { agent, entry, top, now } = order;
  const startedAt = now();
  const head = { agent, adapter: entry.adapter, costUsd: 0, tokens: 0 };
  const nothing = { login: null, read: null, write: null, run: null, report: null };
  const seal = (
    rest: Omit<AgentCheck, keyof typeof head | 'elapsedMs' | 'at' | 'fingerprint'> & Partial<AgentCheck>,
  ): AgentCheck => ({
    ...head,
    ...rest,
    elapsedMs: now() - startedAt,
    fingerprint: fingerprintOf(entry, rest.version),
    at: now(),
  });
  const found = await lookAt(entry, top);
  if ('fault' in found) {
    const reason = oneLine(found.fault, 300);
    return {
      check: seal({ ...nothing, installed: found.isInstalled, version: found.version, passed: false, reason }),
      isPassing: false,
    };
  }
  const { version, exitIsReport } = found;
  if (entry.adapter === 'scripted') {
    const reason = 'plays its script; there is nothing to probe';
    return { check: seal({ ...nothing, installed: true, version, passed: true, reason }), isPassing: false };
  }
  const scratch = await makeScratch(order);
  try {
    const { isLate } = await runScratch({ ...order, directory: scratch.directory });
    const measured = await measure(scratch, order.environment);
    const { isPassing, ...verdict } = judge({ ...order, measured, wanted: scratch.wanted, exitIsReport, isLate });
    const { costUsd = 0, tokens = 0 } = measured.attempt?.pulse ?? {};
    return { check: seal({ ...verdict, installed: true, version, costUsd, tokens }), isPassing };
  } finally {
    scratch.remove();
  }
}

type Found =
  | { version: string | null; exitIsReport: boolean }
  | { fault: string; isInstalled: boolean; version: string | null };

/** Whether its program can be started at all. */
async function lookAt(entry: AgentEntry, top: string): Promise<Found> {
  try {
    const adapter = await adapterOf(entry.adapter);
    const fault = await adapter.fault(entry, top);
    const version = await adapter.version(entry, top);
    if (fault === null) return { version, exitIsReport: adapter.capabilities(entry).exitIsReport };
    return { ...faultOf(fault, version), version };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { fault: `unknown adapter: ${error.message}`, isInstalled: false, version: null };
  }
}

/** A program that tells its version and still cannot be used lacks something that a newer one has. */
function faultOf(fault: string, version: string | null): { fault: string; isInstalled: boolean } {
  if (version !== null || /\bold(er)?\b|does not know/i.test(fault))
    return { fault: `too old: ${fault}`, isInstalled: true };
  const isMissing = /not on the PATH|not there|no such|cannot be read|not found|names no program/i.test(fault);
  return isMissing
    ? { fault: `not installed: ${fault}`, isInstalled: false }
    : { fault: `cannot be started: ${fault}`, isInstalled: true };
}
