/**
 * One attempt, from seat to outcome: the contents page of the runner.
 *
 * Owns the order of the nine steps. Whatever happens in the first seven, the last two follow: the work is saved before
 * anything is said about it, and something is always said unless the claim is lost.
 */
import { OperationalError } from '../platform/error.ts';
import { leavesSession } from '../core/carry-over.ts';
import { isRejection } from '../core/rejection.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { commandEnvironment } from './agent-environment.ts';
import { findBase } from './base.ts';
import { findCarryOver } from './carry-over.ts';
import { closeAttempt, saveWork } from './close.ts';
import { beginLife, endingText, type Life } from './life.ts';
import { tellOutcome } from './outcome.ts';
import { isEnding, type Ending, type RunnerPorts } from './runner.ts';
import { takePorts } from './take-ports.ts';
import { runSetUp } from './set-up.ts';
import { setUpPlan } from './set-up-plan.ts';
import { chooseAgent, startAgent } from './start-agent.ts';
import { whenThereIsSpace } from './disk-space.ts';
import { supervise } from './supervise.ts';
import { endingBeyondBudget } from './used-budget.ts';

/**
 * Hosts the attempt with this token to its end. Throws only when not even its seat could be taken (store or disk away);
 * the coordinator then sees a runner that ended without a word.
 */
export async function runAttempt(ports: RunnerPorts, token: number): Promise<void> {
  const life = await beginLife(ports, token);
  if ('fault' in life) return ports.log(`nothing to run: ${life.fault}`);
  const ending = await work(life).catch((error: unknown) => crashed(life, error));
  life.logs.monitor(`ending: ${endingText(ending)}`);
  const saved = await saveWork(life);
  await life.beating.now();
  await tellOutcome(life, ending, saved.commit);
  await closeAttempt(life, saved, { home: await keepsHome(life) });
}

/** As the store knows its end: an agent may have ended it itself, by a command. */
async function keepsHome({ canResume, ports, attempt, vitals }: Life): Promise<boolean> {
  if (!canResume) return false;
  const ended = await ports.store.attempt(attempt.token).catch(() => null);
  return (
    ended !== null &&
    leavesSession({ ...ended, pulse: { ...ended.pulse, session: vitals.session, tokens: vitals.tokens } })
  );
}

async function work(life: Life): Promise<Ending> {
  const { ports, stop } = life;
  await life.beating.first;
  if (stop.aborted) return stop.reason as Ending;
  const chosen = (await endingBeyondBudget(life)) ?? (await chooseAgent(life));
  if (isEnding(chosen)) return chosen;
  const workspace = await prepareWorkspace(life);
  if (isEnding(workspace)) return workspace;
  if (stop.aborted) return stop.reason as Ending;
  life.leased = await takePorts(ports);
  const notReady = await setUp(life, workspace);
  if (stop.aborted) return stop.reason as Ending;
  if (notReady !== null) return { as: 'failed', outcome: 'failed', reason: notReady };
  const agent = await startAgent(life, chosen, workspace);
  const environment = commandEnvironment(ports, life.attempt, life.leased.ports);
  return supervise({ life, agent, workspace, environment });
}

/** The base, the directory on it, and the store's knowledge of both. */
async function prepareWorkspace(life: Life): Promise<Workspace | Ending> {
  const { ports, attempt, task, plan, logs } = life;
  const base = await findBase(ports, task, { plan, shared: ports.settings.shared, now: ports.clock.now() });
  if ('fault' in base) return { as: 'failed', outcome: 'failed', reason: base.fault };
  const { bring } = ports.settings.workspace;
  const { token } = attempt;
  const { key, startFrom } = task;
  const carried = await findCarryOver(ports, { task: key, token, base: base.commit, startFrom });
  life.carried = carried;
  const { start, uncommitted } = carried ?? { start: base.commit, uncommitted: null };
  const order = { task: task.key, token, base: base.commit, start, uncommitted, bring };
  const workspace = await whenThereIsSpace(life, async () => ports.workspaces.prepare(order));
  if (isEnding(workspace)) return workspace;
  life.workspace = workspace;
  const { branch, directory } = workspace;
  const below = base.builtOn.map((part) => `${part.task} at ${part.commit.slice(0, 12)}`);
  const with_ = below.length === 0 ? '' : ` with the unlanded work of ${below.join(', ')}`;
  logs.monitor(`workspace ${directory} on ${branch} at ${base.commit}${with_}`);
  if (carried !== null) logs.monitor(`goes on from attempt ${carried.from.token} at ${start}`);
  const answer = await ports.store.execute(
    task.key,
    {
      type: 'prepare',
      token,
      branch,
      workspace: directory,
      base: base.commit,
      start,
      logs: logs.directory,
      builtOn: base.builtOn,
    },
    { actor: attempt.agent, now: ports.clock.now(), durable: false },
  );
  return isRejection(answer) ? { as: 'lost', reason: answer.message } : workspace;
}

async function setUp(
  { ports, attempt, leased, logs, stop, vitals }: Life,
  { directory }: Workspace,
): Promise<string | null> {
  if (ports.settings.workspace.setup.length === 0) return null;
  vitals.doing = 'setting up the workspace';
  return runSetUp({
    plan: setUpPlan(ports.settings, ports.environment),
    state: ports.workspaces.setUpOf(directory),
    directory,
    environment: commandEnvironment(ports, attempt, leased?.ports ?? []),
    timeoutMs: ports.limits.setUpTimeoutMs,
    log: (text) => logs.output(text.replace(/\n$/, '')),
    signal: stop,
  });
}

/** An error that nobody expected here; its code and hint are what a person needs first. */
function crashed(life: Life, error: unknown): Ending {
  if (life.stop.aborted) return life.stop.reason as Ending;
  life.logs.monitor(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (error instanceof OperationalError) {
    return { as: 'failed', outcome: 'crashed', reason: `${error.message} (${error.code}) ${error.hint}` };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { as: 'failed', outcome: 'crashed', reason: `The runner met an unexpected error: ${message}` };
}
