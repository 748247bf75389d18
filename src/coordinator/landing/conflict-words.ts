/**
 * The reason of a bounce because of a conflict: everything its next agent needs to keep both intents (P4).
 *
 * Owns the words.
 */
import { limits } from '../../core/limits.ts';
import type { Task } from '../../core/task.ts';
import type { Merge } from '../../workspace/repository.ts';
import { keepMerge } from '../keep-merge.ts';
import type { CoordinatorPorts } from '../ports.ts';
import { landedSince, shortPatch, type Intent } from './intents.ts';
import { listPaths } from './path-list.ts';

type Ports = Pick<CoordinatorPorts, 'store' | 'repository' | 'clock' | 'redact'>;

export interface ConflictOrder {
  task: Task;
  merge: Extract<Merge, { clean: false }>;
  /** Where the work began. */
  from: string;
  /** The target's tip, which the next attempt begins from. */
  base: string;
}

/** Subjects quoted where no task is known to have changed the paths. */
const subjectsMax = 8;

/** The whole reason; its first line says it in short. Keeps the marked merge. */
export async function conflictReason(ports: Ports, order: ConflictOrder): Promise<string> {
  const { repository, store, redact = (text: string) => text } = ports;
  const { task, merge, from, base } = order;
  const plan = await store.plan(task.plan);
  const start = (await repository.mergeBase(from, base)) ?? from;
  const intents = plan === null ? [] : await landedSince(ports, { plan, from: start, paths: merge.paths });
  const message = `Conflict of ${task.key} with its target\n\n${merge.messages.join('\n')}\n`;
  const ref = await keepMerge(ports, task, { tree: merge.tree, onto: base, message });
  const kept =
    ref === null
      ? ''
      : `The merge with its conflict marks is kept: git diff ${base.slice(0, 12)} ${ref} shows what this work would change there.\n`;
  const head =
    `it conflicts with the target in ${listPaths(merge.paths)}${await landedWords(repository, { intents, start, base })}\n` +
    `The new base is ${base.slice(0, 12)}, the target as it is now. ${kept}` +
    `Do the task again on top of it so that both intents hold; nothing of the other change may be dropped.`;
  return redact([head, ...intentWords(intents, limits.reasonLengthMax - head.length)].join('\n'));
}

async function landedWords(
  repository: Ports['repository'],
  { intents, start, base }: { intents: readonly Intent[]; start: string; base: string },
): Promise<string> {
  if (intents.length > 0)
    return `; landed since it began: ${intents.map(({ task }) => `${task.id} ${oneLine(task.title)}`).join('; ')}`;
  const subjects = (await repository.subjects(start, base)).slice(0, subjectsMax);
  return subjects.length === 0 ? '' : `; on the target since it began: ${subjects.map(oneLine).join('; ')}`;
}

/** An equal share of the room for each; what is too little to show anything is left out. */
function intentWords(intents: readonly Intent[], room: number): string[] {
  const share = Math.floor(room / Math.max(1, intents.length));
  return intents.flatMap(({ task, patch }) => {
    const { base, commit, agent } = task.evidence ?? {};
    const whole = `git diff ${base?.slice(0, 12)} ${commit?.slice(0, 12)}`;
    const title = `What ${task.id} (${oneLine(task.title)}, by ${agent}) changed there; the whole of it: ${whole}`;
    const left = share - title.length - cutRoom;
    return left < patchLengthMin ? [] : [`${title}\n${shortPatch(patch, left)}`];
  });
}

const patchLengthMin = 80;
/** For the words about what was cut. */
const cutRoom = 40;
const titleLengthMax = 120;

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= titleLengthMax ? line : `${line.slice(0, titleLengthMax).toWellFormed()}…`;
}
