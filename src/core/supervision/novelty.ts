/**
 * What a step brought: a change, something new to know, or nothing.
 *
 * Owns the memory of what was done and seen since the workspace last changed, bounded: calls, outputs, and per file the states it
 * was in. A re-read after a change is new knowledge; the same output a second time without one is not.
 */
import { fileEdits, type FileEdit } from './file-edit.ts';
import type { Step } from './step.ts';

/** `change`: content that was not there before. `news`: something unread. `unclear`: it may have done something. */
export type Gain = 'change' | 'news' | 'unclear' | 'nothing';

export interface Return {
  path: string;
  /** Times that the file came back since it last was something new, or came back to just this. */
  count: number;
}

export interface Novelty {
  /** Judges a step; also tells of a file that came back to what it was before. */
  judge(step: Step): { gain: Gain; returned: Return | null };
  /** Whether this call is seen to change a file for the first time. */
  isFirstChangeBy(signature: number): boolean;
  /** The workspace changed: what was seen before is old. */
  change(): void;
}

const memoryMax = 4_096;
const filesMax = 512;
const statesMax = 24;

interface FileStates {
  state: number;
  /** States it was in, with how often it came back to each. */
  before: Map<number, number>;
  /** Times it came back since it last was something new. */
  back: number;
}

export function novelty(workspace: string): Novelty {
  const calls = boundedSet();
  const outputs = boundedSet();
  const changes = boundedSet();
  const files = new Map<string, FileStates>();

  const edit = (step: Step): { gain: Gain; returned: Return | null } => {
    const edits = fileEdits(step, workspace);
    if (edits.length === 0) {
      // Content unknown: the same words a second time are taken for the same content.
      const isNew = changes.add(step.signature);
      return { gain: isNew ? 'change' : 'nothing', returned: null };
    }
    let gain: Gain = 'nothing';
    let returned: Return | null = null;
    for (const one of edits) {
      const outcome = move(one);
      if (outcome === 'new') gain = 'change';
      else if (outcome !== 'same') returned = outcome;
    }
    return { gain, returned };
  };
  const move = ({ path, whole, delta }: FileEdit): 'new' | 'same' | Return => {
    const file = files.get(path) ?? { state: 0, before: new Map([[0, 0]]), back: 0 };
    files.delete(path);
    files.set(path, file);
    if (files.size > filesMax) files.delete(files.keys().next().value ?? '');
    const state = whole ?? (file.state + (delta ?? 0)) >>> 0;
    if (state === file.state) return 'same';
    file.state = state;
    const times = file.before.get(state);
    if (times === undefined) {
      file.before.set(state, 0);
      if (file.before.size > statesMax) file.before.delete(file.before.keys().next().value ?? 0);
      file.back = 0;
      return 'new';
    }
    file.before.set(state, times + 1);
    file.back += 1;
    return { path, count: Math.max(file.back, times) };
  };
  const look = (step: Step): Gain => {
    const isFirst = calls.add(step.signature);
    if (!step.isAnswered) return isFirst ? 'unclear' : 'nothing';
    const isNewOutput = outputs.add(step.shape);
    if (step.isTelling && isNewOutput) return 'news';
    // A picture, say, is read without a word of output.
    if (isFirst && step.kind === 'read' && step.command === null && !step.failed && !step.isBookkeeping) return 'news';
    return isFirst && !step.failed && !step.isBookkeeping && step.kind !== 'read' ? 'unclear' : 'nothing';
  };
  return {
    judge(step) {
      if (step.kind !== 'edit' || step.failed) return { gain: look(step), returned: null };
      const judged = edit(step);
      return judged.gain === 'change' ? judged : { ...judged, gain: look(step) === 'news' ? 'news' : 'nothing' };
    },
    isFirstChangeBy: (signature) => changes.add(signature),
    change() {
      calls.clear();
      outputs.clear();
    },
  };
}

interface BoundedSet {
  /** `true` if it was not there. */
  add(value: number): boolean;
  clear(): void;
}

/** The oldest goes when it is full. */
function boundedSet(): BoundedSet {
  const values = new Set<number>();
  return {
    add(value) {
      if (values.has(value)) return false;
      values.add(value);
      if (values.size > memoryMax) values.delete(values.values().next().value ?? 0);
      return true;
    },
    clear: () => values.clear(),
  };
}
