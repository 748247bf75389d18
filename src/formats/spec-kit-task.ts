/**
 * One task of a spec-kit `tasks.md`: tags, title, files and written dependencies out of its sentence.
 *
 * Owns the phrases that name dependencies: `(depends on T002, T003)`, `requires T019-T026`, `← T005`.
 */
import type { Finding, TaskDraft } from '../core/plan.ts';
import { isTicked } from './checkbox.ts';
import { readPriority } from './field.ts';
import { excerpt, warningAt } from './format.ts';
import { pathsIn } from './path-words.ts';
import type { Phase, TaskLine } from './spec-kit-outline.ts';

/** One id, or from one id to another. */
export interface Reference {
  from: string;
  to: string;
}

export interface SpecKitTask {
  /** Complete but for `dependencies`. */
  draft: { -readonly [key in keyof TaskDraft]: TaskDraft[key] };
  /** Marked `[P]`: the author thinks that it may run beside its neighbours. */
  parallel: boolean;
  references: Reference[];
}

export function readSpecKitTask(task: TaskLine, phase: Phase, findings: Finding[]): SpecKitTask {
  const { tags, rest } = splitTags(task.text);
  const title = withoutDependencies(rest);
  const place = { line: task.line.number, task: task.id };
  if (task.box.mark !== '' && !isTicked(task.box)) {
    const message = `${task.id} is read as open: write "[ ]" or "[x]" instead of its mark`;
    findings.push(warningAt(place, 'bad-mark', message));
  }
  const vague = /\bdepends on (?!\[?T\d{3})[^.;)]*/i.exec(rest)?.[0];
  if (vague !== undefined) {
    const message = `${task.id}: "${excerpt(vague)}" names no task id, so no dependency is read from it`;
    findings.push(warningAt(place, 'dependency-text', message));
  }
  const tagged = tags.find((tag) => /^P\d$/.test(tag));
  const draft: SpecKitTask['draft'] = {
    id: task.id,
    title: title === '' ? task.id : title,
    body: bodyOf(task.below),
    kind: 'implement',
    parent: null,
    layer: phase.layer?.number ?? null,
    agent: null,
    priority: readPriority(tagged ?? phase.priority ?? '0') ?? 0,
    scope: pathsIn(title),
    checks: [],
    dependencies: [],
    estimateMs: null,
    ticked: isTicked(task.box),
    line: task.line.number,
  };
  return { draft, parallel: tags.includes('P'), references: [rest, ...task.below].flatMap(referencesIn) };
}

/** `[P] [US1] Title`: tags in any order. */
function splitTags(text: string): { tags: string[]; rest: string } {
  const tags: string[] = [];
  const tag = /\[([^[\]]{1,40})\](?!\()\s*/y;
  let end = 0;
  for (let found = tag.exec(text); found !== null; found = tag.exec(text)) {
    tags.push((found[1] ?? '').trim().toUpperCase());
    end = tag.lastIndex;
  }
  return { tags, rest: text.slice(end).trim() };
}

const phrase =
  /(?:\b(?:depends? (?:up)?on|dependent on|dependenc(?:y|ies)|requires|needs|blocked by|after)\b[ \t]*:?[ \t]*|←[ \t]*|<-[ \t]*)(?=[[`*]{0,3}T\d{3})/gi;
const item = /[[`*]{0,3}(T\d{3,12}[a-z]?)[\]`*]{0,3}(?: {0,3}(?:-|–|—|\.{2,3}|to|through) {0,3}T?(\d{3,12}[a-z]?))?/y;
const between = /(?:[ \t]{0,8}(?:[,;&+]|and\b)){0,2}[ \t]{0,8}(?=[[`*]{0,3}T\d{3})/y;

/** The ids behind every phrase that names dependencies. */
function referencesIn(text: string): Reference[] {
  const references: Reference[] = [];
  for (const { index, 0: words } of text.matchAll(phrase)) {
    let at = index + words.length;
    for (;;) {
      item.lastIndex = at;
      const found = item.exec(text);
      if (found === null) break;
      const from = found[1] ?? '';
      references.push({ from, to: found[2] === undefined ? from : `T${found[2]}` });
      between.lastIndex = item.lastIndex;
      if (!between.test(text)) break;
      at = between.lastIndex;
    }
  }
  return references;
}

/** The title without brackets that hold nothing but dependencies. */
function withoutDependencies(text: string): string {
  return text
    .replaceAll(/\((?:depends? on|dependent on|requires|needs|blocked by|after)[^()]{0,400}\)/gi, (words) =>
      referencesIn(words).length > 0 ? '' : words,
    )
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

/** The lines below a task, less the indentation of the first. */
function bodyOf(lines: readonly string[]): string {
  const first = lines[0] ?? '';
  const margin = first.length - first.trimStart().length;
  return lines.map((line) => line.slice(Math.min(margin, line.length - line.trimStart().length))).join('\n');
}
