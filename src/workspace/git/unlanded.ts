/** The commits that a target has not, as a graph: how much of it a piece of work is. */
import { runGit } from './run-git.ts';

export interface Unlanded {
  has(commit: string): boolean;
  /** Commits of `tip` that neither the target nor `base` has. */
  count(tip: string, base: string | null): number;
  /** Where the work at `tip` began: the first commit on its first-parent line that the target has, or `base` on the way there. */
  start(tip: string, base: string | null): string | null;
}

/** One process. @param tips commits that exist. @param targets commits that exist. */
export async function unlandedBy(
  gitDir: string,
  targets: readonly string[],
  tips: readonly string[],
): Promise<Unlanded> {
  const parents = new Map<string, readonly string[]>();
  if (tips.length > 0) {
    const input = `${[...new Set(tips), ...targets.map((target) => `^${target}`)].join('\n')}\n`;
    const { stdout } = await runGit(['rev-list', '--parents', '--stdin'], { gitDir, input });
    for (const line of stdout.toString('latin1').split('\n')) {
      const [commit = '', ...above] = line.split(' ');
      if (commit !== '') parents.set(commit, above);
    }
  }
  const bases = new Map<string, ReadonlySet<string>>();
  const reach = (from: string, but: ReadonlySet<string>): Set<string> => {
    const seen = new Set<string>();
    const open = [from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at) || but.has(at) || !parents.has(at)) continue;
      seen.add(at);
      open.push(...(parents.get(at) ?? []));
    }
    return seen;
  };
  const below = (base: string | null): ReadonlySet<string> => {
    if (base === null) return nothing;
    const known = bases.get(base) ?? reach(base, nothing);
    bases.set(base, known);
    return known;
  };
  return {
    has: (commit) => parents.has(commit),
    count: (tip, base) => reach(tip, below(base)).size,
    start: (tip, base) => {
      let at: string | undefined = tip;
      while (at !== undefined && at !== base && parents.has(at)) at = parents.get(at)?.[0];
      return at ?? null;
    },
  };
}

const nothing: ReadonlySet<string> = new Set();
