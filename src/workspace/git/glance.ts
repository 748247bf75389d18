/**
 * A glance at what agents have in their files now, committed or not, as commits that only the look-out sees.
 *
 * Files that git does not know are left out until they are committed: most of them are what builds and tests leave. Nothing is written
 * to a workspace, its git directory or the repository's objects.
 */
import { OperationalError } from '../../platform/error.ts';
import { clearSidePlace, objectsIn, sidePlace, writeStandIn } from './side-objects.ts';
import { inspectFiles, isOwnDirectory, readTrace } from './work.ts';
import { faultOfWorktree } from './registration.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';
import type { WorkspaceRecord } from './workspace-record.ts';

/** What was written since the side place was made; few kilobytes each, as a rule. */
const writtenMax = 500;
const written = new Map<string, number>();

/** See `Workspaces.glance`. One workspace after the other: nobody waits for it. */
export async function glanceAll(
  folder: WorkspaceFolder,
  records: readonly (WorkspaceRecord | null)[],
): Promise<(string | null)[]> {
  const { commonDirectory } = folder;
  if ((written.get(commonDirectory) ?? 0) > writtenMax) {
    clearSidePlace(commonDirectory);
    written.delete(commonDirectory);
  }
  const commits: (string | null)[] = [];
  for (const record of records) {
    try {
      commits.push(record === null || !record.ready ? null : await glance(folder, record));
    } catch (error) {
      if (!(error instanceof OperationalError)) throw error;
      commits.push(null);
    }
  }
  return commits;
}

async function glance(folder: WorkspaceFolder, record: WorkspaceRecord): Promise<string | null> {
  const { commonDirectory } = folder;
  // An agent may have put something else in the place of its directory.
  if (record.admin === null || !(await isOwnDirectory(record.directory))) return null;
  if ((await faultOfWorktree(folder, record.admin, record.directory)) !== null) return null;
  const { head } = await readTrace(folder, record);
  if (head === null) return null;
  const objects = objectsIn(await sidePlace(commonDirectory));
  await using inspection = await inspectFiles(folder, record, { head: head.commit, objects });
  const status = await inspection.status('tracked');
  if (status.entries.length === 0) return head.commit;
  const tree = await inspection.trackedTree(status);
  if (tree === null || tree === head.tree) return head.commit;
  written.set(commonDirectory, (written.get(commonDirectory) ?? 0) + 1);
  return writeStandIn(objects, { tree, parent: head.commit });
}
