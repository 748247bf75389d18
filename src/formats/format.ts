/**
 * Formats: text of other people and programs <-> plans and projections of Orbit.
 *
 * Owns what all readers answer with. Their invariant: reading is pure, never throws whatever the text, takes time linear in
 * its length, and tells every doubt as a finding with its line. A reader must not guess silently, and a writer must not touch
 * bytes that it does not have to change.
 */
import type { Finding, PlanDraft } from '../core/plan.ts';

/** What reading a plan's text gives. With an `error` among the findings the draft must not be imported. */
export interface PlanRead {
  draft: PlanDraft;
  /** In the order of their lines. */
  findings: Finding[];
}

/** Every complaint that a reader can make; `docs/formats.md` explains each. */
export type FindingCode =
  | 'bad-agent'
  | 'bad-field'
  | 'bad-id'
  | 'bad-json'
  | 'bad-layer'
  | 'bad-mark'
  | 'bad-scope'
  | 'bad-setting'
  | 'contradiction'
  | 'control-characters'
  | 'cycle'
  | 'dependency-text'
  | 'duplicate-id'
  | 'duplicate-layer'
  | 'field-not-indented'
  | 'later-layer'
  | 'nested-task'
  | 'no-tasks'
  | 'parent-cycle'
  | 'phase-contradiction'
  | 'range-too-wide'
  | 'same-file'
  | 'self-dependency'
  | 'stray-field'
  | 'task-without-id'
  | 'ticked-too-early'
  | 'unclosed-comment'
  | 'unknown-dependency'
  | 'unknown-parent';

/** Where a finding points: a line counted from 1, and the task that it is about. */
export interface Place {
  line: number | null;
  task: string | null;
}

export function errorAt(place: Place, code: FindingCode, message: string): Finding {
  return { severity: 'error', code, message, line: place.line, task: place.task };
}

export function warningAt(place: Place, code: FindingCode, message: string): Finding {
  return { severity: 'warning', code, message, line: place.line, task: place.task };
}

/** Sorts by line, those without one last; equal lines keep their order. */
export function byLine(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => (a.line ?? Infinity) - (b.line ?? Infinity) || 0);
}

/** Foreign text cut short for a message: lines may be megabytes long. */
export function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57).toWellFormed()}...` : text;
}
