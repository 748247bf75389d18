/**
 * What follows from the counts: nothing, a hint, or the end.
 *
 * Owns the rules that all detectors share: who cannot be told acts at the full count; a family of rules hints at most so often;
 * what is certain goes before what is likely; and the words, to the agent and to a person.
 */
import type { Tally } from './detector.ts';
import { families, rules, type Family, type Finding, type Rule } from './event.ts';

export interface VerdictOrder {
  canHint: boolean;
  hintsMax: number;
  /** A time for a person; '' where times are not known. */
  timeOf: (at: number) => string;
}

export interface Verdicts {
  /** The one finding that these counts amount to, or none; a hint is counted as given. */
  judge(tallies: readonly Tally[], at: number): Finding | null;
}

/** Lines shown of each kind. */
const shownMax = 4;

const order = new Map(rules.map((rule, index) => [rule, index]));

export function verdicts({ canHint, hintsMax, timeOf }: VerdictOrder): Verdicts {
  const given = new Map<Family, number>();
  const hints: string[] = [];

  const levelOf = ({ rule, count, hint, act, isHinted }: Tally): Finding['level'] | null => {
    if (count >= (canHint || rule !== 'same-error' ? act : hint)) return 'act';
    if (!canHint || isHinted || count < hint) return null;
    return (given.get(families[rule]) ?? 0) < hintsMax ? 'hint' : null;
  };
  return {
    judge(tallies, at) {
      let best: { tally: Tally; level: Finding['level'] } | null = null;
      for (const tally of tallies) {
        const level = levelOf(tally);
        if (level === null || (best !== null && !isBefore({ tally, level }, best))) continue;
        best = { tally, level };
      }
      if (best === null) return null;
      const { tally, level } = best;
      const family = families[tally.rule];
      const [from, to] = [timeOf(tally.since ?? at), timeOf(at)];
      const times = from === '' ? [] : [from === to ? `at ${to}` : `from ${from} to ${to}`];
      const before = level === 'act' ? hints.slice(-shownMax) : [];
      const evidence = [...tally.evidence(), ...times, ...before];
      if (level === 'hint') {
        given.set(family, (given.get(family) ?? 0) + 1);
        hints.push(`a hint was given before${to === '' ? '' : ` at ${to}`}: ${tally.what}`);
        if (hints.length > shownMax) hints.shift();
      }
      const text = level === 'act' ? tally.what : hintText(tally, evidence);
      return { rule: tally.rule, level, at, count: tally.count, evidence, text };
    },
  };
}

function isBefore(a: { tally: Tally; level: Finding['level'] }, b: { tally: Tally; level: Finding['level'] }): boolean {
  if (a.level !== b.level) return a.level === 'act';
  return (order.get(a.tally.rule) ?? 0) < (order.get(b.tally.rule) ?? 0);
}

function hintText({ rule, what }: Tally, evidence: readonly string[]): string {
  const shown = evidence.filter((line) => line !== what).slice(0, shownMax);
  return [`Supervision noticed: ${what}.`, ...shown, asks[rule]].join('\n');
}

const blocked = 'If you cannot go on, say so: orbit block "why".';

/** What is asked of the agent, by rule. */
const asks: Readonly<Record<Rule, string>> = {
  'critical-error': '',
  quota: '',
  context:
    'Finish what you are at, commit it, and keep outputs short: before the context is full you will be asked to hand over.',
  cost: 'Come to an end: commit what works, and report it.',
  turns: 'Come to an end: commit what works, and report it.',
  time: 'Come to an end: commit what works, and report it.',
  'same-error': `Try another way, or find out why first. ${blocked}`,
  'same-result': `It will not come out differently. Do something else. ${blocked}`,
  'same-call': `If you are waiting, wait longer in one call; else do something else. ${blocked}`,
  cycle: `These calls lead back to where they began. Do something else. ${blocked}`,
  'same-message': `Use a tool, or report: orbit complete. ${blocked}`,
  'failed-exits': `Look at the cause of these failures before the next try. ${blocked}`,
  'file-returns': `Decide on one version, and say why the other does not do. ${blocked}`,
  'failing-tests': `Read the failure again and question what you believe about it, before the next change. ${blocked}`,
  'nothing-new': `Change something, or report what you have found. ${blocked}`,
  'reads-only': `You have read enough to begin: make the smallest change that could work. ${blocked}`,
  'outside-scope':
    'It will not be accepted. Take it back, or ask for a wider scope: orbit scope add FILE --why "what for".',
  'tests-touched': 'If the task does not ask for it, take it back: tests that no longer test are not accepted.',
  silence: `Go on, report completion (orbit complete), or say what keeps you. ${blocked}`,
};
