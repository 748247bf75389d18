/**
 * Supervision: concludes from what an agent does whether it is getting anywhere. Pure: a runner or a recording tells, this answers.
 *
 * Owns the detectors of one attempt and what they share: which steps count, what makes them forget, when a look at the workspace
 * is wanted. Invariants: a rule that counts repetition rests while the workspace moves on; after a hint only what began after it
 * reached the agent counts; memory is bounded whatever the agent does; a failed look proves nothing.
 */
import { readCall, type Call } from './call.ts';
import type { Tally } from './detector.ts';
import { detectorsOf } from './detectors.ts';
import type { Finding, Rule, SupervisionEvent } from './event.ts';
import { fileEdits } from './file-edit.ts';
import { stepOf, type Result, type Step } from './step.ts';
import type { SupervisionOrder } from './order.ts';
import { verdicts } from './verdict.ts';
import { workspaceLooks } from './workspace-looks.ts';

export interface Supervision {
  /** Takes one event in; answers what follows, usually nothing. After a finding that acts, nothing more follows. */
  take(event: SupervisionEvent): Finding | null;
  /** A look at the workspace would decide something. */
  wantsLook(): boolean;
}

/** Open calls remembered at once; more are those that never got an answer. */
const openMax = 32;
/** The same for a stream that has told no result yet; some never do. */
const fewMax = 8;
/** Calls of one turn come at once. */
const apartMs = 5_000;

export function supervision(order: SupervisionOrder): Supervision {
  const { limits } = order;
  const workspace = order.workspace === null || order.workspace === '' ? '' : `${order.workspace.replace(/\/+$/, '')}/`;
  const detectors = detectorsOf(order, workspace);
  const judges = verdicts({ canHint: order.canHint, hintsMax: limits.hintsMax, timeOf: order.timeOf });
  const looks = workspaceLooks(order.hasLooks);
  const open = new Map<string, Call>();
  let calls = 0;
  let freshFrom = 0;
  let lastStep: Step | null = null;
  let toldRule: Rule | null = null;
  let [isOver, isAnswering, isResting, hasResults, isBroken] = [false, true, false, false, false];
  let calledAt = order.startedAt;
  let retryUntil = order.startedAt;

  const conclude = (tallies: readonly Tally[], at: number): Finding | null => {
    if (tallies.length === 0) return null;
    const finding = judges.judge(looks.hold(tallies), at);
    if (finding === null) return null;
    if (finding.level === 'act') isOver = true;
    else {
      detectors.hinted(tallies, finding.rule);
      // Until the words have reached the agent, nothing it does can be an answer to them.
      freshFrom = Number.POSITIVE_INFINITY;
    }
    return finding;
  };
  const advance = (): void => {
    detectors.clear();
    looks.advance();
  };
  const finish = (call: Call, result: Result | null): readonly Tally[] => {
    open.delete(call.id);
    const step = stepOf(call, result);
    lastStep = step;
    const isFresh = call.ordinal >= freshFrom;
    const { tallies, isChange } = detectors.step(step, isFresh);
    if (isChange) looks.advance();
    return isFresh ? tallies : [];
  };
  /** Calls that will get no answer any more. */
  const flush = (until: number): Tally[] => {
    const found: Tally[] = [];
    for (const call of open.values()) {
      if (open.size <= until) break;
      found.push(...finish(call, null));
    }
    return found;
  };
  const begin = (event: Extract<SupervisionEvent, { type: 'call' }>): readonly Tally[] => {
    const known = open.get(event.id);
    const ordinal = known?.ordinal ?? (calls += 1);
    const startedAt = known?.startedAt ?? event.at;
    const isNext = isBroken || event.at - calledAt >= apartMs;
    const found = known === undefined ? flush(hasResults ? openMax : isNext ? 0 : fewMax) : [];
    isBroken = false;
    calledAt = event.at;
    const call = readCall({ ...event, ordinal, workspace, kind: event.kind, at: startedAt });
    open.set(event.id, call);
    detectors.act();
    return found;
  };
  const turn = (): readonly Tally[] => {
    if (!isAnswering) return [];
    isAnswering = false;
    return detectors.turn();
  };
  const change = (path: string): readonly Tally[] => {
    const found = detectors.write(path);
    const current = [...open.values()].at(-1) ?? (lastStep?.kind === 'edit' ? lastStep : null);
    const isKnown = current !== null && current.kind === 'edit' && fileEdits(current, workspace).length > 0;
    // What the arguments tell of the content is judged with the call; what a program writes again and again is nothing new.
    if (isKnown) return found;
    if (current !== null && current.kind !== 'edit' && !detectors.isFirstChangeBy(current.signature)) return found;
    advance();
    return found;
  };
  const excusedUntil = (): number => {
    let until = retryUntil;
    for (const { limitMs, startedAt } of open.values()) {
      if (limitMs !== null) until = Math.max(until, startedAt + limitMs + limits.toolGraceS * 1_000);
      else if (!order.hasLooks) until = Math.max(until, startedAt + limits.toolS * 1_000);
    }
    return until;
  };
  const alive = (at: number): void => {
    detectors.alive(at, open.size === 0 && !isResting);
    isResting = false;
    retryUntil = order.startedAt;
  };
  const error = (event: Extract<SupervisionEvent, { type: 'error' }>): readonly Tally[] => {
    if (event.retrying) retryUntil = event.at + (event.retryAfterMs ?? retryMs) + limits.toolGraceS * 1_000;
    return detectors.error(event);
  };
  const read = (event: SupervisionEvent): readonly Tally[] => {
    switch (event.type) {
      case 'call': {
        alive(event.at);
        return [...turn(), ...begin(event)];
      }
      case 'result': {
        alive(event.at);
        hasResults = true;
        isAnswering = true;
        const call = open.get(event.id);
        return call === undefined ? [] : finish(call, event);
      }
      case 'file-change':
        alive(event.at);
        return change(event.path);
      case 'message':
        alive(event.at);
        isBroken = true;
        return [...turn(), ...(order.messagesAreLines ? [] : detectors.message(event.text, event.at))];
      case 'usage':
        alive(event.at);
        isBroken = true;
        return detectors.use(event);
      case 'error':
        alive(event.at);
        return error(event);
      case 'turn-end':
        alive(event.at);
        isResting = order.restsBetweenTurns;
        return flush(0);
      case 'activity':
        alive(event.at);
        isBroken = true;
        return [];
      case 'told':
        isResting = false;
        freshFrom = calls + 1;
        if (event.rule === null) alive(event.at);
        toldRule = event.rule;
        return [];
      case 'hint-seen':
        alive(event.at);
        // The model knows it from here on; what it did before is not held against it.
        if (toldRule !== null) detectors.hinted([], toldRule);
        if (toldRule !== null) freshFrom = calls + 1;
        toldRule = null;
        return [];
      case 'tree':
        detectors.tree(event.busy, event.at);
        return [];
      case 'workspace': {
        const { isAdvanced, tallies } = looks.look(event.fingerprint);
        if (isAdvanced) detectors.clear();
        return tallies;
      }
      case 'tick':
        return [];
    }
  };
  return {
    take(event) {
      if (isOver) return null;
      const found = read(event);
      const timed =
        event.type === 'tick' || event.type === 'tree'
          ? detectors.time(event.at, { excusedUntil: excusedUntil(), resting: isResting })
          : [];
      return conclude(timed.length === 0 ? found : [...found, ...timed], event.at);
    },
    wantsLook: () => looks.isWanted(),
  };
}

/** How long another try may take that says nothing of its time. */
const retryMs = 60_000;
