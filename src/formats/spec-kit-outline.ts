/**
 * Outline of a spec-kit `tasks.md`: its phases, and the task lines of each with what stands below them.
 *
 * Owns which headings are phases and where tasks end. Phases are told by their first words, because headings carry notes,
 * priorities and pictures behind them; the sections that close the file speak about tasks and hold none.
 */
import { readCheckbox, type Checkbox } from './checkbox.ts';
import { cleanText } from './clean-text.ts';
import { withoutRemark } from './layered-outline.ts';
import { readInline } from './markdown-inline.ts';
import { readMarkdown, type MarkdownDocument, type MarkdownLine } from './markdown-lines.ts';

export type PhaseKind = 'setup' | 'foundational' | 'story' | 'polish' | 'other';

export interface Phase {
  kind: PhaseKind;
  /** `null` for tasks above all headings. */
  layer: { number: number; title: string } | null;
  /** The `(Priority: P1)` of its heading. */
  priority: string | null;
  tasks: TaskLine[];
}

export interface TaskLine {
  line: MarkdownLine;
  box: Checkbox;
  id: string;
  /** What follows the id, clean. */
  text: string;
  below: string[];
}

export interface SpecKitOutline {
  document: MarkdownDocument;
  title: string;
  /** Those with tasks, and those whose heading says "Phase". */
  phases: Phase[];
  /** Lines that look like tasks and have no id. */
  nameless: MarkdownLine[];
}

interface State {
  outline: SpecKitOutline;
  /** `null` inside a closing section. */
  phase: Phase | null;
  level: number;
  task: TaskLine | null;
}

export function outlineSpecKit(text: string): SpecKitOutline {
  const document = readMarkdown(text);
  const phase: Phase = { kind: 'other', layer: null, priority: null, tasks: [] };
  const outline: SpecKitOutline = { document, title: '', phases: [phase], nameless: [] };
  const state: State = { outline, phase, level: 7, task: null };
  for (const line of document.lines) readLine(line, state);
  outline.phases = outline.phases.filter((one) => one.tasks.length > 0 || (one.layer !== null && one.kind !== 'other'));
  number(outline.phases);
  return outline;
}

function readLine(line: MarkdownLine, state: State): void {
  if (line.blank || line.kind === 'comment') return;
  const text = line.kind === 'code' ? cleanText(line.text) : readInline(cleanText(line.text));
  const task = line.kind === 'code' ? null : taskOf(line);
  if (task !== null) {
    state.task = task;
    state.phase?.tasks.push(task);
  } else if (state.task !== null && line.indent > state.task.line.indent) {
    state.task.below.push(text.trimEnd());
  } else if (line.kind === 'text') {
    state.task = null;
    const heading = /^(#{1,6})[ \t]+(.*)$/s.exec(text);
    if (heading !== null) openSection(heading[1]?.length ?? 1, (heading[2] ?? '').trim(), state);
    else if (state.phase !== null && readCheckbox(line.text) !== null) state.outline.nameless.push(line);
  }
}

function taskOf(line: MarkdownLine): TaskLine | null {
  const box = readCheckbox(line.text);
  if (box === null) return null;
  const rest = readInline(cleanText(box.rest)).replaceAll('\t', ' ').trim();
  const found = /^(?:\*\*)?(T\d{3,12}[a-z]?)[:.]?(?:\*\*)?[:.]?(?:\s+(.*))?$/s.exec(rest);
  return found === null ? null : { line, box, id: found[1] ?? '', text: found[2] ?? '', below: [] };
}

function openSection(level: number, text: string, state: State): void {
  const { outline } = state;
  if (level === 1 && outline.title === '' && outline.phases.length === 1) {
    outline.title = text;
    return;
  }
  const named = /^phase[ \t]+([^\s:]+)[ \t]*[:.–—-]?(.*)$/is.exec(text);
  const title = (named?.[2] ?? text).trim();
  const kind = kindOf(title);
  if (named === null && kind === 'other') {
    if (level > state.level) return;
    if (isClosing(text)) {
      state.phase = null;
      state.level = level;
      return;
    }
  }
  const asked = /^\d{1,6}$/.test(named?.[1] ?? '') ? Number(named?.[1]) : 0;
  const priority = /\(priority:\s*(P\d)/i.exec(title)?.[1] ?? null;
  const shown = withoutRemark(title.replace(/\s\(priority:.*$/is, ''));
  state.phase = { kind, layer: { number: asked, title: shown }, priority, tasks: [] };
  state.level = level;
  outline.phases.push(state.phase);
}

function kindOf(title: string): PhaseKind {
  if (/^set-?up\b/i.test(title)) return 'setup';
  if (/^(?:foundation|blocking prerequisites)/i.test(title)) return 'foundational';
  if (/^(?:user stor(?:y|ies)|story|us\d)\b/i.test(title)) return 'story';
  return /^(?:polish|final|clean-?up|cross-cutting)/i.test(title) ? 'polish' : 'other';
}

function isClosing(text: string): boolean {
  return /^(?:dependenc|execution order|parallel|implementation strategy|notes?\b|format\b|path conventions|validation|task generation|summary)/i.test(
    text,
  );
}

/** Gives each phase the number of its heading where that is new and larger than those before, else the next one. */
function number(phases: readonly Phase[]): void {
  let last = 0;
  for (const { layer } of phases) {
    if (layer === null) continue;
    layer.number = layer.number > last ? layer.number : last + 1;
    last = layer.number;
  }
}
