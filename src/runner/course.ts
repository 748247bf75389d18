/**
 * The course of a running agent: what was seen of it so far, kept while its events are read.
 *
 * Owns the reading of the event stream into logs, vitals and what supervision is told. It decides nothing.
 */
import type { AgentErrorClass, AgentEvent, TurnEnd } from '../agent/agent.ts';
import type { Life } from './life.ts';
import { doing, readable } from './signs.ts';
import type { Watched } from './watched.ts';
import { newWallWatch, watchForWall, type WallWatch } from './walls.ts';

export interface AgentReport {
  kind: 'complete' | 'failed' | 'blocked' | 'question';
  text: string;
  noChanges: string | null;
  /** Counts the reports, so that a later one is known as new. */
  ordinal: number;
  /** Whether the store knows it, because it came through `orbit complete`. */
  isTold: boolean;
}

export interface Exit {
  exitCode: number | null;
  signal: string | null;
}

/** A turn that ended: the agent waits for words. */
export interface EndedTurn {
  reason: TurnEnd;
  text: string;
  /** Counts the turns, so that a later one is known as new. */
  ordinal: number;
}

export interface Course {
  watched: Watched;
  /** The last critical error, which ends the attempt; `null` if there was none. */
  critical: string | null;
  criticalClass: AgentErrorClass | null;
  /** `null` while a turn runs, and for agents that know no turns. */
  turn: EndedTurn | null;
  /** Turns that ended so far. */
  turns: number;
  report: AgentReport | null;
  /** Reports heard so far. */
  reports: number;
  /** `null` while it runs. */
  exit: Exit | null;
  /** Orbit asked it to end after its report: how it ends then says nothing about its work. */
  isExcused: boolean;
  /** The evidence is being looked at; the agent is waiting, so supervision rests. */
  isJudging: boolean;
  /** The last things it said, for the reason of a failure. */
  lastWords: string[];
  /** New files that checks left lying in the workspace; they are not the agent's. */
  litter: Set<string>;
  /** The advice that the agent knows; a newer one is handed to it while it runs. */
  advice: string | null;
  /** The last event of the task that was looked at for advice. */
  adviceSeq: number;
  /** Changes of its base that its agent was told of. */
  changesHeard: number;
  /** When the last report known to the store was made; later ones are news. */
  storeReportAt: number;
  /** Settles when the running turn ends; a new one with each turn. */
  turnEnded: PromiseWithResolvers<void>;
  /** Settles when the agent's stream was read to its end. */
  ended: PromiseWithResolvers<void>;
  /** A used-up quota, a refused login or a full context, when it meets one. */
  walls: WallWatch;
}

/** Lines of last words in a reason: enough for a stack trace's top. */
const lastWordsMax = 12;
const lastWordLengthMax = 300;

export function newCourse(life: Life, watched: Watched): Course {
  return {
    watched,
    critical: null,
    criticalClass: null,
    turn: null,
    turns: 0,
    report: null,
    reports: 0,
    exit: null,
    isExcused: false,
    isJudging: false,
    lastWords: [],
    litter: new Set(),
    advice: life.task.advice,
    adviceSeq: 0,
    changesHeard: 0,
    storeReportAt: 0,
    turnEnded: Promise.withResolvers(),
    ended: Promise.withResolvers(),
    walls: newWallWatch(life),
  };
}

/** Reads the stream to its end. @param onNews called after a report and after the end. */
export async function follow(
  { events, life, course }: { events: AsyncIterable<AgentEvent>; life: Life; course: Course },
  onNews: () => void,
): Promise<void> {
  for await (const event of events) {
    note(life, course, event);
    watchForWall(course.walls, event, life.ports.limits);
    if (event.type === 'report') {
      hear(course, { kind: event.report, text: event.text, noChanges: event.noChanges, isTold: false });
      onNews();
    }
    if (event.type === 'turn-end') {
      course.turns += 1;
      course.turn = { reason: event.reason, text: event.text, ordinal: course.turns };
      course.turnEnded.resolve();
      onNews();
    }
    if (event.type === 'message' || event.type === 'thought' || event.type === 'tool-call') beginTurn(course);
    if (event.type === 'end') course.exit = { exitCode: event.exitCode, signal: event.signal };
  }
  course.exit ??= { exitCode: null, signal: null };
  course.ended.resolve();
  onNews();
}

function beginTurn(course: Course): void {
  if (course.turn === null) return;
  course.turn = null;
  course.turnEnded = Promise.withResolvers();
}

/** Takes a report in, from the stream or from the store. */
export function hear(course: Course, report: Omit<AgentReport, 'ordinal'>): void {
  course.reports += 1;
  course.report = { ...report, ordinal: course.reports };
  course.watched.look({ type: 'judging', isOn: true });
}

function note(life: Life, course: Course, event: AgentEvent): void {
  const { ports, logs, vitals } = life;
  const line = readable(event);
  if (line !== null) {
    logs.output(line);
    if (event.type !== 'end') remember(course, line);
  }
  if (event.type !== 'message') logs.verbose({ event });
  if (event.type === 'error' && event.critical) [course.critical, course.criticalClass] = [event.text, event.class];
  course.watched.hear(event);
  if (event.type === 'end') return;
  vitals.step += 1;
  vitals.activeAt = ports.clock.now();
  const now = doing(event);
  if (now !== null && now !== vitals.doing) life.beating.soon();
  vitals.doing = now ?? vitals.doing;
  if (event.type === 'usage') {
    // Totals so far; one that came late must not take any back.
    vitals.tokens = Math.max(vitals.tokens, event.tokens);
    vitals.costUsd = Math.max(vitals.costUsd, event.costUsd);
    vitals.contextUsed = event.contextUsed ?? vitals.contextUsed;
    vitals.contextSize = event.contextSize ?? vitals.contextSize;
  }
  if (event.type === 'session') {
    vitals.session = event.id;
    vitals.model = event.model ?? vitals.model;
    // Told at once: an agent may hand its task back before the next beat, and what its session was could not be told any more.
    void life.beating.now();
  }
  if (event.type === 'todo') vitals.todo = todoOf(event.items);
}

function todoOf(items: readonly { text: string; done: boolean }[]): Life['vitals']['todo'] {
  const next = items.find(({ done }) => !done)?.text ?? '';
  return {
    done: items.filter(({ done }) => done).length,
    total: items.length,
    now: next.slice(0, lastWordLengthMax).toWellFormed(),
  };
}

function remember(course: Course, line: string): void {
  for (const part of line
    .slice(-lastWordsMax * lastWordLengthMax)
    .split('\n')
    .slice(-lastWordsMax)) {
    course.lastWords.push(part.slice(0, lastWordLengthMax));
  }
  if (course.lastWords.length > lastWordsMax) course.lastWords.splice(0, course.lastWords.length - lastWordsMax);
}
