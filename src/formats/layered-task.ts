/**
 * One task of a layered plan: its head line and what stands below it, read into a draft whose edges are still text.
 *
 * Owns which lines below a task are fields and which are its body. Edges wait for `layered-edges.ts`, because an id can only be
 * told from a word when all ids are known.
 */
import { taskKinds } from '../core/task.ts';
import type { Finding, TaskDraft } from '../core/plan.ts';
import { nameFault } from '../core/id.ts';
import { limits } from '../core/limits.ts';
import { isTicked, readCheckbox } from './checkbox.ts';
import { cleanText } from './clean-text.ts';
import { readDuration, readField, readKind, readPriority, unescapeField, type Field } from './field.ts';
import { errorAt, excerpt, warningAt, type Place } from './format.ts';
import type { TaskBlock } from './layered-outline.ts';
import { addCheck } from './layered-settings.ts';
import { readInline } from './markdown-inline.ts';
import type { MarkdownLine } from './markdown-lines.ts';
import { readScopeList } from './scope-list.ts';
import { isReserved, readTaskHead } from './task-head.ts';

/** The value of a `Dependencies:` or `Blocks:` line. */
export interface WrittenEdges {
  value: string;
  line: number;
}

export interface WrittenTask {
  /** Complete but for `dependencies`. */
  draft: { -readonly [key in keyof TaskDraft]: TaskDraft[key] };
  scope: Set<string>;
  checks: Set<string>;
  dependencies: WrittenEdges[];
  blocks: WrittenEdges[];
}

/** What is being read, and where complaints about it go. */
interface Reading {
  task: WrittenTask;
  id: string;
  findings: Finding[];
}

export function readTask(block: TaskBlock, layer: number | null, findings: Finding[]): WrittenTask {
  const { head, line } = block;
  const draft: WrittenTask['draft'] = {
    id: head.id,
    title: head.title === '' ? head.id : head.title,
    body: '',
    kind: 'implement',
    parent: null,
    layer,
    agent: head.agent,
    priority: 0,
    scope: [],
    checks: [],
    dependencies: [],
    estimateMs: null,
    ticked: isTicked(block.box),
    line: line.number,
  };
  const task: WrittenTask = { draft, scope: new Set(), checks: new Set(), dependencies: [], blocks: [] };
  headFindings(block, findings);
  draft.body = readBelow(block.below, { task, id: head.id, findings });
  draft.scope = [...task.scope];
  draft.checks = [...task.checks];
  return task;
}

function headFindings({ head, box, line }: TaskBlock, findings: Finding[]): void {
  const place: Place = { line: line.number, task: head.id };
  if (head.idFault !== null) {
    const message = `"${excerpt(head.id)}" cannot be a task id: ${head.idFault}`;
    findings.push(errorAt({ line: line.number, task: null }, 'bad-id', message));
  }
  if (head.notAgent !== null) {
    const message = `${head.id}: "${excerpt(head.notAgent)}" cannot be an agent's name, so it is read as part of the title`;
    findings.push(warningAt(place, 'bad-agent', message));
  }
  if (box.mark !== '' && !isTicked(box)) {
    const message = `${head.id} is read as open: "[${cleanText(box.mark)}]" is no mark that Orbit knows, write "[ ]" or "[x]"`;
    findings.push(warningAt(place, 'bad-mark', message));
  }
}

/** Reads the fields into the task and gives back the body: all other lines, less the indentation of the first one. */
function readBelow(below: readonly MarkdownLine[], reading: Reading): string {
  const first = below.find((line) => !line.blank && line.indent > 0);
  const margin = first === undefined ? 0 : first.text.length - first.text.trimStart().length;
  const body: string[] = [];
  for (const line of below) {
    if (line.kind === 'comment') continue;
    const clean = cleanText(line.text);
    const text = line.kind === 'code' ? clean : readInline(clean);
    const field = line.kind === 'code' ? null : readField(text);
    if (field !== null) readValue(field, line, reading);
    else if (line.kind === 'code') body.push(dedent(text, margin));
    else {
      body.push(dedent(unescapeField(text), margin));
      warnOfNestedTask(line, reading);
    }
  }
  return trimBlankLines(body).join('\n');
}

function readValue({ name, value }: Field, line: MarkdownLine, { task, id, findings }: Reading): void {
  const { draft } = task;
  const place: Place = { line: line.number, task: id };
  const doubt = (message: string): void => void findings.push(warningAt(place, 'bad-field', `${id}: ${message}`));
  if (line.indent === 0) {
    findings.push(warningAt(place, 'field-not-indented', `this line is read as a field of ${id}: indent it`));
  }
  switch (name) {
    case 'dependencies':
    case 'blocks':
      task[name].push({ value, line: line.number });
      break;
    case 'files':
      readFiles(value, place, { task, id, findings });
      break;
    case 'check':
      addCheck(task.checks, value);
      if (value === '') doubt('"Check:" names no command; write it on the same line');
      break;
    case 'priority':
      draft.priority = readPriority(value) ?? draft.priority;
      if (readPriority(value) === null)
        doubt(`priority "${excerpt(value)}" is neither a whole number nor P0 to P4, high, normal or low`);
      break;
    case 'kind':
      draft.kind = readKind(value) ?? draft.kind;
      if (readKind(value) === null)
        doubt(`kind "${excerpt(value)}" is unknown, ${draft.kind} is taken; kinds are ${taskKinds.join(', ')}`);
      break;
    case 'parent':
      draft.parent = readParent(value) ?? draft.parent;
      if (readParent(value) === null && !isReserved(value)) doubt(`parent "${excerpt(value)}" is no task id`);
      break;
    case 'estimate':
      draft.estimateMs = readDuration(value) ?? draft.estimateMs;
      if (readDuration(value) === null && !isReserved(value))
        doubt(`estimate "${excerpt(value)}" is no time such as 30m or 1h30m`);
      break;
  }
}

function readFiles(value: string, place: Place, { task, id, findings }: Reading): void {
  const { globs, refused } = readScopeList(value);
  for (const glob of globs) task.scope.add(glob);
  for (const entry of refused) {
    const why = entry.length > limits.scopeEntryLengthMax ? 'is too long' : 'leaves the repository';
    const message = `${id}: "${excerpt(entry)}" ${why}; write paths from its top, such as src/**`;
    findings.push(errorAt(place, 'bad-scope', message));
  }
  if (value === '') {
    findings.push(warningAt(place, 'bad-field', `${id}: "Files:" names no path; write them on the same line`));
  }
}

function readParent(value: string): string | null {
  const word = /^[^\s(]*/.exec(value)?.[0] ?? '';
  return nameFault(word) === null && !isReserved(word) ? word : null;
}

function warnOfNestedTask(line: MarkdownLine, { id, findings }: Reading): void {
  const box = readCheckbox(line.text);
  const head = box === null ? null : readTaskHead(box);
  if (head === null) return;
  const message = `${excerpt(head.id)} is indented below ${id}, so it is text of ${id} and no task: move it to the margin if it should be one`;
  findings.push(warningAt({ line: line.number, task: id }, 'nested-task', message));
}

/** Without its end's white space and the first `margin` characters, as far as these are white space. */
function dedent(text: string, margin: number): string {
  const space = text.length - text.trimStart().length;
  return text.slice(Math.min(margin, space)).trimEnd();
}

/** Without blank lines at both ends. */
export function trimBlankLines(lines: readonly string[]): string[] {
  const from = lines.findIndex((line) => line !== '');
  return from < 0 ? [] : lines.slice(from, lines.findLastIndex((line) => line !== '') + 1);
}
