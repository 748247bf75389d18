/** Where Orbit itself writes in the main checkout: such a change is nobody's and holds nothing. */
import type { Store } from '../store/store.ts';

/** Plan files that are ticked, and what is written beside them; relative to the top. */
export async function projectionPaths(store: Pick<Store, 'plans'>): Promise<string[]> {
  const sources = (await store.plans()).flatMap(({ source }) => source ?? []);
  return sources.flatMap((source) => [source, source.replace(/[^/]*$/, '.progress.json')]);
}
