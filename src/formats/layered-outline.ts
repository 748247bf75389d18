/**
 * Outline: the blocks of a layered plan, in order: layers, other headings, tasks with the lines below them, and the rest.
 *
 * Owns which line belongs to what. Reader and editors all use it, so that a tick is written on exactly the line that was read.
 */
import { cleanText } from './clean-text.ts';
import { readCheckbox, type Checkbox } from './checkbox.ts';
import { isField } from './field.ts';
import { readInline } from './markdown-inline.ts';
import { readMarkdown, type MarkdownDocument, type MarkdownLine } from './markdown-lines.ts';
import { readTaskHead, type TaskHead } from './task-head.ts';

export interface TaskBlock {
  kind: 'task';
  line: MarkdownLine;
  box: Checkbox;
  head: TaskHead;
  /** The indented lines below it, blank ones and comments between them, and fields that somebody forgot to indent. */
  below: MarkdownLine[];
}

export type Block =
  | TaskBlock
  | { kind: 'heading'; line: MarkdownLine; level: number; text: string; layer: LayerHeading | null }
  /** Looks like a task but names none. */
  | { kind: 'nameless'; line: MarkdownLine }
  /** Prose, code and comments; blank lines are in no block. */
  | { kind: 'text'; line: MarkdownLine };

/** `number` is `null` when what stands there is no whole number. */
export interface LayerHeading {
  number: number | null;
  title: string;
}

export interface Outline {
  document: MarkdownDocument;
  blocks: Block[];
}

export function outlineOf(text: string): Outline {
  const document = readMarkdown(text);
  const blocks: Block[] = [];
  let task: TaskBlock | null = null;
  for (const line of document.lines) {
    if (task !== null && (line.blank || line.indent > task.line.indent || isLoose(line))) {
      task.below.push(line);
      continue;
    }
    if (line.blank) continue;
    const block = blockOf(line);
    blocks.push(block);
    task = block.kind === 'task' ? block : null;
  }
  for (const block of blocks) if (block.kind === 'task') trimEnd(block.below);
  return { document, blocks };
}

/** A comment does not part a task from its lines, and a field at the margin is the task's while no other text stands between. */
function isLoose(line: MarkdownLine): boolean {
  return line.kind === 'comment' || (line.kind === 'text' && isField(line.text));
}

function trimEnd(lines: MarkdownLine[]): void {
  for (let last = lines.at(-1); last !== undefined && (last.blank || last.kind === 'comment'); last = lines.at(-1)) {
    lines.pop();
  }
}

function blockOf(line: MarkdownLine): Block {
  if (line.kind !== 'text') return { kind: 'text', line };
  const box = readCheckbox(line.text);
  const head = box === null ? null : readTaskHead(box);
  if (box !== null && head !== null) return { kind: 'task', line, box, head, below: [] };
  const clean = readInline(cleanText(line.text));
  if (box !== null || /^[ \t]*(?:[-*+][ \t]*)?\[[ xX]?\](?!\()/.test(clean)) return { kind: 'nameless', line };
  return headingOf(line, clean) ?? { kind: 'text', line };
}

function headingOf(line: MarkdownLine, clean: string): Block | null {
  const found = /^(#{1,6})(?:[ \t]+(.*))?$/s.exec(clean);
  if (found === null) return null;
  const text = (found[2] ?? '').replaceAll('\t', ' ').trim();
  return { kind: 'heading', line, level: found[1]?.length ?? 1, text, layer: layerOf(text) };
}

/** `Layer 2: Title (remarks)`; remarks are dropped. `null` for headings about something else. */
function layerOf(text: string): LayerHeading | null {
  const found = /^layer[ \t]+([^\s:]+)(.*)$/is.exec(text);
  if (found === null) return null;
  const [, word = '', rest = ''] = found;
  const isNumber = /^\d{1,9}[.)]?$/.test(word);
  if (!isNumber && !rest.startsWith(':') && !/^[-+]?\d/.test(word)) return null;
  const title = withoutRemark(
    rest
      .trim()
      .replace(/^[:–—-]/, '')
      .trim(),
  );
  return { number: isNumber ? Number.parseInt(word, 10) : null, title };
}

/** Drops one pair of brackets at the end, with what stands in it. */
export function withoutRemark(title: string): string {
  if (!title.endsWith(')')) return title;
  let depth = 0;
  for (let at = title.length - 1; at >= 0; at--) {
    if (title[at] === ')') depth += 1;
    if (title[at] === '(') depth -= 1;
    if (depth === 0) return at === 0 || /\s/.test(title.charAt(at - 1)) ? title.slice(0, at).trimEnd() : title;
  }
  return title;
}
