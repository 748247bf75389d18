/**
 * Calls that lead nowhere: nothing new came of them, or they only read (C5).
 *
 * Rests where the work is to read: tasks that plan, verify or set up. A program whose effect nobody can tell neither counts nor
 * absolves, except that what it prints for the first time ends a row of mere reading.
 */
import { isNear, none, type Detector, type Tally } from './detector.ts';
import type { Rule } from './event.ts';
import type { Gain } from './novelty.ts';
import { stepLine, type Step } from './step.ts';
import type { Thresholds } from './thresholds.ts';

export interface Progress extends Pick<Detector, 'hinted' | 'rest' | 'clear'> {
  see(step: Step, gain: Gain): readonly Tally[];
}

const linesMax = 4;

export function progress(limits: Thresholds): Progress {
  let [idle, idleBase, reads, readsBase] = [0, 0, 0, 0];
  let recent: Step[] = [];
  let firstRead: Step | null = null;

  const evidence = (): string[] => recent.map(stepLine);
  const idleTally = (): Tally | null => {
    const count = idle + idleBase;
    const [hint, act] = [limits.nothingNewHint, limits.nothingNewAct];
    if (!isNear({ count, hint })) return null;
    const what = `${count} calls in a row changed nothing and brought nothing new`;
    return { rule: 'nothing-new', count, hint, act, isHinted: idleBase > 0, what, evidence };
  };
  const readTally = (): Tally | null => {
    const count = reads + readsBase;
    const [hint, act] = [limits.readsOnlyHint, limits.readsOnlyAct];
    if (!isNear({ count, hint })) return null;
    const what = `${count} calls only read, and no file was changed`;
    const since = firstRead === null ? [] : [`since call ${firstRead.ordinal}`];
    return {
      rule: 'reads-only',
      count,
      hint,
      act,
      isHinted: readsBase > 0,
      what,
      evidence: () => [...since, ...evidence()],
    };
  };
  const clear = (): void => {
    [idle, idleBase, reads, readsBase] = [0, 0, 0, 0];
    recent = [];
    firstRead = null;
  };
  return {
    see(step, gain) {
      if (step.kind === 'wait' || step.isPoll) return none;
      recent.push(step);
      if (recent.length > linesMax) recent.shift();
      if (gain === 'change') {
        clear();
        return none;
      }
      if (gain === 'news') [idle, idleBase] = [0, 0];
      if (gain === 'nothing') idle += 1;
      if (step.kind === 'read' && !step.failed) {
        reads += 1;
        firstRead ??= step;
      } else if (gain === 'news' && !step.failed && !step.isBookkeeping) {
        [reads, readsBase] = [0, 0];
        firstRead = null;
      }
      return [idleTally(), readTally()].filter((one) => one !== null);
    },
    hinted(rule: Rule) {
      if (rule === 'nothing-new') idleBase = limits.nothingNewHint;
      if (rule === 'reads-only') readsBase = limits.readsOnlyHint;
      [idle, reads] = [0, 0];
    },
    rest() {
      [idle, reads] = [0, 0];
    },
    clear,
  };
}
