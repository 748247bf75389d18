/**
 * The look-out: finds conflicts between work in flight before any of it reaches the landing queue (D5, D10). Pure.
 *
 * Owns which pairs are merged for a look, which conflicts that leaves, and which agents have to be told of what. A verdict is
 * remembered by the commits of both sides, so that only what has moved since is merged again. Invariants: what could not be looked at
 * stays as it was; an agent is told once of each path.
 */
import { conflictKey, conflictPathsMax, type Conflict, type ConflictChange } from './conflict.ts';
import type { TaskKey } from './id.ts';
import { mayConflict, overlaps, pathSet, type PathSet } from './path-set.ts';

/** The newest commit of one piece of work that has not landed. */
export interface Tip {
  task: TaskKey;
  token: number;
  /** Who works on it; `null` once it is done. */
  agent: string | null;
  /** Full ref that it lands on. */
  target: string;
  /** What the work is measured against. */
  base: string;
  commit: string;
  /** Tasks whose work is in `base` and has not landed. */
  builtOn: readonly TaskKey[];
  /** It has not moved for a while, or has been moving for long. */
  isSettled: boolean;
  /** What it changes on the target; `null`: too many paths to tell. */
  own: PathSet | null;
  /** What the target changed since `base`. */
  since: PathSet | null;
}

/** Two tips, or one and its target. */
export interface Pair {
  /** Names the contents of both sides. */
  id: string;
  one: Tip;
  other: Tip | null;
  /** Only what each side changed since then is merged; `null`: as git finds their common beginning. */
  base: string | null;
  /** The target's commit. */
  target: string;
}

/** Conflicted paths; empty: they merge, or git cannot merge them at all. */
export type Verdicts = ReadonlyMap<string, readonly string[]>;

/**
 * Pairs that could conflict, as far as their paths tell: those with the target first, since they are sure to come back.
 *
 * @param targets commit of each full ref that some tip lands on.
 */
export function pairsOf(tips: readonly Tip[], targets: ReadonlyMap<string, string>): Pair[] {
  const ordered = [...tips].sort((a, b) => (a.task < b.task ? -1 : 1));
  const found: Pair[] = [];
  for (const [ref, target] of targets) {
    const own = ordered.filter((tip) => tip.target === ref);
    for (const one of own) {
      if (!mayConflict(one.own, one.since)) continue;
      const base = baseOnTarget(one);
      found.push({ id: `${base ?? 'stack'} ${one.commit} ${target}`, one, other: null, base, target });
    }
    for (const [place, otherPlace] of overlaps(own.map((tip) => tip.own))) {
      const [one, other] = [own[place], own[otherPlace]];
      if (one === undefined || other === undefined || one.commit === other.commit) continue;
      // Work and what it is built on: when that changes, the work is put onto the new one and tried there.
      if (one.builtOn.includes(other.task) || other.builtOn.includes(one.task)) continue;
      found.push({ id: `${one.commit} ${other.commit}`, one, other, base: null, target });
    }
  }
  return found.sort((a, b) => Number(a.other !== null) - Number(b.other !== null));
}

/**
 * As the landing queue would merge it. While what it is built on has not landed, the target lacks that: measured from the work's base
 * this would look as if the target had taken it back.
 */
function baseOnTarget({ base, builtOn }: Tip): string | null {
  return builtOn.length === 0 ? base : null;
}

/** Those to merge in this look: not known, both sides settled, at most `most`. */
export function toMerge(pairs: readonly Pair[], known: Verdicts, most: number): Pair[] {
  const open = pairs.filter(({ id, one, other }) => !known.has(id) && one.isSettled && other?.isSettled !== false);
  return open.slice(0, most);
}

/**
 * What the present pairs and verdicts make of the stored conflicts.
 *
 * @param stored of the plans that were looked at. @param now milliseconds since 1970.
 */
export function judge(
  stored: readonly Conflict[],
  { pairs, verdicts, now }: { pairs: readonly Pair[]; verdicts: Verdicts; now: number },
): ConflictChange {
  const before = new Map(stored.map((conflict) => [conflictKey(conflict), conflict]));
  const noted: Conflict[] = [];
  const left = new Set<string>();
  for (const pair of pairs) {
    const sides = { task: pair.one.task, other: pair.other?.task ?? null };
    const known = before.get(conflictKey(sides)) ?? null;
    const verdict = verdicts.get(pair.id);
    const paths = verdict === undefined ? [] : ofBoth(pair, verdict);
    if (verdict !== undefined && paths.length === 0) continue;
    // Nobody has looked at the newest state yet: the last one stands.
    left.add(conflictKey(sides));
    if (verdict === undefined) continue;
    const next = conflictOf(pair, { known, paths, now });
    if (known === null || !isSame(known, next)) noted.push(next);
  }
  const ended = stored.filter((conflict) => !left.has(conflictKey(conflict)));
  return { noted, ended: ended.map(({ task, other }) => ({ task, other })) };
}

/**
 * Where the two sides began from different commits, a merge also shows what one of them has against the other's base; that is told as
 * a conflict with the target. In clashes of files and folders git names paths that nobody has.
 */
function ofBoth({ one, other }: Pair, verdict: readonly string[]): readonly string[] {
  // Of a stack on the target what lies below has a look of its own.
  if (other === null)
    return one.builtOn.length === 0 ? verdict : verdict.filter((path) => mayConflict(pathSet([path]), one.own));
  const own = verdict.filter((path) => {
    const alone = pathSet([path]);
    return mayConflict(alone, one.own) && mayConflict(alone, other.own);
  });
  return own.length === 0 && one.base === other.base ? verdict : own;
}

function conflictOf(
  { one, other, target }: Pair,
  { known, paths, now }: { known: Conflict | null; paths: readonly string[]; now: number },
): Conflict {
  const kept = [...paths].sort().slice(0, conflictPathsMax);
  const isKnown = known !== null && known.token === one.token && known.otherToken === (other?.token ?? null);
  const told = isKnown ? known.told : [];
  return {
    task: one.task,
    token: one.token,
    commit: one.commit,
    other: other?.task ?? null,
    otherToken: other?.token ?? null,
    otherCommit: other?.commit ?? target,
    paths: kept,
    told: [...new Set([...told, ...kept])].sort(),
    since: isKnown ? known.since : now,
  };
}

function isSame(one: Conflict, other: Conflict): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** An agent at work that has to know of a conflict. */
export interface Telling {
  conflict: Conflict;
  /** Whose work it is. */
  to: Tip;
  /** The work that it meets; `null`: what is on the target. */
  about: Tip | null;
}

/** Everybody at work who is part of a present conflict. What was told before is known by its state, not here. */
export function tellings(conflicts: readonly Conflict[], tips: readonly Tip[]): Telling[] {
  const byTask = new Map(tips.map((tip) => [tip.task, tip]));
  const sideOf = (task: TaskKey | null, token: number | null): Tip | null => {
    const tip = task === null ? undefined : byTask.get(task);
    return tip?.token === token ? (tip ?? null) : null;
  };
  return conflicts.flatMap((conflict) => {
    const one = sideOf(conflict.task, conflict.token);
    const other = sideOf(conflict.other, conflict.otherToken);
    if (one === null || (other === null && conflict.other !== null)) return [];
    const ways =
      other === null
        ? [{ to: one, about: null }]
        : [
            { to: one, about: other },
            { to: other, about: one },
          ];
    return ways.filter(({ to }) => to.agent !== null).map((way) => ({ conflict, ...way }));
  });
}

/** What is remembered of a branch between looks. Times are on the monotonic clock. */
export interface Movement {
  commit: string;
  movedMs: number;
  /** Since when it has not come to rest. */
  restlessMs: number;
}

/** The branch as it is seen now. */
export function moved(before: Movement | null, commit: string, at: { nowMs: number; settleMs: number }): Movement {
  const { nowMs, settleMs } = at;
  if (before === null) return { commit, movedMs: nowMs, restlessMs: nowMs };
  if (before.commit === commit) return before;
  const wasAtRest = nowMs - before.movedMs >= settleMs;
  return { commit, movedMs: nowMs, restlessMs: wasAtRest ? nowMs : before.restlessMs };
}

/** At rest for `settleMs`, or on the move for `settleMsMax`: a branch that is never at rest is looked at nevertheless. */
export function isSettled(
  { movedMs, restlessMs }: Movement,
  { nowMs, settleMs, settleMsMax }: { nowMs: number; settleMs: number; settleMsMax: number },
): boolean {
  return nowMs - movedMs >= settleMs || nowMs - restlessMs >= settleMsMax;
}
