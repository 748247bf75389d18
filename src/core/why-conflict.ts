/** Reasons about conflicts seen ahead: nothing is held back by them, but work of two will meet (D5). */
import type { Because, WhyInput } from './because.ts';

/** Paths named in one sentence. */
const pathsMax = 5;

export function conflictReasons({ plan, conflicts = [] }: WhyInput): Because[] {
  return conflicts.map(({ other, title, agent, paths, since }) => {
    const more = paths.length > pathsMax ? ` and ${paths.length - pathsMax} more` : '';
    const where = `${paths.slice(0, pathsMax).join(', ')}${more}`;
    if (other === null) {
      const message = `as it is now it conflicts with ${plan?.target ?? 'its target'} in ${where}; it would be sent back from landing`;
      const unblockedBy = `work that fits the target, or its being done again on the new base`;
      return { rule: 'conflict', message, since, holder: null, unblockedBy };
    }
    const who = agent === null ? 'done' : `${agent} works on it`;
    const message = `as they are now it conflicts with ${other} (${title ?? ''}; ${who}) in ${where}; agents at work have been told`;
    const unblockedBy = `a change of either; the one that lands second is sent back with the other's change`;
    return { rule: 'conflict', message, since, holder: agent ?? other, unblockedBy };
  });
}
