/**
 * Reports between agent, runner and store.
 *
 * Owns that all know the same: a report made with `orbit complete` reaches the runner, one made in the event stream reaches the
 * store's log, and a person's new advice reaches the running agent. Invariant: each report is heard once.
 */
import { isRejection } from '../core/rejection.ts';
import { conflictEar } from './conflict-ear.ts';
import { tellChange } from '../core/stack.ts';
import type { BaseChange } from '../core/task.ts';
import { giveHint } from './hint.ts';
import type { Life } from './life.ts';
import { hear, type AgentReport, type Course } from './course.ts';
import { progressEar } from './progress.ts';
import { scopeEar } from './scope-ear.ts';
import type { Bell, Stage } from './stage.ts';
import { within } from './within.ts';

/** Takes in what the store has heard through `orbit complete`; `true` if that was new. */
export async function hearStore(stage: Stage, course: Course): Promise<boolean> {
  const { life } = stage;
  const task = (await life.ports.store.task(life.attempt.task))?.task;
  const claim = task?.claim;
  if (claim?.token !== life.attempt.token) {
    // Handed on, given up or taken back: the beat's refusal stops the agent now instead of at the next interval.
    await life.beating.now();
    return false;
  }
  const advice = task?.advice ?? null;
  if (advice !== course.advice && course.exit === null) {
    course.advice = advice;
    for (const text of await newAdvice(life, course))
      await giveHint(life, { by: 'person', rule: null, text, evidence: [] });
    course.watched.look({ type: 'told', rule: null });
  }
  await hearChanges(stage, course, claim.changed ?? []);
  if (claim.reported === null) return false;
  const { at, noChanges } = claim.reported;
  if (at <= course.storeReportAt) return false;
  course.storeReportAt = at;
  hear(course, { kind: 'complete', text: '', noChanges, isTold: true });
  return true;
}

/** Work that this attempt is built on is no longer what it was (A10); each change is said once. */
async function hearChanges({ life }: Stage, course: Course, changes: readonly BaseChange[]): Promise<void> {
  for (const change of changes.slice(course.changesHeard)) {
    course.changesHeard += 1;
    if (course.exit !== null) return;
    const text = tellChange(life.task.id, change);
    const evidence = [`${change.task} at ${change.commit}: ${change.why}`];
    await giveHint(life, { by: 'supervision', rule: 'base-changed', text, evidence });
    course.watched.look({ type: 'told', rule: null });
  }
}

/** Advice given since the prompt was written, oldest first: two pieces in one moment are two, though the task keeps the last. */
async function newAdvice({ ports, attempt, loadedAt }: Life, course: Course): Promise<string[]> {
  const events = await ports.store.events({ since: course.adviceSeq, task: attempt.task });
  course.adviceSeq = events.at(-1)?.seq ?? course.adviceSeq;
  return events.flatMap(({ at, body }) => (body.type === 'task-advised' && at >= loadedAt ? [body.advice] : []));
}

/** A report that came as an event is a fact for the log like any other. */
export async function tellReport({ life, workspace }: Stage, course: Course, report: AgentReport): Promise<void> {
  const { ports, attempt } = life;
  report.isTold = true;
  const work = await ports.workspaces.look(workspace.directory, workspace.base);
  const commit = work !== null && work.commits > 0 ? work.commit : null;
  const noChanges = report.noChanges === null ? null : life.logs.redact(report.noChanges);
  const answer = await ports.store.execute(
    attempt.task,
    { type: 'report', token: attempt.token, commit, noChanges },
    { actor: attempt.agent, now: ports.clock.now(), durable: false },
  );
  if (isRejection(answer)) return;
  course.storeReportAt = Math.max(course.storeReportAt, answer.record.task.claim?.reported?.at ?? 0);
}

/** Looks for a report in the store when the store rings, and now and then by itself. */
export function listenToStore(
  stage: Stage,
  course: Course,
  { bell, signal }: { bell: Bell; signal: AbortSignal },
): { stop(): void } {
  const { ports, logs } = stage.life;
  const over = new AbortController();
  const until = AbortSignal.any([over.signal, signal]);
  let rung = Promise.withResolvers<void>();
  // An agent that no hint can reach is judged at its end; its report only starts a long grace, which needs no haste.
  const isHasty = stage.agent.capabilities.hint !== 'unsupported';
  const watching = isHasty ? ports.store.watch(() => rung.resolve()) : null;
  const hearProgress = progressEar(stage.life);
  const hearConflicts = conflictEar(stage, course);
  const hearScope = scopeEar(stage, course);
  const look = async (): Promise<void> => {
    while (!until.aborted) {
      rung = Promise.withResolvers();
      try {
        await hearProgress();
        await hearScope();
        if (await hearStore(stage, course)) bell.ring();
        await hearConflicts();
      } catch (error) {
        logs.monitor(`the store could not be asked for a report: ${String(error)}`);
      }
      await within(ports.clock, { thing: rung.promise, ms: ports.limits.heartbeatIntervalMs, signal: until });
    }
    watching?.[Symbol.dispose]();
  };
  void look();
  return { stop: () => over.abort() };
}
