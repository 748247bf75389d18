/** Why a task stands where it stands, in lines: each reason, and what frees it, with every command whole on a line of its own. */
import type { Explanation } from '../actions/explain-task.ts';
import { oneLine } from '../platform/text.ts';
import type { Colour } from './output.ts';
import { postMortemLines } from './post-mortem-words.ts';

type Because = Explanation['because'][number];

/** A reason may carry what a program printed; `orbit show` and `--json` have all of it. */
const messageWidthMax = 300;
/** These say themselves what to do, with commands, paths and ids. */
const tellingWidthMax = 800;
const telling: ReadonlySet<string> = new Set(['landing-held', 'landing-off', 'agent-barred', 'pull-request']);
/** One way out. Two ids of full length, a flag and a few words are a third of it; what is longer is no command that anybody could type. */
const wayWidthMax = 1_000;

export function whyLines(answer: Explanation, paint: (text: string, colour: Colour) => string): string[] {
  const head = `${answer.plan}/${answer.task} is ${paint(answer.status, 'bold')}: ${oneLine(answer.title, 80)}`;
  const lines = [head, ...answer.because.flatMap((because) => becauseLines(because, paint))];
  const { postMortem } = answer;
  return postMortem === undefined || postMortem.attempts.length === 0
    ? lines
    : [...lines, ...postMortemLines(postMortem)];
}

export function becauseLines(
  { rule, message, since, unblockedBy }: Because,
  paint: (text: string, colour: Colour) => string,
): string[] {
  const width = telling.has(rule) ? tellingWidthMax : messageWidthMax;
  const told = `  ${oneLine(message, width)}  ${paint(`(${rule}${since === null ? '' : `, since ${since}`})`, 'dim')}`;
  const ways = unblockedBy === null ? [] : waysOut(unblockedBy);
  return [told, ...ways.map((way, at) => `    ${at === 0 ? 'freed by' : '      or'}: ${oneLine(way, wayWidthMax)}`)];
}

/** The alternatives of one sentence, such as `the time, or orbit retry 001/T1`. */
function waysOut(text: string): string[] {
  return text.split(/, or |,? or (?=orbit )|, (?=orbit )/).map((way) => way.trim());
}
