/**
 * One run of git for many questions, and what happens when it does not come to an end.
 *
 * Owns that a single question that takes too long or prints too much costs its own answer and not those of the others.
 */
import { OperationalError } from '../../platform/error.ts';

/**
 * Answers in the order of `items`; `null` for one that `ask` alone fails at. Errors other than a run that was cut off are thrown.
 *
 * @param ask throws a retryable `git-failed` where its run was cut off.
 */
export async function inHalves<Item, Answer>(
  items: readonly Item[],
  ask: (items: readonly Item[]) => Promise<(Answer | null)[]>,
): Promise<(Answer | null)[]> {
  if (items.length === 0) return [];
  try {
    return await ask(items);
  } catch (error) {
    if (!(error instanceof OperationalError) || error.code !== 'git-failed' || !error.retryable) throw error;
    if (items.length === 1) return [null];
    const half = Math.ceil(items.length / 2);
    return [...(await inHalves(items.slice(0, half), ask)), ...(await inHalves(items.slice(half), ask))];
  }
}
