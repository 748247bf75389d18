/** A runner that does not know, or does not care, that its claim is over. */
import type { Evidence } from '../../src/core/task.ts';
import { OperationalError } from '../../src/platform/error.ts';
import type { Life } from '../../src/runner/life.ts';
import type { Host } from './runner.ts';

/** Every write that an attempt can make, with a token that no longer holds the task, when another may hold it already. */
export async function haunt(
  { sim, store, random, part }: Host,
  { attempt, ports, task }: Life,
  commit: string | null,
): Promise<void> {
  const { token, agent } = attempt;
  const rule = { attemptsMax: 4, spentMsMax: 3_600_000, retryDelayMs: 5_000, jitter: 0, bouncesMax: 3, agents: [] };
  const evidence: Evidence = {
    token,
    agent,
    commit,
    base: null,
    tree: null,
    branch: null,
    commits: 1,
    files: 1,
    checks: [],
    noChanges: null,
    at: 0,
  };
  const context = (): { actor: string; now: number; durable: boolean } => ({
    actor: agent,
    now: ports.clock.now(),
    durable: true,
  });
  const writes = [
    () => store.beat(token, { ...attempt.pulse, at: ports.clock.now(), expiresAt: ports.clock.now() + 30_000 }),
    () =>
      store.execute(task.key, { type: 'prepare', token, branch: 'b', workspace: 'w', base: 'x', logs: 'l' }, context()),
    () => store.execute(task.key, { type: 'report', token, commit, noChanges: null }, context()),
    () => store.execute(task.key, { type: 'prove', token, evidence }, context()),
    () => store.execute(task.key, { type: 'fail', token, outcome: 'failed', reason: 'late', commit, rule }, context()),
    () => store.execute(task.key, { type: 'release', token, reason: 'late', commit }, context()),
    () => store.execute(task.key, { type: 'block', token, kind: 'question', reason: 'late' }, context()),
  ];
  for (const write of writes) {
    await part.process.gate(random.int(100, 6_000));
    if (random.chance(0.3)) continue;
    try {
      await write();
      sim.reach('zombie wrote with an old token');
    } catch (error) {
      if (!(error instanceof OperationalError)) throw error;
    }
  }
}
