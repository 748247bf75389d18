/**
 * Supervision: concludes from what an agent does whether it is getting anywhere. Pure: a runner or a recording tells, this answers.
 *
 * Owns the detectors of one attempt and what they share: which steps count, what makes them forget, when a look at the workspace
 * is wanted. Invariants: a rule that counts repetition rests while the workspace moves on; after a hint only what began after it
 * reached the agent counts; memory is bounded whatever the agent does; a failed look proves nothing.
 */
import { readCall, type Call } from './call.ts';
import { none, type Tally } from './detector.ts';
import { Detectors } from './detectors.ts';
import type { Finding, Rule, SupervisionEvent } from './event.ts';
import { fileEdits } from './file-edit.ts';
import { OpenCalls } from './open-calls.ts';
import type { SupervisionOrder } from './order.ts';
import { stepOf, type Result, type Step } from './step.ts';
import { verdicts, type Verdicts } from './verdict.ts';
import { workspaceLooks, type WorkspaceLooks } from './workspace-looks.ts';

type Told<Type extends SupervisionEvent['type']> = Extract<SupervisionEvent, { type: Type }>;

/** How long another try may take that says nothing of its time. */
const retryMs = 60_000;

/** What stays true whatever the agent is told meanwhile. */
const lastingRules: ReadonlySet<Rule> = new Set<Rule>(['critical-error', 'quota', 'context', 'cost', 'time', 'turns']);

/** What a budget limits. */
const spendRules: ReadonlySet<Rule> = new Set<Rule>(['cost', 'time', 'turns']);

export class Supervision {
  readonly #order: SupervisionOrder;
  readonly #workspace: string;
  readonly #detectors: Detectors;
  readonly #verdicts: Verdicts;
  readonly #looks: WorkspaceLooks;
  readonly #open: OpenCalls;
  #calls = 0;
  /** Calls from this one on count; none while a hint is on its way. */
  #freshFrom = 0;
  #lastStep: Step | null = null;
  #toldRule: Rule | null = null;
  #retryUntil: number;
  #isOver = false;
  /** It was asked to hand over: from here on only what it uses up counts. */
  #isLeaving = false;
  /** Its report is being judged. */
  #isJudged = false;
  /** It was given results, so that its next word begins another turn. */
  #isAnswering = true;
  /** It waits for words. */
  #isResting = false;

  constructor(order: SupervisionOrder) {
    const { workspace, canHint, limits, timeOf, hasLooks, startedAt } = order;
    this.#order = order;
    this.#workspace = workspace === null || workspace === '' ? '' : `${workspace.replace(/\/+$/, '')}/`;
    this.#detectors = new Detectors(order, this.#workspace);
    this.#verdicts = verdicts({ canHint, hintsMax: limits.hintsMax, timeOf });
    this.#looks = workspaceLooks(hasLooks);
    this.#open = new OpenCalls(startedAt);
    this.#retryUntil = startedAt;
  }

  /**
   * Takes one event in; answers what follows, usually nothing. After a finding that acts nothing more follows, but for a full
   * context: while the agent writes its notes, money and time go on being spent.
   */
  take(event: SupervisionEvent): Finding | null {
    if (this.#isOver) return null;
    const found = this.#counted(this.#read(event));
    return found.length === 0 ? null : this.#conclude(found, event.at);
  }

  #counted(all: readonly Tally[]): readonly Tally[] {
    if (this.#isLeaving) return all.filter(({ rule, count, act }) => spendRules.has(rule) && count >= act);
    return this.#isJudged ? all.filter(({ rule }) => lastingRules.has(rule)) : all;
  }

  /** A look at the workspace would decide something. */
  wantsLook(): boolean {
    return this.#looks.isWanted();
  }

  #conclude(tallies: readonly Tally[], at: number): Finding | null {
    const finding = this.#verdicts.judge(this.#looks.hold(tallies), at);
    if (finding === null) return null;
    if (finding.level === 'act' && finding.rule === 'context') this.#isLeaving = true;
    else if (finding.level === 'act') this.#isOver = true;
    else {
      this.#detectors.hinted(tallies, finding.rule);
      // The agent hears of these calls once, whatever else a look would show of them.
      this.#looks.drop();
      // Until the words have reached the agent, nothing it does can be an answer to them.
      this.#freshFrom = Number.POSITIVE_INFINITY;
    }
    return finding;
  }

  #read(event: SupervisionEvent): readonly Tally[] {
    switch (event.type) {
      case 'tree':
        this.#detectors.tree(event.busy, event.at);
        return this.#pass(event.at);
      case 'tick':
        return this.#pass(event.at);
      case 'scope':
        this.#detectors.widen(event.scope);
        return none;
      case 'workspace':
        return this.#look(event);
      case 'told':
        return this.#hear(event);
      case 'judging':
        this.#isJudged = event.isOn;
        this.#looks.drop();
        this.#detectors.rest();
        return none;
      default:
        this.#live(event.at);
        return this.#readAgent(event);
    }
  }

  #readAgent(
    event: Exclude<SupervisionEvent, Told<'tree' | 'tick' | 'workspace' | 'told' | 'judging' | 'scope'>>,
  ): readonly Tally[] {
    switch (event.type) {
      case 'call':
        return this.#begin(event);
      case 'result': {
        this.#isAnswering = true;
        const call = this.#open.answer(event.id);
        return call === undefined ? none : this.#finish(call, event);
      }
      case 'file-change':
        return this.#change(event.path);
      case 'message': {
        this.#open.goOn();
        const turn = this.#turn();
        return this.#order.messagesAreLines ? turn : [...turn, ...this.#detectors.message(event.text, event.at)];
      }
      case 'usage':
        this.#open.goOn();
        return this.#detectors.use(event);
      case 'error':
        return this.#error(event);
      case 'turn-end':
        this.#isResting = this.#order.restsBetweenTurns;
        return this.#open.giveUp(0).flatMap((call) => this.#finish(call, null));
      case 'activity':
        this.#open.goOn();
        return none;
      case 'hint-seen':
        // The model knows it from here on; what it did before is not held against it.
        if (this.#toldRule !== null) {
          this.#detectors.seen(this.#toldRule);
          this.#freshFrom = this.#calls + 1;
        }
        this.#toldRule = null;
        return none;
    }
  }

  #live(at: number): void {
    this.#detectors.alive(at, this.#open.size === 0 && !this.#isResting);
    this.#isResting = false;
    this.#retryUntil = this.#order.startedAt;
  }

  #pass(at: number): readonly Tally[] {
    const { limits, hasLooks } = this.#order;
    const graceMs = limits.toolGraceS * 1_000;
    const tools = this.#open.excusedUntil(graceMs, hasLooks ? null : limits.toolS * 1_000);
    return this.#detectors.time(at, {
      excusedUntil: Math.max(this.#retryUntil, tools),
      resting: this.#isResting,
    });
  }

  #hear({ rule, at }: Told<'told'>): readonly Tally[] {
    this.#isResting = false;
    this.#freshFrom = this.#calls + 1;
    this.#detectors.told();
    if (rule === null) this.#live(at);
    this.#toldRule = rule;
    return none;
  }

  #look({ fingerprint, isStale }: Told<'workspace'>): readonly Tally[] {
    const { isAdvanced, tallies } = this.#looks.look(fingerprint, isStale === true);
    if (isAdvanced) this.#detectors.clear();
    return tallies;
  }

  #begin(event: Told<'call'>): readonly Tally[] {
    const turn = this.#turn();
    const known = this.#open.get(event.id);
    const lost = known === undefined ? this.#open.giveUpBefore(event.at) : [];
    const found = lost.flatMap((call) => this.#finish(call, null));
    if (known === undefined) this.#calls += 1;
    const [ordinal, at] = known === undefined ? [this.#calls, event.at] : [known.ordinal, known.startedAt];
    this.#open.add(readCall({ ...event, ordinal, at, kind: event.kind, workspace: this.#workspace }));
    this.#detectors.act();
    return turn.length === 0 ? found : [...turn, ...found];
  }

  #finish(call: Call, result: Result | null): readonly Tally[] {
    const step = stepOf(call, result);
    this.#lastStep = step;
    const isFresh = call.ordinal >= this.#freshFrom;
    const { tallies, isChange } = this.#detectors.step(step, isFresh);
    if (isChange) this.#looks.advance();
    return isFresh ? tallies : none;
  }

  #turn(): readonly Tally[] {
    if (!this.#isAnswering) return none;
    this.#isAnswering = false;
    return this.#detectors.turn();
  }

  #change(path: string): readonly Tally[] {
    const found = this.#detectors.write(path);
    const current = this.#open.newest() ?? (this.#lastStep?.kind === 'edit' ? this.#lastStep : null);
    // What the arguments tell of the content is judged with the call; what a program writes again and again is nothing new.
    if (current?.kind === 'edit' && fileEdits(current, this.#workspace).length > 0) return found;
    const isRepeated =
      current !== null && current.kind !== 'edit' && !this.#detectors.isFirstChangeBy(current.signature);
    if (isRepeated) return found;
    this.#detectors.clear();
    this.#looks.advance();
    return found;
  }

  #error(event: Told<'error'>): readonly Tally[] {
    const graceMs = this.#order.limits.toolGraceS * 1_000;
    if (event.retrying) this.#retryUntil = event.at + (event.retryAfterMs ?? retryMs) + graceMs;
    const isCounted = Number.isFinite(this.#freshFrom);
    return this.#detectors.error(event, isCounted);
  }
}
