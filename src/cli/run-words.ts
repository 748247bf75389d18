/** What `orbit run` says: one line per event that matters to a person, and the summary at the end. */
import type { RunSummary } from '../coordinator/run.ts';
import type { Event } from '../core/event.ts';
import { oneLine } from '../platform/text.ts';
import type { Colour } from './output.ts';
import { count, duration } from './words.ts';

type Paint = (text: string, colour: Colour) => string;

/** `null` for events that are noise at this distance; `orbit events` has all. */
export function eventLine({ at, task, body }: Event, { startedAt, paint }: { startedAt: number; paint: Paint }): string | null {
  const time = paint(`${Math.max(0, (at - startedAt) / 1000).toFixed(1).padStart(7)} s`, 'dim');
  const id = (task ?? '').slice((task ?? '').indexOf('/') + 1).padEnd(6);
  const words = wordsOf(body, paint);
  return words === null ? null : `${time}  ${id} ${words}`;
}

function wordsOf(body: Event['body'], paint: Paint): string | null {
  switch (body.type) {
    case 'task-claimed':
      return `${paint('started', 'yellow')} by ${body.agent}, attempt ${body.token}`;
    case 'completion-reported':
      return paint('reported complete, proof is looked at', 'dim');
    case 'task-done':
      return `${paint('done', 'green')} by ${body.evidence.agent}: ${body.evidence.commit === null ? `no changes: ${oneLine(body.evidence.noChanges ?? '', 80)}` : `${count(body.evidence.commits, 'commit')}, ${count(body.evidence.files, 'file')}`}`;
    case 'attempt-ended':
      return `${paint(body.outcome, body.outcome === 'released' ? 'dim' : 'red')}: ${oneLine(body.reason, 160)}${body.retryAt === null ? '' : ', tried again'}`;
    case 'task-escalated':
      return `${paint('needs you', 'red')}: ${oneLine(body.reason, 160)}`;
    case 'task-landed':
      return `${paint('landed', 'green')} as ${body.landedAs.slice(0, 12)}`;
    case 'landing-bounced':
      return `${paint('sent back', 'red')} (${body.cause}): ${oneLine(body.reason, 160)}`;
    case 'late-result-kept':
      return paint(`a late result is kept: ${oneLine(body.reason, 120)}`, 'dim');
    case 'task-closed':
      return `${body.as}: ${oneLine(body.why, 120)}`;
    case 'plan-paused':
      return `plan paused: ${oneLine(body.why, 120)}`;
    case 'plan-resumed':
      return 'plan goes on';
    default:
      return null;
  }
}

/** The literal summary: `{"landed","failed","needsYou","attempts","elapsedMs"}` and more. */
export function summaryData(summary: RunSummary): object {
  const { landed, failed, needsYou, attempts, elapsedMs, serialMs, left, counts, drained } = summary;
  return { landed, failed, needsYou, attempts, elapsedMs, serialMs, counts, left, drained };
}

export function summaryLines(summary: RunSummary, plans: readonly string[], paint: Paint): string[] {
  const { landed, attempts, elapsedMs, serialMs, left, drained } = summary;
  const saved = serialMs > elapsedMs && elapsedMs > 0 ? `; ${(serialMs / elapsedMs).toFixed(1)} times as fast as one after the other` : '';
  const lines = ['', `${paint(`${landed} landed`, 'green')}, ${count(attempts, 'attempt')}, ${duration(elapsedMs)}${saved}`];
  if (drained) lines.push('Stopped before the end; orbit run goes on from here.');
  for (const { key, status, title, reason } of left) lines.push(`  ${key}  ${paint(status, 'red')}  ${oneLine(title, 50)}\n      ${oneLine(reason, 200)}`);
  if (left.length > 0 && !drained) lines.push('Next: orbit inbox, orbit why <task>, orbit logs <task>');
  for (const plan of plans) lines.push(`Look at: git log --first-parent orbit/${plan}; orbit layer-status ${plan}`);
  return lines;
}
