/**
 * Edits a `layered-tasks.md` that people wrote: ticks, and tasks added.
 *
 * Owns the smallest change for each. Its invariant: every byte outside the changed mark or the added lines stays as it is.
 */
import type { Layer, TaskDraft } from '../core/plan.ts';
import { changeMarks } from './checkbox.ts';
import { isField } from './field.ts';
import { outlineOf, type Block, type Outline } from './layered-outline.ts';
import type { MarkdownLine } from './markdown-lines.ts';
import { writeLayerHeading, writeTask } from './write-layered-tasks.ts';

/**
 * Ticks (`true`) or unticks (`false`) tasks by id. Ids that the text lacks, and marks that say so already, are left alone; of two
 * lines with one id the first is changed, as it is the one that was read.
 */
export function writeTicks(text: string, changes: ReadonlyMap<string, boolean>): string {
  const lines = outlineOf(text).blocks.flatMap((block) =>
    block.kind === 'task' ? [{ start: block.line.start, box: block.box, id: block.head.id }] : [],
  );
  return changeMarks(text, lines, changes);
}

/** Adds a task at the end of its layer, and the layer's heading where the text has none. `null` = before all layers. */
export function appendTask(text: string, task: TaskDraft, layer: Layer | null): string {
  const outline = outlineOf(text);
  const place = placeFor(outline, layer);
  const { newline, unclosed } = outline.document;
  const before = text.slice(0, place.at);
  const after = text.slice(place.at);
  const heading = layer !== null && place.needsHeading ? [writeLayerHeading(layer), ''] : [];
  // Behind a code block or comment that never ends nothing would be read.
  const closing = unclosed !== null && place.at > unclosed.line.start ? [unclosed.closing, ''] : [];
  const lines = [...closing, ...heading, ...writeTask(task, [])];
  const open = isAtLineStart(before) ? '' : newline;
  const gap = place.afterTask || closing.length > 0 || endsBlank(before) ? '' : newline;
  const end = after === '' || /^[\r\n]/.test(after) || place.afterTask ? '' : newline;
  return `${before}${open}${gap}${lines.join(newline)}${newline}${end}${after}`;
}

function isAtLineStart(before: string): boolean {
  return before === '' || before === '\ufeff' || /[\r\n]$/.test(before.slice(-1));
}

function endsBlank(before: string): boolean {
  const end = before.slice(-4).replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  return end === '' || end === '\ufeff' || end.endsWith('\n\n');
}

interface Gap {
  /** Offset in the text; `Infinity` = its end. */
  at: number;
  /** The lines go right below another task's. */
  afterTask: boolean;
  needsHeading: boolean;
}

function placeFor({ document, blocks }: Outline, layer: Layer | null): Gap {
  const { first, behind } = sectionOf(blocks, layer);
  if (first < 0) {
    const next = blocks.find((block) => numberOf(block) > (layer?.number ?? -1));
    return { at: next?.line.start ?? Infinity, afterTask: false, needsHeading: true };
  }
  const inside = blocks.slice(first, behind);
  const lastTask = inside.findLast((block) => block.kind === 'task');
  const line = lastTask?.below.at(-1) ?? (lastTask ?? inside.at(-1))?.line;
  const at = startBehind(document.lines, line?.number ?? 0);
  return { at, afterTask: lastTask !== undefined, needsHeading: false };
}

/** The start of the line behind line `number`, and behind what would become part of a task above it. */
function startBehind(lines: readonly MarkdownLine[], number: number): number {
  let behind = number;
  for (let at = number; at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined || line.blank || line.kind === 'comment') continue;
    const isInsideCode = line.kind === 'code' && lines[at - 1]?.kind === 'code';
    if (line.indent === 0 && !isInsideCode && !isField(line.text)) break;
    behind = at + 1;
  }
  return lines[behind]?.start ?? Infinity;
}

/** The blocks of a layer: from its heading to before the one that ends it. Without a layer: all before the first one. */
function sectionOf(blocks: readonly Block[], layer: Layer | null): { first: number; behind: number } {
  const first = layer === null ? 0 : blocks.findIndex((block) => numberOf(block) === layer.number);
  const head = blocks[first];
  const level = layer === null || head?.kind !== 'heading' ? 0 : head.level;
  const behind = blocks.findIndex((block, index) => {
    if (index <= first && layer !== null) return false;
    return block.kind === 'heading' && (block.layer !== null || block.level <= level);
  });
  return { first, behind: behind < 0 ? blocks.length : behind };
}

function numberOf(block: Block): number {
  return block.kind === 'heading' ? (block.layer?.number ?? -1) : -1;
}
