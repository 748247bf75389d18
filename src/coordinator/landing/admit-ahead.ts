/**
 * Admission of the work that may join a chain, asked ahead of its turn: it does not depend on what the work is merged onto, so the
 * repository can be asked about several at once.
 *
 * Owns how many that are. What goes wrong is told to whoever asks for that task's answer, and to nobody else.
 */
import type { TaskKey } from '../../core/id.ts';
import type { Task } from '../../core/task.ts';
import { admit, type Refusal } from './admission.ts';
import type { LandingContext } from './step.ts';

/** So many are asked about at once at most: each may hold some folders of the repository in memory. */
const atOnceMax = 16;

/**
 * Answers why the work of one of `tasks` may not land, or `null`; `undefined` where that can only be asked when its place is known,
 * because nobody noted what it began from. The first call begins with the tasks from there on.
 *
 * @param length tasks that a chain takes.
 */
export function admitAhead(
  { ports, settings }: Pick<LandingContext, 'ports' | 'settings'>,
  tasks: readonly Task[],
  length: number,
): (task: Task) => Promise<Refusal | null> | undefined {
  const { shared, approval: policy } = settings;
  const begun = new Map<TaskKey, Promise<Refusal | null>>();
  let next = 0;
  const begin = (task: Task): void => {
    const { base = null, commit = null } = task.evidence ?? {};
    if (base === null || commit === null) return;
    const answer = admit(ports.repository, { task, from: base, commit, shared, policy });
    // Who asks for it is told; work whose turn never comes is nobody's trouble.
    answer.catch(() => undefined);
    begun.set(task.key, answer);
  };
  return (task) => {
    const at = tasks.indexOf(task);
    if (at >= next) {
      const group = tasks.slice(at, at + Math.min(length, atOnceMax));
      next = at + group.length;
      for (const one of group) begin(one);
    }
    return begun.get(task.key);
  };
}
