/**
 * What nodes of the graph look like just now, outside of React: a changed status redraws its own node and the canvas, never the list.
 *
 * Owns who is told: each node's own listeners, then those of the whole, once a change.
 */
import type { TaskStatus } from '../../../../src/api/contract.ts';

/** `up`: what the chosen one needs; `down`: what needs it; `chain`: on the longest open chain; `dim`: not in question. */
export type Mark = 'none' | 'self' | 'up' | 'down' | 'chain' | 'found' | 'dim';

export interface NodeState {
  readonly status: TaskStatus;
  /** Who works on it, or how much of a group is finished. */
  readonly note: string;
  readonly mark: Mark;
}

const unknown: NodeState = { status: 'blocked', note: '', mark: 'none' };

export class NodeStore {
  readonly #states = new Map<string, NodeState>();
  readonly #own = new Map<string, Set<() => void>>();
  readonly #all = new Set<() => void>();

  /** The same object until something about the node changes. */
  get(key: string): NodeState {
    return this.#states.get(key) ?? unknown;
  }

  /** Tells of changes of one node, or of any if `key` is `null`; answers what ends it. */
  subscribe(key: string | null, listener: () => void): () => void {
    const listeners = key === null ? this.#all : (this.#own.get(key) ?? new Set());
    if (key !== null) this.#own.set(key, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (key !== null && listeners.size === 0) this.#own.delete(key);
    };
  }

  /** Sets some fields of many nodes; those that stay as they were are not told. */
  set(changes: Iterable<readonly [string, Partial<NodeState>]>): void {
    const changed: string[] = [];
    for (const [key, change] of changes) {
      const before = this.get(key);
      const after = { ...before, ...change };
      const isSame = after.status === before.status && after.note === before.note && after.mark === before.mark;
      if (isSame && this.#states.has(key)) continue;
      this.#states.set(key, after);
      changed.push(key);
    }
    for (const key of changed) for (const listener of this.#own.get(key) ?? []) listener();
    if (changed.length > 0) for (const listener of this.#all) listener();
  }
}
