/**
 * Barriers: the dependencies that `layers: hard` adds (A5).
 *
 * Owns one rule: every task of a layer depends on all tasks of the nearest lower layer that has any.
 */
import type { TaskKey } from './id.ts';

export interface LayeredTask {
  key: TaskKey;
  /** `null` = in no layer: waits for no barrier and is part of none. */
  layer: number | null;
}

/**
 * What each task has to wait for by its layer alone.
 * @param tasks those that count: cancelled ones must be left out, or nothing above them could ever start.
 */
export function barriersOf(tasks: readonly LayeredTask[]): (layer: number | null) => readonly TaskKey[] {
  const layers = new Map<number, TaskKey[]>();
  for (const { key, layer } of tasks) {
    if (layer === null) continue;
    const keys = layers.get(layer);
    if (keys === undefined) layers.set(layer, [key]);
    else keys.push(key);
  }
  const numbers = [...layers.keys()].toSorted((a, b) => a - b);
  const below = new Map(numbers.map((number, index) => [number, layers.get(numbers[index - 1] ?? Number.NaN) ?? []]));
  return (layer) => (layer === null ? [] : (below.get(layer) ?? []));
}
