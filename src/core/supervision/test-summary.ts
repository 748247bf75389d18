/**
 * Reads what a test run says of itself: how many failed and passed, and which.
 *
 * Owns the last lines of the common test programs. What it cannot read is no test run, never a wrong one.
 */
import { hashText } from './text-shape.ts';

export interface TestSummary {
  failed: number;
  passed: number;
  /** Which failed, as a number: by name where the output names them, else by how many. */
  failing: number;
}

const counts: readonly RegExp[] = [
  /(?<failed>\d+) failed(?:, (?<passed>\d+) passed)?[^\n]{0,80} in [\d.]+ ?s/,
  /(?<passed>\d+) passed(?:, \d+ \w+)* in [\d.]+ ?s/,
  /Tests:?\s+(?:(?<failed>\d+) failed[,|\s]+)?(?:\d+ (?:skipped|todo)[,|\s]+)*(?<passed>\d+) passed/,
  /Tests:?\s+(?<failed>\d+) failed/,
  /test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed/,
  /(?<passed>\d+) passing[^]{0,60}?(?<failed>\d+) failing/,
  /(?<passed>\d+) passing/,
  /(?<failed>\d+) failing/,
  /FAILED \((?:failures=(?<failed>\d+))?(?:, )?(?:errors=(?<errors>\d+))?/,
  /^# pass (?<passed>\d+)[^]{0,40}?^# fail (?<failed>\d+)/m,
  /ℹ pass (?<passed>\d+)[^]{0,40}?ℹ fail (?<failed>\d+)/,
  /(?<total>\d+) examples?, (?<failed>\d+) failures?/,
  /Tests run: (?<total>\d+), Failures: (?<failed>\d+), Errors: (?<errors>\d+)/,
  /Tests: (?<total>\d+), Assertions: \d+(?:, Errors: (?<errors>\d+))?(?:, Failures: (?<failed>\d+))?/,
  /Failed:\s+(?<failed>\d+), Passed:\s+(?<passed>\d+)/,
  /(?<failed>\d+) tests failed out of (?<total>\d+)/,
  /(?<total>\d+) tests completed, (?<failed>\d+) failed/,
  /(?<total>\d+) runs?, \d+ assertions?, (?<failed>\d+) failures?, (?<errors>\d+) errors?/,
  /^Ran (?<total>\d+) tests? in [\d.]+s\s+OK/m,
];

const failingName =
  /^(?:FAILED (?<pytest>\S+)|\s*--- FAIL: (?<go>\S+)|test (?<cargo>\S+) \.\.\. FAILED|(?:FAIL|ERROR): (?<unittest>\S+ \([^)]*\))|not ok \d+ -? ?(?<tap>[^\n#]{1,120})|\s*[✗✘×✕] (?<tick>[^\n]{1,120})|\s*● (?<jest>[^\n]{1,160})|\s*FAIL\s+(?<file>\S+\.\w+[^\n]{0,120}))/gm;

const namesMax = 200;

/** `null` where the text has no summary of tests. */
export function readTestSummary(text: string): TestSummary | null {
  if (!/pass|fail|OK|tests?\b/i.test(text)) return null;
  const names = namesIn(text);
  const told = countsIn(text);
  if (told === null && names.length === 0) return null;
  const failed = told?.failed ?? names.length;
  const passed = told?.passed ?? 0;
  return { failed, passed, failing: hashText(names.length === 0 ? String(failed) : names.join('\n')) };
}

function countsIn(text: string): { failed: number; passed: number } | null {
  for (const pattern of counts) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const failed = Number(groups['failed'] ?? 0) + Number(groups['errors'] ?? 0);
    const total = Number(groups['total'] ?? 0);
    return { failed, passed: Number(groups['passed'] ?? Math.max(0, total - failed)) };
  }
  const go = /^(?:ok|FAIL)\s+\S+\s+[\d.]+s/m.test(text);
  if (!go) return null;
  return {
    failed: (text.match(/^--- FAIL: /gm) ?? []).length || (text.match(/^FAIL\s+\S+\s/gm) ?? []).length,
    passed: (text.match(/^(?:--- PASS: |ok\s)/gm) ?? []).length,
  };
}

function namesIn(text: string): string[] {
  const names = new Set<string>();
  for (const { groups } of text.matchAll(failingName)) {
    const name = Object.values(groups ?? {}).find((one) => one !== undefined);
    if (name !== undefined) names.add(name.replaceAll(/\s*\(?\d+(?:\.\d+)? ?m?s\)?/g, '').trim());
    if (names.size >= namesMax) break;
  }
  return [...names].sort();
}
