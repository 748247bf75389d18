/**
 * The memory of one attempt (I16): an agent whose processes together take more than `agents.<name>.memoryMaxMb` is ended, before
 * the system ends somebody else for it.
 */
import { keyParts } from '../core/id.ts';
import { listProcessTree } from '../platform/process-tree.ts';
import type { Ending } from './runner.ts';
import type { Stage } from './stage.ts';

const megabyte = 1_000_000;

/** Goes on until the signal aborts or the limit is passed; ends at once where no limit is set or the system tells no figures. */
export async function watchMemory(
  { life, agent, workspace }: Stage,
  { signal, settle }: { signal: AbortSignal; settle: (ending: Ending) => void },
): Promise<void> {
  const { ports, attempt, logs } = life;
  const { memoryMaxMb } = agent.settings;
  const root = agent.session.process;
  if (memoryMaxMb === undefined || root === null) return;
  const marker = { project: ports.paths.project, task: keyParts(attempt.task).task, token: String(attempt.token) };
  const options = { marker, ownRoot: true, workspace: workspace.directory };
  while (!signal.aborted) {
    const tree = listProcessTree(root, options) ?? [];
    const sizes = tree.map(({ name, memoryBytes }) => ({ name, mb: Math.round((memoryBytes ?? 0) / megabyte) }));
    const totalMb = sizes.reduce((sum, { mb }) => sum + mb, 0);
    if (totalMb > memoryMaxMb) {
      const largest = sizes
        .sort((a, b) => b.mb - a.mb)
        .slice(0, 5)
        .map(({ name, mb }) => `${name}: ${mb} MB`);
      const reason = `The agent's processes take ${totalMb} MB of memory together, and agents.*.memoryMaxMb allows ${memoryMaxMb}`;
      logs.monitor(`memory: the attempt ends: ${reason}; ${largest.join(', ')}`);
      settle({ as: 'failed', outcome: 'failed', reason, rule: 'memory', evidence: largest });
      return;
    }
    await ports.clock.sleep(ports.limits.memoryLookMs, signal);
  }
}
