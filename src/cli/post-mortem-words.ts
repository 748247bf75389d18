/** A post-mortem in lines for a person: each attempt with its rung and rule, then what would help. */
import type { PastAttempt, PostMortem } from '../core/post-mortem.ts';
import { oneLine } from '../platform/text.ts';

/** More are counted; the last ones say most. */
const attemptsMax = 6;
const reasonWidth = 240;

export function postMortemLines({ attempts, helps }: PostMortem): string[] {
  const shown = attempts.slice(-attemptsMax);
  const more = attempts.length - shown.length;
  return [
    ...(more > 0 ? [`  ${more} earlier attempts: orbit report`] : []),
    ...shown.flatMap(attemptLines),
    '  what would help:',
    ...helps.map((help) => `    ${help}`),
  ];
}

function attemptLines(attempt: PastAttempt): string[] {
  const { token, agent, model, rung, outcome, rule, evidence, reason, lastWords, commit, minutes, costUsd } = attempt;
  const what = [
    agent,
    ...(model === null ? [] : [model]),
    rung,
    `${minutes} min`,
    ...(costUsd > 0 ? [`$${costUsd.toFixed(2)}`] : []),
  ];
  return [
    `  attempt ${token} (${what.join(', ')}) ${outcome ?? ''}: ${oneLine(reason, reasonWidth)}`,
    ...(rule === null ? [] : [`    ended by the rule ${rule}: ${oneLine(evidence.join('; '), reasonWidth)}`]),
    ...(lastWords === null || lastWords === reason ? [] : [`    it said: ${oneLine(lastWords, reasonWidth)}`]),
    ...(commit === null ? [] : [`    its commits are kept: ${commit.slice(0, 12)}`]),
  ];
}
