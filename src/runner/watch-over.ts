/**
 * Watches over a running agent: looks where supervision asks for a look, and does what it finds.
 *
 * Owns what a finding means for the attempt: words to the agent, a request to hand over, or its end and the reason that a person
 * will read. Whatever it looks at or does stands in `monitor.log`.
 */
import type { Finding, Rule } from '../core/supervision/event.ts';
import type { Course } from './course.ts';
import { fingerprint, untouched } from './fingerprint.ts';
import { giveHint } from './hint.ts';
import { loginAdvice } from './login-advice.ts';
import type { Ending } from './runner.ts';
import type { Stage } from './stage.ts';
import { treeLook } from './tree-look.ts';
import { handOverNotes } from './walls.ts';
import type { Watched } from './watched.ts';
import { within } from './within.ts';

export interface Watch {
  course: Course;
  watched: Watched;
  signal: AbortSignal;
  settle: (ending: Ending) => void;
}

/** Goes on until the agent has ended, the signal aborts, or a finding ends the attempt. */
export async function watchOver(stage: Stage, { course, watched, signal, settle }: Watch): Promise<void> {
  const { life, workspace } = stage;
  const { ports, logs } = life;
  const tree = treeLook(life);
  const isOver = (): boolean => signal.aborted || course.exit !== null;
  const lookAtWork = async (): Promise<void> => {
    const before = watched.steps();
    const seen = await fingerprint(ports.workspaces, workspace.directory, workspace.base);
    logs.monitor(`looked at the workspace: ${seen ?? 'it cannot be read now'}`);
    if (!isOver())
      watched.look({ type: 'workspace', fingerprint: seen, isStale: before === null || watched.steps() !== before });
  };
  // As it was when the agent began: nothing but the base.
  watched.look({ type: 'workspace', fingerprint: untouched(workspace.base), isStale: false });
  while (!isOver()) {
    const thing = isResting(course) ? course.ended.promise : watched.news();
    await within(ports.clock, { thing, ms: ports.limits.watchIntervalMs, signal });
    if (isOver() || isResting(course)) continue;
    if (watched.wantsLook()) await lookAtWork();
    const busy = tree(watched.activeAt(), ports.clock.monotonicMs());
    if (busy !== undefined) {
      const state = busy === null ? 'could not be looked at' : busy ? 'are at work' : 'are idle';
      logs.monitor(`its processes ${state}`);
      watched.look({ type: 'tree', busy });
    }
    watched.look({ type: 'tick' });
    for (let finding = watched.next(); finding !== null && !isOver(); finding = watched.next()) {
      // What it met is a wall, and is answered as one (`walls.ts`).
      if (course.walls.isMet) continue;
      if (finding.level === 'act') {
        const ending = await endingOf(stage, { course, watched, signal, settle }, finding);
        // What was reported meanwhile is judged by its evidence (`completion.ts`).
        if (finding.rule !== 'context' || course.report === null) settle(ending);
        return;
      }
      await tell(stage, watched, finding);
    }
  }
}

/** After its report only the evidence counts, and the time that it then has to end is short. */
function isResting({ report, isJudging, isExcused }: Course): boolean {
  return report !== null || isJudging || isExcused;
}

async function tell({ life }: Stage, watched: Watched, { rule, text, evidence }: Finding): Promise<void> {
  await giveHint(life, { by: 'supervision', rule, text, evidence });
  watched.look({ type: 'told', rule });
}

async function endingOf(stage: Stage, watch: Watch, finding: Finding): Promise<Ending> {
  const { logs } = stage.life;
  const { rule, text, evidence } = finding;
  logs.monitor(`${rule}: the attempt ends: ${text}`);
  for (const line of evidence) logs.monitor(`  ${line}`);
  if (rule === 'context') return handOver(stage, watch, text);
  // Money is not won back by trying again: a person decides about more.
  if (rule === 'cost') return { as: 'blocked', kind: 'budget-used', reason: `the budget is used up: ${text}` };
  const login = rule === 'critical-error' && watch.course.criticalClass === 'login';
  const reason = login ? `${text}. ${loginAdvice(stage.agent)}` : text;
  return { as: 'failed', outcome: outcomeOf(rule), reason, rule, evidence };
}

function outcomeOf(rule: Rule): 'failed' | 'timeout' | 'stalled' {
  if (rule === 'time') return 'timeout';
  return rule === 'silence' ? 'stalled' : 'failed';
}

/** The context is nearly full: the agent is asked for notes while it still can write some (B5). */
async function handOver(stage: Stage, watch: Watch, reason: string): Promise<Ending> {
  const { life, agent } = stage;
  const { course, signal } = watch;
  const { task, logs, vitals } = life;
  if (agent.capabilities.hint !== 'unsupported') {
    const text = `${reason}. A fresh agent goes on with this task. Commit what you have, then run, as your last call:
orbit handoff ${task.id} "what is done, what is not, what you found out, what the next step is"`;
    await giveHint(life, { by: 'supervision', rule: 'context', text, evidence: [] });
    // Its own hand-over ends the attempt in the store, and with it this wait.
    const spent = await waitForNotes(stage, watch);
    if (spent !== null) return spent;
    await untilJudged(stage, watch);
    if (!signal.aborted && course.exit === null) logs.monitor('no notes came in time; its last words have to do');
  }
  const notes = handOverNotes(course.lastWords, vitals.todo);
  return { as: 'handed-over', cause: 'context', reason, notes, quota: null };
}

/** A report made instead of notes is given back, or the agent ends with it. */
async function untilJudged({ life }: Stage, { course, signal }: Watch): Promise<void> {
  const { clock, limits } = life.ports;
  while (course.report !== null && course.exit === null && !signal.aborted)
    await within(clock, { thing: course.ended.promise, ms: limits.watchIntervalMs, signal });
}

/** Waits for the agent's own hand-over; answers an ending when its budget is used up before. */
async function waitForNotes(stage: Stage, watch: Watch): Promise<Ending | null> {
  const { clock, limits } = stage.life.ports;
  const { course, watched, signal } = watch;
  const deadline = clock.monotonicMs() + limits.handOverWaitMs;
  for (;;) {
    const leftMs = deadline - clock.monotonicMs();
    if (signal.aborted || course.exit !== null || leftMs <= 0) return null;
    const thing = Promise.race([course.ended.promise, watched.news()]);
    await within(clock, { thing, ms: Math.min(leftMs, limits.watchIntervalMs), signal });
    watched.look({ type: 'tick' });
    const finding = watched.next();
    if (finding?.level === 'act') return endingOf(stage, watch, finding);
  }
}
