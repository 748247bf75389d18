/**
 * The end of a run, in words: what landed, what did not and why, what it took, where to look next.
 */
import { keyParts } from '../../core/id.ts';
import type { RunSummary } from '../../coordinator/run.ts';
import { oneLine } from '../../platform/text.ts';
import { sharedLines, sharedReasons } from '../held-words.ts';
import { count, headline } from '../words.ts';
import { duration } from './progress.ts';

export interface SummaryOptions {
  /** With the branch that work lands on at the end; `hasTarget`: git has that branch. */
  plans: readonly { id: string; target: string; hasTarget: boolean }[];
  /** Whether the first task that did not land has logs to show. */
  hasLogs: boolean;
  /** Branch the user is on, to suggest how to take the work over; `null` if detached. */
  branch: string | null;
}

/** Lines of the summary, without colour. */
export function summaryLines(summary: RunSummary, options: SummaryOptions): string[] {
  const { counts, landed, attempts, elapsedMs, serialMs } = summary;
  const total = Object.values(counts).reduce((sum, tasks) => sum + tasks, 0);
  const lines = [`${landed} of ${total} tasks landed in ${duration(elapsedMs)} with ${count(attempts, 'attempt')}.`];
  if (counts.cancelled > 0) lines.push(`${counts.cancelled} cancelled.`);
  if (attempts > 1 && elapsedMs > 0) {
    const saved = serialMs - elapsedMs;
    const times = (serialMs / elapsedMs).toFixed(1);
    lines.push(
      saved > 0
        ? `Agents worked ${duration(serialMs)} in all: side by side saved ${duration(saved)} (${times} times as fast as one after the other).`
        : `Agents worked ${duration(serialMs)} in all: working side by side saved nothing here.`,
    );
  }
  if (summary.drained) lines.push('Stopped before the end: orbit run goes on where this stopped.');
  if (summary.left.length > 0) {
    lines.push('', `${count(summary.left.length, 'task')} did not land:`);
    const shared = sharedReasons(summary.left);
    for (const { key, title, status, reason } of summary.left) {
      lines.push(`  ${keyParts(key).task}  ${status}  ${oneLine(title)}`);
      if (!shared.has(reason)) lines.push(`      ${headline(reason, 300)}`);
    }
    lines.push(...sharedLines(shared).map((line) => `  ${line}`));
  }
  const next = nextLines(summary, options);
  return next.length === 0 ? lines : [...lines, '', 'Where to look next:', ...next];
}

/** Only what answers: a plan none of whose work landed may have no branch yet, and then nothing to take over. */
function nextLines({ left, landed }: RunSummary, { plans, hasLogs, branch }: SummaryOptions): string[] {
  const lines: string[] = [];
  const [firstLeft] = left;
  if (firstLeft !== undefined) {
    const { task } = keyParts(firstLeft.key);
    lines.push(`  orbit why ${task}`, ...(hasLogs ? [`  orbit logs ${task}`] : []));
    if (left.some(({ isApproval }) => isApproval)) lines.push('  orbit approve');
    if (firstLeft.status === 'needs-you' && !firstLeft.isApproval) lines.push(`  orbit retry ${task} --advice "…"`);
  }
  for (const { id, target, hasTarget } of plans) {
    if (!hasTarget) continue;
    lines.push(`  git log --first-parent ${target.replace(/^refs\/heads\//, '')}`);
    if (branch !== null && landed > 0 && target !== branch)
      lines.push(`  orbit land ${id}${left.length === 0 ? '' : ' --so-far'}`);
  }
  return lines;
}

/** The summary for scripts; the shape is fixed, more fields may follow. */
export function summaryJson(summary: RunSummary): object {
  const { landed, failed, needsYou, attempts, elapsedMs, serialMs, drained, left } = summary;
  return {
    summary: {
      landed,
      failed,
      needsYou,
      attempts,
      elapsedMs,
      serialMs,
      drained,
      left: left.map(({ key, status, reason }) => ({
        task: keyParts(key).task,
        plan: keyParts(key).plan,
        status,
        reason,
      })),
    },
  };
}
