/**
 * Markdown lines: cuts a document into lines and tells which of them are text, code or comment.
 *
 * Owns the small part of Markdown's block rules that plans need: fenced code, HTML comments, list items. Each line keeps its
 * offsets, so that an editor can change one character and leave every other byte alone. Linear in the length of the text.
 */

export type LineKind = 'text' | 'code' | 'comment';

export interface MarkdownLine {
  /** Counted from 1. */
  number: number;
  /** Offset of its first character in the document, after a byte order mark. */
  start: number;
  /** Offset behind its last character, before its line end. */
  end: number;
  text: string;
  /** Columns of leading white space; a tab goes to the next multiple of 4. */
  indent: number;
  blank: boolean;
  kind: LineKind;
}

export interface MarkdownDocument {
  lines: MarkdownLine[];
  /** The first line end found, for lines to be added. */
  newline: string;
  /** A comment, or a code block outside of any list item, which never ends: its first line, and the line that would end it. */
  unclosed: { line: MarkdownLine; closing: string } | null;
}

/** What the lines before decide about the next one. */
export interface BlockState {
  /** How the last line reads. */
  kind: LineKind;
  /** The open code fence; a line at or left of `floor` ends it too, because it ends the list item around it. */
  fence: { mark: string; floor: number } | null;
  comment: boolean;
  /** Column of the outermost open list item. */
  item: number | null;
}

export const blockStart: BlockState = { kind: 'text', fence: null, comment: false, item: null };

export function readMarkdown(text: string): MarkdownDocument {
  const lines: MarkdownLine[] = [];
  const ends = /\r\n?|\n/g;
  let start = text.startsWith('\ufeff') ? 1 : 0;
  let state = blockStart;
  let opened: MarkdownLine | null = null;
  let newline: string | null = null;
  while (start < text.length) {
    ends.lastIndex = start;
    const found = ends.exec(text);
    newline ??= found?.[0] ?? null;
    const end = found?.index ?? text.length;
    const lineText = text.slice(start, end);
    const before = state;
    state = nextBlock(before, lineText);
    const line = { number: lines.length + 1, start, end, text: lineText, ...measure(lineText), kind: state.kind };
    lines.push(line);
    const open = isOpen(state);
    if (open && (!isOpen(before) || before.fence !== state.fence)) opened = line;
    if (!open) opened = null;
    start = end + (found?.[0].length ?? 0);
  }
  const unclosed = opened === null ? null : { line: opened, closing: state.fence?.mark ?? '-->' };
  return { lines, newline: newline ?? '\n', unclosed };
}

function isOpen(state: BlockState): boolean {
  return state.comment || (state.fence !== null && state.fence.floor < 0);
}

/** The state after one more line; its `kind` is that line's. */
export function nextBlock(state: BlockState, text: string): BlockState {
  const { indent, blank } = measure(text);
  if (state.comment) return { ...state, kind: 'comment', comment: !text.includes('-->') };
  if (state.fence !== null) {
    if (closesFence(state.fence.mark, text)) return { ...state, kind: 'code', fence: null };
    if (blank || indent > state.fence.floor) return state.kind === 'code' ? state : { ...state, kind: 'code' };
  }
  if (blank) return state.kind === 'text' && state.fence === null ? state : { ...state, kind: 'text', fence: null };
  const trimmed = text.trimStart();
  if (trimmed.startsWith('<!--')) {
    return { ...state, kind: 'comment', fence: null, comment: !trimmed.includes('-->', 2) };
  }
  const mark = /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(trimmed)?.[0];
  if (mark !== undefined) {
    const floor = state.item !== null && indent > state.item ? state.item : -1;
    return { ...state, kind: 'code', fence: { mark, floor } };
  }
  const item = nextItem(state.item, indent, trimmed);
  if (state.kind === 'text' && state.fence === null && item === state.item) return state;
  return { kind: 'text', fence: null, comment: false, item };
}

function nextItem(item: number | null, indent: number, trimmed: string): number | null {
  if (item !== null && indent > item) return item;
  return /^(?:[-*+]|\d{1,9}[.)])[ \t]/.test(trimmed) ? indent : null;
}

function closesFence(mark: string, text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length >= mark.length && trimmed === mark.charAt(0).repeat(trimmed.length);
}

function measure(text: string): { indent: number; blank: boolean } {
  let indent = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === 32) indent += 1;
    else if (character === 9) indent += 4 - (indent % 4);
    else return { indent, blank: text.trim() === '' };
  }
  return { indent, blank: true };
}
