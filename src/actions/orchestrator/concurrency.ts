/** The concurrency mode, chosen by itself (E8): of the ready work, within what the settings allow. */
import { concurrencyMode, type ConcurrencyMode } from '../../core/concurrency.ts';
import { clashesIn, type Clash, type SetTask } from '../../core/independent.ts';
import { limits } from '../../core/limits.ts';
import type { Settings } from '../../platform/settings.ts';

export interface ModeView {
  mode: ConcurrencyMode;
  /** In words, for a person. */
  because: string;
  /** Agents at once under this mode; `null`: as many as there are slots. */
  agentsMax: number | null;
}

const modes: readonly ConcurrencyMode[] = ['sequential', 'parallel-async', 'parallel-threads'];

/** The lesser of what the tasks allow and what `defaultConcurrencyMode` says. */
export function modeFor(
  tasks: readonly SetTask[],
  settings: Pick<Settings, 'defaultConcurrencyMode' | 'maxParallelAgents' | 'shared'>,
): ModeView {
  const { defaultConcurrencyMode: most, maxParallelAgents, shared } = settings;
  const own = concurrencyMode(tasks, shared);
  const mode = modes[Math.min(modes.indexOf(own), modes.indexOf(most))] ?? own;
  const ofMode = { sequential: 1, 'parallel-async': limits.parallelAsyncMax, 'parallel-threads': null }[mode];
  const agentsMax = ofMode === null ? maxParallelAgents : Math.min(ofMode, maxParallelAgents ?? ofMode);
  const because = mode === own ? reasonOf(tasks, shared) : `defaultConcurrencyMode is ${most}`;
  return { mode, because, agentsMax };
}

function reasonOf(tasks: readonly SetTask[], shared: readonly string[]): string {
  if (tasks.length === 0) return 'no task is ready';
  if (tasks.length === 1) return 'one task is ready';
  // Two thousand tasks are two million pairs: the first ones tell enough.
  const [clash] = clashesIn(tasks.slice(0, 100), shared);
  return clash === undefined ? `${tasks.length} tasks are independent of each other` : tellClash(clash);
}

/** For a person: `001/T2 needs 001/T1`. */
export function tellClash({ one, other, why }: Clash): string {
  return why === 'needs' ? `${one} needs ${other}` : `${one} and ${other} may write the same files`;
}
