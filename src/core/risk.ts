/**
 * Risk: what in a change must go to a person although the task may write it.
 *
 * Owns the judgement of a change by what it can make others run (`risk-path.ts` has the paths, `risk-content.ts` reads contents), and
 * who is exempt: a person who made the task and named exactly this path in its scope has said the word already. Invariant: the judgement
 * rests on modes, paths and contents of the object database; what an agent says about its work has no part in it.
 */
import { fileMode, type PathChange } from './path-change.ts';
import { linkFault, newDrivers, newInstallScripts, newlyScripted } from './risk-content.ts';
import { riskOfPath, type RiskKind } from './risk-path.ts';
import { spelling, tidyEntry } from './scope.ts';
import type { Task } from './task.ts';

export interface Risk {
  path: string;
  kind: RiskKind;
  /** One sentence for the person. */
  reason: string;
  /** Larger is looked at first. */
  weight: number;
  /** No scope exempts it. */
  always: boolean;
}

/** Contents by id, as far as they could be read. */
export type Texts = ReadonlyMap<string, string>;

/** Ids of the contents that {@link risksOf} looks into. */
export function textsNeeded(changes: readonly PathChange[]): string[] {
  const looked = changes.filter((change) => change.newMode === fileMode.symlink || isRead(change.path));
  return [...new Set(looked.flatMap(({ oldId, newId }) => [oldId, newId]).filter((id) => id !== null))];
}

/** Everything risky about a change, the heaviest first. */
export function risksOf(changes: readonly PathChange[], texts: Texts): Risk[] {
  const risks = changes.flatMap((change) => [
    ...linkRisks(change, texts),
    ...submoduleRisks(change),
    ...executableRisks(change),
    ...placeRisks(change),
    ...contentRisks(change, texts),
  ]);
  return risks.toSorted((a, b) => b.weight - a.weight || (a.path < b.path ? -1 : 1));
}

/**
 * What of it a person has not ordered: a task that no attempt made, whose scope names the path itself (no glob, no folder), needs no
 * further word. Entries that an attempt asked for itself are no person's word.
 */
export function unordered(risks: readonly Risk[], task: Pick<Task, 'origin' | 'scope' | 'widened'>): Risk[] {
  if (task.origin !== null) return [...risks];
  const asked = new Set(task.widened.filter(({ byPerson }) => !byPerson).map(({ entry }) => tidyEntry(entry)));
  const named = new Set(task.scope.map(tidyEntry).filter((entry) => !asked.has(entry)));
  return risks.filter(({ path, always }) => always || !named.has(path));
}

/** The risks in a sentence or more, for an inbox: the heaviest first. */
export function tellRisks(risks: readonly Risk[]): string {
  const told = risks.slice(0, toldMax).map(({ reason }) => reason);
  const more = risks.length > toldMax ? [`and ${risks.length - toldMax} more like these`] : [];
  return [...told, ...more].join('; ');
}

/** Enough to decide on; the whole list stands beside the change. */
const toldMax = 5;

function linkRisks({ path, newMode, newId }: PathChange, texts: Texts): Risk[] {
  if (newMode !== fileMode.symlink) return [];
  const target = texts.get(newId ?? '');
  const fault = target === undefined ? 'a place that cannot be read' : linkFault(path, target);
  const where = target === undefined ? '' : ` to ${JSON.stringify(target.slice(0, 200))}`;
  if (fault !== null) {
    const reason = `${path} is a symbolic link${where}: ${fault}`;
    return [{ path, kind: 'symlink-outside', reason, weight: 100, always: true }];
  }
  return [{ path, kind: 'symlink', reason: `${path} is a symbolic link${where}`, weight: 40, always: false }];
}

function submoduleRisks({ path, oldMode, newMode }: PathChange): Risk[] {
  if (oldMode !== fileMode.submodule && newMode !== fileMode.submodule) return [];
  const what = newMode === fileMode.submodule ? 'is a submodule: content of another repository' : 'was a submodule';
  return [{ path, kind: 'submodule', reason: `${path} ${what}`, weight: 95, always: true }];
}

function executableRisks({ path, oldMode, newMode }: PathChange): Risk[] {
  if (newMode !== fileMode.executable || oldMode === fileMode.executable) return [];
  return [{ path, kind: 'executable', reason: `${path} becomes executable`, weight: 30, always: false }];
}

function placeRisks({ path, kind: change, newMode }: PathChange): Risk[] {
  const found = riskOfPath(path);
  if (found === null || newMode === fileMode.submodule) return [];
  const { kind, does, weight } = found;
  const verb = change === 'deleted' ? 'removed' : change === 'added' ? 'new' : 'changed';
  return [{ path, kind, reason: `${path} (${verb}) ${does}`, weight, always: kind === 'submodule' }];
}

/** What is risky by its content alone. */
function contentRisks(change: PathChange, texts: Texts): Risk[] {
  const { path, newId, newMode } = change;
  if (newId === null || newMode === fileMode.submodule || newMode === fileMode.symlink) return [];
  const reader = readers.find(({ name }) => name.test(spelling(path)));
  if (reader === undefined) return [];
  const { kind, weight } = reader;
  const after = texts.get(newId);
  const before = change.oldId === null ? '' : (texts.get(change.oldId) ?? '');
  const found = after === undefined ? null : reader.read(spelling(path), before, after);
  if (found?.length === 0) return [];
  const what = found === null ? 'cannot be read' : `${reader.brings} ${found.slice(0, toldMax).join(', ')}`;
  return [{ path, kind, reason: `${path} ${what}`, weight, always: false }];
}

interface Reader {
  name: RegExp;
  kind: RiskKind;
  weight: number;
  brings: string;
  /** What is new in it; `null` when it cannot be read. */
  read: (path: string, before: string, after: string) => string[] | null;
}

const readers: readonly Reader[] = [
  {
    name: /(^|\/)\.gitattributes$/,
    kind: 'git-attributes',
    weight: 75,
    brings: 'has git run the programs that these name:',
    read: (_path, before, after) => newDrivers(before, after),
  },
  {
    name: /(^|\/)package\.json$/,
    kind: 'install-scripts',
    weight: 70,
    brings: 'runs at every install:',
    read: (_path, before, after) => newInstallScripts(before, after),
  },
  {
    name: /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml)$/,
    kind: 'install-scripts',
    weight: 60,
    brings: 'brings packages that run scripts at install:',
    read: newlyScripted,
  },
];

function isRead(path: string): boolean {
  return readers.some(({ name }) => name.test(spelling(path)));
}
