/**
 * Reads a plan's file into the store: a new plan, or the changes to one (A3).
 *
 * Owns the way from a file to `applyPlan`: size, bytes, format, findings with file and line. Nothing is stored unless the whole
 * file is free of errors.
 */
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { nameFault } from '../core/id.ts';
import { lastTarget, layerFindings } from '../core/layer-branch.ts';
import { limits } from '../core/limits.ts';
import { scoreDraft } from '../core/order.ts';
import { joinFindings, validateDraft } from '../core/plan-check.ts';
import type { LandingMode } from '../core/pull-request.ts';
import type { Finding, Plan, PlanDraft } from '../core/plan.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import type { PlanFormat } from '../formats/detect.ts';
import type { PlanRead } from '../formats/format.ts';
import { OperationalError, UsageError } from '../platform/error.ts';
import type { Context } from './context.ts';
import { keepStamp, planFile, takeStamp } from './plan-file.ts';
import { projectProgress } from './project-progress.ts';

export const planFormats: readonly PlanFormat[] = ['layered-tasks', 'spec-kit'];

export interface ImportOrder {
  /** Absolute, or relative to `directory`. */
  file: string;
  directory?: string;
  /** Default: from the file's place. */
  plan: string | null;
  /** `null`: told from the text, then from the file's name. */
  format: PlanFormat | null;
  /** Only read and judge. */
  dryRun?: boolean;
}

/** A check and where the file has it. */
export interface WrittenCheck {
  check: string;
  task: string | null;
  line: number | null;
}

export interface Imported {
  plan: string;
  file: string;
  created: number;
  changed: number;
  tasks: number;
  layers: number;
  findings: readonly Finding[];
  /** Line of each task in the file. */
  lines: ReadonlyMap<string, number>;
  /** Of open tasks, and of the plan (`task` null). */
  checks: readonly WrittenCheck[];
}

/** Throws `UsageError`: `file-not-found`, `bad-plan`, `bad-id`. */
export async function importPlan(context: Context, order: ImportOrder): Promise<Imported> {
  const file = resolve(order.directory ?? context.paths.top, order.file);
  const shown = shownPath(context, file);
  const id = order.plan ?? planOf(file);
  const fault = id === null ? 'no name can be told from its path' : nameFault(id);
  if (id === null || fault !== null)
    throw new UsageError(
      'bad-id',
      `${shown}: the plan ${id === null ? '' : JSON.stringify(id)} cannot be named: ${fault}`,
      'add --plan NAME',
    );
  const stamp = isAbsolute(shown) ? null : takeStamp(context, shown);
  const text = readText(file, shown);
  const read = await readPlan(text, shown, order.format);
  refuseErrors(shown, read.findings);
  const { draft } = read;
  const findings = await judgeFit(context, read);
  refuseErrors(shown, findings);
  const counts = {
    plan: id,
    file: shown,
    tasks: draft.tasks.length,
    layers: draft.layerList.length,
    lines: new Map(draft.tasks.map(({ id: task, line }) => [task, line])),
    checks: writtenChecks(draft, text),
  };
  if (order.dryRun === true) return { ...counts, created: 0, changed: 0, findings };
  const plan = await planRow(context, { id, draft, source: shown });
  const change = { plan, draft, scores: scoreDraft(draft) };
  const applied: Awaited<ReturnType<typeof context.store.applyPlan>> = await context.store.applyPlan(
    change,
    context.caller.actor,
    context.clock.now(),
  );
  if (isRejection(applied)) throw notApplied(shown, applied);
  if (stamp !== null) keepStamp(context, id, stamp);
  await projectProgress(context, id);
  return {
    ...counts,
    created: applied.created,
    changed: applied.changed,
    findings: [...findings, ...applied.findings, ...layerFindings(plan, draft)],
  };
}

/**
 * What the reader found, and how the plan fits this repository. An agent that the settings do not name is a doubt only: a
 * person may run it by hand; `orbit run` refuses it.
 */
async function judgeFit(context: Context, { draft, findings }: PlanRead): Promise<Finding[]> {
  const { agents, shared } = await context.settings();
  const names = Object.keys(agents);
  const fit = validateDraft(draft, {
    agents: names.length === 0 ? null : names,
    paths: await pathsAtHead(context),
    shared,
  });
  return joinFindings(
    findings,
    fit.map((finding) => (finding.code === 'unknown-agent' ? { ...finding, severity: 'warning' } : finding)),
  );
}

/** `null` where git does not answer: then nothing is said about scopes. */
async function pathsAtHead(context: Context): Promise<readonly string[] | null> {
  try {
    return await (await context.repository()).listPaths('HEAD');
  } catch (error) {
    if (error instanceof OperationalError) return null;
    throw error;
  }
}

/** A finding as `file:line: text`, the way editors read it. */
export function tellFinding(file: string, { line, message, severity }: Finding): string {
  return `${file}${line === null ? '' : `:${line}`}: ${severity === 'warning' ? 'warning: ' : ''}${message}`;
}

/**
 * Findings as lines for a person. Paths that no file has yet are the rule in a new plan: more than a few of these doubts are one
 * line, so that the others are seen.
 */
export function tellFindings(file: string, findings: readonly Finding[]): string[] {
  const fresh = findings.filter(({ code }) => code === 'scope-matches-nothing');
  if (fresh.length <= pathDoubtsShown) return findings.map((finding) => tellFinding(file, finding));
  const others = findings.filter(({ code }) => code !== 'scope-matches-nothing');
  const first = fresh.slice(0, pathDoubtsShown).map(({ task, line }) => `${task} (line ${line})`);
  const message = `the files of ${fresh.length} tasks match nothing yet: ${first.join(', ')} and ${fresh.length - first.length} more; that is fine for files that the tasks create`;
  return [...others.map((finding) => tellFinding(file, finding)), `${file}: warning: ${message}`];
}

const pathDoubtsShown = 3;

async function readPlan(text: string, file: string, wanted: PlanFormat | null): Promise<PlanRead> {
  const format = wanted ?? (await import('../formats/detect.ts')).detectFormat(text, file) ?? 'layered-tasks';
  if (format === 'spec-kit') return (await import('../formats/spec-kit.ts')).readSpecKit(text);
  return (await import('../formats/layered-tasks.ts')).readLayeredTasks(text);
}

/** The reader keeps no line of a check: it is the first one, from the task's own on, that has its text. */
function writtenChecks({ tasks, checks }: PlanDraft, text: string): WrittenCheck[] {
  const rows = text.split('\n');
  const lineOf = (check: string, from: number): number | null => {
    const index = rows.findIndex((row, at) => at >= from && row.includes(check));
    return index === -1 ? null : index + 1;
  };
  const open = tasks.filter(({ ticked }) => !ticked);
  return [
    ...open.flatMap(({ id, line, checks: own }) =>
      own.map((check) => ({ check, task: id, line: lineOf(check, line - 1) ?? line })),
    ),
    ...checks.map((check) => ({ check, task: null, line: lineOf(check, 0) })),
  ];
}

function readText(file: string, shown: string): string {
  try {
    const { size } = statSync(file);
    if (size > limits.planBytesMax) {
      throw new UsageError(
        'bad-plan',
        `${shown} has ${size} bytes; a plan may have ${limits.planBytesMax}`,
        'split it into several plans',
      );
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError('bad-plan', `${shown} is not UTF-8 text`, 'save it as UTF-8');
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'is not there' : code === 'EISDIR' ? 'is a directory' : `cannot be read: ${message}`;
    throw new UsageError('file-not-found', `${shown} ${why}`, 'give the path of the plan');
  }
}

/** Further errors are counted: who mends a file wants the first ones, not a thousand. */
const errorsShown = 10;

function refuseErrors(file: string, findings: readonly Finding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  const more = errors.length > errorsShown ? [`and ${errors.length - errorsShown} more`] : [];
  const lines = [...errors.slice(0, errorsShown).map((finding) => tellFinding(file, finding)), ...more];
  throw new UsageError('bad-plan', lines.join('\n'), 'mend the file and try again; nothing was changed');
}

function notApplied(file: string, { message, hint }: Rejection): UsageError {
  return new UsageError('bad-plan', `${file}: ${message}`, hint);
}

async function planRow(
  context: Context,
  { id, draft, source }: { id: string; draft: PlanDraft; source: string },
): Promise<Plan> {
  const stored = await context.store.plan(id);
  const { landing } = await context.settings();
  const into = landing.into.replaceAll('{plan}', id);
  const target = into.startsWith('refs/') ? into : `refs/heads/${into}`;
  const layers = draft.layers ?? 'hints';
  const mode = draft.landing ?? landing.mode;
  const layerBranches = layers === 'hard' && (await landsByLayer(context, { id, target, stored, mode }));
  const one = stored === null || stored.layerBranches === true ? target : stored.target;
  return {
    id,
    title: draft.title === '' ? (stored?.title ?? id) : draft.title,
    source: isAbsolute(source) ? (stored?.source ?? null) : source,
    // Each layer has landed before the next one opens.
    unblock: layerBranches ? 'landed' : (draft.unblock ?? 'done'),
    layers,
    layerList: draft.layerList,
    checks: draft.checks,
    ...(draft.landing === undefined ? {} : { landing: draft.landing }),
    ...(draft.finish === undefined ? {} : { finish: draft.finish }),
    target: layerBranches ? lastTarget({ id, layerList: draft.layerList }, target) : one,
    ...(layerBranches ? { layerBranches } : {}),
    paused: stored?.paused ?? false,
    createdAt: stored?.createdAt ?? context.clock.now(),
  };
}

/** As it was begun, once work has landed; `--into` names one branch for all. */
async function landsByLayer(
  { store, clock, settings }: Context,
  { id, target, stored, mode }: { id: string; target: string; stored: Plan | null; mode: LandingMode },
): Promise<boolean> {
  const { landing } = await settings();
  // Where nothing lands by itself no layer would ever open, and pull requests all go into one branch.
  const isWanted = landing.layerBranches && mode === 'queue';
  if (stored === null) return isWanted;
  const isOn = stored.layerBranches === true;
  if (!isOn && stored.target !== target) return false;
  const landed = await store.tasks({ plan: id, status: ['landed'] }, clock.now());
  return landed.some(({ task }) => (task.landing?.landedAs ?? null) !== null) ? isOn : isWanted;
}

/** `specs/001/agent-tasks/layered-tasks.md` and `specs/001/tasks.md` belong to plan 001, `plans/cleanup.md` to `cleanup`. */
function planOf(file: string): string | null {
  const name = basename(file).replace(/\.[^.]*$/, '');
  if (name !== 'layered-tasks' && name !== 'tasks') return name;
  const folder = dirname(file);
  const plan = basename(basename(folder) === 'agent-tasks' ? dirname(folder) : folder);
  return plan === '' ? null : plan;
}

/** Relative to the project where it lies in it, so that messages can be clicked and the plan remembers its file. */
function shownPath(context: Context, file: string): string {
  const path = relative(context.paths.top, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path.replaceAll('\\', '/');
}

/** Where the plan named by a word lies: the word itself if it is a file, else the plan's usual place. */
export function planFileOf(context: Context, word: string, directory: string): string {
  const stats = statSync(resolve(directory, word), { throwIfNoEntry: false });
  return stats?.isFile() === true ? resolve(directory, word) : resolve(context.paths.top, planFile(word));
}
