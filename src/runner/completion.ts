/**
 * Completion: what follows from an agent's word, and from its end (B4).
 *
 * Owns the conversation about a report: look at the evidence, tell the running agent what is missing, at most
 * `completionHintsMax` times, and judge what is there when it has ended. An agent's word only says when to look.
 */
import { tellExit, tellLacks, type Lack } from '../core/evidence.ts';
import { stopAgent } from './close.ts';
import { giveHint } from './hint.ts';
import { hear, type Course, type EndedTurn, type Exit } from './course.ts';
import { judge, type Judgement } from './evidence.ts';
import { hearStore, listenToStore, tellReport } from './reports.ts';
import type { Ending } from './runner.ts';
import type { Bell, Stage } from './stage.ts';
import { within } from './within.ts';

interface Ears {
  bell: Bell;
  signal: AbortSignal;
  settle: (ending: Ending) => void;
}

/** Answers reports of a running agent until it has ended or nothing more is to be said. */
export async function answerReports(stage: Stage, course: Course, { bell, signal, settle }: Ears): Promise<void> {
  const { life, agent } = stage;
  const { limits } = life.ports;
  const canHint = agent.capabilities.hint !== 'unsupported';
  const listening = listenToStore(stage, course, { bell, signal });
  let hints = 0;
  let answered = 0;
  const turns = { seen: 0, asked: 0 };
  while (!signal.aborted && course.exit === null) {
    const { report } = course;
    if (report === null || report.ordinal === answered) {
      if (course.turn === null || course.turn.ordinal === turns.seen) await bell.wait();
      else await answerTurn(stage, course, { turn: course.turn, turns, settle });
      continue;
    }
    answered = report.ordinal;
    if (report.kind !== 'complete' || !canHint) {
      await letEnd(stage, course, canHint ? limits.reportSettleMs : limits.reportGraceMs);
      break;
    }
    const judgement = await judgeNow(stage, course, signal);
    if (signal.aborted || course.exit !== null) break;
    if (judgement.proven) {
      await letEnd(stage, course, limits.reportSettleMs);
      break;
    }
    const { lacks } = judgement;
    // A turn that ended while the evidence was looked at is answered by what is missing.
    turns.seen = course.turns;
    if (hints >= limits.completionHintsMax || !(await giveBack(stage, course, lacks))) {
      settle(notProven(lacks, course));
      break;
    }
    hints += 1;
  }
  listening.stop();
}

/**
 * Answers a turn that ended without a report. The agent is asked for one, so that one that merely paused goes on; if its next
 * turn ends without one as well, it says by that that it has finished, and the evidence decides.
 */
async function answerTurn(
  { life }: Stage,
  course: Course,
  { turn, turns, settle }: { turn: EndedTurn; turns: { seen: number; asked: number }; settle: Ears['settle'] },
): Promise<void> {
  turns.seen = turn.ordinal;
  const { logs, ports, task } = life;
  if (turn.reason === 'interrupted' || course.walls.isMet || course.critical !== null) return;
  if (turns.asked < ports.limits.turnQuestionsMax) {
    turns.asked += 1;
    const text = questionAfterTurn(task.id, turn);
    const delivery = await giveHint(life, { by: 'completion', rule: 'no-report', text, evidence: [] });
    course.watched.look({ type: 'told', rule: null });
    if (delivery !== 'unsupported') return;
  }
  if (turn.reason === 'failed') {
    const reason = `The agent's turn failed: ${turn.text || 'it told no reason'}`;
    return settle({ as: 'failed', outcome: 'failed', reason });
  }
  logs.monitor('its turn ended without a report once more: that counts as its word that it has finished');
  hear(course, { kind: 'complete', text: turn.text, noChanges: null, isTold: false });
}

function questionAfterTurn(task: string, { reason, text }: EndedTurn): string {
  const why = reason === 'failed' || reason === 'limit' ? ` (${reason}${text === '' ? '' : `: ${text}`})` : '';
  return `Your turn ended${why}, but you have not reported on ${task}. If it is finished and committed, run: orbit complete ${task}
If it is not finished, go on with it now; nobody will answer questions in between. If you cannot go on, run: orbit block ${task} "why"`;
}

/** Tells the agent what is missing; `false` when that cannot help. */
async function giveBack({ life }: Stage, course: Course, lacks: readonly Lack[]): Promise<boolean> {
  life.logs.monitor(`not proven: ${tellLacks(lacks)}`);
  if (!lacks.every((lack) => lack.mendable)) return false;
  course.report = null;
  const text = `Your report cannot be accepted yet.\n${tellLacks(lacks)}\nThen report completion again.`;
  const delivery = await giveHint(life, { by: 'completion', rule: 'not-proven', text, evidence: [] });
  // It was silent because it waited for this answer, and what it did meanwhile was waiting, too.
  course.watched.look({ type: 'told', rule: null });
  course.watched.look({ type: 'judging', isOn: false });
  return delivery !== 'unsupported';
}

/**
 * Gives the agent time to end by itself after its last word, then ends it; either way its work is what counts. One that works
 * in turns waits for words at the end of its turn, and only that end tells what the turn cost.
 */
async function letEnd({ life, agent }: Stage, course: Course, graceMs: number): Promise<void> {
  const { turns } = agent.capabilities;
  const thing = turns ? Promise.race([course.ended.promise, course.turnEnded.promise]) : course.ended.promise;
  const ms = turns ? life.ports.limits.reportGraceMs : graceMs;
  await within(life.ports.clock, { thing, ms, signal: life.stop });
  if (course.exit !== null) return;
  course.isExcused = true;
  life.logs.monitor('the agent was asked to end after its report');
  await stopAgent(life);
}

/** How the attempt ends when its agent has ended by itself or after its report. */
export async function endingAfterExit(stage: Stage, course: Course, signal: AbortSignal): Promise<Ending> {
  const { ports, attempt } = stage.life;
  const current = await ports.store.attempt(attempt.token);
  if (current === null || current.endedAt !== null) {
    return { as: 'lost', reason: 'the attempt was ended by a command of its own or of a person' };
  }
  await hearStore(stage, course);
  const exit = course.isExcused ? null : course.exit;
  const isClean = exit === null || exit.exitCode === 0;
  if (course.report === null && isClean && stage.agent.capabilities.exitIsReport) {
    hear(course, { kind: 'complete', text: '', noChanges: null, isTold: false });
  }
  const { report } = course;
  if (report === null && exit !== null && !isClean) return crash(course, exit);
  if (report?.kind === 'failed') {
    return { as: 'failed', outcome: 'failed', reason: `The agent gave up: ${report.text || 'it told no reason'}` };
  }
  if (report?.kind === 'blocked' || report?.kind === 'question') {
    return { as: 'blocked', kind: report.kind, reason: report.text || 'the agent told no reason' };
  }
  const judgement = await judgeNow(stage, course, signal);
  if (!judgement.proven) return notProven(judgement.lacks, course);
  return { as: 'done', evidence: judgement.evidence, approval: judgement.approval };
}

async function judgeNow(stage: Stage, course: Course, signal: AbortSignal): Promise<Judgement> {
  const { life, workspace, environment } = stage;
  const { report } = course;
  if (report !== null && !report.isTold) await tellReport(stage, course, report);
  course.isJudging = true;
  life.vitals.doing = 'its evidence is checked';
  try {
    return await judge(life.ports, {
      attempt: life.attempt,
      plan: life.plan,
      directory: workspace.directory,
      branch: workspace.branch,
      base: workspace.base,
      report,
      exit: course.isExcused ? null : course.exit,
      // A login that was refused after the report says nothing about the work that was reported.
      criticalError: report !== null && course.criticalClass === 'login' ? null : course.critical,
      environment,
      litter: course.litter,
      redact: (text) => life.logs.redact(text),
      output: (text) => life.logs.output(text),
      monitor: (text) => life.logs.monitor(text),
      signal,
    });
  } finally {
    course.isJudging = false;
  }
}

/** How an agent that ended badly without a word is told of. */
function crash(course: Course, exit: Exit): Ending {
  const { critical } = course;
  const how = critical === null ? `The agent did not exit cleanly: ${tellExit(exit)}.` : `critical error: ${critical}`;
  const said = course.lastWords.join('\n').trim();
  const reason = said === '' ? how : `${how} Its last words:${said.includes('\n') ? '\n' : ' '}${said}`;
  return { as: 'failed', outcome: outcomeOf(exit), reason };
}

function notProven(lacks: readonly Lack[], course: Course): Ending {
  return { as: 'failed', outcome: outcomeOf(course.isExcused ? null : course.exit), reason: tellLacks(lacks) };
}

function outcomeOf(exit: Exit | null): 'failed' | 'crashed' {
  return exit === null || exit.signal === null ? 'failed' : 'crashed';
}
