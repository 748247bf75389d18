/**
 * Evidence: whether a reported completion is one (B4, P2). Pure: the runner looks at git and runs checks, this judges.
 *
 * Owns the list of what a completion needs and the words for what is missing. Invariant: nothing is proven by what an
 * agent says; its word only says when to look.
 */
import { inScope } from './scope.ts';

export interface CheckFact {
  command: string;
  green: boolean;
  /** The end of its output. */
  tail: string;
  /** Files of the commit that the check changed: then it was not run on the commit, and proves nothing. */
  changed: readonly string[];
}

export interface WorkFact {
  commits: number;
  changed: readonly string[];
  /** Changed or new files without a commit. */
  dirty: readonly string[];
}

export interface CompletionFacts {
  /** What the agent said; `null`: nothing. */
  report: { noChanges: string | null } | null;
  /** How its process ended; `null` while it runs or when Orbit ended it after its report. */
  exit: { exitCode: number | null; signal: string | null } | null;
  /** The last critical error it had. */
  criticalError: string | null;
  /** `null`: the workspace is gone. */
  work: WorkFact | null;
  scope: readonly string[];
  /** Globs that every task may write. */
  shared: readonly string[];
  /** Empty until they were run; they are run last. */
  checks: readonly CheckFact[];
}

export interface Lack {
  kind:
    | 'crashed'
    | 'critical-error'
    | 'not-reported'
    | 'no-workspace'
    | 'nothing-committed'
    | 'uncommitted'
    | 'outside-scope'
    | 'check-red'
    | 'check-changed-files';
  /** A sentence for the agent and for the reason of a failure. */
  text: string;
  /** Whether the same agent could mend it, told so. */
  mendable: boolean;
}

/** What is missing for a proof, worst first; empty: nothing is. */
export function lacksOf(facts: CompletionFacts): Lack[] {
  return [...lacksOfAgent(facts), ...lacksOfWork(facts), ...facts.checks.flatMap(lacksOfCheck)];
}

/** The sentences, one a line. */
export function tellLacks(lacks: readonly Lack[]): string {
  return lacks.map((lack) => lack.text).join('\n');
}

/** Told of a non-zero exit or a signal. */
export function tellExit(exit: { exitCode: number | null; signal: string | null }): string {
  return exit.signal === null
    ? `it ended with exit code ${exit.exitCode ?? 'unknown'}`
    : `it was ended by ${exit.signal}`;
}

function lacksOfAgent({ report, exit, criticalError }: CompletionFacts): Lack[] {
  const lacks: Lack[] = [];
  if (exit !== null && exit.exitCode !== 0) {
    lacks.push({ kind: 'crashed', text: `The agent did not exit cleanly: ${tellExit(exit)}.`, mendable: false });
  }
  if (criticalError !== null) {
    lacks.push({ kind: 'critical-error', text: `The agent had a critical error: ${criticalError}`, mendable: false });
  }
  if (report === null) {
    const text = 'The agent ended without reporting completion (orbit complete).';
    lacks.push({ kind: 'not-reported', text, mendable: true });
  }
  return lacks;
}

function lacksOfWork({ report, work, scope, shared }: CompletionFacts): Lack[] {
  if (work === null) {
    return [{ kind: 'no-workspace', text: 'The workspace cannot be read: nothing can be proven.', mendable: false }];
  }
  const lacks: Lack[] = [];
  if (work.commits === 0 && !report?.noChanges?.trim()) {
    const text = 'Nothing was committed. Commit your work, or report "no changes" with the reason.';
    lacks.push({ kind: 'nothing-committed', text, mendable: true });
  }
  if (work.dirty.length > 0) {
    const text = `These changes are not committed: ${list(work.dirty)}. Commit or remove them.`;
    lacks.push({ kind: 'uncommitted', text, mendable: true });
  }
  const allowed = scope.length === 0 ? [] : [...scope, ...shared];
  const outside = work.changed.filter((path) => !inScope(path, allowed));
  if (outside.length > 0) {
    const why = scope.length === 0 ? 'may not be committed' : `are outside the task's scope (${scope.join(', ')})`;
    const ask = scope.length === 0 ? '' : ', or ask for them first: orbit scope add FILE --why "what for"';
    const text = `These files ${why}: ${list(outside)}. Take those changes back${ask}.`;
    lacks.push({ kind: 'outside-scope', text, mendable: true });
  }
  return lacks;
}

function lacksOfCheck({ command, green, tail, changed }: CheckFact): Lack[] {
  if (!green) {
    const output = tail.trim() === '' ? 'It printed nothing.' : `The end of its output:\n${tail.trim()}`;
    return [{ kind: 'check-red', text: `The check "${command}" failed. ${output}`, mendable: true }];
  }
  if (changed.length === 0) return [];
  const text = `The check "${command}" changed files of the commit: ${list(changed)}. Commit what it makes, or ignore it in git.`;
  return [{ kind: 'check-changed-files', text, mendable: true }];
}

/** Enough to act on; a generated folder may hold thousands. */
const listedMax = 20;

function list(paths: readonly string[]): string {
  const more = paths.length > listedMax ? ` and ${paths.length - listedMax} more` : '';
  return paths.slice(0, listedMax).join(', ') + more;
}
