/** An attempt that a runner would host, made without one: its token, and the capability that its agent would be given. */
import { isRejection } from '../../src/core/rejection.ts';
import { makeCapability } from '../../src/platform/capability.ts';
import type { Project } from './e2e.ts';

export async function hostedAttempt(
  project: Project,
  { task, agent }: { task: string; agent: string },
): Promise<{ token: number; capability: string }> {
  await using store = await project.store();
  const { directory, repository } = project;
  const request = {
    agent,
    plan: '001',
    task: `001/${task}` as const,
    byHand: false,
    leaseMs: 600_000,
    shared: [],
    base: repository.git('rev-parse', 'HEAD'),
    workspace: `${directory}/.worktrees/${task}`,
    branch: `orbit-work/001/${task}-1`,
  };
  const claimed = await store.claim(request, 'coordinator', Date.now());
  if (isRejection(claimed)) throw new Error(claimed.message);
  const { token } = claimed;
  const capability = await makeCapability(`${directory}/.git/orbit/key`, { token, agent, task: `001/${task}` });
  return { token, capability };
}
