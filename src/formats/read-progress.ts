/**
 * Reads a `.progress.json` that others wrote, to adopt what it says when a plan is taken over.
 *
 * Owns the leniency: unknown fields are passed over, odd values are told and left out, and a file that is no JSON gives one
 * finding with its line. What it says are claims of another tool; the caller decides what to believe.
 */
import type { Finding } from '../core/plan.ts';
import type { PullRequestStatus } from '../core/task.ts';
import { cleanText } from './clean-text.ts';
import { errorAt, excerpt, warningAt } from './format.ts';
import { jsonFaultLine } from './json-fault.ts';

export interface ProgressFact {
  /** The file calls it completed. */
  ticked: boolean;
  agent: string | null;
  pr: number | null;
  prStatus: PullRequestStatus | null;
  /** Milliseconds since 1970. */
  startedAt: number | null;
  completedAt: number | null;
}

export interface ProgressRead {
  /** By task id. */
  tasks: ReadonlyMap<string, ProgressFact>;
  findings: Finding[];
}

/** Never throws. */
export function readProgress(text: string): ProgressRead {
  const findings: Finding[] = [];
  const tasks = new Map<string, ProgressFact>();
  for (const [id, value] of taskEntries(text, findings)) {
    const fields = asObject(value);
    if (fields !== null) tasks.set(id, readFact(id, fields, findings));
    else findings.push(doubt(id, 'its entry is no object and is not read'));
  }
  return { tasks, findings };
}

type Fields = Readonly<Record<string, unknown>>;

function taskEntries(text: string, findings: Finding[]): [id: string, value: unknown][] {
  const json = text.replace(/^\ufeff/, '');
  const place = { line: null, task: null };
  try {
    const tasks = asObject(asObject(JSON.parse(json))?.['tasks']);
    if (tasks !== null) return Object.entries(tasks);
    findings.push(warningAt(place, 'no-tasks', 'the file has no object "tasks", so nothing is read from it'));
  } catch {
    const line = jsonFaultLine(json);
    findings.push(
      errorAt({ line, task: null }, 'bad-json', 'the file is no JSON from here on; correct it or remove it'),
    );
  }
  return [];
}

function readFact(id: string, fields: Fields, findings: Finding[]): ProgressFact {
  const status = fields['status'];
  if (!['available', 'blocked', 'in_progress', 'completed'].includes(String(status))) {
    findings.push(doubt(id, `status ${shown(status)} is unknown and read as open`));
  }
  const pr = readNumber(fields['pr']);
  if (isGiven(fields['pr']) && pr === null) findings.push(doubt(id, `pr ${shown(fields['pr'])} names no number`));
  const prStatus = prStatuses.find((known) => known === fields['pr_status']) ?? null;
  if (isGiven(fields['pr_status']) && prStatus === null) {
    findings.push(doubt(id, `pr_status ${shown(fields['pr_status'])} is unknown; known are ${prStatuses.join(', ')}`));
  }
  return {
    ticked: status === 'completed',
    agent: typeof fields['agent'] === 'string' ? cleanText(fields['agent']) : null,
    pr,
    prStatus,
    startedAt: readTime(fields['started_at']),
    completedAt: readTime(fields['completed_at']),
  };
}

const prStatuses: readonly PullRequestStatus[] = ['pending_review', 'approved', 'merged', 'rejected'];

/** `123`, `"#123"`, `"!123"` or an address that ends in `/123`. */
function readNumber(value: unknown): number | null {
  const digits = /(?:^|[#!/])(\d{1,15})\/?$/.exec(
    typeof value === 'number' || typeof value === 'string' ? `${value}`.slice(-60) : '',
  )?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

function readTime(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function asObject(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function shown(value: unknown): string {
  return value === undefined ? '(none)' : excerpt(cleanText(JSON.stringify(value)));
}

function doubt(id: string, message: string): Finding {
  return warningAt({ line: null, task: id }, 'bad-field', `${excerpt(cleanText(id))}: ${message}`);
}
