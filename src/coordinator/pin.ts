/** Keeps a commit reachable before anything is said about it. */
import type { CoordinatorPorts } from './ports.ts';

/** @returns whether the ref holds the commit now, by whomever: a ref that keeps work is never moved. */
export async function pin(
  { repository }: Pick<CoordinatorPorts, 'repository'>,
  ref: string,
  to: string,
): Promise<boolean> {
  return (await repository.moveRefs([{ ref, from: null, to }])) || (await repository.resolve(ref)) === to;
}
