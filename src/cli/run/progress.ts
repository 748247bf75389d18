/**
 * The counts behind a run's status line, kept from events alone, so that watching costs no queries.
 *
 * Pure: folds an event into the counts and prints them.
 */
import type { Event } from '../../core/event.ts';
import { keyParts } from '../../core/id.ts';

export interface Progress {
  total: number;
  landed: number;
  queued: number;
  needsYou: number;
  cancelled: number;
  running: Map<string, { agent: string; since: number }>;
}

export function newProgress(total: number): Progress {
  return { total, landed: 0, queued: 0, needsYou: 0, cancelled: 0, running: new Map() };
}

/** Changes `progress` in place: one event of a run of thousands. */
export function count(progress: Progress, event: Event): void {
  if (event.task === null) return;
  const { task } = keyParts(event.task);
  const { body } = event;
  switch (body.type) {
    case 'task-created':
      progress.total += 1;
      break;
    case 'task-claimed':
      progress.running.set(task, { agent: body.agent, since: event.at });
      break;
    case 'task-done':
    case 'attempt-ended':
      progress.running.delete(task);
      if (body.type === 'task-done' && body.evidence.commit === null) progress.landed += 1;
      break;
    case 'landing-queued':
      progress.queued += 1;
      break;
    case 'task-landed':
      progress.queued -= 1;
      progress.landed += 1;
      break;
    case 'landing-bounced':
      progress.queued -= 1;
      break;
    case 'task-escalated':
      progress.needsYou += 1;
      break;
    case 'task-retried':
      progress.needsYou = Math.max(0, progress.needsYou - 1);
      break;
    case 'task-closed':
      if (body.as === 'completed') progress.landed += 1;
      else progress.cancelled += 1;
      break;
    default:
      break;
  }
}

const barWidth = 24;

/** The status line, at most `columns` wide. */
export function statusLine(progress: Progress, now: number, columns: number): string {
  const { total, landed, queued, needsYou } = progress;
  const filled = total === 0 ? barWidth : Math.round((landed / total) * barWidth);
  const bar = '█'.repeat(filled) + '░'.repeat(barWidth - filled);
  const running = [...progress.running].map(([task, { agent, since }]) => `${task} ${agent} ${duration(now - since)}`);
  const parts = [`${bar} ${landed}/${total} landed`, `${running.length} running`];
  if (queued > 0) parts.push(`${queued} landing`);
  if (needsYou > 0) parts.push(`${needsYou} need you`);
  if (running.length > 0) parts.push(running.join(', '));
  const line = parts.join(' · ');
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;
}

/** `0.8 s`, `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms: number): string {
  const tenths = Math.round(Math.max(0, ms) / 100);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(tenths / 10);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
