/**
 * Spec-kit: `specs/<plan>/tasks.md`, read into a draft (P12).
 *
 * Owns the reading of a whole file: phases become layers, its form becomes edges. `docs/formats.md` states the rules.
 */
import type { Finding, PlanDraft } from '../core/plan.ts';
import { changeMarks } from './checkbox.ts';
import { cleanText } from './clean-text.ts';
import { checkDraft, firstOfEachId } from './draft-check.ts';
import { byLine, excerpt, warningAt, type PlanRead } from './format.ts';
import { planTitle } from './layered-tasks.ts';
import { resolveSpecKitEdges } from './spec-kit-edges.ts';
import { outlineSpecKit, type SpecKitOutline } from './spec-kit-outline.ts';
import { readSpecKitTask } from './spec-kit-task.ts';

/** Reads a whole plan. Never throws; everything doubtful is a finding with its line. */
export function readSpecKit(text: string): PlanRead {
  const outline = outlineSpecKit(text);
  const findings = outlineFindings(outline);
  const read = outline.phases.flatMap((phase) =>
    phase.tasks.map((task) => ({ ...readSpecKitTask(task, phase, findings), phase })),
  );
  const unique = [...firstOfEachId(read, findings).values()];
  const byPhase = Map.groupBy(unique, (task) => task.phase);
  const phases = outline.phases.map((phase) => ({ kind: phase.kind, tasks: byPhase.get(phase) ?? [] }));
  const waits = resolveSpecKitEdges(phases, findings);
  const tasks = unique.map(({ draft }) => ({ ...draft, dependencies: [...(waits.get(draft.id) ?? [])] }));
  findings.push(...checkDraft(tasks));
  if (tasks.length === 0) {
    const message = 'no task found: a task is a line such as "- [ ] T001 Title"';
    findings.push(warningAt({ line: null, task: null }, 'no-tasks', message));
  }
  const layerList = outline.phases.flatMap((phase) => (phase.layer === null ? [] : [phase.layer]));
  const draft: PlanDraft = {
    title: planTitle(outline.title.replaceAll('\t', ' ')),
    unblock: null,
    layers: null,
    layerList,
    checks: [],
    tasks,
  };
  return { draft, findings: byLine(findings) };
}

/** Ticks or unticks tasks by id; every other byte stays. As `writeTicks` does for layered plans. */
export function writeSpecKitTicks(text: string, changes: ReadonlyMap<string, boolean>): string {
  const lines = outlineSpecKit(text).phases.flatMap((phase) =>
    phase.tasks.map(({ line, box, id }) => ({ start: line.start, box, id })),
  );
  return changeMarks(text, lines, changes);
}

function outlineFindings({ document, nameless }: SpecKitOutline): Finding[] {
  const findings = nameless.map((line) => {
    const message = `"${excerpt(cleanText(line.text).trim())}" looks like a task but has no id such as T001, so it is not read`;
    return warningAt({ line: line.number, task: null }, 'task-without-id', message);
  });
  if (document.unclosed?.line.kind === 'comment') {
    const message = 'this comment is never closed, so nothing below it is read: close it with "-->"';
    findings.push(warningAt({ line: document.unclosed.line.number, task: null }, 'unclosed-comment', message));
  }
  return findings;
}
