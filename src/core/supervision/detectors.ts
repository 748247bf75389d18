/**
 * The table of detectors: which of them see what, and which forget together.
 *
 * Adding a rule means a detector, a line here, and its words in `verdict.ts`.
 */
import { Cycles } from './cycle.ts';
import { none, type Tally } from './detector.ts';
import { ErrorStreaks } from './error-streak.ts';
import type { Rule, SupervisionEvent } from './event.ts';
import { failingTests, type FailingTests } from './failing-tests.ts';
import { fileReturns, type FileReturns } from './file-returns.ts';
import { novelty, type Novelty } from './novelty.ts';
import type { SupervisionOrder } from './order.ts';
import { paceOf, type Pace } from './pace.ts';
import { progress, type Progress } from './progress.ts';
import { isReadingTask } from './resting.ts';
import { SameCalls } from './same-call.ts';
import { sameMessages, type SameMessages } from './same-message.ts';
import { scopeWrites, type ScopeWrites } from './scope-writes.ts';
import { silence, type Silence } from './silence.ts';
import { minutes, spending, type Spend } from './spend.ts';
import type { Step } from './step.ts';
import { shortText } from './text-shape.ts';

type ErrorEvent = Extract<SupervisionEvent, { type: 'error' }>;
type UsageEvent = Extract<SupervisionEvent, { type: 'usage' }>;
type Owner = { hinted(rule: Rule): void };

export class Detectors {
  readonly #startedAt: number;
  readonly #isReading: boolean;
  readonly #memory: Novelty;
  readonly #pace: Pace;
  readonly #work: SameCalls;
  readonly #books: SameCalls;
  readonly #ring: Cycles;
  readonly #errors: ErrorStreaks;
  readonly #gains: Progress;
  readonly #returns: FileReturns;
  readonly #tests: FailingTests;
  readonly #messages: SameMessages;
  readonly #scope: ScopeWrites;
  readonly #spend: Spend;
  readonly #quiet: Silence;
  readonly #owners: Readonly<Partial<Record<Rule, readonly Owner[]>>>;

  constructor(order: SupervisionOrder, workspace: string) {
    const { limits, startedAt, hasLooks, scope, shared } = order;
    this.#startedAt = startedAt;
    this.#isReading = isReadingTask(order.kind);
    this.#memory = novelty(workspace);
    this.#pace = paceOf(limits.pollS * 1_000);
    this.#work = new SameCalls(limits);
    this.#books = new SameCalls(limits);
    this.#ring = new Cycles(limits);
    this.#errors = new ErrorStreaks(limits);
    this.#gains = progress(limits);
    this.#returns = fileReturns(limits);
    this.#tests = failingTests(limits);
    this.#messages = sameMessages(limits, hasLooks);
    this.#scope = scopeWrites({ scope, shared, workspace, limits });
    this.#spend = spending(order.budget, limits);
    this.#quiet = silence({ startedAt, hasLooks, limits });
    this.#owners = this.#ownersOf();
  }

  /** @param isFresh it began after the last hint. */
  step(whole: Step, isFresh: boolean): { tallies: readonly Tally[]; isChange: boolean } {
    // Whoever asks again after a while waits.
    const step: Step = this.#pace.isPolling(whole) ? { ...whole, kind: 'wait' } : whole;
    const { gain, returned } = this.#memory.judge(step);
    const isChange = gain === 'change';
    if (isChange) {
      for (const one of this.#windows()) one.clear();
      this.#memory.change();
    }
    const lasting = join(this.#returns.see(step, returned), join(this.#tests.see(step), this.#scope.see(step)));
    if (!isFresh) return { tallies: lasting, isChange };
    if (!step.failed && gain !== 'nothing' && step.kind !== 'wait') this.#errors.clear();
    const found = join(this.#errors.see(step), this.#repetition(step));
    const idle = this.#isReading ? none : this.#gains.see(step, gain);
    return { tallies: join(lasting, join(found, idle)), isChange };
  }

  message(text: string, at: number): readonly Tally[] {
    return this.#messages.hear(text, at);
  }

  /** @param isCounted no hint is on its way. */
  error(event: ErrorEvent, isCounted: boolean): readonly Tally[] {
    return errorTallies(event, (text) => (isCounted ? this.#errors.hear(text, event.at) : none));
  }

  use(event: UsageEvent): readonly Tally[] {
    return this.#spend.use(event);
  }

  write(path: string): readonly Tally[] {
    return this.#scope.write(path);
  }

  /** The task may write other paths from now on. */
  widen(scope: readonly string[]): void {
    this.#scope.widen(scope);
  }

  turn(): readonly Tally[] {
    return this.#spend.turn();
  }

  /** A call began: whatever it said before, it does something. */
  act(): void {
    this.#messages.clear();
  }

  time(at: number, state: { excusedUntil: number; resting: boolean }): readonly Tally[] {
    return join(this.#spend.pass(at - this.#startedAt), this.#quiet.pass(at, state));
  }

  alive(at: number, isModelsPause: boolean): void {
    this.#quiet.alive(at, isModelsPause);
  }

  tree(busy: boolean | null, at: number): void {
    this.#quiet.tree(busy, at);
  }

  isFirstChangeBy(signature: number): boolean {
    return this.#memory.isFirstChangeBy(signature);
  }

  /** Words reached the agent. */
  told(): void {
    this.#pace.told();
  }

  /** The model was given the hint of this rule: only what comes from now on is fresh. */
  seen(rule: Rule): void {
    for (const owner of this.#owners[rule] ?? []) owner.hinted(rule);
  }

  /** A hint was decided: it is for the rule named, and with it for all that were due. */
  hinted(tallies: readonly Tally[], rule: Rule): void {
    const due = new Set<Rule>([rule]);
    for (const { count, hint, isHinted, rule: other } of tallies) if (count >= hint && !isHinted) due.add(other);
    const told = new Set<unknown>([...due].flatMap((one) => this.#owners[one] ?? []));
    for (const one of due) this.seen(one);
    for (const one of [...this.#windows(), this.#errors]) if (!told.has(one)) one.rest();
  }

  /** What was counted so far says nothing about what comes. */
  rest(): void {
    for (const one of [...this.#windows(), this.#errors]) one.rest();
  }

  /** The workspace moved on. */
  clear(): void {
    for (const one of this.#windows()) one.clear();
    this.#errors.clear();
    this.#memory.change();
  }

  #windows(): readonly { rest(): void; clear(): void }[] {
    return [this.#work, this.#books, this.#ring, this.#gains, this.#messages];
  }

  /** What only keeps the agent's own books is no step between two others. */
  #repetition(step: Step): readonly Tally[] {
    if (step.isBookkeeping) return this.#books.see(step);
    this.#books.clear();
    return join(this.#work.see(step), this.#ring.see(step));
  }

  #ownersOf(): Readonly<Partial<Record<Rule, readonly Owner[]>>> {
    return {
      'same-result': [this.#work, this.#books],
      'same-call': [this.#work, this.#books],
      cycle: [this.#ring],
      'same-error': [this.#errors],
      'failed-exits': [this.#errors],
      'nothing-new': [this.#gains],
      'reads-only': [this.#gains],
      'same-message': [this.#messages],
      'file-returns': [this.#returns],
      'failing-tests': [this.#tests],
      'outside-scope': [this.#scope],
      'tests-touched': [this.#scope],
      silence: [this.#quiet],
      context: [this.#spend],
      cost: [this.#spend],
      turns: [this.#spend],
      time: [this.#spend],
    };
  }
}

/** Errors that decide by themselves, and those that are counted. */
function errorTallies(event: ErrorEvent, count: (text: string) => readonly Tally[]): readonly Tally[] {
  const { text, retryAfterMs, retrying } = event;
  const words = shortText(text, 300);
  if (event.critical) return [certain('critical-error', `critical error: ${words}`)];
  if (event.class === 'quota') {
    if (retrying && (retryAfterMs ?? 0) <= shortWaitMs) return none;
    const when = retryAfterMs === null ? 'it does not say until when' : `it is free again in ${minutes(retryAfterMs)}`;
    return [certain('quota', `the quota is used up, ${when}: ${words}`)];
  }
  if (event.class === 'context' && !retrying) return [certain('context', `the context is full: ${words}`)];
  return retrying || event.class === 'network' ? none : count(text);
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
