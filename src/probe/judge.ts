/**
 * From what a probe measured to its verdict: the abilities, and in one sentence why an agent is below the bar.
 *
 * Pure. The first word of a reason is its kind, so that people and scripts find it: not logged in, unknown model, hung …
 */
import { isAboutModel, type AgentAbilities } from '../core/agent-check.ts';
import { oneLine } from '../platform/text.ts';
import type { HeardError, Measured } from './measure.ts';

export interface Verdict extends AgentAbilities {
  login: boolean | null;
  passed: boolean;
  reason: string;
  /** It says nothing about the agent itself: its quota or the network was in the way. */
  isPassing: boolean;
}

export interface JudgeOrder {
  measured: Measured;
  wanted: { word: string; output: string };
  /** Its exit code is its report. */
  exitIsReport: boolean;
  isLate: boolean;
  timeoutMs: number;
  costUsdMax: number;
}

const reasonWidth = 300;

export function judge(order: JudgeOrder): Verdict {
  const { measured, wanted, exitIsReport } = order;
  const { answer, isDone, hasReported, hasSpoken } = measured;
  // An error that nothing gets past says nothing about what an agent can do.
  const isMeasured = answer !== null || isDone || hasReported || (hasSpoken && fatalError(measured.errors) === null);
  const abilities: AgentAbilities = {
    read: isMeasured ? (answer?.includes(wanted.word) ?? false) : null,
    write: isMeasured ? answer !== null : null,
    run: isMeasured ? (answer?.includes(wanted.output) ?? false) : null,
    report: isMeasured ? hasReported || (exitIsReport && isDone) : null,
  };
  const { read, write, run, report } = abilities;
  const passed = read === true && write === true && run === true && report === true && isDone;
  const fatal = passed ? null : fatalError(measured.errors);
  const login = fatal?.kind === 'login' ? false : hasSpoken ? true : null;
  const reason = passed ? 'it read, wrote, ran a command and reported' : whyNot(order, abilities, fatal);
  return {
    ...abilities,
    login,
    passed,
    reason: oneLine(reason, reasonWidth),
    isPassing: fatal?.kind === 'quota' || fatal?.kind === 'network',
  };
}

interface Fatal {
  kind: 'login' | 'model' | 'quota' | 'network';
  text: string;
}

/** The error that explains the rest, if one does: the last of the kinds that nothing gets past. */
function fatalError(errors: readonly HeardError[]): Fatal | null {
  for (const { class: kind, text } of errors.toReversed()) {
    if (isAboutModel(text)) return { kind: 'model', text };
    if (kind === 'login' || kind === 'quota' || kind === 'network') return { kind, text };
  }
  return null;
}

const kinds: Readonly<Record<Fatal['kind'], string>> = {
  login: 'not logged in',
  model: 'unknown model',
  quota: 'quota used up',
  network: 'its model cannot be reached',
};

function whyNot(order: JudgeOrder, abilities: AgentAbilities, fatal: Fatal | null): string {
  const { measured, isLate, timeoutMs, costUsdMax } = order;
  const { attempt, answer, isCommitted, reason, hasSpoken } = measured;
  if (fatal !== null) return `${kinds[fatal.kind]}: ${fatal.text}`;
  if (attempt === null) return `could not be started: ${reason ?? 'no attempt was made'}`;
  const spent = attempt.pulse.costUsd;
  if (spent >= costUsdMax)
    return `too dear: it spent ${spent.toFixed(2)} USD of ${costUsdMax.toFixed(2)} and was not done`;
  const isSilent = !hasSpoken && answer === null;
  if (isLate || attempt.outcome === 'timeout' || attempt.outcome === 'stalled')
    return isSilent
      ? `hung: nothing was heard of it for ${Math.round(timeoutMs / 1_000)} s at most`
      : `too slow: not done within ${Math.round(timeoutMs / 1_000)} s; ${missing(abilities, isCommitted)}`;
  if (isSilent) return `did nothing: ${reason ?? 'it ended without a word'}`;
  return `${missing(abilities, isCommitted)}${reason === null ? '' : `; ${reason}`}`;
}

function missing({ read, write, run, report }: AgentAbilities, isCommitted: boolean): string {
  const lacks = [
    ...(write === true ? [] : ['wrote no file']),
    ...(write === true && read !== true ? ['did not read the file'] : []),
    ...(write === true && run !== true ? ['did not run the command'] : []),
    ...(write === true && !isCommitted ? ['did not commit'] : []),
    ...(report === true ? [] : ['did not report']),
  ];
  return lacks.length === 0 ? 'its work was not proven' : `it ${lacks.join(', ')}`;
}
