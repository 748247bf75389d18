/**
 * Looks at an agent's process tree, but only at one that has been silent for a while and not at every turn: reading the whole
 * process table for each of many agents each second would cost more than the agents.
 */
import { keyParts } from '../core/id.ts';
import { isBusy, type TreeSample } from '../core/supervision/tree-sample.ts';
import { listProcessTree } from '../platform/process-tree.ts';
import type { Life } from './life.ts';

/** `undefined`: no look was due, or there is nothing to compare it with; `null`: the look failed. */
export type TreeLook = (activeAt: number, now: number) => boolean | null | undefined;

export function treeLook({ ports, attempt, session, workspace }: Life): TreeLook {
  const { limits, paths } = ports;
  const everyMs = Math.min(limits.silenceHintMs, limits.silenceMs) / 12;
  let before: TreeSample | null = null;
  return (activeAt, now) => {
    const root = session?.process ?? null;
    if (root === null) return undefined;
    if (now - activeAt < everyMs) before = null;
    if (now - (before?.at ?? activeAt) < everyMs) return undefined;
    const marker = { project: paths.project, task: keyParts(attempt.task).task, token: String(attempt.token) };
    const tree = listProcessTree(root, { marker, ownRoot: true, workspace: workspace?.directory ?? null });
    if (tree === null) {
      before = null;
      return null;
    }
    const processes = new Map(
      tree.map(({ identity, cpuMs, ioBytes }) => [`${identity.pid} ${identity.startedAt}`, { cpuMs, ioBytes }]),
    );
    const after: TreeSample = { at: now, processes };
    const busy = before === null ? undefined : isBusy(before, after, limits);
    before = after;
    return busy;
  };
}
