/**
 * Failing tests that swing or do not shrink: run after run the same fail, or one mends what the other breaks.
 *
 * Rests while there is progress: fewer fail, more pass, or they fail for a reason not seen before. Tests that failed before
 * the agent changed anything and are few among many are not its business.
 */
import { none, type Tally } from './detector.ts';
import { callLine } from './call.ts';
import type { Step } from './step.ts';
import { hashText } from './text-shape.ts';
import { readTestSummary, type TestSummary } from './test-summary.ts';
import type { Thresholds } from './thresholds.ts';

export interface FailingTests {
  see(step: Step): readonly Tally[];
  hinted(): void;
}

interface Series {
  fewestFailed: number;
  mostPassed: number;
  firstFailing: number;
  /** Failing sets and failures seen since the last progress. */
  seen: Set<number>;
  count: number;
  isHinted: boolean;
  lines: string[];
}

const seriesMax = 16;
const seenMax = 64;
const linesMax = 8;
/** So many tests, and so large a share of them passing, make the rest look like somebody else's. */
const manyTests = 40;
const passingShare = 0.95;

export function failingTests(limits: Thresholds): FailingTests {
  const all = new Map<string, Series>();
  let last: Series | null = null;
  return {
    see(step) {
      if (!step.isAnswered || (!step.isTest && step.kind !== 'run' && step.kind !== 'other')) return none;
      const summary = readTestSummary(step.text);
      if (summary === null) return none;
      const key = seriesKey(step);
      const series = all.get(key) ?? newSeries(summary);
      all.delete(key);
      all.set(key, series);
      if (all.size > seriesMax) all.delete(all.keys().next().value ?? '');
      last = series;
      if (!note(series, step, summary)) return none;
      const { count, lines, isHinted } = series;
      const [hint, act] = [limits.failingTestsHint, limits.failingTestsAct];
      const what = `${count} runs of the same tests without progress, ${summary.failed} failing`;
      const tally: Tally = { rule: 'failing-tests', count, hint, act, isHinted, what, evidence: () => [...lines] };
      return [tally];
    },
    hinted() {
      if (last !== null) last.isHinted = true;
    },
  };
}

function newSeries({ failed, passed, failing }: TestSummary): Series {
  const [fewestFailed, mostPassed] = [failed + 1, passed];
  return { fewestFailed, mostPassed, firstFailing: failing, seen: new Set(), count: 0, isHinted: false, lines: [] };
}

/** Counts the run in; `false` where it is no sign. */
function note(series: Series, step: Step, summary: TestSummary): boolean {
  const { failed, passed, failing } = summary;
  const isProgress = failed === 0 || failed < series.fewestFailed || passed > series.mostPassed;
  series.fewestFailed = Math.min(series.fewestFailed, failed);
  series.mostPassed = Math.max(series.mostPassed, passed);
  series.lines.push(`call ${step.ordinal}: ${callLine(step)} → ${failed} failed, ${passed} passed`);
  if (series.lines.length > linesMax) series.lines.shift();
  const total = failed + passed;
  if (failed > 0 && total >= manyTests && passed >= total * passingShare && failing === series.firstFailing)
    return false;
  const failure = hashText(`${failing} ${step.failed ? step.shape : failureShape(step.text)}`);
  const isKnown = series.seen.has(failure) || (series.seen.has(failing) && series.seen.size > seenMax);
  if (isProgress) {
    series.seen.clear();
    series.count = failed === 0 ? 0 : 1;
    series.isHinted = false;
  } else if (isKnown || !step.isTelling) {
    series.count += 1;
  }
  series.seen.add(failure);
  return series.count > 1;
}

/** Without its numbers, which change with every line that moves. */
function failureShape(text: string): number {
  return hashText(text.slice(-1_024).replaceAll(/\d+/g, '0'));
}

/** The same tests, however their output is cut or coloured. */
function seriesKey({ command, tool, input }: Step): string {
  const text = command ?? `${tool} ${input}`;
  return text
    .slice(0, 1_000)
    .replaceAll(/\s*(?:2>&1|\|\s*(?:tail|head|grep|tee|cat)\b[^|;&]*)/g, '')
    .replaceAll(/\s--?[\w-]+(?:=\S+)?/g, '')
    .replaceAll(/^\s*cd\s+\S+\s*&&\s*/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
