/**
 * Writes that should not be: outside the task's scope, and to tests so that they no longer test.
 *
 * The first ends an attempt that goes on after it was told. The second is only shown: to change a test may be the task, so a
 * person or a check decides. Scopes are globs of `core/scope.ts`; a task without one may write anywhere.
 */
import { inScope } from '../scope.ts';
import { callLine, callPath, relativePath } from './call.ts';
import { none, type Tally } from './detector.ts';
import type { Step } from './step.ts';
import type { Thresholds } from './thresholds.ts';

export interface ScopeWrites {
  /** A file was written, by an event or a call. */
  write(path: string): readonly Tally[];
  see(step: Step): readonly Tally[];
  /** The scope is another from now on; what lies in it was no fault. */
  widen(scope: readonly string[]): void;
  hinted(): void;
}

export interface ScopeOrder {
  scope: readonly string[];
  shared: readonly string[];
  /** Absolute, with a slash at its end; '' where it is not known. */
  workspace: string;
  limits: Thresholds;
}

const outsideMax = 200;

export function scopeWrites({ scope: first, shared, workspace, limits }: ScopeOrder): ScopeWrites {
  let scope = first;
  const outside = new Set<string>();
  const made = new Set<string>();
  const touched: string[] = [];
  let told = 0;
  let allowed = [...scope, ...shared];
  const ownsTests = scope.some((entry) => isTestPath(entry));

  const write = (path: string): readonly Tally[] => {
    if (scope.length === 0) return none;
    const local = relativePath(path, workspace);
    if (local.startsWith('/') || local.startsWith('..') || outside.has(local) || inScope(local, allowed)) return none;
    if (outside.size >= outsideMax) return none;
    outside.add(local);
    const count = outside.size;
    const what = `${count === 1 ? 'a file' : `${count} files`} outside the task's scope (${scope.join(', ')}) written: ${[...outside].slice(-5).join(', ')}`;
    const [hint, act] = [limits.outsideScopeHint, limits.outsideScopeAct];
    return [{ rule: 'outside-scope', count, hint, act, isHinted: told > 0, what, evidence: () => [...outside] }];
  };
  const tampering = (step: Step): readonly Tally[] => {
    if (ownsTests || step.failed) return none;
    const how = tamperingIn(step, { made, workspace });
    if (how === null) return none;
    touched.push(`call ${step.ordinal}: ${how}: ${callLine(step)}`);
    if (touched.length > outsideMax) touched.shift();
    const count = touched.length;
    const what = `tests were weakened (${how})`;
    return [
      { rule: 'tests-touched', count, hint: 1, act: Infinity, isHinted: count > 1, what, evidence: () => [...touched] },
    ];
  };
  return {
    write,
    see(step) {
      if (step.kind !== 'edit' || step.failed) return none;
      const path = callPath(step, workspace);
      const found = tampering(step);
      if (path !== null && isTestPath(path) && isWhole(step) && made.size < outsideMax) made.add(path);
      return path === null || step.command !== null ? found : [...found, ...write(path)];
    },
    widen(wider) {
      scope = wider;
      allowed = [...scope, ...shared];
      for (const path of outside) if (inScope(path, allowed)) outside.delete(path);
    },
    hinted: () => void (told += 1),
  };
}

function isTestPath(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|spec|specs)\/|(?:^|\/)test_[^/]+$|[._-](?:test|spec)s?\.\w+$/.test(path);
}

const skipping =
  /\b(?:describe|it|test|context)\.(?:skip|only|todo|fixme)\b|\b(?:xit|xdescribe|xtest|fit|fdescribe)\(|pytest\.mark\.(?:skip|xfail)|unittest\.skip|@(?:Disabled|Ignore)\b|\bt\.Skip(?:Now)?\(|#\[ignore\]/;
const asserting = /\b(?:assert\w*|expect|should|require\.\w+)\b\s*[.(!]?/;

/** What was done to a test, `null` if nothing that takes its force away. */
function tamperingIn(step: Step, { made, workspace }: { made: ReadonlySet<string>; workspace: string }): string | null {
  const { fields, command } = step;
  if (command !== null) return commandTampering(command, made);
  const path = callPath(step, workspace);
  if (fields === null || path === null || !isTestPath(path) || made.has(path)) return null;
  const before = wordsOf(fields, ['old_string', 'old_str', 'oldString', 'oldText', 'search']);
  const after = wordsOf(fields, ['new_string', 'new_str', 'newString', 'newText', 'replace']);
  if (before === null || after === null) return null;
  if (skipping.test(after) && !skipping.test(before)) return 'a test is skipped';
  if (asserting.test(before) && !asserting.test(after)) return 'assertions are gone';
  return null;
}

function commandTampering(command: string, made: ReadonlySet<string>): string | null {
  const removed = /(?:^|[\s;&|])(?:git )?rm\s+(?:-\S+\s+)*(\S+)/.exec(command)?.[1];
  if (removed !== undefined && isTestPath(removed) && !made.has(removed)) return 'a test file is removed';
  return null;
}

function wordsOf(fields: Readonly<Record<string, unknown>>, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === 'string') return value;
  }
  return null;
}

function isWhole({ fields }: Step): boolean {
  return fields !== null && ['content', 'contents', 'file_text'].some((key) => typeof fields[key] === 'string');
}
