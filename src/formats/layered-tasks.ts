/**
 * Layered tasks: Orbit's own plan file, `layered-tasks.md`, read into a draft.
 *
 * Owns the meaning of the file; `docs/formats.md` states it. Reading twice gives the same draft twice, and what the reader does
 * not know it leaves to the people who wrote it.
 */
import type { Finding, Layer, PlanDraft } from '../core/plan.ts';
import { cleanText } from './clean-text.ts';
import { checkDraft } from './draft-check.ts';
import { readField } from './field.ts';
import { byLine, errorAt, excerpt, warningAt, type PlanRead } from './format.ts';
import { outlineOf, type Block, type Outline } from './layered-outline.ts';
import { readPlanSetting, type PlanSettings } from './layered-settings.ts';
import { readTask, type WrittenTask } from './layered-task.ts';
import { resolveEdges } from './layered-edges.ts';

/** Reads a whole plan. Never throws; everything doubtful is a finding with its line. */
export function readLayeredTasks(text: string): PlanRead {
  const outline = outlineOf(text);
  const read = readBlocks(outline);
  const findings = [...read.findings, ...outlineFindings(outline)];
  const tasks = resolveEdges(read.tasks, findings);
  findings.push(...checkDraft(tasks));
  const draft: PlanDraft = {
    title: read.title,
    ...read.settings,
    checks: [...read.settings.checks],
    layerList: [...read.layers.values()],
    tasks,
  };
  if (tasks.length === 0)
    findings.push(
      warningAt(
        { line: null, task: null },
        'no-tasks',
        'no task found: a task is a line such as "- [ ] T001 @any Title"',
      ),
    );
  return { draft, findings: byLine(findings) };
}

interface BlocksRead {
  title: string;
  settings: PlanSettings;
  layers: Map<number, Layer>;
  tasks: WrittenTask[];
  findings: Finding[];
}

function readBlocks({ blocks }: Outline): BlocksRead {
  const settings: PlanSettings = { unblock: null, layers: null, checks: new Set() };
  const read: BlocksRead = { title: '', settings, layers: new Map(), tasks: [], findings: [] };
  let section: Section = { layer: null, level: 7 };
  let inPreface = true;
  for (const block of blocks) {
    if (block.kind === 'task') {
      inPreface = false;
      read.tasks.push(readTask(block, section.layer, read.findings));
    } else if (block.kind === 'heading') {
      if (block.layer !== null) inPreface = false;
      else if (block.level === 1 && read.title === '') read.title = planTitle(block.text);
      section = nextSection(section, block, read);
    } else if (block.kind === 'text' && inPreface && block.line.kind === 'text') {
      readPlanSetting(block.line, settings, read.findings);
    } else if (block.kind === 'text' && block.line.kind === 'text' && isEdgeField(block.line.text)) {
      const message = `"${excerpt(cleanText(block.line.text).trim())}" stands below no task and is not read: move it right below its task`;
      read.findings.push(warningAt({ line: block.line.number, task: null }, 'stray-field', message));
    }
  }
  return read;
}

/** Edges that would be lost without a word. Other fields in prose are prose. */
function isEdgeField(line: string): boolean {
  const name = readField(line)?.name;
  return name === 'dependencies' || name === 'blocks';
}

/** The layer that tasks belong to, and the level of the heading that opened it. */
interface Section {
  layer: number | null;
  level: number;
}

/** A deeper heading stays within the layer; one as high or higher ends it. */
function nextSection(section: Section, block: Block & { kind: 'heading' }, read: BlocksRead): Section {
  const { layer: heading, level, line } = block;
  if (heading === null) return level <= section.level ? { layer: null, level: 7 } : section;
  const place = { line: line.number, task: null };
  if (heading.number === null) {
    const message = `"${excerpt(block.text)}" has no layer number: write "## Layer 1: Title" with a whole number`;
    read.findings.push(errorAt(place, 'bad-layer', message));
    return { layer: null, level };
  }
  const { number, title } = heading;
  if (read.layers.has(number)) {
    const message = `layer ${number} was opened before: its tasks are joined with those above; give one of the two another number`;
    read.findings.push(warningAt(place, 'duplicate-layer', message));
  } else read.layers.set(number, { number, title });
  return { layer: number, level };
}

/** `Tasks for 001: Title` and `Tasks: Title` are headings of the file, the plan's title stands behind them. */
export function planTitle(heading: string): string {
  return (/^tasks(?: for [^\s:]+)?:(.*)$/is.exec(heading)?.[1] ?? heading).trim();
}

function outlineFindings({ document, blocks }: Outline): Finding[] {
  const findings: Finding[] = [];
  for (const block of blocks) {
    if (block.kind !== 'nameless') continue;
    const message = `"${excerpt(cleanText(block.line.text).trim())}" looks like a task but names none, so it is not read: write "- [ ] ID @any Title"`;
    findings.push(warningAt({ line: block.line.number, task: null }, 'task-without-id', message));
  }
  for (const line of document.lines) {
    if (line.kind !== 'text' || cleanText(line.text) === line.text) continue;
    const message =
      'control characters, escape sequences or direction marks stand here; they were left out of what is read';
    findings.push(warningAt({ line: line.number, task: null }, 'control-characters', message));
  }
  if (document.unclosed?.line.kind === 'comment') {
    const message = 'this comment is never closed, so nothing below it is read: close it with "-->"';
    findings.push(warningAt({ line: document.unclosed.line.number, task: null }, 'unclosed-comment', message));
  }
  return findings;
}
