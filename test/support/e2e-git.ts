/** What git says about landed work, without asking Orbit. */
import type { TestRepository } from './repository.ts';

export interface LandedCommit {
  commit: string;
  /** Task of the trailer `Orbit-Task`, without its plan. */
  task: string;
}

/** First-parent history of the target beyond where it began, oldest first: what landed together has one commit. */
export function landedOn({ git }: Pick<TestRepository, 'git'>, target = 'orbit/001', from = 'main'): LandedCommit[] {
  const format = '--format=%H %(trailers:key=Orbit-Task,valueonly,separator=%x20)';
  const lines = git('log', '--first-parent', '--reverse', format, `${from}..${target}`).split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const [commit = '', ...keys] = line.split(' ').filter(Boolean);
    return (keys.length === 0 ? [''] : keys).map((key) => ({ commit, task: key.slice(key.indexOf('/') + 1) }));
  });
}

/** Tasks in the order in which they landed. */
export function landedTasks(repository: Pick<TestRepository, 'git'>, target?: string): string[] {
  return landedOn(repository, target).map(({ task }) => task);
}
