/**
 * Supervision of a running agent: three things go on at once until one of them knows how the attempt ends.
 *
 * Owns that race: the agent's own end, the rules of `core/watch.ts`, and the answer to its reports (`completion.ts`); and the
 * signal that overrules them all. Invariant: when it answers, the agent was asked to stop and its stream was read to the end.
 */
import { afterHint, isBusy, observeTree, watch, type TreeSample, type WatchLimits } from '../core/watch.ts';
import { keyParts } from '../core/id.ts';
import { listProcessTree } from '../platform/process-tree.ts';
import { stopAgent } from './close.ts';
import { answerReports, endingAfterExit } from './completion.ts';
import { follow, newCourse, type Course } from './course.ts';
import type { Life } from './life.ts';
import type { Ending } from './runner.ts';
import { newBell, type Stage } from './stage.ts';
import type { StartedAgent } from './start-agent.ts';
import { endingAtWall } from './walls.ts';
import { within } from './within.ts';

/** Watches the agent to its end and tells how the attempt ends. */
export async function supervise(stage: Stage): Promise<Ending> {
  const { life, agent } = stage;
  const { stop, ports } = life;
  const course = newCourse(life);
  const over = new AbortController();
  const { promise, resolve: settle, reject } = Promise.withResolvers<Ending>();
  const obey = (): void => settle(stop.reason as Ending);
  stop.addEventListener('abort', obey, { once: true });
  if (stop.aborted) obey();

  const handingOver = async (): Promise<void> => {
    const wall = await course.walls.met.promise;
    // What was reported before is judged, whatever became of the account since.
    if (course.report?.kind !== 'complete' && !course.isExcused) settle(endingAtWall(life, wall, course.lastWords));
  };
  void handingOver();
  const bell = newBell();
  const reading = follow({ events: agent.session.events, life, course }, bell.ring);
  const answering = answerReports(stage, course, { bell, signal: over.signal, settle });
  const watching = watchOver(stage, course, { signal: over.signal, settle });
  const concluding = async (): Promise<void> => {
    await Promise.all([reading, answering]);
    if (!over.signal.aborted) settle(await endingAfterExit(stage, course, over.signal));
  };
  const ending = concluding();
  for (const part of [ending, watching]) part.catch(reject);
  try {
    return await promise;
  } finally {
    over.abort();
    bell.ring();
    stop.removeEventListener('abort', obey);
    await stopAgent(life);
    // Checks and looks that were going on end by the same signal; nothing of them may outlive this answer.
    const rest = Promise.allSettled([reading, ending, watching]);
    await within(ports.clock, { thing: rest, ms: ports.limits.killWaitMs + ports.limits.stopGraceMs });
  }
}

/** Asks the rules again and again, and does what they say. */
async function watchOver(
  { life, agent }: Stage,
  course: Course,
  { signal, settle }: { signal: AbortSignal; settle: (ending: Ending) => void },
): Promise<void> {
  const { ports, logs } = life;
  const limits = await watchLimits(life, agent);
  const look = treeLook(life, limits);
  while (!signal.aborted && course.exit === null) {
    await ports.clock.sleep(ports.limits.watchIntervalMs, signal);
    if (signal.aborted || course.exit !== null || course.isJudging || course.isExcused) continue;
    const now = ports.clock.monotonicMs();
    course.observation = look(course.observation, now);
    const decision = watch(course.observation, limits, now);
    if (decision.type === 'end') {
      logs.monitor(`${decision.rule}: ${decision.reason}`);
      const { outcome, reason } = decision;
      // Money is not won back by trying again: a person decides about more.
      return settle(
        decision.rule === 'cost' ? { as: 'blocked', kind: 'budget-used', reason } : { as: 'failed', outcome, reason },
      );
    }
    if (decision.type === 'hint') {
      const delivery = await agent.session.hint(decision.text);
      logs.monitor(`${decision.rule}: hint (${delivery}): ${decision.text}`);
      course.observation = afterHint(course.observation, decision.rule);
    }
  }
}

async function watchLimits({ ports, task }: Life, { capabilities }: StartedAgent): Promise<WatchLimits> {
  const { settings, limits, store } = ports;
  const { costUsd } = settings.budget;
  const earlier = costUsd === null ? [] : await store.attempts({ task: task.key });
  const spentUsd = earlier.reduce((sum, { endedAt, pulse }) => (endedAt === null ? sum : sum + pulse.costUsd), 0);
  const { errorStreakHint, errorStreakEnd, silenceHintMs, silenceMs } = limits;
  return {
    timeMs: Math.min(limits.attemptMinutesMax * 60_000, leftOf(settings.budget.minutes * 60_000, task.spentMs)),
    costUsd: costUsd === null ? null : leftOf(costUsd, spentUsd),
    errorStreakHint,
    errorStreakEnd,
    silenceHintMs,
    silenceMs,
    canHint: capabilities.hint !== 'unsupported',
  };
}

/** Where nothing is left, only a person can have started another attempt; their wish grants the whole budget once more. */
function leftOf(budget: number, spent: number): number {
  return spent < budget ? budget - spent : budget;
}

/**
 * Looks at the process tree, but only at an agent that has been silent for a while and not at every turn: reading the whole
 * process table for each of many agents each second would cost more than the agents.
 */
function treeLook(
  { ports, attempt, session }: Life,
  limits: WatchLimits,
): (seen: Course['observation'], now: number) => Course['observation'] {
  const everyMs = Math.min(limits.silenceHintMs, limits.silenceMs) / 12;
  const allowance = { idleCpuShare: ports.limits.idleCpuShare, idleIoBytes: ports.limits.idleIoBytes };
  let before: TreeSample | null = null;
  return (seen, now) => {
    const root = session?.process ?? null;
    if (root === null) return seen;
    if (now - seen.activeAt < everyMs) before = null;
    if (now - (before?.at ?? seen.activeAt) < everyMs) return seen;
    const marker = { project: ports.paths.project, task: keyParts(attempt.task).task, token: String(attempt.token) };
    const tree = listProcessTree(root, { marker, ownRoot: true });
    if (tree === null) {
      before = null;
      return observeTree(seen, null, now);
    }
    const processes = new Map(
      tree.map(({ identity, cpuMs, ioBytes }) => [`${identity.pid} ${identity.startedAt}`, { cpuMs, ioBytes }]),
    );
    const after: TreeSample = { at: now, processes };
    const busy = before === null ? null : isBusy(before, after, allowance);
    before = after;
    // A first look has nothing to compare with and so proves nothing yet.
    return busy === null ? seen : observeTree(seen, busy, now);
  };
}
