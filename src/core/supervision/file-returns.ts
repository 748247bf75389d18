/** A file whose content comes back to what it was: the agent undoes and redoes the same change. */
import { none, type Tally } from './detector.ts';
import type { Return } from './novelty.ts';
import { stepLine, type Step } from './step.ts';
import type { Thresholds } from './thresholds.ts';

export interface FileReturns {
  see(step: Step, returned: Return | null): readonly Tally[];
  hinted(): void;
}

const linesMax = 4;

/** The states of files are kept over the whole attempt, so nothing here is cleared when the workspace changes. */
export function fileReturns(limits: Thresholds): FileReturns {
  const lines: string[] = [];
  const hintedPaths = new Set<string>();
  let last = '';
  return {
    see(step, returned) {
      if (returned === null) return none;
      const { path, count } = returned;
      last = path;
      lines.push(stepLine(step));
      if (lines.length > linesMax) lines.shift();
      const tally: Tally = {
        rule: 'file-returns',
        count,
        hint: limits.fileReturnsHint,
        act: limits.fileReturnsAct,
        isHinted: hintedPaths.has(path),
        what: `${path} came back to an earlier content ${count} times`,
        evidence: () => [...lines],
      };
      return [tally];
    },
    hinted: () => void hintedPaths.add(last),
  };
}
