/**
 * One event as one line for a person who watches a run.
 *
 * Owns the words. Says what changed and why, in the order people ask: which task, what, by whom, what follows.
 */
import type { Event, ProjectEventBody, TaskEventBody } from '../../core/event.ts';
import { keyParts } from '../../core/id.ts';
import { oneLine } from '../../platform/text.ts';
import { count, headline } from '../words.ts';

export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'dim';

export interface EventLine {
  tone: Tone;
  /** Task id, or the plan's, or empty. */
  subject: string;
  text: string;
}

/** What the view knows of the tasks, by key. */
export interface KnownTasks {
  titles: ReadonlyMap<string, string>;
  /** How often it was taken so far, with this event. */
  tries: ReadonlyMap<string, number>;
}

/** The line, or `null` for events that tell a person nothing new. */
export function eventLine(event: Event, { titles, tries }: KnownTasks): EventLine | null {
  const { body } = event;
  if (event.task !== null) {
    const { task } = keyParts(event.task);
    if (body.type === 'conflict-seen' || body.type === 'conflict-gone') return { subject: task, ...conflictLine(body) };
    const about = { title: oneLine(titles.get(event.task) ?? ''), attempt: tries.get(event.task) ?? 1 };
    const said = taskLine(body as TaskEventBody, about);
    return said === null ? null : { subject: task, ...said };
  }
  switch (body.type) {
    case 'plan-paused':
      return {
        tone: 'warn',
        subject: event.plan ?? '',
        text: `${body.what === 'landing' ? 'landing is paused' : 'paused'}: ${body.why}`,
      };
    case 'plan-resumed':
      return { tone: 'plain', subject: event.plan ?? '', text: body.what === 'landing' ? 'lands again' : 'resumed' };
    case 'target-started':
      if (!body.accepted) return null;
      return {
        tone: 'warn',
        subject: event.plan ?? '',
        text: `${body.target.replace(/^refs\/heads\//, '')} is taken as it is, at ${body.commit.slice(0, 12)}`,
      };
    case 'account-parked':
      return {
        tone: 'warn',
        subject: '',
        text: `account ${body.account} is parked until ${new Date(body.until).toISOString()}, then it goes on: ${firstLine(body.reason)}`,
      };
    case 'account-unparked':
      return { tone: 'plain', subject: '', text: `account ${body.account} is open again: ${body.why}` };
    case 'clock-jumped':
      return {
        tone: 'dim',
        subject: '',
        text: `the clock jumped by ${Math.round(body.gapMs / 1000)} s; leases are extended`,
      };
    default:
      return null;
  }
}

function conflictLine(
  body: Extract<ProjectEventBody, { type: 'conflict-seen' | 'conflict-gone' }>,
): Omit<EventLine, 'subject'> {
  const other = body.other === null ? 'what has landed' : keyParts(body.other).task;
  if (body.type === 'conflict-gone') return { tone: 'dim', text: `no longer conflicts with ${other}` };
  return { tone: 'warn', text: `will conflict with ${other} in ${firstLine(body.paths.join(', '))}` };
}

/** `attempt` counts the tries at this task from 1; the token of an attempt counts over the whole project. */
interface About {
  title: string;
  attempt: number;
}

function taskLine(body: TaskEventBody, { title, attempt }: About): Omit<EventLine, 'subject'> | null {
  switch (body.type) {
    case 'task-created':
      return body.origin === undefined
        ? null
        : {
            tone: 'plain',
            text: `made by attempt ${body.origin.token} at ${keyParts(body.origin.task).task}: ${title}`,
          };
    case 'task-claimed':
      return { tone: 'plain', text: `${body.agent} starts${attempt === 1 ? '' : ` (attempt ${attempt})`}: ${title}` };
    case 'task-done':
      return { tone: 'plain', text: doneText(body) };
    case 'task-landed':
      return { tone: 'good', text: `landed: ${title}` };
    case 'attempt-ended':
      return attemptEndedLine(body, attempt);
    case 'agent-hinted':
      return { tone: 'dim', text: `hint (${body.rule ?? body.by}, ${body.delivery}): ${firstLine(body.text)}` };
    case 'progress-told':
      return { tone: 'dim', text: `says: ${firstLine(body.doing)}` };
    case 'landing-bounced':
      return { tone: 'bad', text: `sent back from landing: ${firstLine(body.reason)}` };
    case 'task-escalated':
      return { tone: 'bad', text: `needs you (${body.kind}): ${firstLine(body.reason)}` };
    case 'work-approved':
      return { tone: 'good', text: `approved at tree ${body.tree.slice(0, 12)}` };
    case 'scope-widened':
      return { tone: 'plain', text: `may also write ${body.entries.join(', ')}: ${firstLine(body.why)}` };
    case 'widening-waits':
      return { tone: 'warn', text: wishText(body) };
    case 'widening-denied':
      return { tone: 'warn', text: `does not get ${body.entries.join(', ')}: ${firstLine(body.reason)}` };
    case 'task-closed':
      return { tone: 'dim', text: `${body.as}: ${body.why}` };
    case 'task-held':
      return { tone: 'warn', text: `held: ${body.why}` };
    case 'task-unheld':
      return { tone: 'plain', text: 'goes on' };
    case 'task-retried':
      return { tone: 'plain', text: 'goes round again' };
    case 'start-chosen':
      return { tone: 'plain', text: body.start === null ? 'starts afresh' : `will start from ${body.start.ref}` };
    case 'work-purged':
      return { tone: 'warn', text: `kept work given up: ${body.ref} at ${body.commit}` };
    case 'task-reopened':
      return { tone: 'warn', text: `reopened: ${body.why}` };
    case 'late-result-kept':
      return { tone: 'dim', text: 'an earlier attempt came back late; its commits are kept' };
    case 'pr-changed':
      return { tone: 'plain', text: `pull request #${body.number}: ${body.status}` };
    case 'pr-dropped':
      return { tone: 'plain', text: 'its pull request counts no more' };
    default:
      return null;
  }
}

function wishText({ entries, why, holder }: Extract<TaskEventBody, { type: 'widening-waits' }>): string {
  const until = holder === null ? 'you decide' : `after ${keyParts(holder).task}`;
  return `wishes to write ${entries.join(', ')} (${until}): ${firstLine(why)}`;
}

function doneText({ evidence }: Extract<TaskEventBody, { type: 'task-done' }>): string {
  if (evidence.commit === null) return `done without changes: ${evidence.noChanges ?? ''}`;
  const checks = evidence.checks.length === 0 ? 'no checks' : `${count(evidence.checks.length, 'check')} green`;
  return `done: ${count(evidence.commits, 'commit')}, ${count(evidence.files, 'file')}, ${checks}`;
}

function attemptEndedLine(
  body: Extract<TaskEventBody, { type: 'attempt-ended' }>,
  attempt: number,
): Omit<EventLine, 'subject'> {
  const reason = firstLine(body.reason);
  if (body.outcome === 'handed-over') {
    return { tone: 'warn', text: `attempt ${attempt} handed over (${body.cause ?? 'handoff'}): ${reason}` };
  }
  if (body.outcome === 'released') return { tone: 'warn', text: `attempt ${attempt} gave it back: ${reason}` };
  const next = body.retryAt === null ? '' : '; tried again';
  return { tone: 'warn', text: `attempt ${attempt} ${body.outcome}: ${reason}${next}` };
}

/** Reasons carry whole check outputs; a run shows their head, `orbit why` the rest. */
const reasonWidthMax = 200;

function firstLine(text: string): string {
  return headline(text, reasonWidthMax);
}
