/**
 * The table of detectors: which of them see what, and which forget together.
 *
 * Adding a rule means a detector, a line here, and its words in `verdict.ts`.
 */
import { cycles } from './cycle.ts';
import type { Tally } from './detector.ts';
import { errorStreaks } from './error-streak.ts';
import type { Rule, SupervisionEvent } from './event.ts';
import { failingTests } from './failing-tests.ts';
import { fileReturns } from './file-returns.ts';
import { novelty } from './novelty.ts';
import type { SupervisionOrder } from './order.ts';
import { progress } from './progress.ts';
import { isReadingTask } from './resting.ts';
import { sameCalls } from './same-call.ts';
import { sameMessages } from './same-message.ts';
import { scopeWrites } from './scope-writes.ts';
import { silence } from './silence.ts';
import { minutes, spending } from './spend.ts';
import type { Step } from './step.ts';
import { shortText } from './text-shape.ts';

type ErrorEvent = Extract<SupervisionEvent, { type: 'error' }>;
type UsageEvent = Extract<SupervisionEvent, { type: 'usage' }>;

export interface Detectors {
  /** @param isFresh it began after the last hint. */
  step(step: Step, isFresh: boolean): { tallies: readonly Tally[]; isChange: boolean };
  message(text: string, at: number): readonly Tally[];
  error(event: ErrorEvent): readonly Tally[];
  use(event: UsageEvent): readonly Tally[];
  write(path: string): readonly Tally[];
  turn(): readonly Tally[];
  /** A call began: whatever it said before, it does something. */
  act(): void;
  time(at: number, state: { excusedUntil: number; resting: boolean }): readonly Tally[];
  alive(at: number, isModelsPause: boolean): void;
  tree(busy: boolean | null, at: number): void;
  isFirstChangeBy(signature: number): boolean;
  /** The agent was told: of the rule named, and with it of all that were due. */
  hinted(tallies: readonly Tally[], rule: Rule): void;
  /** The workspace moved on. */
  clear(): void;
}

export function detectorsOf(order: SupervisionOrder, workspace: string): Detectors {
  const { limits, startedAt, hasLooks } = order;
  const memory = novelty(workspace);
  const work = sameCalls(limits);
  const books = sameCalls(limits);
  const ring = cycles(limits);
  const errors = errorStreaks(limits);
  const gains = progress(limits);
  const returns = fileReturns(limits);
  const tests = failingTests(limits);
  const messages = sameMessages(limits, hasLooks);
  const scope = scopeWrites({ scope: order.scope, shared: order.shared, workspace, limits });
  const spend = spending(order.budget, limits);
  const quiet = silence({ startedAt, hasLooks, limits });
  const isReading = isReadingTask(order.kind);

  const repetition = (step: Step): readonly Tally[] => {
    if (step.isBookkeeping) return books.see(step);
    books.clear();
    return join(work.see(step), ring.see(step));
  };
  const owners: Readonly<Partial<Record<Rule, { hinted(rule: Rule): void }>>> = {
    'same-result': { hinted: (rule) => [work, books].forEach((one) => one.hinted(rule)) },
    'same-call': { hinted: (rule) => [work, books].forEach((one) => one.hinted(rule)) },
    cycle: ring,
    'same-error': errors,
    'failed-exits': errors,
    'nothing-new': gains,
    'reads-only': gains,
    'same-message': messages,
    'file-returns': returns,
    'failing-tests': tests,
    'outside-scope': scope,
    'tests-touched': scope,
    silence: quiet,
    context: spend,
    cost: spend,
    turns: spend,
    time: spend,
  };
  const windows = [work, books, ring, gains, messages];
  return {
    step(step, isFresh) {
      const { gain, returned } = memory.judge(step);
      const isChange = gain === 'change';
      if (isChange) {
        for (const one of windows) one.clear();
        memory.change();
      }
      const lasting = join(returns.see(step, returned), join(tests.see(step), scope.see(step)));
      if (!isFresh) return { tallies: lasting, isChange };
      if (!step.failed && gain !== 'nothing' && step.kind !== 'wait') errors.succeed();
      const found = join(errors.see(step), repetition(step));
      const idle = isReading ? [] : gains.see(step, gain);
      return { tallies: join(lasting, join(found, idle)), isChange };
    },
    message: (text, at) => messages.hear(text, at),
    error: (event) => errorTallies(event, (text) => errors.hear(text, event.at)),
    use: (event) => spend.use(event),
    write: (path) => scope.write(path),
    turn: () => spend.turn(),
    act: () => messages.clear(),
    time: (at, state) => join(spend.pass(at - startedAt), quiet.pass(at, state)),
    alive: (at, isModelsPause) => quiet.alive(at, isModelsPause),
    tree: (busy, at) => quiet.tree(busy, at),
    isFirstChangeBy: (signature) => memory.isFirstChangeBy(signature),
    hinted(tallies, rule) {
      const due = new Set<Rule>([rule]);
      for (const tally of tallies) if (tally.count >= tally.hint && !tally.isHinted) due.add(tally.rule);
      const told = new Set([...due].map((one) => owners[one]));
      for (const one of due) owners[one]?.hinted(one);
      const kept = [...told];
      if (tallies.length === 0) return;
      for (const one of [...windows, errors]) {
        const isTold =
          kept.includes(one) || ((one === work || one === books) && (due.has('same-result') || due.has('same-call')));
        if (!isTold) one.rest();
      }
    },
    clear() {
      for (const one of windows) one.clear();
      errors.succeed();
      memory.change();
    },
  };
}

/** Errors that decide by themselves, and those that are counted. */
function errorTallies(event: ErrorEvent, count: (text: string) => readonly Tally[]): readonly Tally[] {
  const { text, retryAfterMs, retrying } = event;
  const words = shortText(text, 300);
  if (event.critical) return [certain('critical-error', `critical error: ${words}`)];
  if (event.class === 'quota') {
    if (retrying && (retryAfterMs ?? 0) <= shortWaitMs) return [];
    const when = retryAfterMs === null ? 'it does not say until when' : `it is free again in ${minutes(retryAfterMs)}`;
    return [certain('quota', `the quota is used up, ${when}: ${words}`)];
  }
  if (event.class === 'context' && !retrying) return [certain('context', `the context is full: ${words}`)];
  return retrying || event.class === 'network' ? [] : count(text);
}

/** A program that waits no longer than this by itself is left to it. */
const shortWaitMs = 120_000;

function certain(rule: Rule, what: string): Tally {
  return { rule, count: 1, hint: 1, act: 1, isHinted: false, what, evidence: () => [what] };
}

function join(a: readonly Tally[], b: readonly Tally[]): readonly Tally[] {
  if (a.length === 0) return b;
  return b.length === 0 ? a : [...a, ...b];
}
