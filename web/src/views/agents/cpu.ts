/** How much of a core each agent's processes use: from two looks, as machines only count what was used in all. */
import { useEffect, useRef, useState } from 'react';
import type { Agent } from '../../../../src/api/contract.ts';

interface Look {
  readonly at: number;
  readonly cpuMs: ReadonlyMap<number, number>;
}

/** Looks closer together than this say nothing, in milliseconds: beats bring new figures every few seconds. */
const APART_MS = 4_000;

/** Share of one core by token, 1 = all of it; `undefined` until there were two looks, or where a machine does not tell. */
export function useCpuShares(agents: readonly Agent[], at: number): ReadonlyMap<number, number> {
  const last = useRef<Look>(undefined);
  const [shares, setShares] = useState<ReadonlyMap<number, number>>(new Map());
  useEffect(() => {
    const before = last.current;
    if (before !== undefined && at - before.at < APART_MS) return;
    const now = lookAt(agents, at);
    last.current = now;
    if (before !== undefined) setShares(sharesBetween(before, now));
  }, [agents, at]);
  return shares;
}

export function lookAt(agents: readonly Pick<Agent, 'token' | 'cpuMs'>[], at: number): Look {
  return { at, cpuMs: new Map(agents.flatMap(({ token, cpuMs }) => (cpuMs === null ? [] : [[token, cpuMs]]))) };
}

/** A process that ended takes its count along: less than before means nothing. */
export function sharesBetween(before: Look, now: Look): Map<number, number> {
  const shares = new Map<number, number>();
  for (const [token, cpuMs] of now.cpuMs) {
    const used = cpuMs - (before.cpuMs.get(token) ?? Number.NaN);
    if (used >= 0 && now.at > before.at) shares.set(token, used / (now.at - before.at));
  }
  return shares;
}
