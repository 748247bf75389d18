/** Makes a project ready to be orchestrated (E1): `orbit init`, a name, its plans read, and the view of the orchestrator. */
import { isRejection, type Rejection } from '../../core/rejection.ts';
import type { Context } from '../context.ts';
import { initProject, type InitAnswer, type InitOrder } from '../init-project.ts';
import { refuseAgents } from '../refuse-agents.ts';
import { discoverPlans } from '../sync-plan.ts';
import { keepSystemId } from './system-id.ts';
import { getOrchestrator, type OrchestratorView } from './view.ts';

export interface InitOrchestratorOrder extends InitOrder {
  /** Another name than the project's folder gives; `null`: as it is. */
  systemId: string | null;
}

export type InitOrchestratorAnswer = OrchestratorView & Pick<InitAnswer, 'changed'>;

/** Of a project that is there already; doing it again changes nothing that is right. Throws as `initProject` does, and `bad-id`. */
export async function initOrchestrator(
  context: Context,
  { systemId, ...order }: InitOrchestratorOrder,
): Promise<InitOrchestratorAnswer | Rejection> {
  const refusal = await refuseAgents(context, 'set up a project');
  if (isRejection(refusal)) return refusal;
  // The store is open, so it is there.
  const made = async (): Promise<void> => undefined;
  const { changed } = await initProject(context.paths, order, { settings: context.settings, createStore: made });
  if (systemId !== null) keepSystemId(context.paths, systemId);
  await discoverPlans(context);
  return { ...(await getOrchestrator(context)), changed };
}
