/** What a killed Orbit held in people's checkouts is given back before anything else lands, whoever it landed for. */
import type { CoordinatorPorts } from '../ports.ts';
import { gitTrouble } from './git-trouble.ts';

/**
 * Whether that is done; `false`: it is to be tried again soon. A checkout that cannot be mended holds only what lands on its branch, so
 * it is told and no more.
 */
export async function mendCheckouts({
  repository,
  log,
}: Pick<CoordinatorPorts, 'repository' | 'log'>): Promise<boolean> {
  try {
    return await repository.mendCheckouts();
  } catch (error) {
    const trouble = gitTrouble(error);
    if (trouble === null) throw error;
    log(`a checkout that was left half done is not mended yet: ${trouble.message} (${trouble.hint})`);
    return true;
  }
}
