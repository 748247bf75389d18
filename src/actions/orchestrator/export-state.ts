/** Writes all that is known of a project into one file (E12): `data/orchestrators/<systemId>.json`, by atomic replace. */
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { version } from '../../platform/version.ts';
import type { Context } from '../context.ts';
import { syncPlans } from '../sync-plan.ts';
import { getOrchestrator } from './view.ts';

/** Grows with the shape of the file; readers look at it first. */
const formatVersion = 1;

export interface StateExport {
  systemId: string;
  /** The whole file. */
  text: string;
  /** Path that it belongs at, relative to the top of the project. */
  path: string;
}

/** Every fact as it is stored, without logs: plans, tasks, attempts, accounts, conflicts, findings, and where the log stood. */
export async function exportState(context: Context): Promise<StateExport> {
  const { store, clock } = context;
  await syncPlans(context);
  // The log may move while the rest is read: whoever replays from here sees some changes twice, and misses none.
  const cursor = String(await store.lastSeq());
  const now = clock.now();
  const orchestrator = await getOrchestrator(context);
  const records = await store.tasks({}, now);
  const state = {
    format: 'orbit-orchestrator',
    formatVersion,
    orbit: version,
    exportedAt: new Date(now).toISOString(),
    eventsCursor: cursor,
    orchestrator,
    plans: await store.plans(),
    tasks: records.map(({ task, unmet, score }) => ({ ...task, unmet, score })),
    attempts: await store.attempts({}),
    agents: await store.agentChecks(),
    accounts: await store.accounts(),
    conflicts: await store.conflicts(),
    findings: await store.notes({ words: '', limit: limits.exportedFindingsMax }),
  };
  const path = `data/orchestrators/${orchestrator.systemId}.json`;
  return { systemId: orchestrator.systemId, text: `${JSON.stringify(state, null, 2)}\n`, path };
}

/** @param file absolute; `null`: where it belongs. Answers the file written. */
export async function writeState(context: Context, file: string | null): Promise<{ systemId: string; file: string }> {
  const { systemId, text, path } = await exportState(context);
  const target = file ?? join(context.paths.top, path);
  replaceFile(target, text);
  return { systemId, file: target };
}
