/**
 * Edges of a spec-kit plan: those that are written, and those that its form means.
 *
 * Owns that meaning. Within a phase a task without `[P]` waits for the one without `[P]` before it, and two tasks that write the
 * same file wait for each other whatever their marks say. Between phases Setup → Foundational → stories → Polish is an order;
 * stories are independent, a phase of another name (`Integration`) waits for the phase before it. What is written wins: a meant edge that would close a ring with it is dropped and told.
 */
import type { Finding } from '../core/plan.ts';
import { errorAt, warningAt } from './format.ts';
import { groups } from './ring.ts';
import { sharedFiles } from './shared-files.ts';
import type { PhaseKind } from './spec-kit-outline.ts';
import type { Reference, SpecKitTask } from './spec-kit-task.ts';

export interface PhaseTasks {
  kind: PhaseKind;
  tasks: readonly SpecKitTask[];
}

/** For each task, by id, the ids that it waits for. */
export type Waits = ReadonlyMap<string, Set<string>>;

/** A range may name this many tasks; wider ones are surely mistyped, and would make edges without end. */
const rangeMax = 200;

/** More edges than this between two phases go through one task that waits for the others of its phase. */
const crossingMax = 10_000;

/** @param phases with ids that are unique over all of them. */
export function resolveSpecKitEdges(phases: readonly PhaseTasks[], findings: Finding[]): Waits {
  const tasks = phases.flatMap((phase) => phase.tasks);
  const written = writtenWaits(tasks, findings);
  const meant: Waits = new Map(tasks.map(({ draft }) => [draft.id, new Set()]));
  for (const phase of phases) {
    chain(phase.tasks, meant);
    separateFiles(phase.tasks, { written, meant }, findings);
  }
  crossPhases(phases, { written, meant });
  dropContradictions(tasks, { written, meant }, findings);
  return new Map(
    tasks.map(({ draft: { id } }) => [id, new Set([...(written.get(id) ?? []), ...(meant.get(id) ?? [])])]),
  );
}

interface BothWaits {
  written: Waits;
  meant: Waits;
}

function writtenWaits(tasks: readonly SpecKitTask[], findings: Finding[]): Waits {
  const byId = new Map(tasks.map((task) => [task.draft.id, task]));
  const numbered = [...byId.keys()].filter((id) => /^T\d+$/.test(id)).sort((a, b) => numberOf(a) - numberOf(b));
  return new Map(
    tasks.map(({ draft, references }) => {
      const place = { line: draft.line, task: draft.id };
      const ids = new Set<string>();
      for (const reference of references) {
        for (const end of new Set([reference.from, reference.to])) {
          if (byId.has(end)) continue;
          findings.push(
            errorAt(place, 'unknown-dependency', `${draft.id}: no task "${end}" in this file; correct the id`),
          );
        }
        for (const id of expand(reference, numbered)) ids.add(id);
        if (reference.from === reference.to && reference.from === draft.id) {
          findings.push(errorAt(place, 'self-dependency', `${draft.id} depends on itself: take it out`));
        }
        if (expand(reference, numbered).length > rangeMax) {
          const message = `${draft.id}: ${reference.from}-${reference.to} names more than ${rangeMax} tasks; name the last ones only`;
          findings.push(errorAt(place, 'range-too-wide', message));
        }
      }
      ids.delete(draft.id);
      return [draft.id, new Set([...ids].filter((id) => byId.has(id)))];
    }),
  );
}

/** The ids of a range that exist, at most one more than allowed. */
function expand({ from, to }: Reference, numbered: readonly string[]): string[] {
  if (from === to || !/^T\d+$/.test(from) || !/^T\d+$/.test(to)) return [from, to];
  const [low, high] = [numberOf(from), numberOf(to)].sort((a, b) => a - b);
  const start = firstFrom(numbered, low ?? 0);
  return numbered.slice(start, start + rangeMax + 1).filter((id) => numberOf(id) <= (high ?? 0));
}

function firstFrom(numbered: readonly string[], low: number): number {
  let from = 0;
  let to = numbered.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (numberOf(numbered[middle] ?? '') < low) from = middle + 1;
    else to = middle;
  }
  return from;
}

function numberOf(id: string): number {
  return Number(id.slice(1));
}

function chain(tasks: readonly SpecKitTask[], meant: Waits): void {
  let last: string | null = null;
  for (const { draft, parallel } of tasks) {
    if (parallel) continue;
    if (last !== null) meant.get(draft.id)?.add(last);
    last = draft.id;
  }
}

function separateFiles(tasks: readonly SpecKitTask[], waits: BothWaits, findings: Finding[]): void {
  for (const { earlier, later, path } of sharedFiles(tasks.map((task) => task.draft))) {
    if (reaches(later.id, earlier.id, waits) || reaches(earlier.id, later.id, waits)) continue;
    waits.meant.get(later.id)?.add(earlier.id);
    const message = `${earlier.id} and ${later.id} both write ${path}, so ${later.id} waits for ${earlier.id} in spite of [P]`;
    findings.push(warningAt({ line: later.line, task: later.id }, 'same-file', message));
  }
}

/** Whether `from` waits for `to`, directly or through few others; a search without end is not worth one spared edge. */
function reaches(from: string, to: string, { written, meant }: BothWaits): boolean {
  const seen = new Set([from]);
  for (const id of seen) {
    if (id === to) return true;
    if (seen.size > 200) return false;
    for (const next of written.get(id) ?? []) seen.add(next);
    for (const next of meant.get(id) ?? []) seen.add(next);
  }
  return false;
}

const stages: readonly (readonly PhaseKind[])[] = [['setup'], ['foundational'], ['story', 'other'], ['polish']];

/** The first tasks of each stage wait for the last ones of the stage before it that has any. */
function crossPhases(phases: readonly PhaseTasks[], waits: BothWaits): void {
  let lasts: string[] = [];
  for (const kinds of stages) {
    const stage = phases.filter((phase) => kinds.includes(phase.kind) && phase.tasks.length > 0);
    if (stage.length === 0) continue;
    for (const [at, phase] of stage.entries()) {
      const before = stage[at - 1];
      if (phase.kind !== 'other' || before === undefined) continue;
      cross(endsOf(phase.tasks, waits).firsts, endsOf(before.tasks, waits).lasts, waits.meant);
    }
    const ends = stage.map((phase) => endsOf(phase.tasks, waits));
    cross(
      ends.flatMap((end) => end.firsts),
      lasts,
      waits.meant,
    );
    lasts = ends.flatMap((end) => end.lasts);
  }
}

function cross(firsts: readonly string[], lasts: readonly string[], meant: Waits): void {
  let barrier = lasts;
  const last = lasts.at(-1);
  if (last !== undefined && firsts.length * lasts.length > crossingMax) {
    for (const id of lasts) if (id !== last) meant.get(last)?.add(id);
    barrier = [last];
  }
  for (const first of firsts) for (const id of barrier) meant.get(first)?.add(id);
}

/** The tasks of a phase that wait for none of it, and those that none of it waits for. */
function endsOf(tasks: readonly SpecKitTask[], { written, meant }: BothWaits): { firsts: string[]; lasts: string[] } {
  const ids = new Set(tasks.map((task) => task.draft.id));
  const firsts: string[] = [];
  const waitedFor = new Set<string>();
  for (const id of ids) {
    const inside = [...(written.get(id) ?? []), ...(meant.get(id) ?? [])].filter((other) => ids.has(other));
    if (inside.length === 0) firsts.push(id);
    for (const other of inside) waitedFor.add(other);
  }
  return { firsts, lasts: [...ids].filter((id) => !waitedFor.has(id)) };
}

/** Any ring lies within a group of nodes that reach each other, so without meant edges there only written rings are left. */
function dropContradictions(tasks: readonly SpecKitTask[], { written, meant }: BothWaits, findings: Finding[]): void {
  const place = new Map(tasks.map(({ draft }, index) => [draft.id, index]));
  const numbers = (ids: Iterable<string>): number[] => [...ids].flatMap((id) => place.get(id) ?? []);
  const groupOf = groups(
    tasks.map(({ draft: { id } }) => [...numbers(written.get(id) ?? []), ...numbers(meant.get(id) ?? [])]),
  );
  for (const [index, { draft }] of tasks.entries()) {
    const own = meant.get(draft.id);
    const dropped = [...(own ?? [])].filter((id) => groupOf[place.get(id) ?? -1] === groupOf[index]);
    for (const id of dropped) own?.delete(id);
    if (dropped.length === 0) continue;
    const message = `${draft.id} would wait for ${dropped.slice(0, 5).join(', ')} by its place in the file, but written dependencies say otherwise and count`;
    findings.push(warningAt({ line: draft.line, task: draft.id }, 'phase-contradiction', message));
  }
}
