/**
 * The refs under which work of attempts is kept (I7), and their names.
 *
 * Owns the list: whoever keeps, lists, brings back or gives up such work names it from here, so that nothing is kept where nobody looks.
 * A new kind is added to `keptFolders`, and the compiler says what else it needs.
 */
import { keyParts, type TaskKey } from './id.ts';

/**
 * `attempt`: its commits; `salvage`: what it had not committed; `conflict`: a merge with its marks that it was shown; `restacked`: what
 * proven work became on another base; `branch`: the branch that it works on.
 */
export type PieceKind = 'attempt' | 'salvage' | 'conflict' | 'restacked' | 'branch';

/** Everything that is kept lies below one of these. */
export const keptFolders: Readonly<Record<PieceKind, string>> = {
  attempt: 'refs/orbit/attempts',
  salvage: 'refs/orbit/salvage',
  conflict: 'refs/orbit/conflict',
  restacked: 'refs/orbit/restacked',
  branch: 'refs/heads/orbit-work',
};

const kinds = Object.keys(keptFolders) as PieceKind[];

/** How a name goes on below the folder of its kind: `<task>/<token>[-<n>]`, or with the plan, or as a branch is called. */
const tails: Readonly<Record<PieceKind, RegExp>> = {
  attempt: /^(?<task>[^/]+)\/(?<token>\d+)(?:-\d+)?$/,
  salvage: /^(?<task>[^/]+)\/(?<token>\d+)(?:-\d+)?$/,
  conflict: /^(?<task>[^/]+)\/(?<token>\d+)(?:-\d+)?$/,
  restacked: /^[^/]+\/(?<task>[^/]+)\/(?<token>\d+)-[0-9a-f]+$/,
  branch: /^[^/]+\/(?<task>.+)-(?<token>\d+)$/,
};

/** Whether a full ref lies where work is kept. */
export function keepsWork(ref: string): boolean {
  return kinds.some((kind) => ref.startsWith(`${keptFolders[kind]}/`));
}

/** What a full ref keeps, by its name; `null` if it keeps no work. */
export function readKeptRef(ref: string): { kind: PieceKind; task: string; token: number } | null {
  const kind = kinds.find((each) => ref.startsWith(`${keptFolders[each]}/`));
  if (kind === undefined) return null;
  const { task, token } = tails[kind].exec(ref.slice(keptFolders[kind].length + 1))?.groups ?? {};
  return task === undefined || token === undefined ? null : { kind, task, token: Number(token) };
}

/** The full refs that somebody may mean who writes one as it is shown: whole, below `refs/orbit/`, or as a branch. */
export function fullRefs(name: string): readonly string[] {
  return [name, `refs/orbit/${name}`, `refs/heads/${name}`];
}

/** What git calls the things of one attempt. Tokens are unique in a project, so no two attempts share a name. */
export function attemptNames(
  key: TaskKey,
  token: number,
): { branch: string; ref: string; salvage: string; workspace: string } {
  const { plan, task } = keyParts(key);
  return {
    branch: `${keptFolders.branch.slice('refs/heads/'.length)}/${plan}/${task}-${token}`,
    ref: `${attemptRefs(task)}/${token}`,
    salvage: `${salvageRefs(task)}/${token}`,
    workspace: `${task}-${token}`,
  };
}

/** Below here lie the commits of all attempts at the task. @param task its id, without the plan. */
export function attemptRefs(task: string): string {
  return `${keptFolders.attempt}/${task}`;
}

/** Below here lies what attempts at the task had not committed. @param task its id, without the plan. */
export function salvageRefs(task: string): string {
  return `${keptFolders.salvage}/${task}`;
}

/** The merge that an attempt's work was sent back with: one for each attempt. */
export function conflictRef(key: TaskKey, token: number): string {
  return `${keptFolders.conflict}/${keyParts(key).task}/${token}`;
}

/** Below here are pinned the commits that work of the task became when it was put onto another base. */
export function restackedRefs(key: TaskKey): string {
  return `${keptFolders.restacked}/${key}/`;
}
