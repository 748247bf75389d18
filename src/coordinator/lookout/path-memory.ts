/**
 * What pieces of work change, remembered by their commits, so that only what has moved is read again.
 *
 * Owns that memory: it holds what the last look used and nothing else.
 */
import { ownChanges, pathSet, type Changes, type PathSet } from '../../core/path-set.ts';
import type { Repository } from '../../workspace/repository.ts';
import type { Work } from './work.ts';

export interface Sets {
  /** What the work changes on its target. */
  own: PathSet | null;
  /** What the target changed since the work began. */
  since: PathSet | null;
}

export class PathMemory {
  #changes = new Map<string, Changes | null>();
  #sets = new Map<string, Sets>();

  /** In the order of `work`. @param targets commit of each target. One process of git for all that is not known. */
  async setsOf(
    repository: Pick<Repository, 'pathSets'>,
    work: readonly Work[],
    targets: ReadonlyMap<string, string>,
  ): Promise<Sets[]> {
    const named = work.map((one) => ({ ...one, tip: targets.get(one.target) ?? one.base }));
    await this.#read(
      repository,
      named.flatMap(({ base, commit, tip }) => [
        { from: base, to: commit },
        { from: base, to: tip },
      ]),
    );
    const sets = new Map<string, Sets>();
    const found = named.map(({ base, commit, tip }) => {
      const id = `${base} ${commit} ${tip}`;
      const known = sets.get(id) ?? this.#sets.get(id) ?? this.#make({ base, commit, tip });
      sets.set(id, known);
      return known;
    });
    this.#sets = sets;
    return found;
  }

  async #read(
    repository: Pick<Repository, 'pathSets'>,
    wanted: readonly { from: string; to: string }[],
  ): Promise<void> {
    const nameOf = ({ from, to }: { from: string; to: string }): string => `${from} ${to}`;
    const byName = new Map(wanted.map((pair) => [nameOf(pair), pair]));
    const fresh = [...byName.values()].filter((pair) => !this.#changes.has(nameOf(pair)));
    const read = fresh.length === 0 ? [] : await repository.pathSets(fresh);
    for (const [index, pair] of fresh.entries()) this.#changes.set(nameOf(pair), read[index] ?? null);
    for (const name of this.#changes.keys()) if (!byName.has(name)) this.#changes.delete(name);
  }

  #make({ base, commit, tip }: { base: string; commit: string; tip: string }): Sets {
    const [work, target] = [this.#changes.get(`${base} ${commit}`), this.#changes.get(`${base} ${tip}`)];
    if (!work) return { own: null, since: target ? pathSet(target.keys()) : null };
    return {
      own: pathSet(target ? ownChanges(work, target) : work.keys()),
      since: target ? pathSet(target.keys()) : null,
    };
  }
}
