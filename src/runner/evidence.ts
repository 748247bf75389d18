/**
 * Evidence: looks at what an attempt left and runs the checks on it (B4, P2). What it means is judged by `core/evidence.ts`.
 *
 * Owns the looks: at git through the workspace port, and at the checks at that very tree. Invariant: a check counts only for
 * the tree it ran on; if it changed files of the commit, or the commit moved meanwhile, it proves nothing.
 */
import { approvalWanted } from '../actions/look-at-change.ts';
import type { Attempt } from '../core/attempt.ts';
import { lacksOf, type CheckFact, type CompletionFacts, type Lack } from '../core/evidence.ts';
import type { Plan } from '../core/plan.ts';
import type { Evidence, Task } from '../core/task.ts';
import type { Work } from '../workspace/workspace.ts';
import { runCheck } from './check.ts';
import type { RunnerPorts } from './runner.ts';

export interface EvidenceOrder {
  attempt: Attempt;
  plan: Plan;
  directory: string;
  branch: string;
  base: string;
  report: CompletionFacts['report'];
  exit: CompletionFacts['exit'];
  criticalError: string | null;
  environment: Readonly<Record<string, string>>;
  /** New files that earlier checks of this attempt left lying; they are not the agent's. Added to here. */
  litter: Set<string>;
  /** Without known secrets, for the store. */
  redact(text: string): string;
  output(text: string): void;
  monitor(text: string): void;
  signal: AbortSignal;
}

/** `approval`: why a person has to look at it before it lands, or `null`. */
export type Judgement =
  | { proven: true; evidence: Evidence; approval: string | null }
  | { proven: false; lacks: readonly Lack[] };

/** Looks at everything that a completion needs, the dear checks last. Throws `OperationalError` when git or store fail. */
export async function judge(ports: RunnerPorts, order: EvidenceOrder): Promise<Judgement> {
  const { attempt, plan } = order;
  // Read again: the scope may have been widened while the agent worked (P8).
  const task = (await ports.store.task(attempt.task))?.task;
  const work = await ports.workspaces.look(order.directory, order.base);
  if (task === undefined)
    return { proven: false, lacks: [{ kind: 'no-workspace', text: 'The task is gone.', mendable: false }] };
  const facts = (checks: readonly CheckFact[]): CompletionFacts => ({
    report: order.report,
    exit: order.exit,
    criticalError: order.criticalError,
    work: work === null ? null : { ...work, dirty: work.dirty.filter((path) => !order.litter.has(path)) },
    scope: task.scope,
    shared: ports.settings.shared,
    checks,
  });
  const early = lacksOf(facts([]));
  if (early.length > 0 || work === null) return { proven: false, lacks: early };
  const commands = [...new Set([...task.checks, ...plan.checks])];
  const checks: CheckFact[] = [];
  for (const command of commands) checks.push(await checkTree(ports, order, { command, work }));
  const lacks = lacksOf(facts(checks));
  if (lacks.length > 0) return { proven: false, lacks };
  const evidence = evidenceOf(order, task, { work, commands, at: ports.clock.now() });
  const { repository, settings } = ports;
  return { proven: true, evidence, approval: await approvalWanted(repository, task, { evidence, settings }) };
}

function evidenceOf(order: EvidenceOrder, task: Task, seen: { work: Work; commands: string[]; at: number }): Evidence {
  const { work, commands, at } = seen;
  return {
    token: order.attempt.token,
    agent: task.claim?.agent ?? order.attempt.agent,
    commit: work.commits > 0 ? work.commit : null,
    base: order.base,
    tree: work.tree,
    branch: order.branch,
    commits: work.commits,
    files: work.changed.length,
    checks: commands,
    noChanges: work.commits > 0 ? null : (order.report?.noChanges ?? null),
    at,
  };
}

/** The check's outcome at the work's tree: a known verdict, or a run and a look at what it did to the files. */
async function checkTree(
  ports: RunnerPorts,
  order: EvidenceOrder,
  { command, work }: { command: string; work: Work },
): Promise<CheckFact> {
  const { store, limits, clock } = ports;
  const known = await store.verdict(work.tree, command);
  if (known !== null) {
    order.monitor(`check "${command}" at tree ${work.tree}: ${known.green ? 'green' : 'red'}, known before`);
    return { command, green: known.green, tail: known.tail, changed: [] };
  }
  order.output(`$ ${command}`);
  const { directory, environment, signal } = order;
  const log = (text: string): void => order.output(text.replace(/\n$/, ''));
  const outcome = await runCheck({ command, directory, environment, timeoutMs: limits.checkTimeoutMs, log, signal });
  const changed = await changedBy(ports, order, work);
  const { green, elapsedMs, conclusive } = outcome;
  const tail = order.redact(outcome.tail);
  order.monitor(`check "${command}" at tree ${work.tree}: ${green ? 'green' : 'red'} after ${elapsedMs} ms`);
  if (conclusive && changed.length === 0) {
    await store.saveVerdict({ tree: work.tree, check: command, green, tail, at: clock.now() });
  }
  return { command, green, tail, changed };
}

/** Files of the commit that are different now, or all that a moved commit changed; new files are noted as litter. */
async function changedBy({ workspaces, repository }: RunnerPorts, order: EvidenceOrder, work: Work): Promise<string[]> {
  const after = await workspaces.look(order.directory, order.base);
  if (after === null) return ['the whole workspace'];
  if (after.commit !== work.commit) return repository.changedPaths(work.commit, after.commit).then(orAny);
  const fresh = after.dirty.filter((path) => !order.litter.has(path));
  if (fresh.length === 0) return [];
  const tracked = new Set(await repository.listPaths(work.commit));
  for (const path of fresh) if (!tracked.has(path)) order.litter.add(path);
  return fresh.filter((path) => tracked.has(path));
}

function orAny(paths: string[]): string[] {
  return paths.length === 0 ? ['the branch itself'] : paths;
}
