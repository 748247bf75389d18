/**
 * All work that is kept of attempts, and whether its target has it (P1). Reads only.
 *
 * Invariant: `onTarget` is a proof, from objects alone, never from what somebody reported: in doubt work counts as not there. For any
 * number of refs it takes some processes per target.
 */
import { keptFolders, readKeptRef } from '../../core/kept-refs.ts';
import type { KeptPiece, PieceFacts } from '../workspace.ts';
import { changesOf, contentsOf, type Content } from './changes-of.ts';
import { readCommits, readObjects } from './objects.ts';
import { listRefs, type Ref } from './refs.ts';
import { unlandedBy, type Unlanded } from './unlanded.ts';
import type { WorkspaceFolder } from './workspace-folder.ts';

type Found = Pick<KeptPiece, 'ref' | 'task' | 'token' | 'kind' | 'commit' | 'at' | 'subject'>;

/** See `Workspaces.survey`. Throws OperationalError `git-…`. */
export async function surveyKept(
  folder: WorkspaceFolder,
  task: string | null,
  factsOf: (token: number, task: string) => PieceFacts,
): Promise<KeptPiece[]> {
  const gitDir = folder.commonDirectory;
  const refs = await listRefs(gitDir, Object.values(keptFolders));
  const all = refs.flatMap((ref) => describe(ref) ?? []).filter((piece) => task === null || piece.task === task);
  const held = new Set(all.filter(({ kind }) => kind === 'attempt').map(({ commit }) => commit));
  const pieces = all.filter(({ kind, commit }) => kind !== 'branch' || !held.has(commit));
  const groups = new Map<string, { piece: Found; facts: PieceFacts }[]>();
  for (const piece of pieces) {
    const facts = factsOf(piece.token, piece.task);
    const key = facts.targets.join('\0');
    groups.set(key, [...(groups.get(key) ?? []), { piece, facts }]);
  }
  const judged = new Map<string, KeptPiece>();
  for (const group of groups.values()) for (const piece of await judge(gitDir, group)) judged.set(piece.ref, piece);
  // A branch that the target has whole keeps nothing: it is where an attempt starts.
  return pieces
    .flatMap(({ ref }) => judged.get(ref) ?? [])
    .filter(({ kind, onTarget }) => kind !== 'branch' || onTarget !== 'history');
}

function describe({ ref, commit, at, subject }: Ref): Found | null {
  const kept = readKeptRef(ref);
  return kept === null ? null : { ref, ...kept, commit, at, subject };
}

async function judge(gitDir: string, group: readonly { piece: Found; facts: PieceFacts }[]): Promise<KeptPiece[]> {
  const names = group[0]?.facts.targets ?? [];
  const bases = [...new Set(group.flatMap(({ facts }) => facts.base ?? []))];
  const [tips, known] = await Promise.all([readCommits(gitDir, names), readCommits(gitDir, bases)]);
  const targets = tips.flatMap((found) => found?.commit ?? []);
  const isThere = new Set(known.flatMap((found) => found?.commit ?? []));
  const unlanded = await unlandedBy(
    gitDir,
    targets,
    group.map(({ piece }) => piece.commit),
  );
  const firstParents = await snapshotBases(gitDir, group);
  const measured = group.map(({ piece, facts }) => {
    const base = facts.base !== null && isThere.has(facts.base) ? facts.base : null;
    return { piece, base, start: firstParents.get(piece.commit) ?? unlanded.start(piece.commit, base) };
  });
  const changes = await changesOf(
    gitDir,
    measured.map(({ piece, start }) => ({ base: start, tip: piece.commit })),
  );
  const contents = await targetContents(gitDir, targets, group);
  return measured.map(({ piece, base }, index) => {
    const changed = changes[index] ?? [];
    return {
      ...piece,
      ...sizes(piece, base, { unlanded, changed }),
      onTarget: proof(piece, { unlanded, changed, targets: contents }),
    };
  });
}

function sizes(
  { kind, commit }: Found,
  base: string | null,
  { unlanded, changed }: { unlanded: Unlanded; changed: readonly Content[] },
): { commits: number; files: number } {
  // A snapshot is one commit on top of what another ref shows.
  return {
    commits: kind === 'salvage' ? Number(unlanded.has(commit)) : unlanded.count(commit, base),
    files: changed.length,
  };
}

function proof(
  { commit }: Found,
  has: { unlanded: Unlanded; changed: readonly Content[]; targets: readonly { has(content: Content): boolean }[] },
): KeptPiece['onTarget'] {
  if (has.targets.length === 0) return null;
  if (!has.unlanded.has(commit)) return 'history';
  const isWhole = has.targets.some((target) => has.changed.every((content) => target.has(content)));
  return isWhole ? 'content' : null;
}

/** A snapshot is measured against the commit that it was taken on, whatever that was based on. */
async function snapshotBases(gitDir: string, group: readonly { piece: Found }[]): Promise<Map<string, string>> {
  const snapshots = group.filter(({ piece }) => isSnapshot(piece)).map(({ piece }) => piece.commit);
  const objects = await readObjects(gitDir, snapshots);
  const bases = new Map<string, string>();
  for (const [index, commit] of snapshots.entries()) {
    const parent = /^parent ([0-9a-f]+)$/m.exec(objects[index]?.content.toString('latin1', 0, 512) ?? '')?.[1];
    if (parent !== undefined) bases.set(commit, parent);
  }
  return bases;
}

function isSnapshot({ kind, subject }: Found): boolean {
  return kind === 'salvage' && /^(?:Uncommitted|Staged) work of /.test(subject);
}

/** What each target of the group has, or had since the group's oldest attempt began. */
async function targetContents(
  gitDir: string,
  targets: readonly string[],
  group: readonly { piece: Found; facts: PieceFacts }[],
): Promise<{ has(content: Content): boolean }[]> {
  const oldest = group.reduce((at, { piece, facts }) => Math.min(at, piece.at, facts.since ?? piece.at), Infinity);
  // A day more: clocks of several machines differ, and commits carry their dates.
  return Promise.all(targets.map(async (target) => contentsOf(gitDir, target, oldest - dayMs)));
}

const dayMs = 86_400_000;
