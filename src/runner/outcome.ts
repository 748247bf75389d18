/**
 * The outcome: tells the store how an attempt ended.
 *
 * Owns the stubbornness: a store that is busy or away is asked again, and after an answer that got lost the attempt is read
 * again before the command is repeated, so that it counts once. A refusal means that somebody else ended the attempt.
 */
import { barAgent, type BarOrder } from '../actions/bar-agent.ts';
import { quotaRule, retryRule } from '../actions/retry-rule.ts';
import type { TaskCommand } from '../core/command.ts';
import type { Evidence } from '../core/task.ts';
import { isRejection } from '../core/rejection.ts';
import { endingText, type Life } from './life.ts';
import type { Ending, RunnerPorts } from './runner.ts';

type Quota = NonNullable<Extract<Ending, { as: 'handed-over' }>['quota']>;

/** Resolves when the store knows, or when waiting longer makes no sense; then lease expiry tells it. Never throws. */
export async function tellOutcome(life: Life, ending: Ending, commit: string | null): Promise<void> {
  const { ports, attempt, logs } = life;
  const command = commandOf(life, ending, commit);
  if (command === null) return;
  const { clock, limits } = ports;
  const deadline = clock.monotonicMs() + limits.outcomePatienceMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      // First, so that nobody gets the task with the same account in between.
      if (ending.as === 'handed-over' && ending.quota !== null) await park(life, ending.quota, ending.reason);
      if (ending.as === 'handed-over' && ending.bars !== undefined) await bar(life, ending.bars);
      const answer = await ports.store.execute(attempt.task, command, {
        actor: attempt.agent,
        now: clock.now(),
        durable: true,
      });
      logs.monitor(isRejection(answer) ? `the outcome was refused: ${answer.message}` : `told: ${endingText(ending)}`);
      return;
    } catch (error) {
      logs.monitor(`the outcome could not be told: ${error instanceof Error ? error.message : String(error)}`);
      if (await hasEnded(ports, attempt.token)) return;
      if (clock.monotonicMs() >= deadline) return;
      await clock.sleep(pauseMs * (1 + ports.random()));
    }
  }
}

async function park({ ports, attempt, logs }: Life, quota: Quota, text: string): Promise<void> {
  const { store, clock, settings } = ports;
  const reason = logs.redact(text).slice(0, ports.limits.reasonLengthMax);
  const order = { ...quota, reason, rule: quotaRule(settings) };
  const { account, until } = await store.parkAccount(order, attempt.agent, clock.now());
  logs.monitor(`account ${account} is parked until ${new Date(until ?? 0).toISOString()}`);
}

async function bar(
  { ports, attempt, logs }: Life,
  { agent, reason }: { agent: string; reason: string },
): Promise<void> {
  const { store, clock, settings, paths } = ports;
  const version: BarOrder['version'] = async (entry) =>
    (await ports.adapter(entry.adapter)).version(entry, paths.project);
  const told = logs.redact(reason).slice(0, ports.limits.reasonLengthMax);
  const order = { settings, version, agent, reason: told, since: attempt.startedAt, now: clock.now() };
  const barred = await barAgent(store, order);
  if (barred.length > 0) logs.monitor(`no task any more until orbit agents check passes: ${barred.join(', ')}`);
}

/** The command for an ending, `null` where nothing may be written. */
function commandOf(life: Life, ending: Ending, commit: string | null): TaskCommand | null {
  const { token } = life.attempt;
  const reason = 'reason' in ending ? fitReason(life, ending.reason) : '';
  switch (ending.as) {
    case 'done':
      return {
        type: 'prove',
        token,
        evidence: withoutSecrets(life, ending.evidence),
        ...(typeof ending.approval === 'string' ? { approval: fitReason(life, ending.approval) } : {}),
      };
    case 'failed':
      return {
        type: 'fail',
        token,
        outcome: ending.outcome,
        reason,
        commit,
        rule: retryRule(life.ports.settings, life.ports.random()),
        ...(ending.notes === undefined ? {} : { notes: fitReason(life, ending.notes) }),
        ...(ending.rule === undefined ? {} : { acted: actedOf(life, ending.rule, ending.evidence ?? []) }),
      };
    case 'released':
      return { type: 'release', token, reason, commit };
    case 'handed-over': {
      const notes = ending.notes === null ? null : fitReason(life, ending.notes);
      return { type: 'hand-over', token, cause: ending.cause, reason, notes, commit };
    }
    case 'blocked':
      return { type: 'block', token, kind: ending.kind, reason };
    case 'lost':
      return null;
  }
}

function actedOf(life: Life, rule: string, evidence: readonly string[]): { rule: string; evidence: string[] } {
  return { rule, evidence: evidence.map((line) => fitReason(life, line)) };
}

/** The reason for no changes is the agent's own words. */
function withoutSecrets({ logs }: Life, evidence: Evidence): Evidence {
  const { noChanges } = evidence;
  return noChanges === null ? evidence : { ...evidence, noChanges: logs.redact(noChanges) };
}

/** Without secrets, and cut in the middle: the beginning says what happened, the end is the end of some output. */
function fitReason({ ports, logs }: Life, text: string): string {
  const max = ports.limits.reasonLengthMax;
  const reason = logs.redact(text);
  if (reason.length <= max) return reason;
  const half = Math.floor((max - 5) / 2);
  return `${reason.slice(0, half)}\n…\n${reason.slice(-half)}`.toWellFormed();
}

async function hasEnded({ store }: RunnerPorts, token: number): Promise<boolean> {
  try {
    return (await store.attempt(token))?.endedAt !== null;
  } catch {
    return false;
  }
}
