/** What a simulated runner makes of its agent's word: the report told to the store, the evidence looked for as the real one does. */
import type { Attempt } from '../../src/core/attempt.ts';
import { lacksOf, type CheckFact, type CompletionFacts, type Lack } from '../../src/core/evidence.ts';
import type { Plan } from '../../src/core/plan.ts';
import type { Evidence, Task } from '../../src/core/task.ts';
import { OperationalError } from '../../src/platform/error.ts';
import type { Life } from '../../src/runner/life.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import type { AgentWord } from './agent.ts';
import type { Host } from './runner.ts';
import { sharedPath } from './scenario.ts';

export async function tellReport(
  { store }: Host,
  { attempt, task, ports }: Life,
  noChanges: string | null,
): Promise<void> {
  try {
    await store.execute(
      task.key,
      { type: 'report', token: attempt.token, commit: null, noChanges },
      { actor: attempt.agent, now: ports.clock.now(), durable: true },
    );
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
  }
}

/** As the real runner judges: facts first, checks last. */
export async function judge(
  host: Host,
  life: Life,
  { word, workspace }: { word: AgentWord; workspace: Workspace },
): Promise<Evidence | Lack[]> {
  const { store, workspaces, sim, part } = host;
  const work = await workspaces.look(workspace.directory, workspace.base);
  const task = (await store.task(life.task.key))?.task ?? life.task;
  const facts: CompletionFacts = {
    report: word.report,
    exit: { exitCode: word.exitCode, signal: null },
    criticalError: null,
    work,
    scope: task.scope,
    shared: [sharedPath],
    checks: [],
  };
  const early = lacksOf(facts);
  if (early.length > 0 || work === null) return early;
  const commands = checksOf(task, life.plan);
  const checks: CheckFact[] = [];
  for (const command of commands) {
    await part.process.gate(host.random.int(100, 3_000));
    const green = sim.checkIsGreen(command, work.tree);
    checks.push({ command, green, tail: 'output', changed: [] });
  }
  const lacks = lacksOf({ ...facts, checks });
  return lacks.length > 0
    ? lacks
    : evidenceOf(life.attempt, {
        work,
        workspace,
        commands,
        noChanges: word.report?.noChanges ?? null,
        at: life.ports.clock.now(),
      });
}

function checksOf(task: Task, plan: Plan): string[] {
  return [...new Set([...task.checks, ...plan.checks])];
}

function evidenceOf(
  { token, agent }: Attempt,
  seen: {
    work: NonNullable<CompletionFacts['work']> & { commit: string; tree: string };
    workspace: Workspace;
    commands: string[];
    noChanges: string | null;
    at: number;
  },
): Evidence {
  const { work, workspace, commands, noChanges, at } = seen;
  const { commits, changed, tree } = work;
  return {
    token,
    agent,
    base: workspace.base,
    tree,
    branch: workspace.branch,
    commits,
    files: changed.length,
    checks: commands,
    at,
    commit: commits > 0 ? work.commit : null,
    noChanges: commits > 0 ? null : noChanges,
  };
}
