/**
 * Edges of a layered plan: `Dependencies:` and, the other way round, `Blocks:`, put together.
 *
 * Owns their merging. Either line alone makes the edge; where a task's own `Dependencies:` line lacks what another's `Blocks:`
 * says, the edge counts (a task that waits needlessly does less harm than one that starts too early) and people are told.
 */
import type { Finding, TaskDraft } from '../core/plan.ts';
import { firstOfEachId } from './draft-check.ts';
import { errorAt, excerpt, warningAt, type Place } from './format.ts';
import { isAddress, readIdList } from './id-list.ts';
import type { WrittenEdges, WrittenTask } from './layered-task.ts';

/** The drafts with their dependencies. Of tasks with the same id only the first stays. */
export function resolveEdges(tasks: readonly WrittenTask[], findings: Finding[]): TaskDraft[] {
  const byId = firstOfEachId(tasks, findings);
  const edges = new Map([...byId.keys()].map((id) => [id, new Set<string>()]));
  const plan: Edges = { byId, edges, findings };
  for (const task of byId.values()) {
    for (const line of task.dependencies) readDependencies(task, line, plan);
  }
  for (const task of byId.values()) {
    for (const line of task.blocks) readBlocks(task, line, plan);
  }
  return [...byId.values()].map(({ draft }) => ({ ...draft, dependencies: [...(edges.get(draft.id) ?? [])] }));
}

interface Edges {
  byId: ReadonlyMap<string, WrittenTask>;
  edges: ReadonlyMap<string, Set<string>>;
  findings: Finding[];
}

function readDependencies({ draft }: WrittenTask, written: WrittenEdges, plan: Edges): void {
  for (const id of readIds(draft.id, written, plan)) plan.edges.get(draft.id)?.add(id);
}

function readBlocks({ draft }: WrittenTask, written: WrittenEdges, plan: Edges): void {
  const place: Place = { line: written.line, task: draft.id };
  for (const id of readIds(draft.id, written, plan)) {
    const blocked = plan.byId.get(id);
    const edges = plan.edges.get(id);
    if (blocked === undefined || edges === undefined) {
      const message = `${draft.id} cannot block ${id} of another plan from here: write the dependency in that plan`;
      plan.findings.push(errorAt(place, 'unknown-dependency', message));
    } else if (!edges.has(draft.id)) {
      edges.add(draft.id);
      if (blocked.dependencies.length === 0) continue;
      const lacking = `line ${blocked.dependencies[0]?.line ?? blocked.draft.line}`;
      const message = `${draft.id} blocks ${id}, but the dependencies of ${id} (${lacking}) lack it: the dependency was added`;
      plan.findings.push(warningAt(place, 'contradiction', message));
    }
  }
}

/** The ids of one line, less what is wrong with it. */
function readIds(task: string, { value, line }: WrittenEdges, { byId, findings }: Edges): string[] {
  const place: Place = { line, task };
  const { ids, unknown, words } = readIdList(value, (id) => byId.has(id));
  for (const word of unknown) {
    const message = `${task}: no task "${excerpt(word)}" in this plan; correct the id, or put remarks in brackets`;
    findings.push(errorAt(place, 'unknown-dependency', message));
  }
  if (words.length > 0) {
    const message = `${task}: "${excerpt(words.join(' '))}" is no task id and is not read: put remarks in brackets`;
    findings.push(warningAt(place, 'dependency-text', message));
  }
  if (ids.includes(task)) findings.push(errorAt(place, 'self-dependency', `${task} depends on itself: take it out`));
  return ids.filter((id) => id !== task && (byId.has(id) || isAddress(id)));
}
