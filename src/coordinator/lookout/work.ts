/**
 * Work in flight as the look-out sees it: what agents have in their files, and commits that wait to land.
 *
 * Owns what counts, and how often files are looked at: where an agent gave a sign, committed, or long ago. Everything is read from the
 * object database or without trusting a workspace.
 */
import { planOnOpenLine } from '../../actions/plan-lines.ts';
import type { Attempt } from '../../core/attempt.ts';
import type { TaskKey } from '../../core/id.ts';
import { isLanded } from '../../core/status.ts';
import type { BuiltOn } from '../../core/task.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';

export interface Work {
  task: TaskKey;
  token: number;
  /** Who works on it; `null` once it is done. */
  agent: string | null;
  /** Full ref that it lands on. */
  target: string;
  base: string;
  /** As committed, or standing for what is not committed yet. */
  commit: string;
  /** Tasks whose work is in `base` and has not landed. */
  builtOn: readonly TaskKey[];
}

export interface InFlight {
  work: readonly Work[];
  /** Commit of each target. */
  targets: ReadonlyMap<string, string>;
}

type Ports = Pick<CoordinatorPorts, 'store' | 'repository' | 'workspaces' | 'clock'>;

/** What the last glance at agents' files saw. */
interface Glances {
  /** Signs of all agents by then. */
  signs: string;
  atMs: number;
  commits: ReadonlyMap<number, string>;
}

export class WorkInFlight {
  #glances: Glances = { signs: '', atMs: Number.NEGATIVE_INFINITY, commits: new Map() };

  async read(ports: Ports, { plans, limits }: Pick<CoordinatorSettings, 'plans' | 'limits'>): Promise<InFlight> {
    const { store, repository, clock } = ports;
    const work: Work[] = [];
    const running: { attempt: Attempt; target: string }[] = [];
    const targets = new Map<string, string>();
    for (const id of plans) {
      const plan = await store.plan(id);
      if (plan === null) continue;
      const { target } = await planOnOpenLine(store, plan, clock.now());
      const tip = await repository.resolve(target);
      if (tip === null) continue;
      targets.set(target, tip);
      for (const attempt of await store.attempts({ plan: id, live: true })) running.push({ attempt, target });
      for (const { task } of await store.tasks({ plan: id, status: ['done', 'landing'] }, clock.now())) {
        const { token, base = null, commit = null, builtOn } = task.evidence ?? {};
        if (token !== undefined && base !== null && commit !== null && (await repository.resolve(commit)) !== null)
          work.push({
            task: task.key,
            token,
            agent: null,
            target,
            base,
            commit,
            builtOn: await unlandedOf(store, builtOn),
          });
      }
    }
    const attempts = running.map(({ attempt }) => attempt);
    const commits = await this.#commitsOf(ports, attempts, limits.lookoutGlanceMs);
    for (const [index, { attempt, target }] of running.entries()) {
      const { task, token, agent, base } = attempt;
      const commit = commits[index] ?? null;
      if (base === null || commit === null || commit === base) continue;
      work.push({ task, token, agent, target, base, commit, builtOn: await unlandedOf(store, attempt.builtOn) });
    }
    return { work, targets };
  }

  async #commitsOf(
    { repository, workspaces, clock }: Ports,
    attempts: readonly Attempt[],
    againMs: number,
  ): Promise<(string | null)[]> {
    // All at once: the program that answers takes them one after the other without waiting in between.
    const tips = await Promise.all(
      attempts.map(async ({ branch }) => (branch === null ? null : repository.resolve(`refs/heads/${branch}`))),
    );
    const signs = attempts.map(({ token, pulse }, index) => `${token} ${tips[index]} ${pulse.step} ${pulse.activeAt}`);
    const nowMs = clock.monotonicMs();
    if (this.#glances.signs !== signs.join() || nowMs - this.#glances.atMs >= againMs) {
      const own = attempts.flatMap(({ token, workspace, byHand }) =>
        workspace === null || byHand ? [] : [{ token, workspace }],
      );
      const seen = await workspaces.glance(own.map(({ workspace }) => workspace));
      const commits = own.flatMap(({ token }, index) => {
        const commit = seen[index] ?? null;
        return commit === null ? [] : [[token, commit] as const];
      });
      this.#glances = { signs: signs.join(), atMs: nowMs, commits: new Map(commits) };
    }
    return attempts.map(({ token }, index) => this.#glances.commits.get(token) ?? tips[index] ?? null);
  }
}

async function unlandedOf(store: Ports['store'], parts: readonly BuiltOn[] = []): Promise<TaskKey[]> {
  const found = await Promise.all(parts.map(async (part) => ({ part, made: (await store.task(part.task))?.task })));
  return found.flatMap(({ part, made }) => (made !== undefined && isLanded(made) ? [] : [part.task]));
}
