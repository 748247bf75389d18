/**
 * Writes a whole plan as `layered-tasks.md`. For a file that exists, use `edit-layered-tasks.ts`, which keeps its bytes.
 *
 * Owns the form of a written plan. Its invariant: what it writes reads back as the same draft, line numbers aside.
 */
import type { Layer, PlanDraft, TaskDraft } from '../core/plan.ts';
import { cleanText } from './clean-text.ts';
import { escapeField, writeDuration } from './field.ts';
import { isAddress } from './id-list.ts';
import { withoutRemark } from './layered-outline.ts';
import { checkText, writePlanSettings } from './layered-settings.ts';
import { trimBlankLines } from './layered-task.ts';
import { planTitle } from './layered-tasks.ts';
import { writeInline } from './markdown-inline.ts';
import { blockStart, nextBlock } from './markdown-lines.ts';
import { writeScopeList } from './scope-list.ts';
import { writeTaskHead } from './task-head.ts';

/** Below a task everything is indented by this much. */
const margin = '      ';

/** The plan's text. Tasks stand under their layers in the order of `layerList`, those without one before all layers. */
export function writeLayeredTasks(draft: PlanDraft): string {
  const blocked = dependants(draft.tasks);
  const lines: string[] = [];
  if (draft.title !== '') lines.push(`# ${writeInline(titleText(draft.title))}`);
  const settings = writePlanSettings(draft);
  if (settings.length > 0) lines.push('', ...settings);
  for (const { layer, tasks } of sections(draft)) {
    if (layer !== null || tasks.length > 0) lines.push('');
    if (layer !== null) lines.push(writeLayerHeading(layer), '');
    for (const task of tasks) lines.push(...writeTask(task, blocked.get(task.id) ?? []));
  }
  if (lines[0] === '') lines.shift();
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The lines of one task. `blocks` are the ids that depend on it; they are told for people's sake. */
export function writeTask(task: TaskDraft, blocks: readonly string[]): string[] {
  const head = `- [${task.ticked ? 'x' : ' '}] ${writeTaskHead({ ...task, title: oneLine(task.title) })}`;
  const fields = [`Dependencies: ${task.dependencies.join(', ') || 'None'}`];
  if (blocks.length > 0) fields.push(`Blocks: ${blocks.join(', ')}`);
  if (task.scope.length > 0) fields.push(`Files: ${writeScopeList(task.scope)}`);
  for (const check of task.checks) fields.push(`Check: ${checkText(check)}`);
  if (task.priority !== 0) fields.push(`Priority: ${task.priority}`);
  if (task.kind !== 'implement') fields.push(`Kind: ${task.kind}`);
  if (task.parent !== null) fields.push(`Parent: ${task.parent}`);
  if (task.estimateMs !== null) fields.push(`Estimate: ${writeDuration(task.estimateMs)}`);
  return [head, ...fields.map((field) => margin + writeInline(field)), ...writeBody(task.body, head)];
}

export function writeLayerHeading({ number, title }: Layer): string {
  const text = oneLine(title);
  // A title that ends in brackets would lose them as a remark, so it gets an empty one to lose.
  const shown = withoutRemark(text) === text ? text : `${text} ()`;
  return `## Layer ${number}${shown === '' ? '' : `: ${writeInline(shown)}`}`;
}

/** Follows the same block rules as the reader: inside a code block nothing is escaped, because nothing there is read. */
function writeBody(body: string, head: string): string[] {
  const lines = body.split(/\r\n?|\n/).map((line) => cleanText(line).trimEnd());
  const out: string[] = [];
  let state = nextBlock(blockStart, head);
  for (const line of trimBlankLines(lines)) {
    const raw = line === '' ? '' : margin + line;
    const asCode = nextBlock(state, raw);
    const written = asCode.kind === 'code' ? raw : writeInline(escapeField(raw));
    state = nextBlock(state, written);
    out.push(written);
  }
  return out;
}

function titleText(title: string): string {
  const text = oneLine(title);
  return planTitle(text) === text && !/^layer[ \t]/i.test(text) ? text : `Tasks: ${text}`;
}

function oneLine(text: string): string {
  return cleanText(text.replaceAll(/[\r\n\t]+/g, ' ')).trim();
}

function dependants(tasks: readonly TaskDraft[]): Map<string, string[]> {
  const found = new Map<string, string[]>(tasks.map((task) => [task.id, []]));
  for (const task of tasks) {
    for (const id of task.dependencies) if (!isAddress(id)) found.get(id)?.push(task.id);
  }
  return found;
}

function sections({ layerList, tasks }: PlanDraft): { layer: Layer | null; tasks: TaskDraft[] }[] {
  const listed = new Set(layerList.map(({ number }) => number));
  const unlisted = [...new Set(tasks.map((task) => task.layer))].filter((n) => n !== null && !listed.has(n));
  const extra = unlisted.flatMap((number) => (number === null ? [] : [{ number, title: '' }]));
  const layers: (Layer | null)[] = [null, ...layerList, ...extra.sort((a, b) => a.number - b.number)];
  const byLayer = Map.groupBy(tasks, (task) => task.layer);
  return layers.map((layer) => ({ layer, tasks: byLayer.get(layer?.number ?? null) ?? [] }));
}
